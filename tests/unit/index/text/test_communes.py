"""Communes of today, former communes and districts in what people type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import places
from index.text.communes import find_communes
from index.text.places import Gazetteer, find_places
from index.text.unicode import fold

DATA = Path(__file__).parents[4] / "data"
ABOUT_PLACES = ("ask_province_merger", "ask_commune_merger", "ask_again_for_place")
GAZETTEER = places.load(DATA / "provinces.jsonl")


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return GAZETTEER


def named(text: str, gazetteer: Gazetteer, *, eager: bool = False) -> list[str]:
    return [match.areas[0].name for match in find_communes(text, gazetteer, eager=eager)]


def test_every_commune_of_today_is_found_by_kind_name_and_province(gazetteer: Gazetteer) -> None:
    missed = []
    for commune in gazetteer.communes:
        for typed in (f"{commune.name}, {commune.province.name}", fold(f"{commune.name} {commune.province.name}")):
            found = [area for match in find_communes(f"cho hỏi {typed}", gazetteer) for area in match.areas]
            if commune not in found:
                missed.append(typed)
    assert missed == []


def test_every_former_district_is_found_with_and_without_accents(gazetteer: Gazetteer) -> None:
    districts = [former for former in gazetteer.former if former.is_district]
    assert len(districts) == 696
    missed = []
    for district in districts:
        for typed in (f"{district.name}, {district.province}", fold(f"{district.name} {district.province}")):
            found = [area for match in find_communes(typed, gazetteer, eager=True) for area in match.areas]
            if district not in found and district.name != "Thành phố Huế":  # today's province of that name
                missed.append(typed)
    assert missed == []


def test_every_former_commune_is_found_with_its_district_and_province(gazetteer: Gazetteer) -> None:
    communes = [former for former in gazetteer.former if not former.is_district]
    assert len(communes) == 10035
    missed = []
    for commune in communes[::9]:
        typed = f"{commune.name}, {commune.district}, {commune.province} giờ là gì"
        found = [area for match in find_communes(typed, gazetteer) for area in match.areas]
        if commune not in found and all(heir not in found for heir in commune.now):
            missed.append(typed)
    assert missed == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("phường Bến Nghé", "Phường Bến Nghé"),
        ("p. bến nghé", "Phường Bến Nghé"),
        ("q1", "Quận 1"),
        ("Q.1", "Quận 1"),
        ("quan 01", "Quận 1"),
        ("tx sơn tây", "Thị xã Sơn Tây"),
        ("what is district 1 now", "Quận 1"),
        ("Ben Nghe ward", "Phường Bến Nghé"),
        ("Cu Chi District", "Huyện Củ Chi"),
        ("tp vinh", "Thành phố Vinh"),
        ("Sơn Tây, Hà Nội", "Phường Sơn Tây"),
        ("huyện M'Đrắk", "Huyện M'Đrắk"),
        ("xã An Cư, An Giang", "Xã An Cư"),
    ],
)
def test_a_kind_word_or_a_province_beside_it_makes_a_name_a_place(text: str, name: str, gazetteer: Gazetteer) -> None:
    assert name in [area.name for match in find_communes(text, gazetteer) for area in match.areas]


@pytest.mark.parametrize(
    "text",
    [
        *("căn cước", "can cuoc", "Tân Tiến", "hòa bình và phát triển", "thống nhất đất nước", "độc lập tự do"),
        *("cửa ông", "cua ong", "chính quyền địa phương 2 cấp", "hợp tác xã Tân Tiến", "lạm phát q1/2026"),
        *("bảo hiểm xã hội", "tỉnh Hòa Bình", "thương binh", "tên mới là gì", "ten moi la gi", "trung tâm hành chính"),
        "còn cái thứ mười một không",
    ],
)
def test_common_words_that_are_also_communes_are_no_places(text: str, gazetteer: Gazetteer) -> None:
    assert find_communes(text, gazetteer) == []


@pytest.mark.parametrize("write", [str, fold], ids=["accented", "none"])
def test_our_own_examples_of_other_questions_name_communes_only_with_a_kind_word(write, gazetteer: Gazetteer) -> None:
    kind = re.compile(
        r"\b(?:quan|phuong|xa|dac khu|huyen|thi tran|thi xa|thanh pho|tp|tt|district|ward|commune|[pq]\.?) ?[a-z0-9]|"
        r".+ ward$|(?:ban ho|bu gia map|tan son nhat)$"  # three that the examples do mean
    )
    false = []
    for path in sorted((DATA / "nlu").glob("*.yml")):
        intent = ""
        for line in path.read_text("utf-8").splitlines():
            if found := re.match(r"\s*- intent: (\w+)", line):
                intent = found[1]
            elif intent not in ABOUT_PLACES and (example := re.match(r"\s+- (.+)", line)):
                text = write(example[1])
                false += [match.text for match in find_communes(text, gazetteer) if not kind.match(fold(match.text))]
    assert false == []


def test_tt_is_a_township_or_a_circular(gazetteer: Gazetteer) -> None:
    assert named("tt nhà bè", gazetteer) == ["Thị trấn Nhà Bè"]
    assert named("cac tt bo y te", gazetteer) == named("tt co ma", gazetteer) == []


def test_a_commune_of_a_provinces_name_is_no_province(gazetteer: Gazetteer) -> None:
    assert find_places("phường Vũng Tàu và huyện Điện Biên", gazetteer) == []
    assert [match.name for match in find_places("Vũng Tàu, tỉnh Điện Biên", gazetteer)] == [
        "Bà Rịa - Vũng Tàu",
        "Điện Biên",
    ]


def test_a_district_or_province_named_in_the_text_narrows_a_name(gazetteer: Gazetteer) -> None:
    (match,) = find_communes("p5 q3 tphcm", gazetteer)
    assert [(area.name, area.district) for area in match.areas] == [("Phường 5", "Quận 3")]  # type: ignore[union-attr]
    (match,) = find_communes("huyện Châu Thành, Bến Tre", gazetteer)
    assert [(area.name, area.province) for area in match.areas] == [("Huyện Châu Thành", "Bến Tre")]


def test_a_bare_district_after_a_commune_only_says_where_it_lies(gazetteer: Gazetteer) -> None:
    assert named("xã Nghĩa Trụ, Văn Giang, Hưng Yên", gazetteer) == ["Xã Nghĩa Trụ"]


def test_accents_decide_where_they_are_typed(gazetteer: Gazetteer) -> None:
    def meant(text: str) -> set[str]:
        return {area.short for match in find_communes(text, gazetteer) for area in match.areas}

    assert meant("xã Tam Thanh") == {"Tam Thanh"}
    assert len(meant("xa tam thanh")) > 1


def test_a_place_is_given_as_the_one_commune_or_province_of_today(gazetteer: Gazetteer) -> None:
    def today(text: str) -> list[str | None]:
        return [match.place_today for match in find_communes(text, gazetteer)]

    assert today("phường Bến Nghé") == ["Phường Sài Gòn, Thành phố Hồ Chí Minh"]
    assert today("quận 7") == ["Hồ Chí Minh"]
    assert today("xã Tân Tiến") == [None]


def test_bare_names_count_where_the_question_is_known_to_be_about_communes(gazetteer: Gazetteer) -> None:
    assert named("bến nghé giờ là phường nào", gazetteer) == []
    assert named("bến nghé giờ là phường nào", gazetteer, eager=True) == ["Phường Bến Nghé"]
    assert named("phuong em ten moi la gi", gazetteer, eager=True) == []


def test_a_text_full_of_names_is_read_up_to_a_limit(gazetteer: Gazetteer) -> None:
    assert 0 < len(find_communes("p5 q3 " * 300, gazetteer)) <= 32


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(["phường ", "bến nghé", "q1", " ", ", ", "hà nội", "xa\u0303 ", "\n"])).map("".join),
    )
)
def test_offsets_slice_the_raw_text(text: str) -> None:
    for match in find_communes(text, GAZETTEER, eager=True):
        assert text[match.start : match.end] == match.text
