"""What acts upon a document: relations, its own and those of others, resolved to acts with dates (pure)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from index.document import Relation, RelationKind
from index.series import is_council_number, is_named, meant

PASSIVE = {
    RelationKind.REPLACES: RelationKind.REPLACED_BY,
    RelationKind.PARTLY_REPLACES: RelationKind.PARTLY_REPLACED_BY,
    RelationKind.ABOLISHES: RelationKind.ABOLISHED_BY,
    RelationKind.PARTLY_ABOLISHES: RelationKind.PARTLY_ABOLISHED_BY,
    RelationKind.SUSPENDS: RelationKind.SUSPENDED_BY,
    RelationKind.PARTLY_SUSPENDS: RelationKind.PARTLY_SUSPENDED_BY,
    RelationKind.AMENDS: RelationKind.AMENDED_BY,
    RelationKind.CORRECTS: RelationKind.CORRECTED_BY,
}
"""How one document acts on another → the same seen from the one acted upon."""

ACTED_UPON = frozenset(PASSIVE.values())
IN_PART = {
    RelationKind.REPLACED_BY: RelationKind.PARTLY_REPLACED_BY,
    RelationKind.ABOLISHED_BY: RelationKind.PARTLY_ABOLISHED_BY,
    RelationKind.SUSPENDED_BY: RelationKind.PARTLY_SUSPENDED_BY,
}
"""What a relation to a whole document is once it names the parts it is about."""

SUSPENSIONS = frozenset({RelationKind.SUSPENDED_BY, RelationKind.PARTLY_SUSPENDED_BY})

_YEAR = re.compile(r"/((?:19|20)\d{2})/")


@dataclass(frozen=True, slots=True)
class Dated:
    """As much of a document as validity needs to know of it."""

    number: str
    type: str
    issued_on: date | None
    effective_on: date | None
    expires_on: date | None = None
    series: str = ""  # of a local document: it acts on no document of another series


@dataclass(frozen=True, slots=True)
class Act:
    """What another document does to this one, and when."""

    kind: RelationKind  # one of ACTED_UPON
    number: str  # of the acting document
    issued_on: date | None
    starts_on: date | None  # None: it acts, but since when is not known
    ends_on: date | None = None  # last day of a suspension, where it is limited
    scope: str | None = None  # the parts acted upon, where it says which

    def acts_on(self, on: date) -> bool:
        """Whether it is in effect on a day: without a first day it always was, and only suspensions come to an end."""
        is_over = self.kind in SUSPENSIONS and self.ends_on is not None and self.ends_on < on
        return not is_over and (self.starts_on is None or self.starts_on <= on)


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
    """Collect what acts upon a document from its own relations and from those of others; their order does not matter.

    `named(number)` gives every known document with that number. Numbers repeat every year, so a relation means the
    document of the date it gives; without a date, a successor is the nearest one that is not older, and a predecessor
    the nearest one that is not newer. A relation to a document that is older than the one it is said to act on is
    returned as inverted. A whole relation that names the parts it is about is one in part. Where several relations say
    the same, a first day given by one of them counts before the acting document's own, and the earliest of those
    given. The acts are newest first.
    """
    siblings = {*named(document.number), document}
    found = [
        (relation.kind, relation, _newer_of(named(relation.number), relation, document))
        for relation in stated
        if relation.kind in ACTED_UPON
    ]
    found += [
        (PASSIVE[relation.kind], relation, other)
        for other, relation in stated_by_others
        if relation.kind in PASSIVE and other != document and _older_of(siblings, relation, other) == document
    ]
    inverted: set[Inverted] = set()
    same: defaultdict[tuple[RelationKind, str, date | None, str | None], list[tuple[Relation, Dated]]]
    same = defaultdict(list)
    for kind, relation, other in found:
        if _is_older(other, document):
            inverted.add(Inverted(document.number, kind, other.number))
        else:
            kind = IN_PART.get(kind, kind) if relation.scope else kind
            same[kind, other.number, other.issued_on, relation.scope].append((relation, other))
    acts = [
        Act(kind, number, issued_on, _start(alike), _end(alike), scope)
        for (kind, number, issued_on, scope), alike in same.items()
    ]
    return sorted(acts, key=_newest_first, reverse=True), sorted(inverted, key=lambda one: (one.by, one.kind.value))


def _start(alike: Sequence[tuple[Relation, Dated]]) -> date | None:
    given = [relation.effective_on for relation, _ in alike if relation.effective_on]
    usual = [other.effective_on or other.issued_on for _, other in alike]
    return min(given or [day for day in usual if day], default=None)


def _end(alike: Sequence[tuple[Relation, Dated]]) -> date | None:
    return max((relation.ends_on for relation, _ in alike if relation.ends_on), default=None)


def _newest_first(act: Act) -> tuple[date, str, str, str]:
    return act.issued_on or act.starts_on or date.min, act.number, act.kind.value, act.scope or ""


def _is_older(other: Dated, document: Dated) -> bool:
    """By date of issue, or by year where one of them has no other date; what cannot be told is not older."""
    if other.issued_on is not None and document.issued_on is not None:
        return other.issued_on < document.issued_on
    others_year, own_year = _year(other), _year(document)
    return others_year is not None and own_year is not None and others_year < own_year


def _year(document: Dated) -> int | None:
    return document.issued_on.year if document.issued_on else year_in(document.number)


def _candidates(documents: Iterable[Dated], relation: Relation, *, but: Dated) -> list[Dated]:
    """Documents a relation may mean, oldest first; a law and a resolution of one number are told apart by its title."""
    others = sorted((other for other in documents if other != but), key=_oldest_first)
    others = _of_series(others, relation, but)
    title = (relation.title or "").casefold()
    return [other for other in others if other.type and title.startswith(other.type.casefold())] or others


def _of_series(documents: Sequence[Dated], relation: Relation, stating: Dated) -> list[Dated]:
    """Those of the body that the relation's title names, else of the stating document's own: local numbers repeat."""
    known = {other.series for other in documents}
    if not any(known):
        return list(documents)
    named = max((one for one in known if is_named(one, relation.title or "")), key=len, default=None)
    within_councils = is_council_number(relation.number) and is_council_number(stating.number)
    own = meant(stating.series, known, within_councils=within_councils) if stating.series else None
    return [other for other in documents if other.series == (own if named is None else named)]


def _oldest_first(document: Dated) -> tuple[date, str, date, date, str]:
    undated = date.max
    first, last = document.effective_on or undated, document.expires_on or undated
    return document.issued_on or undated, document.type, first, last, document.series


def _of_date(candidates: Sequence[Dated], issued_on: date) -> Dated | None:
    """The one issued on that day, else in that year, else undated; a number with a year needs no date to be known."""
    exact = [other for other in candidates if other.issued_on == issued_on]
    same_year = [other for other in candidates if other.issued_on and other.issued_on.year == issued_on.year]
    undated = [other for other in candidates if other.issued_on is None]
    by_number = [other for other in candidates if year_in(other.number) is not None]
    return next(iter(exact or same_year or undated or by_number), None)


def _newer_of(candidates: Iterable[Dated], relation: Relation, document: Dated) -> Dated:
    unknown = Dated(relation.number, "", relation.issued_on, None)
    candidates = _candidates(candidates, relation, but=document)
    if relation.issued_on is not None:
        return _of_date(candidates, relation.issued_on) or unknown
    known = [other for other in candidates if other.issued_on]
    later = [other for other in known if not _is_older(other, document)]
    return next(iter(later or known[::-1] or candidates), unknown)


def _older_of(siblings: Iterable[Dated], relation: Relation, acting: Dated) -> Dated | None:
    candidates = _candidates(siblings, relation, but=acting)
    if relation.issued_on is not None:
        return _of_date(candidates, relation.issued_on)
    known = [other for other in candidates if other.issued_on]
    earlier = [other for other in known if acting.issued_on is None or not _is_older(acting, other)]
    return next(iter(earlier[::-1] or known or candidates), None)
