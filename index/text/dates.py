"""Days and periods that people name, in Vietnam time: "tuần này", "tháng 5/2026", "từ 1/7/2026", "quý III"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from index.text.number import find_numbers
from index.text.skeleton import skeleton


@dataclass(frozen=True, slots=True)
class Period:
    """A run of days, both ends included."""

    start: date
    end: date


_YEAR = r"(?:19|20)\d\d"
_DAY_MONTH = rf"(?P<d>\d{{1,2}}) ?(?:[/.-]|thang) ?(?P<m>\d{{1,2}})(?: ?(?:[/.-]|,? ?nam) ?(?P<y>{_YEAR}))?(?![\d/])"
_DATE = re.compile(
    rf"(?<![\d/.,])(?:(?P<iso>{_YEAR}-\d\d-\d\d)(?!\d)|"
    rf"(?P<lead>(?:ngay|mung|mong|hom|tu|den|sau) (?:ngay |mung )?)?{_DAY_MONTH})"
)
_MONTH = re.compile(
    rf"(?<![a-z0-9])(?:thang ?|t(?=\d\d?/\d{{4}}))(?P<m>\d{{1,2}})(?: ?(?:[/.-]|,? ?nam) ?(?P<y>{_YEAR}))?(?![\d/])"
)
_BARE_MONTH = re.compile(rf"(?<![\d/.,])(?P<m>\d{{1,2}}) ?/ ?(?P<y>{_YEAR})(?![\d/])")
_QUARTER = re.compile(
    rf"(?<![a-z0-9])quy (?P<q>[1-4]|iv|iii|ii|i)(?![a-z0-9])(?: ?(?:[/.-]|,? ?nam)? ?(?P<y>{_YEAR}))?"
)
_HALF = re.compile(rf"(?<![a-z0-9])6 thang (?P<h>dau|cuoi) nam(?: (?P<y>{_YEAR}))?")
_YEAR_NAMED = re.compile(rf"(?<![a-z0-9])nam (?P<y>{_YEAR})(?!\d)")
_LAST = re.compile(
    r"(?<![a-z0-9])(?P<n>\d{1,3}) (?P<unit>ngay|tuan|thang|nam) (?:qua|vua qua|gan day|gan nhat|truoc|nay|tro lai)"
)
_RELATIVE = re.compile(
    r"(?<![a-z0-9])(?:(?P<day>hom nay|bua nay|hom qua|hom kia|ngay mai|(?:sang|trua|chieu|toi) mai)|"
    r"(?P<unit>tuan|thang|quy|nam) (?P<which>nay|truoc|qua|ngoai|vua qua|vua roi|sau|toi))(?![a-z0-9])"
)
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAYS = {"hom nay": 0, "bua nay": 0, "hom qua": -1, "hom kia": -2}  # the others are tomorrow


def find_period(text: str, today: date) -> Period | None:
    """Return the first period that raw `text` names, seen from `today` in Vietnam; None when it names none.

    Accents are not needed; what belongs to a document number is left alone. "từ A đến B" is both days and what lies
    between; "từ A" runs to today, except after "hiệu lực", where it means that day. A day or month without a year is of
    this year. Days that do not exist are ignored.
    """
    raw = text
    for parsed in find_numbers(text):
        raw = raw[: parsed.start] + "#" * (parsed.end - parsed.start) + raw[parsed.end :]
    plain = skeleton(raw).text
    for read in (_dates, _halves, _quarters, _months, _last, _relative, _years):
        period = read(plain, today)
        if period is not None:
            return period
    return None


def _dates(plain: str, today: date) -> Period | None:
    days: list[tuple[re.Match[str], date]] = []
    for match in _DATE.finditer(plain):
        day = _day(match, today)
        # "3/4" alone may be a fraction or a house number; a word before it or a year makes it a day.
        if day is not None and (match["iso"] or match["y"] or match["lead"] or " thang" in match.group() or days):
            days.append((match, day))
    if not days:
        return None
    first, start = days[0]
    before = plain[: first.start()] + (first["lead"] or "")
    if len(days) > 1 and re.search(r"(?<![a-z])tu ", before) and start <= days[1][1]:
        return Period(start, days[1][1])
    since = re.search(r"(?<![a-z])(tu|sau) (?:ngay |mung )?$", before)
    if since is None or "hieu luc" in before[-25:]:
        return Period(start, start)
    if since.group(1) == "sau":
        start += timedelta(days=1)
    return Period(start, max(start, today))


def _day(match: re.Match[str], today: date) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        return date(int(match["y"] or today.year), int(match["m"]), int(match["d"]))
    except ValueError:
        return None


def _halves(plain: str, today: date) -> Period | None:
    return _first(_HALF, plain, lambda match: _months_of(_year(match, today), 1 if match["h"] == "dau" else 7, 6))


def _quarters(plain: str, today: date) -> Period | None:
    return _first(_QUARTER, plain, lambda match: _months_of(_year(match, today), 3 * _QUARTERS[match["q"]] - 2, 3))


def _months(plain: str, today: date) -> Period | None:
    def of(match: re.Match[str]) -> Period | None:
        month = int(match["m"])
        return _months_of(_year(match, today), month, 1) if 1 <= month <= 12 else None

    return _first(_MONTH, plain, of) or _first(_BARE_MONTH, plain, of)


def _years(plain: str, today: date) -> Period | None:
    return _first(_YEAR_NAMED, plain, lambda match: _months_of(_year(match, today), 1, 12))


def _last(plain: str, today: date) -> Period | None:
    days = {"ngay": 1, "tuan": 7, "thang": 30, "nam": 365}
    return _first(
        _LAST, plain, lambda match: Period(today - timedelta(days=days[match["unit"]] * int(match["n"])), today)
    )


def _relative(plain: str, today: date) -> Period | None:
    def of(match: re.Match[str]) -> Period:
        if match["day"]:
            day = today + timedelta(days=_DAYS.get(match["day"], 1))
            return Period(day, day)
        step = {"nay": 0, "sau": 1, "toi": 1}.get(match["which"], -1)
        if match["unit"] == "tuan":
            monday = today + timedelta(days=7 * step - today.weekday())
            return Period(monday, monday + timedelta(days=6))
        if match["unit"] == "nam":
            return _months_of(today.year + step, 1, 12)
        length = 3 if match["unit"] == "quy" else 1
        index = (today.year * 12 + today.month - 1) // length * length + length * step
        return _months_of(index // 12, index % 12 + 1, length)

    return _first(_RELATIVE, plain, of)


def _first(pattern: re.Pattern[str], plain: str, of: Callable[[re.Match[str]], Period | None]) -> Period | None:
    return next((period for match in pattern.finditer(plain) if (period := of(match)) is not None), None)


def _year(match: re.Match[str], today: date) -> int:
    return int(match["y"] or today.year)


def _months_of(year: int, month: int, length: int) -> Period:
    following = year * 12 + month - 1 + length
    return Period(date(year, month, 1), date(following // 12, following % 12 + 1, 1) - timedelta(days=1))
