"""The tables of provinces and agencies count what the law counts, and say how well each contact is known."""

import json
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
DATA = ROOT / "data"
SHARED = ROOT.parent / "shared" / "data"

Row = dict[str, Any]


def rows_of(name: str) -> list[Row]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def plain(name: str) -> str:
    return name.removeprefix("Tỉnh ").removeprefix("Thành phố ")


PROVINCES = rows_of("provinces.jsonl")
AGENCIES = rows_of("agencies.jsonl")
FURTHER = rows_of("corpus/further.jsonl")
every_province = pytest.mark.parametrize("row", PROVINCES, ids=[row["short"] for row in PROVINCES])
every_agency = pytest.mark.parametrize("row", AGENCIES, ids=[row["id"] for row in AGENCIES])


# --- provinces


def test_there_are_27_provinces_and_7_cities() -> None:
    assert Counter(row["kind"] for row in PROVINCES) == {"tỉnh": 27, "thành phố": 7}
    cities = {row["short"] for row in PROVINCES if row["kind"] == "thành phố"}
    assert cities == {"Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "Đồng Nai", "Hồ Chí Minh", "Cần Thơ"}


def test_each_of_the_63_old_names_belongs_to_exactly_one_unit() -> None:
    old = [unit["name"] for row in PROVINCES for unit in row["formed_from"]]
    assert len(old) == len(set(old)) == 63


def test_23_units_are_new_and_11_are_unchanged() -> None:
    assert Counter(len(row["formed_from"]) > 1 for row in PROVINCES) == {True: 23, False: 11}


def test_there_are_3321_communes() -> None:
    assert sum(row["communes"] for row in PROVINCES) == 3321


@every_province
def test_a_unit_keeps_one_of_the_old_names_and_says_its_kind(row: Row) -> None:
    assert row["short"] in {unit["name"] for unit in row["formed_from"]}
    assert row["name"] == f"{row['kind'].capitalize()} {row['short']}"


@every_province
def test_only_a_merged_unit_has_a_merger(row: Row) -> None:
    merged = len(row["formed_from"]) > 1
    assert (row["since"], row["resolution"]) == (("2025-07-01", "202/2025/QH15") if merged else (None, None))


def test_dong_nai_says_since_when_it_is_a_city() -> None:
    [note] = [row["note"] for row in PROVINCES if "note" in row]
    assert "30/2026/QH16" in note
    assert "30/4/2026" in note


def test_what_people_type_points_to_one_old_unit() -> None:
    units = [unit for row in PROVINCES for unit in row["formed_from"]]
    typed = [name.casefold() for unit in units for name in (unit["name"], *unit["aliases"])]
    assert [name for name, times in Counter(typed).items() if times > 1] == []


def test_the_mapping_agrees_with_its_source() -> None:
    source = SHARED / "admin_units" / "provinces_63_to_34.json"
    if not source.exists():
        pytest.skip(f"{source} is absent")
    wanted = {
        row["code"]: (row["name_2026_04_30"], [plain(name) for name in row["merged_from"]], row["wards"])
        for row in json.loads(source.read_text(encoding="utf-8"))
    }
    found = {
        row["code"]: (row["name"], [unit["name"] for unit in row["formed_from"]], row["communes"]) for row in PROVINCES
    }
    assert found == wanted


# --- agencies


def test_the_government_has_14_ministries_and_3_bodies_of_that_rank() -> None:
    kinds = Counter(row["kind"] for row in AGENCIES)
    assert (kinds["bộ"], kinds["cơ quan ngang bộ"]) == (14, 3)


def test_ids_names_and_symbols_of_today_are_unique() -> None:
    assert len({row["id"] for row in AGENCIES}) == len(AGENCIES)
    assert len({row["name"] for row in AGENCIES}) == len(AGENCIES)
    symbols = [symbol for row in AGENCIES for symbol in row["symbols"]]
    assert len(symbols) == len(set(symbols))


def test_a_symbol_of_a_former_ministry_leads_to_one_successor_of_known_standing() -> None:
    known = Counter(
        symbol
        for row in AGENCIES
        for former in row["predecessors"]
        if former["evidence"] != "K"
        for symbol in former["symbols"]
    )
    assert set(known) >= {"BTTTT", "BKHĐT", "BGTVT", "BLĐTBXH", "BNNPTNT", "BTNMT"}
    assert set(known.values()) == {1}


@every_agency
def test_what_nobody_confirmed_has_no_date_of_confirmation(row: Row) -> None:
    assert row["source"]
    assert row["evidence"] in {"G", "F", "P", "K"}
    assert (row["checked_on"] is None) == (row["evidence"] in {"K", "P"})
    assert row["checked_on"] is None or date.fromisoformat(row["checked_on"])


def test_no_telephone_number_but_the_short_ones_of_the_reference() -> None:
    phones = {row["phone"] for row in AGENCIES} - {None}
    assert phones == {"111", "112", "113", "114", "115", "1022", "18001096"}


@every_agency
def test_a_website_is_a_secure_address(row: Row) -> None:
    assert row["website"] is None or row["website"].startswith("https://")


def test_a_provincial_office_belongs_to_a_province() -> None:
    codes = {row["code"] for row in PROVINCES}
    assert {row["province"] for row in AGENCIES if row["kind"] == "tỉnh"} <= codes


# --- both, and the documents they lean on


@pytest.mark.parametrize("name", ["provinces.jsonl", "agencies.jsonl"])
def test_a_table_is_nfc_and_free_of_look_alikes(name: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\u00d0" not in text, "Icelandic Eth instead of Đ"


def test_the_resolutions_the_tables_name_are_in_the_corpus() -> None:
    numbers = {row["number"] for row in FURTHER}
    named = {row["resolution"] for row in PROVINCES} | {row.get("established_by") for row in AGENCIES}
    assert named - {None} <= numbers
    assert "30/2026/QH16" in numbers


def test_a_replacement_is_told_by_both_documents() -> None:
    told = {(row["number"], link["kind"], link["number"]) for row in FURTHER for link in row["relations"]}
    numbers = {row["number"] for row in FURTHER}
    for inverse, kind in (("replaced_by", "replaces"), ("amended_by", "amends"), ("guided_by", "guides")):
        pairs = [(one, other) for one, said, other in told if said == kind and other in numbers]
        assert [pair for pair in pairs if (pair[1], inverse, pair[0]) not in told] == []
