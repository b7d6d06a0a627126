"""Provincial units in what people type: the 34 of today and the 63 they were formed from, under all their names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.text.names import NameTable
from index.text.unicode import fold


@dataclass(frozen=True, slots=True)
class Unit:
    """A provincial unit of today (đơn vị hành chính cấp tỉnh)."""

    code: str  # "79"
    name: str  # "Thành phố Hồ Chí Minh"
    short: str  # "Hồ Chí Minh"
    kind: str  # "thành phố" or "tỉnh"
    formed_from: tuple[str, ...]  # names of the units before 2025-07-01, its own old one included
    communes: int | None
    since: date | None  # None where the unit was not changed in 2025
    resolution: str | None  # number of the document that formed it
    note: str | None


@dataclass(frozen=True, slots=True)
class Match:
    """A place named in a text; offsets into the raw text."""

    text: str
    start: int
    end: int
    name: str  # the unit as it is or was called: "Bình Dương"
    now: Unit
    is_old: bool  # `name` is a unit that no longer exists under that name


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The table behind `find_places`."""

    units: tuple[Unit, ...]  # by code
    names: NameTable[tuple[str, Unit]]


_PERSON_BEFORE = ("chu tich", "tu tuong", "lang chu tich", "duong", "bao tang", "doan tncs", "cong san", "dao duc")
"""What precedes "Hồ Chí Minh" where the man is meant, or a street."""


def load(path: Path) -> Gazetteer:
    """Read data/provinces.jsonl. Raises OSError, KeyError or ValueError where it cannot be read."""
    units: list[Unit] = []
    entries: list[tuple[str, tuple[str, Unit]]] = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        unit = Unit(
            code=row["code"],
            name=row["name"],
            short=row["short"],
            kind=row["kind"],
            formed_from=tuple(old["name"] for old in row["formed_from"]),
            communes=row.get("communes"),
            since=date.fromisoformat(row["since"]) if row.get("since") else None,
            resolution=row.get("resolution"),
            note=row.get("note"),
        )
        units.append(unit)
        for name in (unit.name, unit.short, f"{_kind_short(unit.kind)} {unit.short}", *row.get("aliases", ())):
            entries.append((name, (unit.short, unit)))
        for old in row["formed_from"]:
            for name in (old["name"], *old.get("aliases", ())):
                entries.append((name, (old["name"], unit)))
    return Gazetteer(tuple(units), NameTable(entries))


def find_places(text: str, gazetteer: Gazetteer) -> list[Match]:
    """Return the provincial units that raw `text` names, in order; old names lead to the unit of today."""
    matches: list[Match] = []
    for found in gazetteer.names.find(text):
        name, unit = found.value
        if name == "Hồ Chí Minh" and fold(text[max(0, found.start - 20) : found.start]).endswith(_PERSON_BEFORE):
            continue
        matches.append(Match(found.text, found.start, found.end, name, unit, is_old=name != unit.short))
    return matches


def _kind_short(kind: str) -> str:
    return "TP" if kind == "thành phố" else kind
