"""Runs of days: months, quarters, weeks and years around a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

EARLIEST: Final = date(1945, 9, 2)
"""Where "before a day" begins: the State has issued documents since then."""


@dataclass(frozen=True, slots=True)
class Period:
    """A run of days, both ends included."""

    start: date
    end: date


def months_of(year: int, month: int, length: int) -> Period:
    """Return `length` whole months from the first of `month`."""
    following = year * 12 + month - 1 + length
    return Period(date(year, month, 1), date(following // 12, following % 12 + 1, 1) - timedelta(days=1))


def month_after(day: date, step: int) -> date:
    """Return the first of the month `step` months after that of `day` (before it where negative)."""
    index = day.year * 12 + day.month - 1 + step
    return date(index // 12, index % 12 + 1, 1)


def unit_of(day: date, unit: str, step: int) -> Period:
    """Return the week, month, quarter or year ("week" …) that is `step` after the one around `day`."""
    if unit == "week":
        monday = day + timedelta(days=7 * step - day.weekday())
        return Period(monday, monday + timedelta(days=6))
    length = {"month": 1, "quarter": 3, "year": 12}[unit]
    start = month_after(date(day.year, (day.month - 1) // length * length + 1, 1), length * step)
    return months_of(start.year, start.month, length)
