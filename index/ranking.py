"""The order of one question's candidates: official before summary before title, recency, one of each (pure)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from index.document import TextKind

NEAR = 0.3
"""How far (fused score) a document's official passage may stand behind its summary and still answer in its place."""

RECENCY = 0.3
"""Share of the score that recency decides where the question asks for the latest; not tuned."""

HALVED_AFTER_DAYS = 730
"""Recency halves for every two years that a document is older than the newest candidate; not tuned."""

_BETTER = {TextKind.OFFICIAL: 0, TextKind.SUMMARY: 1, TextKind.TITLE: 2}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer; `score`, 0..1, ranks, the three others are as they were measured."""

    row: int
    document: int  # ordinal
    group: int  # of near-duplicates
    kind: TextKind
    score: float
    dense: float
    lexical: float
    asked: float


def ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Best first, ties by row."""
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.row))


def official_first(candidates: list[Candidate]) -> list[Candidate]:
    """Put a document's best passage of a better kind in the place of a lesser one where it is near.

    Official wording is better than our summary, and that than the title alone. The better passage gets the better of
    the two scores, the lesser one is left out. `candidates` are ranked, and so is the result.
    """
    if len({candidate.kind for candidate in candidates}) < 2:  # most corpora have one kind of text: nothing to do
        return candidates
    best: dict[tuple[int, TextKind], Candidate] = {}
    for candidate in candidates:
        best.setdefault((candidate.document, candidate.kind), candidate)
    raised: dict[int, float] = {}  # row → score of the lesser passage it stands for
    kept = []
    for candidate in candidates:
        better = (
            best.get((candidate.document, kind)) for kind, rank in _BETTER.items() if rank < _BETTER[candidate.kind]
        )
        near = [one for one in better if one is not None and candidate.score - one.score <= NEAR]
        if near:
            raised[near[0].row] = max(candidate.score, raised.get(near[0].row, 0.0))
        else:
            kept.append(candidate)
    return ranked(replace(one, score=raised[one.row]) if raised.get(one.row, 0.0) > one.score else one for one in kept)


def newest_first(candidates: list[Candidate], issued_on: Callable[[int], date | None]) -> list[Candidate]:
    """Let recency decide `RECENCY` of every score; `issued_on` gives a document's day by its ordinal.

    A document without a day counts as infinitely old. Scores stay in 0..1; the result is ranked.
    """
    days = {one.document: issued_on(one.document) for one in candidates}
    newest = max((day for day in days.values() if day is not None), default=None)

    def recency(day: date | None) -> float:
        return 0.0 if newest is None or day is None else float(0.5 ** ((newest - day).days / HALVED_AFTER_DAYS))

    return ranked(
        replace(one, score=(1 - RECENCY) * one.score + RECENCY * recency(days[one.document])) for one in candidates
    )


def first_of_each(candidates: Iterable[Candidate], key: Callable[[Candidate], Hashable]) -> list[Candidate]:
    """The first candidate of each key, in the order given."""
    first: dict[Hashable, Candidate] = {}
    for candidate in candidates:
        first.setdefault(key(candidate), candidate)
    return list(first.values())
