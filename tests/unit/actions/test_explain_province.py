"""The 63 → 34 table: every old and new name, with and without accents, is recognised and explained."""

import json
from pathlib import Path

import pytest

from actions.explain_province import ExplainProvince
from bot.reply import AnswerStatus
from index.text.unicode import fold

ROWS = [
    json.loads(line) for line in (Path(__file__).parents[3] / "data/provinces.jsonl").read_text("utf-8").splitlines()
]
NAMES = [(row["name"], row) for row in ROWS] + [(old["name"], row) for row in ROWS for old in row["formed_from"]]
SHAPES = ("{} giờ là tỉnh nào", "cho em hỏi {} sáp nhập với tỉnh nào vậy ạ")


def test_the_table_has_97_names():
    assert len(NAMES) == 34 + 63


@pytest.mark.parametrize("write", [str, fold], ids=["accented", "none"])
@pytest.mark.parametrize("shape", SHAPES, ids=["now", "merged"])
@pytest.mark.parametrize(("name", "row"), NAMES, ids=[fold(name) for name, _ in NAMES])
def test_a_name_is_explained_with_what_it_was_formed_from_and_since_when(desk, ask, name, row, shape, write):
    reply = ExplainProvince(desk).reply_to(ask(write(shape.format(name))))
    assert reply.status is AnswerStatus.ANSWERED
    assert row["name"] in reply.text
    if row["since"]:
        assert all(old["name"] in reply.text for old in row["formed_from"])
        assert "01/07/2025" in reply.text
    else:
        assert "không sáp nhập" in reply.text


def test_dong_nai_is_a_city_since_its_own_day(desk, ask):
    assert "30/04/2026" in ExplainProvince(desk).reply_to(ask("đồng nai lên thành phố chưa")).text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_other_languages_get_the_same_facts(desk, ask, lang):
    text = ExplainProvince(desk).reply_to(ask("which province is Bình Dương in now", lang=lang)).text
    assert "Thành phố Hồ Chí Minh" in text
    assert "2025-07-01" in text


def test_a_province_says_how_many_communes_it_has(desk, ask):
    reply = ExplainProvince(desk).reply_to(ask("hà nội có bao nhiêu phường xã"))
    assert "126" in reply.text
    assert "01/07/2025" in reply.text


@pytest.mark.parametrize("text", ["Đà Lạt giờ thuộc tỉnh nào", "da lat gio thuoc tinh nao"])
def test_a_former_town_is_told_with_the_province_it_lay_in(desk, ask, text):
    answer = ExplainProvince(desk).reply_to(ask(text)).text
    assert "Thành phố Đà Lạt" in answer
    assert "Tỉnh Lâm Đồng" in answer


def test_an_island_is_told_with_its_special_zone(desk, ask):
    assert "Đặc khu Phú Quốc" in ExplainProvince(desk).reply_to(ask("Phú Quốc giờ thuộc tỉnh nào")).text
