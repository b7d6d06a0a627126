"""Places in what people type: 34 provincial units, the 63 before them, communes and former districts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from index.text.communes import AreaTable, Mention, find_mentions, name_table, without_overlaps
from index.text.names import NameTable
from index.text.unicode import fold, normalise
from index.text.units import DISTRICT_KINDS, Area, Commune, Former, Unit, read_communes


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
class CommuneMatch:
    """A commune or former district named in a text; offsets into the raw text."""

    text: str
    start: int
    end: int
    areas: tuple[Area, ...]  # all it may mean, after the province and district named in the same text

    @property
    def place_today(self) -> str | None:
        """The one commune of today, else the one province ("Hồ Chí Minh"), that all it may mean lies in; else None."""
        heirs = {heir for area in self.areas for heir in (area.now if isinstance(area, Former) else (area,))}
        if len(heirs) == 1:
            (commune,) = heirs
            return f"{commune.name}, {commune.province.name}"
        provinces = {heir.province.short for heir in heirs}
        return provinces.pop() if len(provinces) == 1 else None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The tables behind `find_places` and `find_communes`."""

    units: tuple[Unit, ...]  # by code
    names: NameTable[tuple[str, Unit]]
    communes: tuple[Commune, ...]  # of today, by code
    former: tuple[Former, ...]  # communes and districts that ended on 2025-07-01
    areas: AreaTable


_PERSON_BEFORE = ("chu tich", "tu tuong", "lang chu tich", "duong", "bao tang", "doan tncs", "cong san", "dao duc")
"""What precedes "Hồ Chí Minh" where the man is meant, or a street."""

_ROAD_BEFORE = re.compile(r"(?:duong|pho|cau|cho|ong|ba|anh|chi|cong ty|truong) $")
"""What precedes a bare name that is a street's or a person's."""

_EVERYDAY = frozenset({"la gi", "co bi", "nam co", "ban co", "an co", "nhu co", "de gi", "trung tam", "ha hoi"})
"""Communes whose folded names are everyday words of such questions: "là gì" is not La Gi."""

_BESIDE = re.compile(r"\s*(?:[,(–-]|,?\s*(?:tỉnh|tinh|tp\.?|thành phố|thanh pho))\s*", re.IGNORECASE)
_LONG = 3
"""Words from which a bare name that means one place only is taken for it."""

_SURNAMES = frozenset(
    {"nguyễn", "trần", "lê", "phạm", "phan", "võ", "vũ", "hoàng", "đinh", "lý", "huỳnh", "ngô", "bùi"}
)
"""First words of communes named after people, who are named more often than the commune."""


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
    matches = _provinces(text, gazetteer)
    if not matches:
        return []
    mentions = _apart(find_mentions(text, gazetteer.areas), matches)
    below = [mention for mention in without_overlaps(mentions) if _is_below(mention)]
    return [match for match in matches if not any(_overlap(match, mention) for mention in below)]


def find_communes(text: str, gazetteer: Gazetteer, *, eager: bool = False) -> list[CommuneMatch]:
    """Return the communes and former districts that raw `text` names, in order.

    A province or district named in the same text narrows what a name can mean. A bare name ("Tân Tiến") counts only
    where its province stands beside it, or where it is long and means one place; with `eager`, for questions known to
    be about communes, bare names count where nothing else is named.
    """
    everything = find_mentions(text, gazetteer.areas)
    if not everything:
        return []
    named = _provinces(text, gazetteer)
    mentions = _apart(everything, named)
    below = [
        mention for mention in without_overlaps(mentions) if _is_below(mention) or _is_town(mention, named, eager=eager)
    ]
    provinces = [match for match in named if not any(_overlap(match, mention) for mention in below)]
    free = without_overlaps(mention for mention in mentions if not any(_overlap(match, mention) for match in provinces))
    accepted = [mention for mention in free if mention in below or _is_sure(text, mention, provinces, below)]
    if eager and not accepted:
        accepted = [mention for mention in free if _is_likely(text, mention, provinces)]
    districts = [mention for mention in accepted if mention.is_district]
    districts += [_as_district(mention) for mention in mentions if _follows(text, mention, accepted)]
    districts += [_as_district(mention) for mention in everything if _is_alias(mention, provinces)]
    return _narrow(accepted, districts, provinces)


def find_district(match: Match, gazetteer: Gazetteer) -> Former | None:
    """Return the former district that stands for its province in a text ("Đà Lạt"), or None where the province does."""
    if _bare(match.text).endswith(_bare(match.name)):
        return None
    return next(
        (
            area
            for found in gazetteer.areas.find_all(match.text)
            for area, _ in found.value
            if isinstance(area, Former) and area.is_district and area.province == match.name
        ),
        None,
    )


def _apart(mentions: list[Mention], provinces: list[Match]) -> list[Mention]:
    """Leave out a mention that runs into its province: "huyen tan phu dong nai" is Tân Phú, not Tân Phú Đông."""
    return [
        mention
        for mention in mentions
        if not any(
            mention.start < province.start < mention.end < province.end
            and any(
                other.start == mention.start
                and other.end <= province.start
                and any(_lies_in(area, province) for area in other.areas)
                for other in mentions
            )
            for province in provinces
        )
    ]


