"""Figures with 95 % intervals: Wilson's for a share, the bootstrap over groups for everything else.

Rows that are the same message in other writing are not independent, so groups (base messages, questions,
conversations) are drawn, never rows: the percentile bootstrap of Efron and Tibshirani, An Introduction to the
Bootstrap, 1993.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Measure = Callable[[Array], Array]
"""From sums, shape (rounds, …), to one figure a round, shape (rounds,); NaN where a round has none."""

ROUNDS = 2000
SEED = 20261123
FEWEST_GROUPS = 10  # with fewer, the same few are drawn over and over, and the interval would be too narrow by far
_Z = 1.959964  # 97.5 % point of the normal distribution


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval; NaN where there was nothing, or too little, to count."""

    value: float
    low: float
    high: float
    cases: int


def wilson(right: float, count: int, *, groups: int | None = None) -> Estimate:
    """Return a share with its Wilson score interval (Wilson 1927).

    Where rows come in `groups`, each group counts as one case for the interval: wider than it need be, never narrower.
    """
    if not count:
        return Estimate(math.nan, math.nan, math.nan, 0)
    share, cases = right / count, groups or count
    centre = share + _Z * _Z / (2 * cases)
    spread = _Z * math.sqrt(share * (1 - share) / cases + _Z * _Z / (4 * cases * cases))
    scale = 1 + _Z * _Z / cases
    return Estimate(share, max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale), count)


def bootstrap(counts: Array, measure: Measure, *, cases: int) -> Estimate:
    """Return `measure` of the sums of `counts`, shape (groups, …), with its interval over the groups."""
    return _estimate(measure(resampled(counts)), groups=len(counts), cases=cases)


def bootstrapped_share(counts: Array) -> Estimate:
    """Return the share of right rows, counts of shape (groups, 2) as for `share`, with its interval over the groups.

    Where all rows are right, or none is, every round is like the sample; the interval is Wilson's then.
    """
    right, rows = counts.sum(axis=0)
    if right in (0, rows):
        return wilson(right, int(rows), groups=len(counts))
    return bootstrap(counts, share, cases=int(rows))


def paired_difference(counts: Array, others: Array, measure: Measure, *, cases: int) -> Estimate:
    """Return `measure` of `counts` less that of `others`; row by row the same groups, drawn together."""
    if len(counts) != len(others):
        raise ValueError(f"{len(counts)} groups are no pairs with {len(others)}")
    return _estimate(measure(resampled(counts)) - measure(resampled(others)), groups=len(counts), cases=cases)


def resampled(counts: Array) -> Array:
    """Return the sum over groups of each round, shape (ROUNDS + 1, …); the first round is the sample itself.

    The same number of groups is drawn in the same way every time, so two calls make pairs.
    """
    groups = len(counts)
    if not groups:
        return np.zeros((ROUNDS + 1, *counts.shape[1:]))
    drawn = np.random.default_rng(SEED).multinomial(groups, [1 / groups] * groups, size=ROUNDS)
    times = np.vstack([np.ones((1, groups)), drawn])
    return np.asarray(np.tensordot(times, counts, axes=1))


def share(sums: Array) -> Array:
    """A measure: right rows (first column) of all rows (second)."""
    return _divided(sums[:, 0], sums[:, 1])


def micro_f1(sums: Array) -> Array:
    """A measure: F1 of things found; columns are right, wanted and given."""
    return _divided(2 * sums[:, 0], sums[:, 1] + sums[:, 2])


def precision(sums: Array) -> Array:
    """A measure: right things of all given; columns as in `micro_f1`."""
    return _divided(sums[:, 0], sums[:, 2])


def recall(sums: Array) -> Array:
    """A measure: right things of all wanted; columns as in `micro_f1`."""
    return _divided(sums[:, 0], sums[:, 1])


def macro_f1(sums: Array) -> Array:
    """A measure: mean F1 of the classes that are wanted at all; shape (rounds, 3, classes), rows as in `micro_f1`.

    A class that nobody wanted has no F1 and is left out; messages wrongly taken for it still count against their own.
    """
    right, wanted, given = sums[:, 0], sums[:, 1], sums[:, 2]
    by_class = np.where(wanted > 0, _divided(2 * right, wanted + given), 0.0)
    return _divided(by_class.sum(axis=1), (wanted > 0).sum(axis=1).astype(np.float64))


def _divided(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.full_like(part, math.nan), where=whole > 0)


def _estimate(rounds: Array, *, groups: int, cases: int) -> Estimate:
    drawn = rounds[1:][~np.isnan(rounds[1:])]
    if groups < FEWEST_GROUPS or not len(drawn):
        return Estimate(float(rounds[0]), math.nan, math.nan, cases)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(float(rounds[0]), float(low), float(high), cases)
