"""Which passages hold a place that was asked for."""

from __future__ import annotations

import pytest

from actions.articles import ArticleRef, passages_at
from index.document import Passage, TextKind

AMENDING = (
    "Điều 1",
    "Điều 1, khoản 1",
    "Điều 1, khoản 2, điểm a",
    "Điều 1, khoản 2, điểm b",
    "Điều 2",
    "Quy chế, Điều 3",
)


def passages(*locations: str) -> list[Passage]:
    return [
        Passage(place, "d", place, headings=(), text=place, text_kind=TextKind.OFFICIAL, context="")
        for place in locations
    ]


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        (ArticleRef("1"), list(AMENDING[:4])),
        (ArticleRef("1", "1"), ["Điều 1", "Điều 1, khoản 1"]),
        (ArticleRef("1", "2"), ["Điều 1", "Điều 1, khoản 2, điểm a", "Điều 1, khoản 2, điểm b"]),
        (ArticleRef("1", "2", "b"), ["Điều 1", "Điều 1, khoản 2, điểm b"]),
        (ArticleRef("1", "3"), []),  # "Điều 1" is what stands above its clauses
        (ArticleRef("1", "2", "c"), []),
        (ArticleRef("2", "4"), ["Điều 2"]),  # not divided: its clauses stand in it
        (ArticleRef("3"), ["Quy chế, Điều 3"]),
        (ArticleRef("4"), []),
    ],
)
def test_a_place_is_given_with_what_stands_above_it_and_never_what_stands_above_alone(wanted, held):
    assert [passage.location for passage in passages_at(wanted, passages(*AMENDING))] == held
