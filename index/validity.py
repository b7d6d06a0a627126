"""Validity on a given day, as a pure function of dates and of what other documents do to this one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.document import Document, Relation, RelationKind, Validity, ValidityOn

# How one document acts on another, seen from the one acted upon.
PASSIVE = {
    RelationKind.REPLACES: RelationKind.REPLACED_BY,
    RelationKind.PARTLY_REPLACES: RelationKind.PARTLY_REPLACED_BY,
    RelationKind.AMENDS: RelationKind.AMENDED_BY,
}

# Types that act from the day they are signed when no other day is given. An act that regulates everybody (nghị định,
# thông tư, luật, and every number that carries a year) names its own first day instead, so none is assumed for it.
DIRECTIVE_TYPES = frozenset({"Công điện", "Chỉ thị", "Thông báo", "Công văn", "Kế hoạch", "Hướng dẫn"})
ADMINISTRATIVE_TYPES = frozenset({"Nghị quyết", "Quyết định"})  # directives too, where the number carries no year

_YEAR = re.compile(r"/((?:19|20)\d{2})/")


@dataclass(frozen=True, slots=True)
class Dated:
    """As much of a document as validity needs to know of it."""

    number: str
    type: str
    issued_on: date | None
    effective_on: date | None


@dataclass(frozen=True, slots=True)
class Act:
    """What another document does to this one, and from when."""

    kind: RelationKind  # REPLACED_BY, PARTLY_REPLACED_BY or AMENDED_BY
    number: str  # of the acting document
    issued_on: date | None
    starts_on: date | None  # None: it acts, but since when is not known


@dataclass(frozen=True, slots=True)
class Inverted:
    """A relation that cannot be right: the document said to act is older than the one it acts on. It is not applied."""

    number: str  # the document acted upon
    kind: RelationKind
    by: str  # the document said to act


def year_in(number: str) -> int | None:
    """The year a document number carries ("161/2026/NĐ-CP" → 2026), or None ("21/CT-TTg")."""
    match = _YEAR.search(number)
    return int(match.group(1)) if match else None


def acts_upon(
    document: Dated,
    *,
    stated: Iterable[Relation],
    named: Callable[[str], Sequence[Dated]],
    stated_by_others: Iterable[tuple[Dated, Relation]],
) -> tuple[list[Act], list[Inverted]]:
    """Collect what acts upon a document from its own relations and from those of others.

    `named(number)` gives every known document with that number. Numbers repeat every year, so a relation means the
    document of the date it gives; without a date, a successor is the nearest one that is not older, and a predecessor
    the nearest one that is not newer. A relation to a document that is older than the one it is said to act on is
    returned as inverted. The acts are newest first.
    """
    acts: dict[tuple[RelationKind, str], Act] = {}
    inverted: list[Inverted] = []

    def add(kind: RelationKind, relation: Relation, other: Dated) -> None:
        if _is_older(other, document):
            inverted.append(Inverted(document.number, kind, other.number))
            return
        act = Act(kind, other.number, other.issued_on, relation.effective_on or other.effective_on or other.issued_on)
        known = acts.get((kind, other.number))
        if known is None or known.starts_on is None:
            acts[kind, other.number] = act

    for relation in stated:
        if relation.kind in PASSIVE.values():
            add(relation.kind, relation, _newer_of(named(relation.number), relation, document))
    siblings = named(document.number)
    for other, relation in stated_by_others:
        kind = PASSIVE.get(relation.kind)
        if kind is not None and other != document and _older_of(siblings, relation, other) == document:
            add(kind, relation, other)
    ordered = sorted(acts.values(), key=lambda act: (act.issued_on or act.starts_on or date.min, act.number))
    return ordered[::-1], inverted


def validity_on(document: Document, acts: Sequence[Act], on: date, *, namesake: Dated | None = None) -> ValidityOn:
    """Say whether a document holds on a day.

    A replacement without a known first day ends the document at an unknown date: it is `EXPIRED` with `since` None
    from its own first day on, never in force; a partial one likewise. Without any replacement the document's own dates
    decide. A law whose `namesake` is in effect is `UNKNOWN`: as a rule the newer one replaces it, but no source says
    so. Where no effective date is known, a directive (`DIRECTIVE_TYPES`, and resolutions and decisions whose number
    carries no year) holds from its issue date; for anything else the answer is `UNKNOWN`.
    """

    def in_effect(kind: RelationKind) -> list[Act]:
        return [act for act in acts if act.kind is kind and (act.starts_on is None or act.starts_on <= on)]

    replaced, partly = in_effect(RelationKind.REPLACED_BY), in_effect(RelationKind.PARTLY_REPLACED_BY)
    amended_by = tuple(act.number for act in in_effect(RelationKind.AMENDED_BY))
    replaced_by = tuple(act.number for act in replaced)
    starts_on = _first_day(document)
    ends = [act.starts_on for act in replaced if act.starts_on]
    if document.expires_on is not None and document.expires_on < on:
        ends.append(document.expires_on + timedelta(days=1))
    if ends:
        return ValidityOn(Validity.EXPIRED, on, min(ends), replaced_by, amended_by)
    earliest = starts_on or document.issued_on
    if earliest is not None and on < earliest:
        return ValidityOn(Validity.NOT_YET_IN_FORCE, on)
    if replaced:
        return ValidityOn(Validity.EXPIRED, on, None, replaced_by, amended_by)
    if partly:
        since = min((act.starts_on for act in partly if act.starts_on), default=None)
        return ValidityOn(Validity.PARTLY_EXPIRED, on, since, tuple(act.number for act in partly), amended_by)
    if namesake is not None and namesake.effective_on is not None and namesake.effective_on <= on:
        return ValidityOn(Validity.UNKNOWN, on, amended_by=amended_by, namesake=namesake.number)
    if starts_on is None:
        return ValidityOn(Validity.UNKNOWN, on, amended_by=amended_by)
    return ValidityOn(Validity.IN_FORCE, on, starts_on, amended_by=amended_by)


def name_of_law(type_: str, title: str) -> str | None:
    """What a law is called, for comparison ("Luật Hộ tịch" and "Hộ tịch" of type Luật are one name), else None.

    Only laws have names of their own; laws that amend others share theirs ("sửa đổi, bổ sung một số điều …").
    """
    name = re.sub(r"^luật\s+", "", " ".join(title.casefold().split()).rstrip(" ."))
    return name if type_ == "Luật" and name and not name.startswith("sửa đổi") else None


def _first_day(document: Document) -> date | None:
    if document.effective_on is not None:
        return document.effective_on
    is_administrative = document.type in ADMINISTRATIVE_TYPES and year_in(document.number) is None
    return document.issued_on if is_administrative or document.type in DIRECTIVE_TYPES else None


def _is_older(other: Dated, document: Dated) -> bool:
    if document.issued_on is None:
        return False
    if other.issued_on is not None:
        return other.issued_on < document.issued_on
    year = year_in(other.number)
    return year is not None and year < document.issued_on.year


def _same_type(candidates: Sequence[Dated], relation: Relation) -> Sequence[Dated]:
    """A law and a resolution of one year may share a number; the title in the relation says which is meant."""
    title = (relation.title or "").casefold()
    return [other for other in candidates if title.startswith(other.type.casefold())] or candidates


def _dated(candidates: Sequence[Dated], issued_on: date) -> Dated | None:
    exact = [other for other in candidates if other.issued_on == issued_on]
    same_year = [other for other in candidates if other.issued_on and other.issued_on.year == issued_on.year]
    return next(iter(exact or same_year), None)


def _newer_of(candidates: Sequence[Dated], relation: Relation, document: Dated) -> Dated:
    unknown = Dated(relation.number, "", relation.issued_on, None)
    candidates = [other for other in _same_type(candidates, relation) if other != document]
    if relation.issued_on is not None:
        return _dated(candidates, relation.issued_on) or unknown
    known = sorted((other for other in candidates if other.issued_on), key=lambda other: other.issued_on or date.max)
    later = [other for other in known if not _is_older(other, document)]
    return next(iter(later or known[::-1] or candidates), unknown)


def _older_of(siblings: Sequence[Dated], relation: Relation, acting: Dated) -> Dated | None:
    siblings = [other for other in _same_type(siblings, relation) if other != acting]
    if relation.issued_on is not None:
        return _dated(siblings, relation.issued_on)
    known = sorted((other for other in siblings if other.issued_on), key=lambda other: other.issued_on or date.max)
    earlier = [other for other in known if acting.issued_on is None or not _is_older(acting, other)]
    return next(iter(earlier[::-1] or known or siblings), None)
