"""Communes and former districts in what people type, narrowed by the provinces and districts named beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.text.mentions import Mention, find_mentions, without_overlaps
from index.text.places import Gazetteer, Match, apart, find_provinces, is_below, lies_in, overlap
from index.text.unicode import fold, normalise
from index.text.units import DISTRICT_KINDS, Area, Former


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


_ROAD_BEFORE = re.compile(r"(?:duong|pho|cau|cho|ong|ba|anh|chi|cong ty|truong) $")
"""What precedes a bare name that is a street's or a person's."""

_EVERYDAY = frozenset(
    {"la gi", "co bi", "nam co", "ban co", "an co", "nhu co", "de gi", "trung tam", "ha hoi", "thu muoi mot"}
)
"""Communes whose folded names are everyday words of such questions: "là gì" is not La Gi."""

_BESIDE = re.compile(r"\s{0,3}(?:[,(–-]|,?\s{0,3}(?:tỉnh|tinh|tp\.?|thành phố|thanh pho))\s{0,3}", re.IGNORECASE)
_LONG = 3
"""Words from which a bare name that means one place only is taken for it."""

_SURNAMES = frozenset(
    {"nguyễn", "trần", "lê", "phạm", "phan", "võ", "vũ", "hoàng", "đinh", "lý", "huỳnh", "ngô", "bùi"}
)
"""First words of communes named after people, who are named more often than the commune."""


def find_communes(text: str, gazetteer: Gazetteer, *, eager: bool = False) -> list[CommuneMatch]:
    """Return the communes and former districts that raw `text` names, in order.

    A province or district named in the same text narrows what a name can mean. A bare name ("Tân Tiến") counts only
    where its province stands beside it, or where it is long and means one place; with `eager`, for questions known to
    be about communes, bare names count where nothing else is named.
    """
    everything = find_mentions(text, gazetteer.areas)
    if not everything:
        return []
    named = find_provinces(text, gazetteer)
    mentions = apart(everything, named)
    below = [
        mention for mention in without_overlaps(mentions) if is_below(mention) or _is_town(mention, named, eager=eager)
    ]
    provinces = [match for match in named if not any(overlap(match, mention) for mention in below)]
    free = without_overlaps(mention for mention in mentions if not any(overlap(match, mention) for match in provinces))
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


def _is_town(mention: Mention, provinces: list[Match], *, eager: bool) -> bool:
    """Tell whether a mention is a former city, not the province of its name ("thành phố Huế", "tp Hải Dương")."""
    name = mention.areas[0].short
    namesakes = [each.now for each in provinces if overlap(each, mention) and each.name == name]
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
        and any(lies_in(area, following) for area in mention.areas)
    )


def _is_sure(text: str, mention: Mention, provinces: Iterable[Match], below: Iterable[Mention]) -> bool:
    if mention.has_kind:
        return False
    for province in provinces:
        if province.start >= mention.end and _BESIDE.fullmatch(text, mention.end, province.start):
            return any(lies_in(area, province) for area in mention.areas)
    for district in below:
        if district.is_district and 0 <= district.start - mention.end <= len(", ") and mention is not district:
            return any(_lies_in_district(area, district) for area in mention.areas)
    if _ROAD_BEFORE.search(fold(text[max(0, mention.start - 12) : mention.start]) + " "):
        return False
    name = mention.areas[0].short.lower()
    words = name.split()
    is_exact = normalise(mention.text).lower() == name and len({_spot(area) for area in mention.areas}) == 1
    is_everyday = words[0] in _SURNAMES or fold(name) in _EVERYDAY
    return is_exact and len(words) >= _LONG and not is_everyday


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
    context: set[int] = set()  # where names start that only say in which district another lies
    matches: list[tuple[Mention, tuple[Area, ...]]] = []
    for mention in mentions:
        areas = mention.areas
        for district in districts:
            within = tuple(area for area in areas if _lies_in_district(area, district))
            if within and district.start != mention.start and not mention.is_district and mention.start not in context:
                areas = within
                context.add(district.start)
        for province in provinces:
            areas = tuple(area for area in areas if lies_in(area, province)) or areas
        matches.append((mention, areas))
    return [
        CommuneMatch(mention.text, mention.start, mention.end, areas)
        for mention, areas in matches
        if mention.start not in context
    ]


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
