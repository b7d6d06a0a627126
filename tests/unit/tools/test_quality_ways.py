"""Ways of typing that are made by program, and what an answer costs."""

import pytest

from index.text.unicode import fold
from tools.quality.answering import Outcome, by_style
from tools.quality.ways import STYLES

TEXT = "Lương cơ sở của người lao động bây giờ được bao nhiêu, không đổi à?"


@pytest.mark.parametrize("name", STYLES)
def test_a_way_of_typing_is_the_same_every_time_and_differs_from_the_question(name):
    assert STYLES[name](TEXT) == STYLES[name](TEXT) != TEXT


def test_without_accents_is_the_question_without_accents_and_half_loses_only_some():
    assert STYLES["none"]("Điều 5, lương cơ sở?") == "Dieu 5, luong co so?"
    half = STYLES["half"](TEXT)
    assert fold(half) == fold(TEXT)
    assert half != STYLES["none"](TEXT)


def test_telex_leaves_the_keystrokes_of_some_syllables():
    kept = set(TEXT.split()) & set(STYLES["telex"](TEXT).split())
    assert 0 < len(kept) < len(TEXT.split())


@pytest.mark.parametrize(
    ("answerable", "answered", "right", "cost"),
    [
        (True, True, True, 0),
        (True, False, False, 1),
        (True, True, False, 3),
        (False, True, False, 2),
        (False, False, False, 0),
    ],
)
def test_a_wrong_answer_costs_two_and_a_missing_document_one(answerable, answered, right, cost):
    assert Outcome(answerable, answered, right).cost == cost


def test_only_accented_vietnamese_questions_are_rewritten():
    rows = [{"q": TEXT, "style": "accented"}, {"q": "luong", "style": "none"}, {"q": "pay?", "style": "english"}]
    counts = {name: len(written) for name, written in by_style(rows)}
    assert counts == {"as written": 2, "none": 1, "half": 1, "teencode": 1, "telex": 1, "english": 1}
