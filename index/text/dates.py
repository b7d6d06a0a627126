"""Days and periods that people name, in Vietnam time: "tuần này", "tháng 5/2026", "từ 1/7/2026", "quý III"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from index.text import foreign_dates
from index.text.date_spelling import WHICH, spell_out, step_of
from index.text.number import find_numbers
from index.text.period import EARLIEST, Period, month_after, months_of, unit_of
from index.text.skeleton import skeleton

__all__ = ["Period", "find_period"]


_YEAR = r"(?:19|20)\d\d"
_DAY_MONTH = rf"(?P<d>\d{{1,2}}) ?(?:[/.-]|thang) ?(?P<m>\d{{1,2}})(?: ?(?:[/.-]|,? ?nam) ?(?P<y>{_YEAR}))?(?![\d/])"
_DATE = re.compile(
    rf"(?<![\d/.,])(?:(?P<iso>{_YEAR}-\d\d-\d\d)(?!\d)|"
    rf"(?P<lead>(?:ngay|mung|mong|hom|tu|den|sau|truoc) (?:ngay |mung )?)?{_DAY_MONTH})"
)
_MONTH = re.compile(
    rf"(?<![a-z0-9])(?:thang ?|t(?=\d\d?/\d{{4}}))(?P<m>\d{{1,2}})(?: ?(?:[/.-]|,? ?nam) ?(?P<y>{_YEAR}))?(?![\d/])"
)
_BARE_MONTH = re.compile(rf"(?<![\d/.,])(?P<m>\d{{1,2}}) ?/ ?(?P<y>{_YEAR})(?![\d/])")
_QUARTER = re.compile(
    rf"(?<![a-z0-9])quy (?P<q>[1-4]|iv|iii|ii|i)(?![a-z0-9])(?: ?(?:[/.-]|,? ?nam)? ?(?P<y>{_YEAR}))?"
)
_HALF = re.compile(rf"(?<![a-z0-9])(?:6 thang|nua) (?P<h>dau|cuoi) nam(?: (?P<y>{_YEAR}|{WHICH}))?(?![a-z0-9])")
_EDGE = re.compile(
    rf"(?<![a-z0-9])(?P<tu>tu |ke tu )?(?P<edge>dau|giua|cuoi) (?P<unit>tuan|thang|nam)"
    rf"(?: (?P<m>\d{{1,2}})(?!\d)(?: ?(?:[/.-]|,? ?nam) ?(?P<my>{_YEAR}))?| (?P<y>{_YEAR}|{WHICH}))?(?![a-z0-9])"
)
_MONTHS = re.compile(
    rf"(?<![a-z0-9])(?P<tu>tu )?thang ?(?P<a>\d{{1,2}})(?: ?(?:[/.]|,? ?nam) ?(?P<ay>{_YEAR}))?"
    rf"(?: (?:den|toi)(?: het)? | ?- ?)"
    rf"(?P<again>thang ?)?(?P<b>\d{{1,2}})(?: ?(?:[/.-]|,? ?nam) ?(?P<by>{_YEAR}))?(?![\d/])"
)
_DAYS_OF_MONTH = re.compile(
    rf"(?<![a-z0-9/.-])(?:ngay |mung )?(?P<a>\d{{1,2}})(?: (?:den|toi)(?: het)? | ?- ?)(?:ngay |mung )?(?P<b>\d{{1,2}})"
    rf" ?(?:/|thang) ?(?P<m>\d{{1,2}})(?: ?(?:[/.-]|,? ?nam) ?(?P<y>{_YEAR}))?(?![\d/])"
)
_YEARS = re.compile(
    rf"(?<![a-z0-9/.-])(?:(?P<lead>tu nam|tu|giai doan|nhiem ky|nam) )?(?P<a>{_YEAR})"
    rf"(?P<to> ?- ?| (?:den|toi)(?: het)?(?: nam)? | va(?: nam)? )(?P<b>{_YEAR})(?![\d/.-])"
)
_YEAR_NAMED = re.compile(rf"(?<![a-z0-9])(?:nam|trong|het) (?P<y>{_YEAR})(?!\d)")
_UNITS = r"(?P<unit>ngay|tuan|thang|nam)"
_LAST = re.compile(
    rf"(?<![a-z0-9])(?<!so )(?<!ngay )(?<!mung )(?<!mong )(?P<n>\d{{1,3}}) {_UNITS} "
    r"(?:qua|vua qua|gan day|gan nhat|truoc|nay|tro lai)(?![a-z0-9])"
)
_NEXT = re.compile(rf"(?<![a-z0-9])(?P<n>\d{{1,3}}) {_UNITS} (?:toi(?! da| thieu)|sap toi|tiep theo|nua)(?![a-z0-9])")
_WEEKDAY = re.compile(
    r"(?<![a-z0-9])(?P<day>thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat) "
    r"(?:(?P<week>tuan) )?(?P<which>nay|toi|sau|truoc nua|truoc|qua|roi|vua roi|vua qua)(?![a-z0-9])"
)
_RELATIVE = re.compile(
    r"(?<![a-z0-9])(?:(?P<day>(?:hom|hum|bua) (?:nay|qua|kia)|ngay (?:kia|mot|mai)|(?:tu|den) mai|"
    r"(?:sang|trua|chieu|toi|dem) (?:nay|qua|mai))|"
    rf"(?<!viet )(?P<unit>tuan|thang|quy|nam) (?P<which>{WHICH})|(?P<next>sang nam)(?! dinh))(?![a-z0-9])"
)
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAYS = {"hom kia": -2, "hum kia": -2, "bua kia": -2, "ngay kia": 2, "ngay mot": 2}
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "nhat": 6}
_SINCE = re.compile(r"(?<![a-z])(?<!thong )(?<!nguyen )(?<!dau )(?<!vat )(?:tu|ke tu) (?:trong )?$")
_BEGINS = re.compile("hieu luc|ap dung|thi hanh|thuc hien|bat dau")
_TO_NOW = re.compile(r" ?(?:den|toi) nay(?![a-z])")


def find_period(text: str, today: date) -> Period | None:
    """Return the first period that raw `text` names, seen from `today` in Vietnam; None when it names none.

    Accents are not needed; what belongs to a document number is left alone. "từ A đến B" is both days and what lies
    between; "từ A" runs to today, except after "hiệu lực" or "áp dụng", where it means that day, month or year; "trước
    A" begins on EARLIEST. A day or month without a year is of this year. Days that do not exist and lunar ones are
    ignored.
    """
    raw = text
    for parsed in find_numbers(text):
        raw = raw[: parsed.start] + "#" * (parsed.end - parsed.start) + raw[parsed.end :]
    plain = spell_out(skeleton(raw), today)
    for read in (
        _weekdays,
        _days_of_month,
        _spans,
        _dates,
        _halves,
        _edges,
        _quarters,
        _months,
        _last,
        _next,
        _relative,
        _years,
    ):
        period = read(plain, today)
        if period is not None:
            return period
    return foreign_dates.find(plain, today)


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
    since = re.search(r"(?<![a-z])(tu|sau|truoc) (?:ngay |mung )?$", before)
    if since is None or _BEGINS.search(before[-25:]):
        return Period(start, start)
    if since.group(1) == "truoc":
        return Period(min(EARLIEST, start), start - timedelta(days=1))
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
    return _first(
        _HALF, plain, lambda match: months_of(_year_or_step(match["y"], today), 1 if match["h"] == "dau" else 7, 6)
    )


def _edges(plain: str, today: date) -> Period | None:
    """Read the first, middle or last third of a month, quarter of a year, days of a week."""

    def of(match: re.Match[str]) -> Period | None:
        step = step_of(match["y"] or "nay")
        edge, unit = match["edge"], match["unit"]
        if unit == "nam":
            year = _year_or_step(match["y"], today)
            part = {"dau": (1, 3), "giua": (5, 4), "cuoi": (10, 3)}[edge]
            period = months_of(year, *part)
        elif unit == "tuan":
            monday = today + timedelta(days=7 * step - today.weekday())
            first, last = {"dau": (0, 2), "giua": (2, 3), "cuoi": (5, 6)}[edge]
            period = Period(monday + timedelta(days=first), monday + timedelta(days=last))
        else:
            if match["m"] and not 1 <= int(match["m"]) <= 12:
                return None
            start = date(int(match["my"] or today.year), int(match["m"]), 1) if match["m"] else month_after(today, step)
            first, last = {
                "dau": (1, 10),
                "giua": (11, 20),
                "cuoi": (21, months_of(start.year, start.month, 1).end.day),
            }[edge]
            period = Period(start.replace(day=first), start.replace(day=last))
        if match["tu"] and period.start <= today:
            return Period(period.start, today)
        return period

    return _first(_EDGE, plain, of)


def _weekdays(plain: str, today: date) -> Period | None:
    def of(match: re.Match[str]) -> Period | None:
        name = match["day"].rpartition(" ")[2]
        weekday = int(name) - 2 if name.isdigit() else _WEEKDAYS[name]
        if name == "nam" and match["which"] == "nay" and not match["week"]:
            return None  # "thu nam nay": collected this year
        step = step_of(match["which"])
        if not match["week"]:
            ahead = (weekday - today.weekday()) % 7
            day = today + timedelta(days=ahead if step == 0 else ahead or 7 if step > 0 else (ahead or 7) - 7)
        else:
            day = today + timedelta(days=7 * step - today.weekday() + weekday)
        return Period(day, day)

    return _first(_WEEKDAY, plain, of)


def _days_of_month(plain: str, today: date) -> Period | None:
    def of(match: re.Match[str]) -> Period | None:
        try:
            start, end = (date(_year(match, today), int(match["m"]), int(match[day])) for day in "ab")
        except ValueError:
            return None
        return Period(start, end) if start <= end else None

    return _first(_DAYS_OF_MONTH, plain, of)


def _spans(plain: str, today: date) -> Period | None:
    def years(match: re.Match[str]) -> Period | None:
        first, last = int(match["a"]), int(match["b"])
        is_meant = first < last and (match["lead"] or "va" not in match["to"])
        return Period(date(first, 1, 1), date(last, 12, 31)) if is_meant else None

    def months(match: re.Match[str]) -> Period | None:
        if not (match["tu"] or match["again"] or "-" in match.group()):
            return None
        first, last = int(match["a"]), int(match["b"])
        end_year = int(match["by"] or match["ay"] or today.year)
        start_year = int(match["ay"] or match["by"] or today.year)
        if not (1 <= first <= 12 and 1 <= last <= 12) or (start_year, first) > (end_year, last):
            return None
        return Period(date(start_year, first, 1), months_of(end_year, last, 1).end)

    return _first(_MONTHS, plain, months) or _first(_YEARS, plain, years)


def _quarters(plain: str, today: date) -> Period | None:
    def of(match: re.Match[str]) -> Period:
        return _since(match, months_of(_year(match, today), 3 * _QUARTERS[match["q"]] - 2, 3), today)

    return _first(_QUARTER, plain, of)


def _months(plain: str, today: date) -> Period | None:
    def of(match: re.Match[str]) -> Period | None:
        month = int(match["m"])
        return _since(match, months_of(_year(match, today), month, 1), today) if 1 <= month <= 12 else None

    return _first(_MONTH, plain, of) or _first(_BARE_MONTH, plain, of)


def _years(plain: str, today: date) -> Period | None:
    return _first(_YEAR_NAMED, plain, lambda match: _since(match, months_of(_year(match, today), 1, 12), today))


def _last(plain: str, today: date) -> Period | None:
    return _first(_LAST, plain, lambda match: Period(today - _length(match), today))


def _next(plain: str, today: date) -> Period | None:
    return _first(_NEXT, plain, lambda match: Period(today, today + _length(match)))


def _length(match: re.Match[str]) -> timedelta:
    return timedelta(days={"ngay": 1, "tuan": 7, "thang": 30, "nam": 365}[match["unit"]] * int(match["n"]))


def _relative(plain: str, today: date) -> Period | None:
    def of(match: re.Match[str]) -> Period:
        if match["day"]:
            last = match["day"].rpartition(" ")[2]
            step = _DAYS.get(match["day"], {"nay": 0, "qua": -1}.get(last, 1))
            return _since(match, Period(today + timedelta(days=step), today + timedelta(days=step)), today)
        if match["next"]:
            return months_of(today.year + 1, 1, 12)
        unit = {"tuan": "week", "thang": "month", "quy": "quarter", "nam": "year"}[match["unit"]]
        return _since(match, unit_of(today, unit, step_of(match["which"])), today)

    return _first(_RELATIVE, plain, of)


def _since(match: re.Match[str], period: Period, today: date) -> Period:
    """Let a period that has begun run to today where "từ" stands before it: not after "hiệu lực"."""
    before = match.string[max(0, match.start() - 30) : match.start()]
    is_open = _SINCE.search(before) and (not _BEGINS.search(before) or _TO_NOW.match(match.string, match.end()))
    return Period(period.start, today) if is_open and period.start <= today else period


def _first(pattern: re.Pattern[str], plain: str, of: Callable[[re.Match[str]], Period | None]) -> Period | None:
    return next((period for match in pattern.finditer(plain) if (period := of(match)) is not None), None)


def _year(match: re.Match[str], today: date) -> int:
    return int(match["y"] or today.year)


def _year_or_step(named: str | None, today: date) -> int:
    if named is None or named.isdigit():
        return int(named or today.year)
    return today.year + step_of(named)
