"""The entities of a message."""

from datetime import date
from pathlib import Path

import pytest

from bot.nlu.entities import Tables, find_entities

TABLES = Tables.load(Path(__file__).parents[3] / "data")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("lương ở bình dương", ["Bình Dương"]),
        ("phường Bến Nghé giờ là gì", ["Phường Sài Gòn, Thành phố Hồ Chí Minh"]),
        ("đóng bảo hiểm ở quận 7", ["Hồ Chí Minh"]),
        ("xã Tân Tiến", []),
        ("làm căn cước", []),
    ],
)
def test_places_are_given_as_they_are_today(text, places):
    entities = find_entities(text, TABLES, today=date(2026, 11, 22))
    assert [entity.value for entity in entities if entity.kind == "place"] == places


def test_an_article_is_an_entity_with_its_printed_name():
    entities = find_entities("đ5 k2 nđ 168/2024", TABLES, today=date(2026, 11, 22))
    assert [(entity.kind, entity.value) for entity in entities if entity.kind.startswith(("art", "document_n"))] == [
        ("document_number", "168/2024/NĐ-CP"),
        ("article", "Điều 5, khoản 2"),
    ]
