"""Periods in English and Chinese questions, read from the same plain form as the Vietnamese ones."""

from __future__ import annotations

import re
from datetime import date, timedelta

from index.text.period import Period, months_of, unit_of

_YEAR = r"(?P<y>(?:19|20)\d\d)"
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_STARTS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_OF_MONTH = re.compile(
    rf"\b(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{_MONTHS})|"
    rf"(?P<m2>{_MONTHS}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)"
    rf"\b(?:,? {_YEAR})?(?!\d)"
)
_MONTH = re.compile(rf"\b(?:(?:in|since|from|of|until|by) (?P<m>{_MONTHS})|(?P<m2>{_MONTHS}),? (?={_YEAR}))\b")
_RELATIVE = re.compile(r"\b(?P<which>this|current|last|past|previous|next|coming) (?P<unit>week|month|quarter|year)\b")
_DAY = re.compile(r"\b(?:today|yesterday|tomorrow)\b")
_YEAR_NAMED = re.compile(rf"\b(?:in|for|during|since|of|year) {_YEAR}\b")
_HAN_DAY = re.compile("今天|今日|昨天|昨日|明天|明日|前天|后天")
_HAN_UNIT = re.compile(
    "(?P<which>这一?个?|本|上一?个?|下一?个?)(?P<unit>周|星期|礼拜|月|季度)|(?P<year>今年|去年|明年|前年)"
)
_HAN_DATE = re.compile(
    "(?:(?P<y>(?:19|20)\\d\\d) ?年)? ?(?P<m>\\d{1,2}) ?月(?: ?(?P<d>\\d{1,2}) ?[日号])?|(?P<only>(?:19|20)\\d\\d) ?年"
)
_DAYS = {"今": 0, "昨": -1, "明": 1, "前": -2, "后": 2}
_HAN_UNITS = {"周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter"}
_STEPS = {"this": 0, "current": 0, "next": 1, "coming": 1}


def find(plain: str, today: date) -> Period | None:
    """Return the first period that `plain` (a skeleton's text) names in English or Chinese, seen from `today`."""
    return _english(plain, today) or _chinese(plain, today)


def _english(plain: str, today: date) -> Period | None:
    if match := _DAY_OF_MONTH.search(plain):
        return _day(int(match["y"] or today.year), _month_of(match), int(match["d"] or match["d2"]))
    if match := _RELATIVE.search(plain):
        return unit_of(today, match["unit"], _STEPS.get(match["which"], -1))
    if match := _DAY.search(plain):
        day = today + timedelta(days={"today": 0, "yesterday": -1}.get(match.group(), 1))
        return Period(day, day)
    if match := _MONTH.search(plain):
        year = re.match(rf",? ?{_YEAR}", plain[match.end() :])
        return months_of(int(year["y"]) if year else today.year, _month_of(match), 1)
    if match := _YEAR_NAMED.search(plain):
        return months_of(int(match["y"]), 1, 12)
    return None


def _chinese(plain: str, today: date) -> Period | None:
    if match := _HAN_DATE.search(plain):
        if match["only"]:
            return months_of(int(match["only"]), 1, 12)
        year, month = int(match["y"] or today.year), int(match["m"])
        if match["d"]:
            return _day(year, month, int(match["d"]))
        return months_of(year, month, 1) if 1 <= month <= 12 else None
    if match := _HAN_DAY.search(plain):
        day = today + timedelta(days=_DAYS[match.group()[0]])
        return Period(day, day)
    if match := _HAN_UNIT.search(plain):
        if match["year"]:
            return months_of(today.year + {"今": 0, "去": -1, "明": 1}.get(match["year"][0], -2), 1, 12)
        step = {"上": -1, "下": 1}.get(match["which"][0], 0)
        return unit_of(today, _HAN_UNITS[match["unit"]], step)
    return None


def _month_of(match: re.Match[str]) -> int:
    return _STARTS.index((match["m"] or match["m2"])[:3]) + 1


def _day(year: int, month: int, day: int) -> Period | None:
    try:
        return Period(date(year, month, day), date(year, month, day))
    except ValueError:
        return None
