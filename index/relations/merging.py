"""Stated and extracted relations of one document as one list (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.document import Relation, RelationKind
from index.text.number import number_key

# Kinds that say the same of a document as a whole; a source that states one is not contradicted by the other.
_ENDS = frozenset({RelationKind.REPLACES, RelationKind.ABOLISHES})
_PARTS = frozenset({RelationKind.PARTLY_REPLACES, RelationKind.PARTLY_ABOLISHES})


def merge_extracted(stated: Sequence[Relation], extracted: Sequence[Relation]) -> tuple[Relation, ...]:
    """All stated relations, gaps filled from what was extracted, then the extracted ones that nobody states.

    A stated relation wins: its kind and dates stay. "Replaces" and "abolishes" are one statement to different minds, as
    are their partial forms; but where a source states one of the whole and the text says "in part", both are kept.
    """
    merged = list(stated)
    for relation in extracted:
        places = [place for place in range(len(stated)) if _is_same(merged[place], relation)]
        if not places:
            merged.append(relation)
        elif len(places) == 1:
            merged[places[0]] = _filled(merged[places[0]], relation)
    return tuple(merged)


def _is_same(one: Relation, other: Relation) -> bool:
    alike = one.kind is other.kind or any({one.kind, other.kind} <= group for group in (_ENDS, _PARTS))
    if not alike or number_key(one.number) != number_key(other.number):
        return False
    return one.issued_on is None or other.issued_on is None or one.issued_on.year == other.issued_on.year


def _filled(relation: Relation, other: Relation) -> Relation:
    return replace(
        relation,
        title=relation.title or other.title,
        issued_on=relation.issued_on or other.issued_on,
        effective_on=relation.effective_on or other.effective_on,
        ends_on=relation.ends_on or other.ends_on,
        scope=relation.scope or other.scope,
        location=relation.location or other.location,
    )
