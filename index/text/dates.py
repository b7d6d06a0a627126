"""Days and periods that people name, in Vietnam time: "tuần này", "tháng 5/2026", "từ 1/7/2026", "quý III"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from index.text import foreign_dates
from index.text.number import find_numbers
from index.text.period import Period, month_after, months_of, unit_of
from index.text.skeleton import Skeleton, skeleton
from index.text.unicode import normalise

__all__ = ["Period", "find_period"]


_YEAR = r"(?:19|20)\d\d"
_WHICH = "nay|truoc|qua|ngoai|kia|vua qua|vua roi|roi|sau|toi|sap toi"
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
_HALF = re.compile(rf"(?<![a-z0-9])(?:6 thang|nua) (?P<h>dau|cuoi) nam(?: (?P<y>{_YEAR}|{_WHICH}))?(?![a-z0-9])")
_EDGE = re.compile(
    rf"(?<![a-z0-9])(?P<tu>tu |ke tu )?(?P<edge>dau|giua|cuoi) (?P<unit>tuan|thang|nam)"
    rf"(?: (?P<m>\d{{1,2}})(?!\d)(?: ?(?:[/.-]|,? ?nam) ?(?P<my>{_YEAR}))?| (?P<y>{_YEAR}|{_WHICH}))?(?![a-z0-9])"
)
_MONTHS = re.compile(
    rf"(?<![a-z0-9])tu thang ?(?P<a>\d{{1,2}})(?: ?(?:[/.-]|,? ?nam) ?(?P<ay>{_YEAR}))? (?:den|toi)(?: het)? "
    rf"(?:thang ?)?(?P<b>\d{{1,2}})(?: ?(?:[/.-]|,? ?nam) ?(?P<by>{_YEAR}))?(?![\d/])"
)
_YEAR_NAMED = re.compile(rf"(?<![a-z0-9])(?:nam|trong|het) (?P<y>{_YEAR})(?!\d)")
_UNITS = r"(?P<unit>ngay|tuan|thang|nam)"
_LAST = re.compile(
    rf"(?<![a-z0-9])(?<!so )(?P<n>\d{{1,3}}) {_UNITS} (?:qua|vua qua|gan day|gan nhat|truoc|nay|tro lai)(?![a-z0-9])"
)
_NEXT = re.compile(rf"(?<![a-z0-9])(?P<n>\d{{1,3}}) {_UNITS} (?:toi|sap toi|tiep theo|nua)(?![a-z0-9])")
_WEEKDAY = re.compile(
    r"(?<![a-z0-9])(?P<day>thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat) "
    r"(?:(?P<week>tuan) )?(?P<which>nay|toi|sau|truoc|qua|roi|vua roi|vua qua)(?![a-z0-9])"
)
_RELATIVE = re.compile(
    r"(?<![a-z0-9])(?:(?P<day>hom nay|bua nay|hom qua|hom kia|ngay kia|ngay mot|ngay mai|(?:sang|trua|chieu) nay|"
    r"(?:trua|chieu|toi|dem) qua|(?:sang|trua|chieu|toi) mai)|"
    rf"(?P<unit>tuan|thang|quy|nam) (?P<which>{_WHICH})|(?P<next>sang nam)(?! dinh))(?![a-z0-9])"
)
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_DAYS = {"hom kia": -2, "ngay kia": 2, "ngay mot": 2}
_STEPS = {"nay": 0, "sau": 1, "toi": 1, "sap toi": 1, "kia": -2}  # the others are the one before
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "nhat": 6}
_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_SPELLED = re.compile(
    r"(?<![a-z0-9])(?P<before>thang|mung|mong) (?P<n>muoi mot|muoi hai|mot|hai|ba|tu|bon|nam|sau|bay|tam|chin|muoi)"
    r"(?![a-z0-9])(?! lan)"
)


def find_period(text: str, today: date) -> Period | None:
    """Return the first period that raw `text` names, seen from `today` in Vietnam; None when it names none.

    Accents are not needed; what belongs to a document number is left alone. "từ A đến B" is both days and what lies
    between; "từ A" runs to today, except after "hiệu lực", where it means that day. A day or month without a year is of
    this year. Days that do not exist are ignored.
    """
    raw = text
    for parsed in find_numbers(text):
        raw = raw[: parsed.start] + "#" * (parsed.end - parsed.start) + raw[parsed.end :]
    plain = _with_digits(skeleton(raw))
    for read in (_weekdays, _dates, _halves, _edges, _quarters, _span, _months, _last, _next, _relative, _years):
        period = read(plain, today)
        if period is not None:
            return period
    return foreign_dates.find(plain, today)


def _with_digits(form: Skeleton) -> str:
    """Return the skeleton with months and first days of a month in digits: "tháng bảy" → "thang 7".

    Without accents "thang sau" is next month and "thang nam", "thang tu" may be anything, so these need theirs.
    """

    def digits(match: re.Match[str]) -> str:
        word = match["n"]
        typed = normalise(form.slice(*match.span("n"))).lower()
        if match["before"] == "thang" and (
            (word in _DOUBTFUL and typed != _DOUBTFUL[word])
            or (word == "nam" and re.match(rf" (?:\d|{_WHICH})", form.text[match.end() : match.end() + 6]))
        ):
            return match.group()
        return f"{match['before']} {_NUMBERS[word]}"

    return _SPELLED.sub(digits, form.text)


_DOUBTFUL = {"sau": "sáu", "nam": "năm", "tu": "tư"}


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
    return _first(
        _HALF, plain, lambda match: months_of(_year_or_step(match["y"], today), 1 if match["h"] == "dau" else 7, 6)
    )


def _edges(plain: str, today: date) -> Period | None:
    """Read the first, middle or last third of a month, quarter of a year, days of a week."""

    def of(match: re.Match[str]) -> Period | None:
        step = _STEPS.get(match["y"] or "nay", -1)
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
        step = _STEPS.get(match["which"], -1)
        if not match["week"]:
            ahead = (weekday - today.weekday()) % 7
            day = today + timedelta(days=ahead if step == 0 else ahead or 7 if step > 0 else (ahead or 7) - 7)
        else:
            day = today + timedelta(days=7 * step - today.weekday() + weekday)
        return Period(day, day)

    return _first(_WEEKDAY, plain, of)


def _span(plain: str, today: date) -> Period | None:
    def of(match: re.Match[str]) -> Period | None:
        first, last = int(match["a"]), int(match["b"])
        end_year = int(match["by"] or match["ay"] or today.year)
        start_year = int(match["ay"] or match["by"] or today.year)
        if not (1 <= first <= 12 and 1 <= last <= 12) or (start_year, first) > (end_year, last):
            return None
        return Period(date(start_year, first, 1), months_of(end_year, last, 1).end)

    return _first(_MONTHS, plain, of)


def _quarters(plain: str, today: date) -> Period | None:
    return _first(_QUARTER, plain, lambda match: months_of(_year(match, today), 3 * _QUARTERS[match["q"]] - 2, 3))


def _months(plain: str, today: date) -> Period | None:
    def of(match: re.Match[str]) -> Period | None:
        month = int(match["m"])
        return months_of(_year(match, today), month, 1) if 1 <= month <= 12 else None

    return _first(_MONTH, plain, of) or _first(_BARE_MONTH, plain, of)


def _years(plain: str, today: date) -> Period | None:
    return _first(_YEAR_NAMED, plain, lambda match: months_of(_year(match, today), 1, 12))


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
            return Period(today + timedelta(days=step), today + timedelta(days=step))
        if match["next"]:
            return months_of(today.year + 1, 1, 12)
        unit = {"tuan": "week", "thang": "month", "quy": "quarter", "nam": "year"}[match["unit"]]
        return unit_of(today, unit, _STEPS.get(match["which"], -1))

    return _first(_RELATIVE, plain, of)


def _first(pattern: re.Pattern[str], plain: str, of: Callable[[re.Match[str]], Period | None]) -> Period | None:
    return next((period for match in pattern.finditer(plain) if (period := of(match)) is not None), None)


def _year(match: re.Match[str], today: date) -> int:
    return int(match["y"] or today.year)


def _year_or_step(named: str | None, today: date) -> int:
    if named is None or named.isdigit():
        return int(named or today.year)
    return today.year + _STEPS.get(named, -1)
