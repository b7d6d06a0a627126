"""Places and bodies in what people type."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import bodies, places
from index.text.bodies import BodyTable, find_bodies
from index.text.names import NameTable
from index.text.places import Gazetteer, find_places
from index.text.unicode import fold

DATA = Path(__file__).parents[4] / "data"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return places.load(DATA / "provinces.jsonl")


@pytest.fixture(scope="module")
def table() -> BodyTable:
    return bodies.load(DATA / "agencies.jsonl")


def test_every_old_and_new_name_is_found_with_and_without_accents(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.units) == 34
    assert sum(len(unit.formed_from) for unit in gazetteer.units) == 63
    for unit in gazetteer.units:
        for name in (unit.name, unit.short, *unit.formed_from):
            for typed in (name, fold(name), name.upper(), name.lower()):
                (match,) = find_places(f"cho hỏi {typed} ạ", gazetteer)
                assert match.now is unit, typed


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("芽庄属于哪个省", "Tỉnh Khánh Hòa"),
        ("平阳现在属于哪里", "Thành phố Hồ Chí Minh"),
        ("岘港合并了哪个省", "Thành phố Đà Nẵng"),
    ],
)
def test_chinese_names_are_found_within_a_sentence(text: str, name: str, gazetteer: Gazetteer) -> None:
    (match,) = find_places(text, gazetteer)
    assert match.now.name == name
    assert text[match.start : match.end] == match.text


def test_chinese_names_that_are_also_words_need_the_word_for_province(gazetteer: Gazetteer) -> None:
    assert find_places("和平 与 太平", gazetteer) == []
    assert [match.name for match in find_places("和平省、太平省", gazetteer)] == ["Hòa Bình", "Thái Bình"]


def test_an_old_name_leads_to_the_unit_of_today(gazetteer: Gazetteer) -> None:
    (match,) = find_places("bình dương giờ thuộc tỉnh nào", gazetteer)
    assert (match.name, match.now.name, match.is_old) == ("Bình Dương", "Thành phố Hồ Chí Minh", True)
    (match,) = find_places("tp hcm", gazetteer)
    assert (match.name, match.is_old) == ("Hồ Chí Minh", False)


@pytest.mark.parametrize(
    "text", ["căn cước công dân", "an cu", "gia lại", "Hn", "chủ tịch Hồ Chí Minh", "đường Hồ Chí Minh", "cửa ông"]
)
def test_what_only_looks_like_a_place_is_not_one(text: str, gazetteer: Gazetteer) -> None:
    assert find_places(text, gazetteer) == []


@pytest.mark.parametrize(
    ("text", "name", "old_name"),
    [
        ("bo noi vu co gi moi", "Bộ Nội vụ", None),
        ("BNV", "Bộ Nội vụ", None),
        ("bộ gd&đt", "Bộ Giáo dục và Đào tạo", None),
        ("Bộ LĐTBXH", "Bộ Nội vụ", "Bộ Lao động - Thương binh và Xã hội"),
        ("bộ gtvt", "Bộ Xây dựng", "Bộ Giao thông vận tải"),
        ("thủ tướng", "Thủ tướng Chính phủ", None),
    ],
)
def test_bodies_are_found_by_name_short_name_and_symbol(
    text: str, name: str, old_name: str | None, table: BodyTable
) -> None:
    (match,) = find_bodies(text, table)
    assert (match.name, match.old_name) == (name, old_name)


@pytest.mark.parametrize("text", ["161/2026/NĐ-CP", "qh trước hôn nhân", "xin chào"])
def test_numbers_and_doubtful_letters_name_no_body(text: str, table: BodyTable) -> None:
    assert find_bodies(text, table) == []


def test_the_longest_name_wins_and_names_do_not_overlap() -> None:
    table = NameTable([("Hà Nội", 1), ("Thủ đô Hà Nội", 2), ("Nội vụ", 3)])
    assert [(match.text, match.value) for match in table.find("thu do ha noi vu")] == [("thu do ha noi", 2)]


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(["hà", "nội", "Ha\u0300", " ", "-", "sg", "bộ", "công an", "\n"])).map("".join),
    )
)
def test_offsets_slice_the_raw_text(text: str) -> None:
    table = NameTable([("Hà Nội", 1), ("SG", 2), ("Bộ Công an", 3)])
    for match in table.find(text):
        assert text[match.start : match.end] == match.text
