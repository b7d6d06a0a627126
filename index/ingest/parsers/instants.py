"""Dates and times as the portals print them → aware instants; the order of day and month is decided for a whole page.

Forms seen on the portals: RFC 822, ISO 8601, "2026-05-15 08:30:00", "05/15/2026 08:30:00 AM", "15/05/2026 08:30:00",
"08:30 15/05/2026". Where no zone is named it is Vietnam's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

VIETNAM = timezone(timedelta(hours=7))

_TIME = r"(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[AP]M|SA|CH)?"
_DAY = r"(?P<first>\d{1,2})[/.-](?P<second_part>\d{1,2})[/.-](?P<year>\d{4})"
_NUMERIC = (
    re.compile(rf"{_DAY}(?:[\sT,|-]+{_TIME})?", re.I),
    re.compile(rf"{_TIME}[\s,|-]+(?:ngày\s+)?{_DAY}", re.I),
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")


def instants(printed: Sequence[str | None], *, not_after: date) -> list[datetime | None]:
    """Each printed date as an aware instant, None where it is none; in the order given.

    Whether "05/06/2026" is May or June is decided for all of them together: by a part above 12, by a date that would
    lie after `not_after` (the day the page was read), else by AM or PM, which come with the month first.
    """
    numeric = [match for text in printed if (match := _numeric(text))]
    day_first = _is_day_first(numeric, not_after)
    return [_instant(text, day_first=day_first) for text in printed]


def instant(printed: str | None, *, not_after: date) -> datetime | None:
    """One printed date alone."""
    return instants([printed], not_after=not_after)[0]


def _is_day_first(numeric: Sequence[re.Match[str]], not_after: date) -> bool:
    has_halves = any((match["half"] or "").upper() in ("AM", "PM") for match in numeric)
    preferred = not has_halves
    latest = not_after + timedelta(days=1)

    def faults(day_first: bool) -> int:
        days = [_day(match, day_first=day_first) for match in numeric]
        return sum(day is None or day > latest for day in days)

    return preferred if faults(preferred) <= faults(not preferred) else not preferred


def _instant(text: str | None, *, day_first: bool) -> datetime | None:
    text = " ".join((text or "").split())
    match = _numeric(text)
    if match:
        day = _day(match, day_first=day_first)
        return _at(day, match) if day else None
    try:
        if _ISO.match(text):
            found = datetime.fromisoformat(re.sub(r"\s+([+-]\d)", r"\1", text.replace(" Z", "Z")))
        else:
            found = parsedate_to_datetime(text)
            if text.endswith("-0000"):  # RFC 5322: UTC, zone of origin not said
                found = found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


def _numeric(text: str | None) -> re.Match[str] | None:
    return next((match for form in _NUMERIC if (match := form.fullmatch((text or "").strip()))), None)


def _day(match: re.Match[str], *, day_first: bool) -> date | None:
    first, second = int(match["first"]), int(match["second_part"])
    try:
        return date(int(match["year"]), second if day_first else first, first if day_first else second)
    except ValueError:
        return None


def _at(day: date, match: re.Match[str]) -> datetime | None:
    hour, half = int(match["hour"] or 0), (match["half"] or "").upper()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + 12 * (half in ("PM", "CH"))
    try:
        time = (hour, int(match["minute"] or 0), int(match["second"] or 0))
        return datetime(day.year, day.month, day.day, *time, tzinfo=VIETNAM)
    except ValueError:
        return None
