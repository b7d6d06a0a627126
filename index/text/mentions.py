"""Names of communes and former districts in what people type, with their kind word ("phường", "q.") or bare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from index.text.names import NameMatch, NameTable
from index.text.skeleton import skeleton
from index.text.unicode import accents_agree, fold, normalise
from index.text.units import DISTRICT_KINDS, Area

AreaTable = NameTable[tuple[Area, bool]]
"""Names of areas; True beside an area whose kind word is part of the name: "Quận 1"."""

_KINDS = {
    "phuong": ("phường",), "p": ("phường",), "ward": ("phường",),
    "xa": ("xã",),
    "thi tran": ("thị trấn",), "tt": ("thị trấn",),
    "dac khu": ("đặc khu",),
    "quan": ("quận",), "q": ("quận",),
    "huyen": ("huyện",), "h": ("huyện",),
    "thi xa": ("thị xã",), "tx": ("thị xã",),
    "thanh pho": ("thành phố",), "tp": ("thành phố",),
    "commune": ("xã",), "district": ("quận", "huyện"),
    "tinh": (),
}  # fmt: skip
"""Kind words as typed, folded, and the kinds they mean; none for one that only provinces have."""

_LETTERS = {"phường": "p", "quận": "q", "huyện": "h", "thị xã": "tx", "thành phố": "tp", "thị trấn": "tt"}
_ENGLISH = {"phường": "ward", "quận": "district"}
_SPELLED = {fold(kind): kind for kind in (*(kind for kinds in _KINDS.values() for kind in kinds), "tỉnh")}

_BEFORE = re.compile(rf"(?<![^\W_])({'|'.join(sorted(_KINDS, key=len, reverse=True))})[ .:]{{0,3}}$")
_AFTER = re.compile(r" (ward|commune|district)(?!\w)", re.IGNORECASE)
"""Kind words that follow the name in English."""

_REACH = 24
"""Characters before a name in which its kind word and the word before that stand."""

_MENTIONS_AT_MOST = 32
"""Names read in one text, which keeps the time in proportion to its length."""

_NO_KIND = re.compile(r"(?<![^\W_])(?:hop tac|co|hai|bao|tham|chu|lien|dia) ?$")
"""Folded words after which "xã", "quan" or "phương" ends another word: hợp tác xã, cơ quan, hải quan, địa phương."""

_HALF_A_KIND = re.compile(r"\s{1,3}ph[oố]\b", re.IGNORECASE)
"""What follows a name that took the first half of "thành phố" for its last word."""

_QUARTER = re.compile(r"[qQ] ?[1-4]")
_CIRCULAR = re.compile(r"tt ?bo", re.IGNORECASE)  # "tt bộ …", not the former township Bo
_YEAR = re.compile(r"\s{0,3}(?:năm|nam|[/.-])?\s{0,3}(?:19|20)?\d\d")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of communes or districts in a text; offsets of name and kind word into the raw text."""

    text: str
    start: int
    end: int
    areas: tuple[Area, ...]  # all it may mean, of the kind typed where there are any
    has_kind: bool  # the kind was typed: "phường Bến Nghé", "q1"

    @property
    def is_district(self) -> bool:
        """Tell whether all that is meant are former districts."""
        return all(area.kind in DISTRICT_KINDS for area in self.areas)


def name_table(areas: Iterable[Area]) -> AreaTable:
    """Return the names of `areas`. A name of one word ("1", "Cho") is known only with a kind word before it."""
    names = ((name, (area, has_kind)) for area in areas for name, has_kind in _names(area))
    return NameTable(names, runs_past_commas=False)


def find_mentions(text: str, table: AreaTable) -> list[Mention]:
    """Return the first names in raw `text`, overlapping ones too; nobody means more than `_MENTIONS_AT_MOST`."""
    found = (mention for match in table.find_all(text) if (mention := _mention(text, match)))
    return list(islice(found, _MENTIONS_AT_MOST))


