"""Tidying what people typed, measuring and shortening it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.text import is_blank, is_wordless, length, letters, one_line, shorten, tidy


@given(st.text())
def test_tidy_text_can_be_stored_and_is_tidy_already(text: str) -> None:
    tidied = tidy(text)
    assert tidied.encode() is not None
    assert tidy(tidied) == tidied
    assert "\x00" not in tidied


def test_decomposed_vietnamese_is_composed() -> None:
    assert tidy("tie\u0302\u0301ng Vie\u0323\u0302t") == "tiếng Việt"


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u200d\ufeff", "\u202e", "\U000e0041"])
def test_invisible_text_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "?", "\U0001f600", "\U0001faea", " . "])
def test_visible_text_is_not(text: str) -> None:
    assert not is_blank(text)


@given(st.text())
def test_a_line_is_tidy_and_has_no_line_end(text: str) -> None:
    assert "\n" not in one_line(text)
    assert one_line(text).split() == tidy(text).split()


def test_letters_are_what_a_reader_sees() -> None:
    text = "ế\u0323🇻🇳🇯🇵👍🏽👨\u200d👩\u200d👧1\ufe0f\u20e3"
    assert list(letters(text, 20)) == ["ế\u0323", "🇻🇳", "🇯🇵", "👍🏽", "👨\u200d👩\u200d👧", "1\ufe0f\u20e3"]


@given(st.text(max_size=60), st.integers(2, 40))
def test_shortened_text_fits(text: str, limit: int) -> None:
    assert length(shorten(text, limit)) <= limit


def test_shortening_tears_no_letter() -> None:
    assert shorten("Cờ 🇻🇳🇻🇳", 8) == "Cờ 🇻🇳…"
    assert shorten("Cờ 🇻🇳🇻🇳", 7) == "Cờ…"
    assert shorten("Một hai ba", 8) == "Một hai…"


@pytest.mark.parametrize(
    ("text", "says_nothing"),
    [("?", True), ("… !?", True), ("", True), ("ok?", False), ("👍", False), ("\U0001faea", False)],
)
def test_punctuation_alone_says_nothing(text: str, says_nothing: bool) -> None:
    assert is_wordless(text) is says_nothing
