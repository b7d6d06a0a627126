"""Figures as lines of text, and as rows for a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.evaluate.resampling import Estimate

_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value by name."""

    measure: str  # "intent macro-F1"
    group: str  # a way of writing, a kind of conversation, or "all"
    estimate: Estimate

    def row(self, part: str) -> dict[str, object]:
        """Return it as an object of a JSON line."""
        found = self.estimate
        numbers = {"value": found.value, "low": found.low, "high": found.high}
        rounded = {name: None if math.isnan(number) else round(number, 4) for name, number in numbers.items()}
        return {
            "record": "figure", "part": part, "measure": self.measure, "group": self.group, "n": found.cases, **rounded
        }  # fmt: skip


@dataclass
class Part:
    """One part of the evaluation: what is printed, its figures, and each case with what came of it."""

    name: str
    title: str
    lines: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    cases: list[dict[str, object]] = field(default_factory=list)

    def add(self, measure: str, group: str, estimate: Estimate) -> Estimate:
        """Keep a figure; return its estimate."""
        self.figures.append(Figure(measure, group, estimate))
        return estimate

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table: the first column to the left, the others to the right."""
        widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
        for row in [head, *rows]:
            first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            self.lines.append("  ".join([row[0].ljust(len(first)), *others]).rstrip())

    def text(self) -> str:
        """Return title and lines."""
        return "\n".join([f"== {self.title}", *self.lines])


def number(value: float, *, signed: bool = False) -> str:
    """Return "0.931", "+0.010", or "-" for no figure."""
    return "-" if math.isnan(value) else f"{value:+.3f}" if signed else f"{value:.3f}"


def interval(estimate: Estimate, *, signed: bool = False) -> str:
    """Return "[0.901, 0.955]", or nothing where there is none."""
    if math.isnan(estimate.low):
        return ""
    return f"[{number(estimate.low, signed=signed)}, {number(estimate.high, signed=signed)}]"


def verdict(estimate: Estimate, *, at_least: float) -> str:
    """Say whether a value keeps a lower limit; with "?" unless its interval lies on the same side."""
    if math.isnan(estimate.value):
        return ""
    said = "holds" if estimate.value >= at_least - _TINY else "fails"
    is_sure = estimate.low >= at_least - _TINY or estimate.high < at_least - _TINY
    return said if is_sure else f"{said}?"


def verdict_below(estimate: Estimate, *, at_most: float) -> str:
    """Say whether a value keeps an upper limit; with "?" as in `verdict`."""
    turned = Estimate(-estimate.value, -estimate.high, -estimate.low, estimate.cases)
    return verdict(turned, at_least=-at_most)
