"""Articles, clauses and points that people name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.articles import find_articles, without_articles


def _named(text: str) -> list[str]:
    return [match.canonical for match in find_articles(text)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Điều 5, khoản 2, điểm a", "Điều 5, khoản 2, điểm a"),
        ("điểm a khoản 2 điều 7 nghị định 168/2024/NĐ-CP", "Điều 7, khoản 2, điểm a"),
        ("diem a khoan 2 dieu 7", "Điều 7, khoản 2, điểm a"),
        ("điều 5 điểm a khoản 2", "Điều 5, khoản 2, điểm a"),
        ("ĐIỂM Đ KHOẢN 3 ĐIỀU 12A", "Điều 12a, khoản 3, điểm đ"),
        ("đ5 k2", "Điều 5, khoản 2"),
        ("đ5k2 nđ 168", "Điều 5, khoản 2"),
        ("k2 d5", "Điều 5, khoản 2"),
        ("d5 noi gi", "Điều 5"),
        ("khoản 2 điều 5", "Điều 5, khoản 2"),
        ("khoản 2 của Điều 5", "Điều 5, khoản 2"),
        ("điều 5.2", "Điều 5, khoản 2"),
        ("dieu 5", "Điều 5"),
        ("Điều 05 quy định gì", "Điều 5"),
        ("điều thứ 5", "Điều 5"),
        ("Ｄiều ５", "Điều 5"),
        ("khoản 2 nói gì", "khoản 2"),
        ("còn điểm b thì sao", "điểm b"),
        ("khoản hai điều ba quy định thế nào", "Điều 3, khoản 2"),
        ("điều mười hai nói về cái gì", "Điều 12"),
        ("điều hai mươi lăm của luật này", "Điều 25"),
        ("xem giúp tôi điều năm của nghị định này", "Điều 5"),
        ("article 5 clause 2", "Điều 5, khoản 2"),
        ("point b of clause 1, article 6", "Điều 6, khoản 1, điểm b"),
        ("what does Article 5(2)(a) of the decree say?", "Điều 5, khoản 2, điểm a"),
        ("Art. 12", "Điều 12"),
        ("第五条第二款", "Điều 5, khoản 2"),
        ("第十二条第二款a项", "Điều 12, khoản 2, điểm a"),
        ("第一百二十三条", "Điều 123"),
        ("第5条", "Điều 5"),
    ],
)
def test_a_place_in_a_document_has_one_name_however_it_is_written(text: str, place: str) -> None:
    assert _named(text)[0] == place
    assert set(_named(text)) == {place}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("khoản 1, 2 và 3 Điều 5", ["Điều 5, khoản 1", "Điều 5, khoản 2", "Điều 5, khoản 3"]),
        ("khoản 1,2 điều 5", ["Điều 5, khoản 1", "Điều 5, khoản 2"]),
        ("Điều 5, khoản 1, khoản 2", ["Điều 5, khoản 1", "Điều 5, khoản 2"]),
        ("điểm a, b khoản 2 Điều 6", ["Điều 6, khoản 2, điểm a", "Điều 6, khoản 2, điểm b"]),
        ("khoản 2 điều 5, khoản 3 điều 6", ["Điều 5, khoản 2", "Điều 6, khoản 3"]),
        ("điều 12, 13 và khoản 2 điều 14", ["Điều 12", "Điều 13", "Điều 14, khoản 2"]),
        ("từ điều 5 đến điều 7", ["Điều 5", "Điều 7"]),
        ("Điều 5 và Điều 6 khác gì nhau", ["Điều 5", "Điều 6"]),
        ("articles 5 and 6", ["Điều 5", "Điều 6"]),
    ],
)
def test_lists_are_read_one_by_one(text: str, places: list[str]) -> None:
    assert _named(text) == places


@pytest.mark.parametrize(
    "text",
    [
        "điều 5 người đi", "điều này", "dieu nay", "điều kiện", "điều sau đây", "dieu nam nay", "điều 1000",
        "khoản 5 triệu", "khoản 1,5 tỷ", "khoản 200k", "tài khoản 19001234", "điểm 9 môn toán", "thời điểm a",
        "bao nhiêu điểm e ơi", "đường d5", "đường Đ5", "k2", "xe tải 5k2", "điều hai bên thỏa thuận", "nđ 168/2024",
        "article 370 days ago", "điếu 5", "hạng D1", "5 điều Bác Hồ dạy", "第三产业", "",
    ],
)  # fmt: skip
def test_counts_sums_and_other_words_are_no_articles(text: str) -> None:
    assert _named(text) == []


def test_a_place_is_told_where_it_stands() -> None:
    text = "cho hỏi Ðiều\u200b 5 khoản 2 nđ 168"
    (match,) = find_articles(text)
    assert match.text == text[match.start : match.end] == "Ðiều\u200b 5 khoản 2"
    assert without_articles(text).split() == ["cho", "hỏi", "nđ", "168"]


_PARTS = ["điều ", "dieu ", "khoản ", "điểm ", "đ", "k", "d5", "k2", "1", "12", ", ", " và ", "a", "a ", "article ",
          "(2)", "(a)", "第", "五", "条", "款", "十", ".", "-", "/", " "]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(_PARTS), max_size=30).map("".join)))
def test_any_text_can_be_searched(text: str) -> None:
    for match in find_articles(text):
        assert text[match.start : match.end] == match.text
        assert match.article or match.clause or match.point
        assert _named(match.canonical) == [match.canonical] or match.canonical.startswith("điểm")
    without_articles(text)
