"""The likeliest way through a row of places, at each of which one of several things may stand, of one syllable or more.

A beam of states (the last two syllables) goes from place to place; the counts of syllables in row and the cost of each
edge decide. This is the decoder of a noisy channel: what was meant, times how likely it is typed as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.text.syllable_model import BITS, Floats, Ids, SyllableModel

BEAM: Final = 16
"""States kept from one place to the next."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One thing that may stand at a place."""

    ids: tuple[int, ...]  # of its syllables, one or more
    cost: float  # logarithm of the probability that it is typed so
    stays: bool = False  # what was typed stays as it is; to the counts it is a stranger, an end of a run


def edge(model: SyllableModel, syllables: Sequence[str], cost: float) -> Edge | None:
    """Return an edge of `syllables`; None where one of them was never counted."""
    ids = [model.ids.get(syllable) for syllable in syllables]
    known = tuple(number for number in ids if number is not None)
    return Edge(known, cost) if known and len(known) == len(ids) else None


def best_edges(model: SyllableModel, places: Sequence[Sequence[Edge]]) -> list[int]:
    """Return for each place, none of which is empty, the number of the edge on the likeliest way."""
    first = second = np.array([model.start])
    scores = np.zeros(1)
    back: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    for edges in places:
        ways, before, last = _extended(model, first, second, edges)
        ways += scores[:, None]
        # of ways that end in the same two syllables the best one, and of those the best BEAM
        order = np.argsort(-ways, axis=None, kind="stable")
        _, kept = np.unique((before << BITS | last).ravel()[order], return_index=True)
        chosen = order[np.sort(kept)[:BEAM]]
        state, number = np.divmod(chosen, len(edges))
        back.append((state, number))
        first, second, scores = before.ravel()[chosen], last.ravel()[chosen], ways.ravel()[chosen]
    scores = scores + model.log_probabilities(first, second, np.array([model.end]))
    at = int(scores.argmax())
    path: list[int] = []
    for states, numbers in reversed(back):
        path.append(int(numbers[at]))
        at = int(states[at])
    return path[::-1]


def _extended(model: SyllableModel, first: Ids, second: Ids, edges: Sequence[Edge]) -> tuple[Floats, Ids, Ids]:
    """Return what each edge costs after each state, and the two syllables it ends in; shapes (states, edges)."""
    heads = np.array([each.ids[0] for each in edges])
    last = np.array([each.ids[-1] for each in edges])
    costs = np.array([each.cost for each in edges])
    ways = model.log_probabilities(first[:, None], second[:, None], heads[None, :]) + costs[None, :]
    before = np.repeat(second[:, None], len(edges), axis=1)
    long = np.array([number for number, each in enumerate(edges) if len(each.ids) > 1], dtype=np.intp)
    if len(long):
        nexts = np.array([edges[number].ids[1] for number in long])
        inner = np.array([_inner(model, edges[number].ids) for number in long])
        ways[:, long] += model.log_probabilities(second[:, None], heads[None, long], nexts[None, :]) + inner[None, :]
        before[:, long] = np.array([edges[number].ids[-2] for number in long])[None, :]
    return ways, before, np.repeat(last[None, :], len(first), axis=0)


def _inner(model: SyllableModel, ids: tuple[int, ...]) -> float:
    """Return the logarithm of the probability of the third syllable of an edge and those behind it."""
    if len(ids) < 3:
        return 0.0
    row = np.array(ids)
    return float(model.log_probabilities(row[:-2], row[1:-1], row[2:]).sum())
