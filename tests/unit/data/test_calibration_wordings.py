"""The wordings that routes are chosen on are about documents we hold, and no training example."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tools.evaluate.apart import likeness, training_examples

DATA = Path(__file__).parents[3] / "data"


def rows_of(path):
    return [json.loads(line) for line in (DATA / path).read_text(encoding="utf-8").splitlines()]


def test_every_document_of_the_corpus_is_asked_about_in_two_or_three_wordings():
    rows = rows_of("eval/calibration_wordings.jsonl")
    held = {row["number"] for name in ("gazette", "further") for row in rows_of(f"corpus/{name}.jsonl")}
    expected = [row["expected"].split(", ") for row in rows]
    assert {number for numbers in expected for number in numbers} == held
    assert set(Counter(row["id"].split("-")[0] for row in rows).values()) == {2, 3}
    assert len({row["q"] for row in rows}) == len(rows) == 444


@pytest.mark.parametrize("name", ["calibration_wordings", "development_wordings"])
def test_no_wording_is_a_training_example_or_a_known_question(name):
    known = {
        likeness(question)
        for corpus in ("gazette", "further")
        for row in rows_of(f"corpus/{corpus}.jsonl")
        for questions in row["questions"].values()
        for question in questions
    }
    examples = known | training_examples(DATA / "nlu").keys()
    assert [row["q"] for row in rows_of(f"eval/{name}.jsonl") if likeness(row["q"]) in examples] == []