def without_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions in order, without overlaps: those with a kind word from left to right, then the longest."""
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in sorted(mentions, key=_precedence):
        if taken.isdisjoint(range(mention.start, mention.end)):
            taken.update(range(mention.start, mention.end))
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


def _precedence(mention: Mention) -> tuple[bool, int, int]:
    return (not mention.has_kind, mention.start if mention.has_kind else 0, mention.start - mention.end)


def _names(area: Area) -> Iterator[tuple[str, bool]]:
    if " " in area.short or "'" in area.short:
        yield area.short, False
        return
    yield area.name, True
    if letters := _LETTERS.get(area.kind):
        yield f"{letters} {area.short}", True
        if area.short.isdigit():
            yield f"{letters}{area.short}", True
            yield f"{letters}0{area.short}", True
            yield f"{area.kind} 0{area.short}", True
        if area.kind in _ENGLISH:
            yield f"{_ENGLISH[area.kind]} {area.short}", True


def _mention(text: str, match: NameMatch[tuple[tuple[Area, bool], ...]]) -> Mention | None:
    if fold(match.text).endswith(" thanh") and _HALF_A_KIND.match(text, match.end):
        return None
    areas = tuple(area for area, has_kind in match.value if not has_kind)
    word, start = _kind_before(text, match.start) if areas else (None, match.start)
    if word == "tt" and not any(area.kind == "thị trấn" for area in areas):
        word = None  # "tt bo y te" is a circular
    if word is not None:
        meant = _as_typed(_of_kind(areas, _KINDS[word]), match.text, text[start : match.end])
        return Mention(text[start : match.end], start, match.end, meant, has_kind=True) if meant else None
    own = tuple(area for area, has_kind in match.value if has_kind)
    if not own and (after := _AFTER.match(text, match.end)):
        meant = _of_kind(areas, _KINDS[after[1].lower()])
        return (
            Mention(text[match.start : after.end()], match.start, after.end(), meant, has_kind=True) if meant else None
        )
    if not own:
        areas = _as_typed(areas, match.text, match.text)
        return Mention(match.text, match.start, match.end, areas, has_kind=False)
    is_quarter = _QUARTER.fullmatch(match.text) and _YEAR.match(text, match.end)
    if (
        is_quarter
        or _CIRCULAR.fullmatch(match.text)
        or _NO_KIND.search(skeleton(text[max(0, match.start - _REACH) : match.start]).text)
    ):
        return None
    return Mention(match.text, match.start, match.end, own, has_kind=True)


def _as_typed(areas: tuple[Area, ...], name: str, mention: str) -> tuple[Area, ...]:
    """Keep the areas spelled as typed, if there are any, where accents were typed: "xã Tam Thanh" is not Tâm Thanh."""
    if mention.isascii():
        return areas
    typed = normalise(name).lower()
    return tuple(area for area in areas if area.short.lower() == typed) or areas


def _kind_before(text: str, position: int) -> tuple[str | None, int]:
    """Return the kind word that stands right before `position`, folded, and where it begins."""
    left = max(0, position - _REACH)
    before = skeleton(text[left:position])
    found = _BEFORE.search(before.text)
    if found is None or _NO_KIND.search(before.text, 0, found.start()):
        return None, position
    word = found.group(1)
    typed = before.slice(*found.span(1))
    if word in _SPELLED and not accents_agree(typed, _SPELLED[word]):
        return None, position
    return word, left + before.raw_span(*found.span(1))[0]


def _of_kind(areas: tuple[Area, ...], kinds: tuple[str, ...]) -> tuple[Area, ...]:
    """Keep the areas of the kind typed; where there are none, those of its level, for kinds get mixed up."""
    exact = tuple(area for area in areas if area.kind in kinds)
    if exact or not kinds or "thành phố" in kinds:
        return exact
    is_district = kinds[0] in DISTRICT_KINDS
    return tuple(area for area in areas if (area.kind in DISTRICT_KINDS) == is_district)
