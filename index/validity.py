"""Validity on a given day, as a pure function of dates and of what other documents do to this one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from index.acting import Act, Dated, year_in
from index.document import Document, Validity, ValidityOn
from index.document import RelationKind as K

# Types that act from the day they are signed when no other day is given. An act that regulates everybody (nghị định,
# thông tư, luật, and every number that carries a year) names its own first day instead, so none is assumed for it.
DIRECTIVE_TYPES = frozenset({"Công điện", "Chỉ thị", "Thông báo", "Công văn", "Kế hoạch", "Hướng dẫn"})
ADMINISTRATIVE_TYPES = frozenset({"Nghị quyết", "Quyết định"})  # directives too, where the number carries no year

OUT_OF_FORCE = frozenset({Validity.EXPIRED, Validity.SUSPENDED, Validity.NOT_YET_IN_FORCE})
"""What may not be quoted as holding; what is UNKNOWN or PARTLY_EXPIRED may hold."""

_ONE_DAY = timedelta(days=1)

Span = tuple[date, date]
"""First and last day; `date.min` and `date.max` stand for "always" on either side."""

ALWAYS: Span = (date.min, date.max)


def validity_on(
    document: Document | Dated, acts: Sequence[Act], on: date, *, namesake: Dated | None = None
) -> ValidityOn:
    """Say whether a document holds on a day. The first of these that applies decides:

    1. EXPIRED since a known day: replaced or abolished as a whole by then, or past its own last day. It stays so.
    2. NOT_YET_IN_FORCE: before its first day, or before its issue where the first day is not known.
    3. EXPIRED, since when is not known: replaced or abolished as a whole by a document without a known first day.
    4. SUSPENDED as a whole; after the last day of the suspension the rest of this list decides again.
    5. UNKNOWN, as its `namesake` is in effect: as a rule a newer law of one name replaces the older, no source says so.
    6. PARTLY_EXPIRED: replaced, abolished or suspended in part.
    7. UNKNOWN, as no first day is known. A directive (`DIRECTIVE_TYPES`, and resolutions and decisions whose number
       carries no year) holds from its issue instead.
    8. IN_FORCE, that is: no replacement is known.

    Amendments and corrections end nothing; those in effect are named in every state. Never raises.
    """
    acting = [act for act in acts if act.acts_on(on)]

    def of(*kinds: K) -> list[Act]:
        return [act for act in acting if act.kind in kinds]

    def state(
        validity: Validity,
        since: date | None = None,
        *,
        replaced: Sequence[Act] = (),
        abolished: Sequence[Act] = (),
        suspended: Sequence[Act] = (),
        namesake: str | None = None,
    ) -> ValidityOn:
        return ValidityOn(
            validity,
            on,
            since,
            replaced_by=_numbers(replaced),
            amended_by=_numbers(of(K.AMENDED_BY)),
            abolished_by=_numbers(abolished),
            suspended_by=_numbers(suspended),
            corrected_by=_numbers(of(K.CORRECTED_BY)),
            namesake=namesake,
        )

    replaced, abolished, suspended = of(K.REPLACED_BY), of(K.ABOLISHED_BY), of(K.SUSPENDED_BY)
    in_part = of(K.PARTLY_REPLACED_BY), of(K.PARTLY_ABOLISHED_BY), of(K.PARTLY_SUSPENDED_BY)
    ends = _starts([*replaced, *abolished])
    if document.expires_on is not None and document.expires_on < on:
        ends.append(document.expires_on + _ONE_DAY)
    starts_on = _first_day(document)
    earliest = starts_on or document.issued_on
    if ends:
        return state(Validity.EXPIRED, min(ends), replaced=replaced, abolished=abolished)
    if earliest is not None and on < earliest:
        return state(Validity.NOT_YET_IN_FORCE)
    if replaced or abolished:
        return state(Validity.EXPIRED, replaced=replaced, abolished=abolished)
    if suspended:
        return state(Validity.SUSPENDED, _since(suspended, earliest), suspended=suspended)
    if namesake is not None and namesake.effective_on is not None and namesake.effective_on <= on:
        return state(Validity.UNKNOWN, namesake=namesake.number)
    if any(in_part):
        since = min(_starts([act for acts in in_part for act in acts]), default=None)
        return state(Validity.PARTLY_EXPIRED, since, replaced=in_part[0], abolished=in_part[1], suspended=in_part[2])
    if starts_on is None:
        return state(Validity.UNKNOWN)
    return state(Validity.IN_FORCE, max([starts_on, *_resumptions(acts, on)]))


def out_of_force(document: Document | Dated, acts: Sequence[Act], *, namesake: Dated | None = None) -> list[Span]:
    """The spans in which `validity_on` gives one of `OUT_OF_FORCE`, in order and apart from each other."""
    turns = {date.min, document.issued_on, document.effective_on, namesake.effective_on if namesake else None}
    turns |= {act.starts_on for act in acts}
    turns |= {
        last + _ONE_DAY for last in (document.expires_on, *(act.ends_on for act in acts)) if last and last < date.max
    }
    days = sorted(day for day in turns if day is not None)
    spans: list[Span] = []
    for first, following in zip(days, [*days[1:], None], strict=True):
        if validity_on(document, acts, first, namesake=namesake).validity not in OUT_OF_FORCE:
            continue
        last = following - _ONE_DAY if following else date.max
        if spans and spans[-1][1] + _ONE_DAY == first:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans


def name_of_law(type_: str, title: str) -> str | None:
    """What a law is called, for comparison ("Luật Hộ tịch" and "Hộ tịch" of type Luật are one name), else None.

    Only laws have names of their own; laws that amend others share theirs ("sửa đổi, bổ sung một số điều …").
    """
    name = re.sub(r"^luật\s+", "", " ".join(title.casefold().split()).rstrip(" ."))
    return name if type_ == "Luật" and name and not name.startswith("sửa đổi") else None


def _first_day(document: Document | Dated) -> date | None:
    if document.effective_on is not None:
        return document.effective_on
    is_administrative = document.type in ADMINISTRATIVE_TYPES and year_in(document.number) is None
    return document.issued_on if is_administrative or document.type in DIRECTIVE_TYPES else None


def _numbers(acts: Sequence[Act]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(act.number for act in acts))


def _starts(acts: Sequence[Act]) -> list[date]:
    return [act.starts_on for act in acts if act.starts_on]


def _since(suspended: Sequence[Act], earliest: date | None) -> date | None:
    starts = _starts(suspended)
    return max(min(starts), earliest or date.min) if len(starts) == len(suspended) else None


def _resumptions(acts: Sequence[Act], on: date) -> list[date]:
    """First days after suspensions that are over."""
    over = [act for act in acts if act.kind is K.SUSPENDED_BY and act.ends_on is not None and act.ends_on < on]
    return [act.ends_on + _ONE_DAY for act in over if act.ends_on and (act.starts_on or date.min) <= act.ends_on]
