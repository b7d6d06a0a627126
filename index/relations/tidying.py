"""What was read in a text, made one list: possible relations only, each once, parts and dates together (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.document import Document, Relation, RelationKind
from index.relations.days import day_in
from index.text.number import number_key

LONGEST_SCOPE = 1_000  # characters; what is longer is cut, "…" at its end

_DATED_NUMBER = re.compile(r"(?<![\d/])(\d{1,5}(?:\.\d{1,3})?/((?:19|20)\d{2})/[A-Za-zĐđ0-9-]{2,30})\s*,?\s*ngày\s")
_YEAR = re.compile(r"/((?:19|20)\d{2})/")
_LOWER = re.compile(r"/TT(?:LT|LB)?-|-(?:UBND|HĐND)$")  # of ministers, provinces and below
_HIGHER = re.compile(r"[/-](?:CP|TTg|CTN|(?:UBTV)?QH\d*)$")  # of the Government and above
_CHANGES_NOTHING = frozenset({RelationKind.GUIDES, RelationKind.BASED_ON, RelationKind.CITES})


def is_possible(relation: Relation, document: Document) -> bool:
    """Not the document itself, nothing newer than it, and nothing changed that only a higher authority may change.

    Source of the last rule: the Law on the Promulgation of Legal Documents (64/2025/QH15, as those before it): a
    document is changed or ended by its own issuer or a higher one. Passive relations are always possible.
    """
    if relation.kind.value.endswith("_by"):
        return True
    is_change = relation.kind not in _CHANGES_NOTHING
    if is_change and _LOWER.search(document.number) and _HIGHER.search(relation.number):
        return False
    year = _YEAR.search(relation.number)
    is_same_number = number_key(relation.number) == number_key(document.number)
    if is_same_number and (year or relation.issued_on in (None, document.issued_on)):
        return False
    if document.issued_on is None:
        return True
    if relation.issued_on is not None:
        return relation.issued_on <= document.issued_on
    return year is None or int(year.group(1)) <= document.issued_on.year


def dates_in(text: str) -> dict[str, date]:
    """The issue dates that stand beside numbers which carry a year, by number."""
    dates: dict[str, date] = {}
    for match in _DATED_NUMBER.finditer(text):
        day = day_in(text, match.end())[0]
        if day and day.year == int(match.group(2)):
            dates.setdefault(number_key(match.group(1)), day)
    return dates


def tidied(relations: Sequence[Relation], dates: dict[str, date]) -> tuple[Relation, ...]:
    """Each relation once: parts of one document together, dates from wherever the text gives them."""
    dates = dates | {number_key(one.number): one.issued_on for one in reversed(relations) if one.issued_on}
    united: dict[tuple[object, ...], Relation] = {}
    scopes: dict[tuple[object, ...], list[str]] = {}
    for relation in relations:
        key = number_key(relation.number)
        issued_on = relation.issued_on or dates.get(key)
        place = (relation.kind, key, issued_on, relation.effective_on, relation.ends_on)
        known = united.get(place)
        united[place] = (
            replace(known, location=known.location or relation.location, title=known.title or relation.title)
            if known
            else replace(relation, issued_on=issued_on)
        )
        if relation.scope:
            scopes.setdefault(place, []).append(relation.scope)
    replaced = {key for kind, key, *_ in united if kind is RelationKind.REPLACES}
    return tuple(
        replace(relation, scope=_joined(scopes.get(place, ())))
        for place, relation in united.items()
        if relation.kind is not RelationKind.ABOLISHES or place[1] not in replaced
    )


def _joined(scopes: Sequence[str]) -> str | None:
    text = "; ".join(dict.fromkeys(scopes)).replace("‹", "“").replace("›", "”")
    return (text if len(text) <= LONGEST_SCOPE else f"{text[:LONGEST_SCOPE]}…") or None
