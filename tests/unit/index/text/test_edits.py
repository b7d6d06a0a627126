"""Replacing spans of a text."""

from hypothesis import given
from hypothesis import strategies as st

from index.text.edits import replaced


def test_spans_are_replaced_in_their_order_and_the_rest_stays() -> None:
    assert replaced("a bb c", [((0, 1), "x"), ((2, 4), "")]) == "x  c"
    assert replaced("abc", []) == "abc"


def test_of_spans_that_overlap_the_first_counts() -> None:
    assert replaced("abcdef", [((0, 3), "x"), ((2, 5), "y"), ((5, 6), "z")]) == "xdez"


@given(st.text(max_size=30), st.lists(st.integers(0, 30), max_size=8))
def test_replacing_by_what_stands_there_changes_nothing(text: str, places: list[int]) -> None:
    spans = sorted((min(a, len(text)), min(a + 2, len(text))) for a in places)
    assert replaced(text, [((start, end), text[start:end]) for start, end in spans]) == text