def _provinces(text: str, gazetteer: Gazetteer) -> list[Match]:
    matches: list[Match] = []
    for found in gazetteer.names.find(text):
        name, unit = found.value
        if name == "Hồ Chí Minh" and fold(text[max(0, found.start - 20) : found.start]).endswith(_PERSON_BEFORE):
            continue
        matches.append(Match(found.text, found.start, found.end, name, unit, is_old=name != unit.short))
    return matches


def _is_below(mention: Mention) -> bool:
    """Tell whether a mention is surely below the province; "thành phố Vũng Tàu" may stand for its province."""
    return mention.has_kind and any(area.kind != "thành phố" for area in mention.areas)


def _is_town(mention: Mention, provinces: list[Match], *, eager: bool) -> bool:
    """Tell whether a mention is a former city, not the province of its name ("thành phố Huế", "tp Hải Dương")."""
    name = mention.areas[0].short
    namesakes = [each.now for each in provinces if _overlap(each, mention) and each.name == name]
    is_province = any(unit.kind == "thành phố" and unit.short == name for unit in namesakes)
    return mention.has_kind and (eager or not namesakes) and not is_province


def _is_likely(text: str, mention: Mention, provinces: list[Match]) -> bool:
    """Tell whether a bare name in a question about communes is one: no province is named, or its own right after."""
    if mention.has_kind or fold(mention.text) in _EVERYDAY:
        return False
    if not provinces:
        return True
    following = next((province for province in provinces if province.start >= mention.end), None)
    return (
        following is not None
        and not text[mention.end : following.start].strip()
        and any(_lies_in(area, following) for area in mention.areas)
    )


def _is_sure(text: str, mention: Mention, provinces: Iterable[Match], below: Iterable[Mention]) -> bool:
    if mention.has_kind:
        return False
    for province in provinces:
        if province.start >= mention.end and _BESIDE.fullmatch(text, mention.end, province.start):
            return any(_lies_in(area, province) for area in mention.areas)
    for district in below:
        if district.is_district and 0 <= district.start - mention.end <= len(", ") and mention is not district:
            return any(_lies_in_district(area, district) for area in mention.areas)
    if _ROAD_BEFORE.search(fold(text[max(0, mention.start - 12) : mention.start]) + " "):
        return False
    name = mention.areas[0].short.lower()
    words = name.split()
    is_exact = normalise(mention.text).lower() == name and len({_spot(area) for area in mention.areas}) == 1
    return is_exact and len(words) >= _LONG and words[0] not in _SURNAMES


def _follows(text: str, mention: Mention, accepted: list[Mention]) -> bool:
    """Tell whether a bare name stands right after a commune and may be its district: "xã Bình Mỹ, Củ Chi"."""
    return not mention.has_kind and any(
        not other.is_district and mention.start >= other.end and not text[other.end : mention.start].strip(" ,-(")
        for other in accepted
    )


def _is_alias(mention: Mention, provinces: list[Match]) -> bool:
    """Tell whether a bare name is a former town that stands for its province: "phường 1 Cao Lãnh"."""
    return not mention.has_kind and any((mention.start, mention.end) == (each.start, each.end) for each in provinces)


def _as_district(mention: Mention) -> Mention:
    return replace(mention, areas=tuple(area for area in mention.areas if area.kind in DISTRICT_KINDS))


def _narrow(mentions: list[Mention], districts: list[Mention], provinces: list[Match]) -> list[CommuneMatch]:
    context: list[Mention] = []
    matches: list[tuple[Mention, tuple[Area, ...]]] = []
    for mention in mentions:
        areas = mention.areas
        for district in districts:
            within = tuple(area for area in areas if _lies_in_district(area, district))
            if within and district is not mention and not mention.is_district:
                areas = within
                context.append(district)
        for province in provinces:
            areas = tuple(area for area in areas if _lies_in(area, province)) or areas
        matches.append((mention, areas))
    return [
        CommuneMatch(mention.text, mention.start, mention.end, areas)
        for mention, areas in matches
        if mention not in context
    ]


def _lies_in(area: Area, province: Match) -> bool:
    if isinstance(area, Former):
        return area.province == province.name if province.is_old else area.now[0].province is province.now
    if province.is_old:
        return any(origin.province == province.name for origin in area.formed_from)
    return area.province is province.now


def _lies_in_district(area: Area, mention: Mention) -> bool:
    if isinstance(area, Former):
        return any(area.district == other.name and area.province == other.province for other in _formers(mention))
    return any(
        origin.district == other.name and origin.province == other.province
        for origin in area.formed_from
        for other in _formers(mention)
    )


def _formers(mention: Mention) -> Iterable[Former]:
    return (area for area in mention.areas if isinstance(area, Former))


def _spot(area: Area) -> str:
    return area.now[0].code if isinstance(area, Former) else area.code


def _bare(name: str) -> str:
    return "".join(filter(str.isalnum, fold(name)))


def _overlap(match: Match, mention: Mention) -> bool:
    return match.start < mention.end and mention.start < match.end


def _kind_short(kind: str) -> str:
    return "TP" if kind == "thành phố" else kind
