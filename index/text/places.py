"""Provincial units in what people type: the 34 of today and the 63 they were formed from, under all their names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.text.mentions import AreaTable, Mention, find_mentions, name_table, without_overlaps
from index.text.names import NameTable
from index.text.unicode import fold
from index.text.units import Area, Commune, Former, Unit, read_communes


@dataclass(frozen=True, slots=True)
class Match:
    """A provincial unit named in a text; offsets into the raw text."""

    text: str
    start: int
    end: int
    name: str  # the unit as it is or was called: "Bình Dương"
    now: Unit
    is_old: bool  # `name` is a unit that no longer exists under that name


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The tables behind `find_places` and `index.text.communes`."""

    units: tuple[Unit, ...]  # by code
    names: NameTable[tuple[str, Unit]]
    communes: tuple[Commune, ...]  # of today, by code
    former: tuple[Former, ...]  # communes and districts that ended on 2025-07-01
    areas: AreaTable


_PERSON_BEFORE = ("chu tich", "tu tuong", "lang chu tich", "duong", "bao tang", "doan tncs", "cong san", "dao duc")
"""What precedes "Hồ Chí Minh" where the man is meant, or a street."""


def load(path: Path) -> Gazetteer:
    """Read data/provinces.jsonl and communes.jsonl beside it; about 0.2 s.

    Raises OSError, KeyError or ValueError where one cannot be read.
    """
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
    communes, former = read_communes(path.with_name("communes.jsonl"), {unit.code: unit for unit in units})
    return Gazetteer(tuple(units), NameTable(entries), communes, former, name_table((*communes, *former)))


def find_places(text: str, gazetteer: Gazetteer) -> list[Match]:
    """Return the provincial units that raw `text` names, in order; old names lead to the unit of today.

    "phường Vũng Tàu" and "huyện Điện Biên" name none: they are a commune and a former district.
    """
    matches = find_provinces(text, gazetteer)
    if not matches:
        return []
    mentions = apart(find_mentions(text, gazetteer.areas), matches)
    below = [mention for mention in without_overlaps(mentions) if is_below(mention)]
    return [match for match in matches if not any(overlap(match, mention) for mention in below)]


def apart(mentions: list[Mention], provinces: list[Match]) -> list[Mention]:
    """Leave out a mention that runs into its province: "huyen tan phu dong nai" is Tân Phú, not Tân Phú Đông."""
    return [
        mention
        for mention in mentions
        if not any(
            mention.start < province.start < mention.end < province.end
            and any(
                other.start == mention.start
                and other.end <= province.start
                and any(lies_in(area, province) for area in other.areas)
                for other in mentions
            )
            for province in provinces
        )
    ]


def find_provinces(text: str, gazetteer: Gazetteer) -> list[Match]:
    """Return every provincial name in raw `text`, one that is part of a commune's or district's name too."""
    matches: list[Match] = []
    for found in gazetteer.names.find(text):
        name, unit = found.value
        if name == "Hồ Chí Minh" and fold(text[max(0, found.start - 20) : found.start]).endswith(_PERSON_BEFORE):
            continue
        matches.append(Match(found.text, found.start, found.end, name, unit, is_old=name != unit.short))
    return matches


def is_below(mention: Mention) -> bool:
    """Tell whether a mention is surely below the province; "thành phố Vũng Tàu" may stand for its province."""
    return mention.has_kind and any(area.kind != "thành phố" for area in mention.areas)


def lies_in(area: Area, province: Match) -> bool:
    """Tell whether an area lies, or lay, in the province that a match names."""
    if isinstance(area, Former):
        return area.province == province.name if province.is_old else area.now[0].province is province.now
    if province.is_old:
        return any(origin.province == province.name for origin in area.formed_from)
    return area.province is province.now


def overlap(match: Match, mention: Mention) -> bool:
    """Tell whether a province's name and another name share letters of the text."""
    return match.start < mention.end and mention.start < match.end


def _kind_short(kind: str) -> str:
    return "TP" if kind == "thành phố" else kind
