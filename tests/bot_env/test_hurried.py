"""Examples typed in a hurry: deterministic, and kept only where the reading cannot undo them."""

from datetime import date
from pathlib import Path

import pytest

from bot.nlu.hurried import FEWEST_WORDS, Hurry, copies
from bot.nlu.prepared import restorer_file
from bot.nlu.understanding import Understanding
from index.text import abbreviations

TODAY = date(2026, 7, 15)
TEXTS = [
    "làm sao để đăng ký tạm trú cho người thuê trọ trong thành phố",
    "tôi muốn giải thích thêm về luật đất đai năm nay cho bà con",
    "mức phạt vượt đèn đỏ theo nghị định mới là bao nhiêu tiền",
]


@pytest.fixture(scope="module")
def hurry():
    return Hurry(abbreviations.load(Path("data/abbreviations.tsv")))


@pytest.fixture(scope="module")
def reader():
    return Understanding.load(restorer_file())


def test_the_same_text_is_typed_in_the_same_way_and_mostly_shorter(hurry):
    for text in TEXTS:
        assert hurry.type(text) == hurry.type(text) != text
        assert len(hurry.type(text)) < len(text)


def test_numbers_of_documents_stay(hurry):
    assert "168/2024/nđ-cp" in hurry.type("tôi muốn hỏi 168/2024/nđ-cp còn hiệu lực không").replace("d-", "đ-")


def test_only_what_reads_otherwise_is_a_copy(reader):
    texts = [*TEXTS, "xin chào", "what is the law on land", "luong co so la bao nhieu"]
    read = [reader.read(text, today=TODAY) for text in texts]
    found = copies(texts, read, reader, today=TODAY)
    assert found
    for place, copy in found.items():
        assert len(texts[place].split()) >= FEWEST_WORDS
        assert place < len(TEXTS)
        assert copy.reading.folded != read[place].reading.folded
