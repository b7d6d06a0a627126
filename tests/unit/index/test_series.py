"""Whose numbers are whose: series of local documents, by the number, the body's name and the place."""

import json
from pathlib import Path

import pytest

from index.document import Document, IdParts, TextKind
from index.series import is_named, meant, series_of, slug

HA_NOI, GIA_LAI = "Thành phố Hà Nội", "Tỉnh Gia Lai"


@pytest.mark.parametrize(
    ("number", "place", "body", "series"),
    [
        ("30/2024/QĐ-UBND", None, "Ủy ban nhân dân thành phố Hà Nội", "ha-noi"),
        ("30/2024/QĐ-UBND", HA_NOI, "UBND TP. Hà Nội", "ha-noi"),
        ("30/2024/QĐ-UBND", HA_NOI, "UBND thành phố", "ha-noi"),
        ("30/2024/QĐ-UBND", HA_NOI, "Chủ tịch UBND Thành phố Hà Nội", "ha-noi"),
        ("30/2024/QĐ-UBND", HA_NOI, "Sở Xây dựng", "ha-noi"),
        ("30/2024/QĐ-UBND", HA_NOI, "", "ha-noi"),
        ("30/2024/QĐ-UBND", HA_NOI, "Ủy ban nhân dân quận Ba Đình", "ha-noi.quan-ba-dinh"),
        ("30/2024/QĐ-UBND", None, "Ủy ban nhân dân quận Ba Đình, thành phố Hà Nội", "ha-noi.quan-ba-dinh"),
        ("12/2024/NQ-HĐND", None, "Hội đồng nhân dân tỉnh Hà Tĩnh", "ha-tinh"),
        ("9/QĐ-UBND", "Tỉnh Cao Bằng", "Ủy ban nhân dân thành phố Cao Bằng", "cao-bang.thanh-pho-cao-bang"),
        ("9/QĐ-UBND", "Thành phố Hồ Chí Minh", "Ủy ban nhân dân tỉnh Bình Dương", "binh-duong"),
        ("9/QĐ-UBND", "Thành phố Mới", "Ủy ban nhân dân thành phố Mới", "moi"),
        ("9/QĐ-STC", "Thành phố Mới", "Sở Tài chính thành phố Mới", "moi.so-tai-chinh"),
        ("1234/UBND-KT", None, "UBND TP.HCM", "ho-chi-minh"),
        ("5/QĐ-SXD", GIA_LAI, "Sở Xây dựng", "gia-lai.so-xay-dung"),
        ("5/QĐ-SXD", None, "Sở Xây dựng tỉnh Gia Lai", "gia-lai.so-xay-dung"),
        ("5/QĐ-SXD", None, "Sở Xây dựng", ".so-xay-dung"),
        ("5/QĐ-BQLKKT", GIA_LAI, "Ban Quản lý khu kinh tế", "gia-lai.ban-quan-ly-khu-kinh-te"),
        ("30/2024/QĐ-UBND", None, "", ""),
        ("161/2026/NĐ-CP", HA_NOI, "Chính phủ", ""),
        ("30/2024/QĐ-TTg", HA_NOI, "Thủ tướng Chính phủ", ""),
        ("66-NQ/TW", None, "Bộ Chính trị", ""),
        ("148/2025/QH15", GIA_LAI, "Quốc hội", ""),
        ("3/QĐ-BMOI", None, "Bộ Mới", ""),
    ],
)
def test_a_series_is_told_by_the_symbol_the_body_and_the_place(number, place, body, series):
    assert series_of(number, place, body) == series
    document = Document(number, "Quyết định", "", body, None, None, TextKind.OFFICIAL, "", "x", None, place=place)
    assert IdParts.of(document.id) == (number, None, series)
    assert document.id.removeprefix(number).isascii()


def test_every_province_has_a_series_of_its_own_however_it_is_told():
    rows = [json.loads(line) for line in Path("data/provinces.jsonl").read_text("utf-8").splitlines()]
    told = []
    for row in rows:
        by_body = series_of("30/2024/QĐ-UBND", None, f"Ủy ban nhân dân {row['name'].lower()}")
        assert by_body == series_of("30/2024/QĐ-UBND", row["name"], "") == slug(row["short"])
        told.append(by_body)
    assert len(set(told)) == len(rows) == 34
    former = [(row["name"], old["name"]) for row in rows for old in row["formed_from"]]
    assert len({series_of("9/QĐ-UBND", now, f"Ủy ban nhân dân tỉnh {name}") for now, name in former}) == len(former)


def test_an_id_that_is_none_of_ours_is_all_number():
    assert IdParts.of("số@lạ") == ("số@lạ", None, "")


@pytest.mark.parametrize(
    ("series", "known", "within_councils", "expected"),
    [
        ("ha-noi", ["hue", "ha-noi"], True, "ha-noi"),
        ("ha-noi", ["hue"], True, None),
        ("ha-noi", [""], True, ""),
        ("ha-noi", ["", "hue"], True, None),
        ("", ["hue"], True, "hue"),
        ("", ["hue", "ha-noi"], True, None),
        ("ha-noi.quan-ba-dinh", ["ha-noi"], True, None),
        ("ha-noi.so-xay-dung", ["ha-noi", "ha-noi.quan-ba-dinh", "hue"], False, "ha-noi"),
        ("ha-noi", ["ha-noi.so-xay-dung", "hue.so-xay-dung"], False, "ha-noi.so-xay-dung"),
        (".so-xay-dung", ["ha-noi.so-xay-dung"], False, "ha-noi.so-xay-dung"),
    ],
)
def test_another_statement_means_the_series_that_it_does_not_contradict(series, known, within_councils, expected):
    assert meant(series, known, within_councils=within_councils) == expected


def test_a_title_names_a_body_by_its_kind_and_place():
    assert is_named("gia-lai", "Quyết định số 30/2024/QĐ-UBND của UBND tỉnh Gia Lai về giá đất")
    assert not is_named("hai-phong", "Quyết định của UBND thành phố Hà Nội về tuyến Hà Nội - Hải Phòng")
    assert is_named("ha-noi.quan-ba-dinh", "của Ủy ban nhân dân quận Ba Đình, thành phố Hà Nội")
    assert not is_named("ha-noi", "của Ủy ban nhân dân quận Ba Đình, thành phố Hà Nội")
    assert not is_named("", "của Chính phủ")
