"""Every name, short name and symbol of a body, of today and before, leads to the body of today."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.text import bodies
from index.text.bodies import BodyTable, find_bodies
from index.text.unicode import fold

DATA = Path(__file__).parents[4] / "data"
ROWS = [json.loads(line) for line in (DATA / "agencies.jsonl").read_text("utf-8").splitlines()]
ISSUING = [row for row in ROWS if row["kind"] not in ("đường dây", "cổng")]
TODAY = [(name, row["id"]) for row in ISSUING for name in (row["name"], *row["aliases"], *row["symbols"])]
BEFORE = [
    (name, row["id"], old["name"])
    for row in ISSUING
    for old in row["predecessors"]
    if old["evidence"] != "K"
    for name in (old["name"], *old["aliases"], *old["symbols"])
]


@pytest.fixture(scope="module")
def table() -> BodyTable:
    return bodies.load(DATA / "agencies.jsonl")


def writings(name: str) -> set[str]:
    return {name, name.upper()} | ({fold(name)} if len(name) > 2 else set())


def test_all_ministries_and_all_provincial_committees_are_known() -> None:
    kinds = [row["kind"] for row in ROWS]
    assert (kinds.count("bộ"), kinds.count("cơ quan ngang bộ"), kinds.count("tỉnh")) == (14, 3, 34)
    old = [old for row in ROWS if row["kind"] == "tỉnh" for old in row["predecessors"]]
    assert len(old) == 63 - 34


@pytest.mark.parametrize(("name", "body"), TODAY, ids=[name for name, _ in TODAY])
def test_a_name_of_today_is_found_in_every_writing(name: str, body: str, table: BodyTable) -> None:
    for typed in writings(name):
        found = [(match.body.id, match.old_name) for match in find_bodies(f"({typed}) mới có gì", table)]
        assert found == [(body, None)], typed


@pytest.mark.parametrize(("name", "body", "old"), BEFORE, ids=[name for name, *_ in BEFORE])
def test_a_former_name_leads_to_the_body_of_today(name: str, body: str, old: str, table: BodyTable) -> None:
    for typed in writings(name):
        found = [(match.body.id, match.old_name) for match in find_bodies(f"({typed}) mới có gì", table)]
        assert found == [(body, old)], typed
