"""Letters that stand for syllables are chosen by their neighbours; letters that name themselves stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.letters import BadLetters, load, read_letters
from index.text.reading import Reader

LIST = Path(__file__).parents[4] / "data" / "letters.tsv"


class _First:
    """Takes the first choice at every place."""

    def choose(self, text: str, choices: Mapping[int, Sequence[str]]) -> str:
        for start in sorted(choices, reverse=True):
            end = start + len(text[start:].split()[0].strip(".,!?"))
            text = text[:start] + choices[start][0] + text[end:]
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
    ],
)
def test_letters_are_read_by_their_neighbours(typed: str, meant: str, reader: Reader) -> None:
    assert reader.read(typed).written_out == meant


@pytest.mark.parametrize(
    "text",
    [
        "điểm g khoản 2 điều 24",
        "uống vitamin b và mua áo size m",
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
    assert read_letters(text, load(LIST), _First()) == text


def test_no_letter_is_listed_twice_and_every_reading_begins_as_it_does() -> None:
    lines = [line.split("\t") for line in LIST.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len({line[0] for line in lines}) == len(lines)
    sounds = {"h": "g", "k": "k"}
    for letters, readings, *_ in lines:
        assert all(reading[0] in (letters[0], sounds.get(letters[0], "")) for reading in readings.split()), letters


@pytest.mark.parametrize("line", ["t\ttôi", "quá dài\ttôi\t", "t\t\t"])
def test_a_malformed_line_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "letters.tsv"
    path.write_text(f"# head\n{line}\n", encoding="utf-8")
    with pytest.raises(BadLetters, match=r"letters\.tsv:2"):
        load(path)


@given(st.text(alphabet="tcprkmvbs .,'!/1đg ấà", max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(read_letters(text, load(LIST), _First()), str)
