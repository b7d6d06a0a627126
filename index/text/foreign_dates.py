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
_SPAN = re.compile(
    rf"\b(?P<a>{_MONTHS})(?: (?P<ay>(?:19|20)\d\d))? (?:to|until|through|-) (?P<b>{_MONTHS}),? {_YEAR}\b"
)
_QUARTER = re.compile(rf"\b(?:(?P<q>first|second|third|fourth) quarter(?:,? (?:of )?{_YEAR})?)\b")
_HALF = re.compile(rf"\b(?P<h>first|second) half(?: of)?(?: (?:{_YEAR}|(?:this|the) year))?\b")
_COUNTED = re.compile(
    r"\b(?:(?:last|past|previous|recent) (?P<n>\d{1,3}|two|three|four|five|six|ten) "
    r"(?P<unit>days?|weeks?|months?|years?)|"
    r"(?P<n2>\d{1,3}|a|one|two|three|four|five|six|ten) (?P<unit2>days?|weeks?|months?|years?) ago)\b"
)
_WEEKDAY = re.compile(r"\b(?P<day>mon|tues|wednes|thurs|fri|satur|sun)day (?:of )?(?P<which>this|last|next) week\b")
_RELATIVE = re.compile(r"\b(?P<which>this|current|last|past|previous|next|coming) (?P<unit>week|month|quarter|year)\b")
_DAY = re.compile(r"\b(?:today|yesterday|tomorrow)\b")
_YEAR_NAMED = re.compile(rf"\b(?:in|for|during|since|of|year) {_YEAR}\b")
_HAN_DAY = re.compile("今天|今日|昨天|昨日|明天|明日|前天|后天")
_HAN_UNIT = re.compile(
    "(?P<which>这一?个?|本|上一?个?|下一?个?)(?P<unit>周|星期|礼拜|月|季度)|(?P<year>今年|去年|明年|前年)"
)
_HAN_QUARTER = re.compile("(?:(?P<y>(?:19|20)\\d\\d) ?年|(?P<which>今|去|明)年)?(?:的)?第? ?(?P<q>\\d) ?季度?")
_HAN_HALF = re.compile("(?:(?P<y>(?:19|20)\\d\\d) ?年|(?P<which>今|去|明)年)?(?P<h>[上下])半年")
_HAN_COUNTED = re.compile("(?:最近|过去|近) ?(?P<n>\\d{1,3}) ?个?(?P<unit>天|日|周|星期|月|年)")
_HAN_WEEKDAY = re.compile("(?P<which>本|这|上|下)个?(?:周|星期|礼拜)(?P<day>[1-6]|[一二三四五六日天])")
_HAN_DATE = re.compile(
    "(?:(?P<y>(?:19|20)\\d\\d) ?年)? ?(?P<m>\\d{1,2}) ?月(?: ?(?P<d>\\d{1,2}) ?[日号])?|(?P<only>(?:19|20)\\d\\d) ?年"
)
_DAYS = {"今": 0, "昨": -1, "明": 1, "前": -2, "后": 2}
_HAN_UNITS = {"周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter"}
_ORDINALS = ("first", "second", "third", "fourth")
_WORDS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_LENGTHS = {"d": 1, "w": 7, "m": 30, "y": 365, "天": 1, "日": 1, "周": 7, "星": 7, "月": 30, "年": 365}
_WEEKDAYS = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_SINCE = re.compile(r"\bsince (?:the )?(?:beginning of )?$")
_STEPS = {"this": 0, "current": 0, "next": 1, "coming": 1}


def find(plain: str, today: date) -> Period | None:
    """Return the first period that `plain` (a skeleton's text) names in English or Chinese, seen from `today`."""
    return _english(plain, today) or _chinese(plain, today)


def _english(plain: str, today: date) -> Period | None:
    if match := _SPAN.search(plain):
        first, last = (_STARTS.index(match[which][:3]) + 1 for which in "ab")
        return _months(int(match["ay"] or match["y"]), first, int(match["y"]), last)
    if match := _DAY_OF_MONTH.search(plain):
        named = _day(int(match["y"] or today.year), _month_of(match), int(match["d"] or match["d2"]))
        return _since(match, named, today) if named else None
    if match := _QUARTER.search(plain):
        return months_of(int(match["y"] or today.year), 3 * _ORDINALS.index(match["q"]) + 1, 3)
    if match := _HALF.search(plain):
        return months_of(int(match["y"] or today.year), 1 if match["h"] == "first" else 7, 6)
    if match := _COUNTED.search(plain):
        count = match["n"] or match["n2"]
        length = (_WORDS.get(count) or int(count)) * _LENGTHS[(match["unit"] or match["unit2"])[0]]
        return Period(today - timedelta(days=length), today)
    if match := _WEEKDAY.search(plain):
        monday = unit_of(today, "week", _STEPS.get(match["which"], -1)).start
        day = monday + timedelta(days=_WEEKDAYS.index(match["day"]))
        return Period(day, day)
    if match := _RELATIVE.search(plain):
        return _since(match, unit_of(today, match["unit"], _STEPS.get(match["which"], -1)), today)
    if match := _DAY.search(plain):
        day = today + timedelta(days={"today": 0, "yesterday": -1}.get(match.group(), 1))
        return Period(day, day)
    if match := _MONTH.search(plain):
        year = re.match(rf",? ?{_YEAR}", plain[match.end() :])
        return _since(match, months_of(int(year["y"]) if year else today.year, _month_of(match), 1), today)
    if match := _YEAR_NAMED.search(plain):
        return months_of(int(match["y"]), 1, 12)
    return None


def _chinese(plain: str, today: date) -> Period | None:
    if match := _HAN_QUARTER.search(plain):
        quarter = int(match["q"])
        return months_of(_han_year(match, today), 3 * quarter - 2, 3) if 1 <= quarter <= 4 else None
    if match := _HAN_HALF.search(plain):
        return months_of(_han_year(match, today), 1 if match["h"] == "上" else 7, 6)
    if match := _HAN_COUNTED.search(plain):
        return Period(today - timedelta(days=int(match["n"]) * _LENGTHS[match["unit"][0]]), today)
    if match := _HAN_WEEKDAY.search(plain):
        monday = unit_of(today, "week", {"上": -1, "下": 1}.get(match["which"], 0)).start
        weekday = int(match["day"]) - 1 if match["day"].isdigit() else "一二三四五六日天".index(match["day"])
        day = monday + timedelta(days=min(weekday, 6))
        return Period(day, day)
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


def _months(first_year: int, first: int, last_year: int, last: int) -> Period | None:
    if (first_year, first) > (last_year, last):
        return None
    return Period(date(first_year, first, 1), months_of(last_year, last, 1).end)


def _since(match: re.Match[str], period: Period, today: date) -> Period:
    """Let a period that has begun run to today where "since" stands before it."""
    is_open = _SINCE.search(match.string[max(0, match.start() - 30) : match.start()])
    return Period(period.start, today) if is_open and period.start <= today else period


def _han_year(match: re.Match[str], today: date) -> int:
    return int(match["y"]) if match["y"] else today.year + {"去": -1, "明": 1}.get(match["which"] or "", 0)


def _month_of(match: re.Match[str]) -> int:
    return _STARTS.index((match["m"] or match["m2"])[:3]) + 1


def _day(year: int, month: int, day: int) -> Period | None:
    try:
        return Period(date(year, month, day), date(year, month, day))
    except ValueError:
        return None
