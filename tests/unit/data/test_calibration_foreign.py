"""The calibration questions in English and Chinese are those of the calibration set, and in these languages."""

import json
from pathlib import Path

from index.text.language import detect

EVAL = Path(__file__).parents[3] / "data" / "eval"
LANGUAGES = {"english": "en", "chinese": "zh"}


def rows_of(name):
    return [json.loads(line) for line in (EVAL / name).read_text(encoding="utf-8").splitlines()]


def test_each_question_expects_what_the_one_it_translates_does():
    calibration = {row["q"]: row for row in rows_of("calibration.jsonl")}
    foreign = rows_of("calibration_foreign.jsonl")
    assert len({row["of"] for row in foreign}) == 86
    for row in foreign:
        original = calibration[row["of"]]
        assert (row["category"], row["expected"]) == (original["category"], original["expected"])
        assert detect(row["q"]) == LANGUAGES[row["style"]]
