"""Tidying what people typed, and cutting long text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.text import is_blank, is_wordless, length, shorten, split, tidy


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


@pytest.mark.parametrize("text", ["a", "?", "\U0001f600", " . "])
def test_visible_text_is_not(text: str) -> None:
    assert not is_blank(text)


@given(st.text(max_size=3_000), st.integers(2, 300))
def test_no_part_is_too_long_or_empty_and_nothing_but_blanks_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(part.strip() == part and 0 < length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_cuts_fall_between_paragraphs_then_sentences_then_words() -> None:
    assert split("Đoạn một dài.\n\nĐoạn hai cũng dài.", 25) == ["Đoạn một dài.", "Đoạn hai cũng dài."]
    assert split("Câu một dài. Câu hai cũng dài.", 25) == ["Câu một dài.", "Câu hai cũng dài."]
    assert split("một hai ba bốn năm sáu", 10) == ["một hai ba", "bốn năm", "sáu"]
    assert split("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_a_character_outside_the_basic_plane_counts_twice_and_is_never_torn() -> None:
    assert length("a\U0001f600") == 3
    assert split("\U0001f600" * 3, 3) == ["\U0001f600"] * 3


@given(st.text(max_size=60), st.integers(2, 40))
def test_shortened_text_fits(text: str, limit: int) -> None:
    assert length(shorten(text, limit)) <= limit


@pytest.mark.parametrize(
    ("text", "says_nothing"), [("?", True), ("… !?", True), ("", True), ("ok?", False), ("👍", False)]
)
def test_punctuation_alone_says_nothing(text: str, says_nothing: bool) -> None:
    assert is_wordless(text) is says_nothing
