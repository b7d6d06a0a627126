"""Cutting long text into messages: fewest first, then the best places; nothing torn that belongs together."""

import math
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.parts import Block, pack
from channels.text import is_blank, length

LETTERS = [
    "a", "đ", ".", "字", "e\u0302\u0301", "a\u0323\u0306", "\U0001f600", "\U0001f1fb\U0001f1f3", "\U0001f1ef\U0001f1f5",
    "\U0001f44d\U0001f3fd", "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "1\ufe0f\u20e3",
    "\u2764\ufe0f\u200d\U0001f525", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
]  # fmt: skip
"""What a reader sees as one character each: precomposed and not, flags, a family, a keycap, a coloured thumb."""

BLOCKS = st.lists(st.builds(Block, st.text(max_size=400), st.booleans()), max_size=6)
WORDS = st.lists(st.text("abcđ.😀", min_size=1, max_size=12), min_size=1, max_size=80)


def cut(text: str, limit: int) -> list[str]:
    return pack([Block(text)], limit)


def visible(text: str) -> str:
    """Everything that is no blank: what cutting must not lose."""
    hidden = ("Zs", "Zl", "Zp", "Cc", "Cf", "Cs")
    return "".join(character for character in text if unicodedata.category(character) not in hidden)


@given(BLOCKS, st.integers(2, 300))
def test_no_part_is_too_long_or_blank_and_nothing_visible_is_lost(blocks: list[Block], limit: int) -> None:
    parts = pack(blocks, limit)
    assert all(part.strip() == part and not is_blank(part) and length(part) <= limit for part in parts)
    assert visible("".join(parts)) == visible("".join(block.text for block in blocks))


@given(WORDS, st.integers(12 * 2, 100))
def test_there_are_never_more_parts_than_filling_each_to_the_brim_gives(words: list[str], limit: int) -> None:
    filled = [words[0]]
    for word in words[1:]:
        if length(f"{filled[-1]} {word}") <= limit:
            filled[-1] += f" {word}"
        else:
            filled.append(word)
    assert len(cut(" ".join(words), limit)) == len(filled)


@given(WORDS, st.lists(st.sampled_from([" ", "\n", "\n\n", "  "]), min_size=80, max_size=80), st.integers(30, 100))
def test_the_number_of_parts_is_bounded(words: list[str], gaps: list[str], limit: int) -> None:
    text = "".join(word + gap for word, gap in zip(words, gaps, strict=False)).strip()
    assert len(cut(text, limit)) <= math.ceil(2 * length(text) / limit) + 1


@given(WORDS, st.integers(24, 100))
def test_a_word_that_fits_a_message_is_never_cut(words: list[str], limit: int) -> None:
    assert " ".join(cut(" ".join(words), limit)).split() == words


@given(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=60), st.integers(15, 40))
def test_what_a_reader_sees_as_one_character_is_never_torn(letters: list[str], limit: int) -> None:
    ends = {0}
    for letter in letters:
        ends.add(max(ends) + len(letter))
    at = 0
    for part in cut("".join(letters), limit):
        at += len(part)
        assert at in ends


@given(
    st.text("ab .\n", max_size=400), st.lists(st.text("cd", min_size=1, max_size=30), min_size=1, max_size=3),
    st.integers(100, 200),
)  # fmt: skip
def test_a_whole_block_that_fits_a_message_stands_in_the_last_one(text: str, lines: list[str], limit: int) -> None:
    source = "\n".join(lines)
    assert pack([Block(text), Block(source, is_whole=True)], limit)[-1].endswith(source)


@given(st.lists(st.text("cd", min_size=1, max_size=30), min_size=1, max_size=30), st.integers(30, 90))
def test_a_whole_block_that_fits_no_message_is_cut_between_its_lines(lines: list[str], limit: int) -> None:
    parts = pack([Block("Đáp."), Block("\n".join(lines), is_whole=True)], limit)
    assert "\n".join(parts).replace("\n\n", "\n").split("\n") == ["Đáp.", *lines]


def test_cuts_fall_between_paragraphs_then_lines_then_sentences_then_words() -> None:
    assert cut("Đoạn một dài.\n\nĐoạn hai cũng dài.", 25) == ["Đoạn một dài.", "Đoạn hai cũng dài."]
    assert cut("Dòng một. Dài.\nDòng hai cũng dài.", 25) == ["Dòng một. Dài.", "Dòng hai cũng dài."]
    assert cut("Câu một dài. Câu hai cũng dài.", 25) == ["Câu một dài.", "Câu hai cũng dài."]
    assert cut("Ông nói “không.” Câu hai cũng dài.", 25) == ["Ông nói “không.”", "Câu hai cũng dài."]
    assert cut("một hai ba bốn năm sáu", 10) == ["một hai ba", "bốn năm", "sáu"]
    assert cut("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_blocks_are_parted_before_paragraphs() -> None:
    blocks = [Block("Một.\n\nHai."), Block("Ba.\n\nBốn.")]
    assert pack(blocks, 20) == ["Một.\n\nHai.", "Ba.\n\nBốn."]
    assert pack(blocks, 30) == ["Một.\n\nHai.\n\nBa.\n\nBốn."]


def test_a_better_place_never_costs_a_message() -> None:
    text = "Ngắn.\n\n" + "từ " * 60
    assert [length(part) for part in cut(text, 95)] == [93, 92]


def test_chinese_sentences_need_no_blank_between_them() -> None:
    assert cut("第一句话很长。第二句话也很长。", 10) == ["第一句话很长。", "第二句话也很长。"]
    assert cut("他说“好。”然后走了很远。", 10) == ["他说“好。”", "然后走了很远。"]


def test_a_character_outside_the_basic_plane_counts_twice_and_is_never_torn() -> None:
    assert length("a\U0001f600") == 3
    assert cut("\U0001f600" * 3, 3) == ["\U0001f600"] * 3


def test_a_letter_longer_than_a_message_is_torn_rather_than_lost() -> None:
    assert [length(part) for part in cut("a" + "\u0301" * 24, 10)] == [10, 10, 5]


@pytest.mark.parametrize("text", ["", " \n\n ", "\u200b\u200b", "\u2060" * 50])
def test_nothing_visible_makes_no_message(text: str) -> None:
    assert cut(text, 10) == []
    assert pack([Block(text), Block(text, is_whole=True)], 10) == []


def test_hostile_lengths_take_no_time() -> None:
    for text in (
        "x" * 30_000,
        "a" + "\u0301" * 20_000,
        "\U0001f1fb" * 20_000,
        "\U0001f468\u200d" * 9_000,
        "。”" * 9_000,
    ):
        assert re.sub(r"\s", "", "".join(cut(text, 2_000))) == text
