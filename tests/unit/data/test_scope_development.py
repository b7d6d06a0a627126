"""The set for tuning what is out of scope: what its README says of it, and apart from the training examples."""

import json
from collections import Counter
from pathlib import Path

from tools.evaluate.apart import likeness, training_examples

ROOT = Path(__file__).parents[3]
ROWS = [json.loads(line) for line in (ROOT / "data/eval/scope_development.jsonl").read_text("utf-8").splitlines()]


def test_it_is_composed_as_its_readme_says():
    assert Counter(row["group"] for row in ROWS) == {"outside": 120, "borderline": 60, "weak": 70}
    assert len({row["id"] for row in ROWS}) == len({likeness(row["q"]) for row in ROWS}) == len(ROWS)
    assert {row["intent"] for row in ROWS if row["group"] == "outside"} == {"out_of_scope"}
    assert not any(row["intent"] == "out_of_scope" for row in ROWS if row["group"] == "borderline")


def test_none_of_it_stands_among_the_training_examples():
    known = training_examples(ROOT / "data/nlu")
    assert [row["q"] for row in ROWS if row["group"] != "weak" and likeness(row["q"]) in known] == []
