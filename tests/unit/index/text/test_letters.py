"""Letters that stand for syllables are chosen by their neighbours; letters that name themselves stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.lattice import Edge
from index.text.letters import BadLetters, load, read_letters
from index.text.reading import Reader
from index.text.unicode import fold

LIST = Path(__file__).parents[4] / "data" / "letters.tsv"


class _Listed:
    """Guesses what the list has, or that a letter stays."""

    def __init__(self) -> None:
        self._letters = load(LIST)

    def of(self, word: str) -> Sequence[Edge]:
        return [Edge((1,), 0.0), Edge((0,), 0.0, stays=True)] if word in self._letters else []


class _First:
    """Writes an x at every place."""

    def choose(self, text: str, choices: Mapping[int, Sequence[Edge]]) -> str:
        for start in sorted(choices, reverse=True):
            text = f"{text[:start]}x{text[start + 1 :]}"
        return text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ubnd tỉnh thì s ạ", "ủy ban nhân dân tỉnh thì sao ạ"),
        ("vb nào thay cái này v ad", "văn bản nào thay cái này vậy admin"),
        ("cháy r, gọi số mấy z", "cháy rồi, gọi số mấy vậy"),
        ("tp hcm ms gồm những tỉnh nào", "thành phố hồ chí minh mới gồm những tỉnh nào"),
        ("đèn đg hỏng cả tuần mà k ai sửa", "đèn đường hỏng cả tuần mà không ai sửa"),
        ("p. bến nghé cũ h là p j", "phường. bến nghé cũ giờ là phường gì"),
        ("có gì mới trong t7/2026 không", "có gì mới trong tháng 7/2026 không"),
        ("con tôi gây tai nạn, ai chịu tn", "con tôi gây tai nạn, ai chịu trách nhiệm"),
        ("mất việc thì hưởng trợ cấp tn thế nào", "mất việc thì hưởng trợ cấp thất nghiệp thế nào"),
        ("đt của công an phường", "điện thoại của công an phường"),
    ],
)
def test_letters_are_read_by_their_neighbours(typed: str, meant: str, reader: Reader) -> None:
    assert reader.read(typed).written_out == meant


@pytest.mark.parametrize(
    "text",
    [
        "điểm g khoản 2 điều 24",
        "uống vitamin b, mua áo size m",
        "điều 5, điểm c",
        "quyết định 12/2024/qđ-ubnd",
        "họp vào t5 này",
        "a-t/b #t t@x.vn",
        "p 5",
        "điểm a, b, c",
        "Tổ T, điểm C",
    ],
)
def test_letters_that_name_themselves_stay(text: str) -> None:
    assert read_letters(text, _Listed(), _First()) == text


def test_no_letter_is_listed_twice_and_every_reading_begins_as_it_does() -> None:
    lines = [line.split("\t") for line in LIST.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len({line[0] for line in lines}) == len(lines)
    sounds = {"h": "g", "k": "k"}
    for letters, readings, *_ in lines:
        firsts = {fold(reading[0]) for reading in readings.split()}
        assert firsts <= {fold(letters[0]), sounds.get(letters[0], "")}, letters


@pytest.mark.parametrize("line", ["t\ttôi", "quá dài\ttôi\t", "t\t\t"])
def test_a_malformed_line_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "letters.tsv"
    path.write_text(f"# head\n{line}\n", encoding="utf-8")
    with pytest.raises(BadLetters, match=r"letters\.tsv:2"):
        load(path)


@given(st.text(alphabet="tcprkmvbs .,'!/1đg ấà", max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(read_letters(text, _Listed(), _First()), str)
