"""The table of communes counts what the law counts and fits the table of provinces."""

import json
from collections import Counter
from pathlib import Path

DATA = Path(__file__).parents[3] / "data"
COMMUNES = [json.loads(line) for line in (DATA / "communes.jsonl").read_text("utf-8").splitlines()]
PROVINCES = {row["code"]: row for row in map(json.loads, (DATA / "provinces.jsonl").read_text("utf-8").splitlines())}


def former(row, key):
    return [(each["province"], each["district"], name) for each in row["formed_from"] for name in each.get(key, ())]


def test_the_kinds_are_as_many_as_on_2025_07_01():
    assert Counter(row["kind"] for row in COMMUNES) == {"phường": 687, "xã": 2621, "đặc khu": 13}


def test_each_province_has_as_many_communes_as_its_row_says():
    assert Counter(row["province"] for row in COMMUNES) == {
        code: province["communes"] for code, province in PROVINCES.items()
    }


def test_codes_are_unique_and_so_is_a_name_of_one_kind_in_a_province():
    assert len({row["code"] for row in COMMUNES}) == len(COMMUNES)
    names = Counter((row["province"], row["kind"], row["name"]) for row in COMMUNES)
    assert [name for name, times in names.items() if times > 1] == []


def test_every_commune_was_formed_from_a_former_part_of_its_province():
    for row in COMMUNES:
        old = {each["name"] for each in PROVINCES[row["province"]]["formed_from"]}
        assert row["formed_from"]
        assert {each["province"] for each in row["formed_from"]} <= old


def test_a_former_commune_went_whole_into_one_or_in_parts_into_several():
    whole = Counter(key for row in COMMUNES for key in former(row, "communes"))
    parts = Counter(key for row in COMMUNES for key in former(row, "parts"))
    assert set(whole.values()) == {1}
    assert not set(whole) & set(parts)
    assert len(whole) + len(parts) == 10_035
    assert len(parts) == 471


def test_the_district_level_had_696_units():
    assert len({(each["province"], each["district"]) for row in COMMUNES for each in row["formed_from"]}) == 696


def test_the_licence_of_the_source_lies_beside_the_table():
    assert "MIT License" in (DATA / "communes.LICENSE").read_text("utf-8")
