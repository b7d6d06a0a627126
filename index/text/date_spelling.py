"""Days and periods in the one spelling that the grammar of dates reads: digits, years by number, no lunar days."""

from __future__ import annotations

import re
from datetime import date

from index.text.edits import replaced
from index.text.period import month_after
from index.text.skeleton import Skeleton
from index.text.unicode import normalise

_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12,
}  # fmt: skip
_NUMBER = "muoi mot|muoi hai|mot|hai|ba|tu|bon|nam|sau|bay|tam|chin|muoi"
_ACCENTED = {"sau": "sáu", "nam": "năm", "tu": "tư", "bay": "bảy", "tam": "tám"}
"""Numbers that are other words without their accents: "thang sau" is next month."""

_STEPS = {"nay": 0, "sau": 1, "toi": 1, "sap toi": 1, "kia": -2, "truoc nua": -2}  # the others are the one before
WHICH = "nay|truoc nua|truoc|qua|ngoai|kia|vua qua|vua roi|roi|sau|toi(?! da| thieu)|sap toi"
"""Words that tell which week, month or year, folded."""

_SPELLED = re.compile(
    rf"(?<![a-z0-9])(?P<before>thang|mung|mong|quy) (?P<n>{_NUMBER})(?![a-z0-9])"
    r"(?! (?:lan|vi|me|ma|phu|thay|ong|khach)(?![a-z]))"
)
_COUNTED = re.compile(
    rf"(?<![a-z0-9])(?<!thu )(?<!thang )(?<!quy )(?<!mung )(?<!mong )(?<!viet )(?P<n>{_NUMBER}) "
    r"(?P<unit>ngay|tuan|thang|nam)"
    r"(?= (?:qua|vua qua|gan day|gan nhat|truoc|nay|tro lai|toi(?! da| thieu)|sap toi|tiep theo|nua)(?![a-z]))"
)
_HALF = re.compile(r"(?<![a-z0-9])nua (?P<unit>nam|thang) (?=(?:qua|vua qua|gan day|nay|tro lai)(?![a-z]))")
_TU_OR_TOI = re.compile(r"(?<![a-z0-9])(?<!thu )(?<!thang )(?<!quy )(?<!mung )(?<!mong )(?:tu|toi(?= nay))(?![a-z0-9])")
_LUNAR = re.compile(
    r"(?<![a-z0-9])(?:(?:ngay |mung |mong |ram )?\d{1,2}(?: ?/ ?| thang )\d{1,2}(?:/\d{4}| nam \d{4})? "
    r"(?:am lich|am|al)|"
    r"thang \d{1,2} (?:am lich|al)|ram thang \d{1,2}|(?:gio to|hung vuong)[a-z ]{0,16}10(?:/| thang )0?3)(?![a-z0-9])"
)
_YEAR_BY_WORD = re.compile(
    r"(?<![a-z0-9])(?<!viet )(?<!thu )(?<!may )(?<!nhieu )(?<!cac )(?<!nhung )"
    rf"nam (?P<which>{WHICH})(?![a-z0-9])"
)
_DATED = re.compile(r"(?:thang ?|quy |/)\d{1,2} $")
_MONTH_BY_WORD = re.compile(
    rf"(?<![a-z0-9])(?P<day>(?:ngay|mung|mong|hom|den|toi) \d{{1,2}}) thang (?P<which>{WHICH})(?![a-z0-9])"
)
_BY_LETTERS = re.compile(r"(?<![a-z0-9])(?:t(?P<day>[2-7])|cn)(?= tuan )")
_QUARTER = re.compile(r"(?<![a-z0-9])q(?P<q>[1-4])(?=(?: ?[/.-] ?| nam | )(?:19|20)\d\d(?!\d))")
_SHORT_YEAR = re.compile(
    r"(?<![\d/.,-])(?<!so )(?<!nha )(?<!hem )(?<!ngo )"
    r"(?P<d>\d{1,2})(?P<by>[/.-])(?P<m>\d{1,2})(?P=by)(?P<y>[0-4]\d)(?![\d/.,-])"
)

_HAN_DIGITS = "零〇一二三四五六七八九"
_HAN_NUMBER = re.compile(f"[{_HAN_DIGITS}十两]{{1,4}}(?= ?(?:年|月|日|号|天|周|星期|季度|个))")


def step_of(which: str) -> int:
    """Return how many weeks, months or years after this one a word of WHICH means: "nay" 0, "sau" 1, "qua" -1."""
    return _STEPS.get(which, -1)


def spell_out(form: Skeleton, today: date) -> str:
    """Return the skeleton's text with what the grammar of dates reads in one spelling.

    Months, counts and Chinese numerals in digits ("tháng bảy", "hai tuần trước", "七月"), years by number ("năm
    ngoái"), months that follow a day too ("ngày 20 tháng này"), "T2 tuần sau" and "Q3/2026" in full; lunar days are
    blotted out.
    """

    def digits(match: re.Match[str]) -> str:
        word, typed = match["n"], normalise(form.slice(*match.span("n"))).lower()
        if match["before"] == "quy":
            is_meant = normalise(form.slice(*match.span("before"))).lower() == "quý" and word in (
                "mot",
                "hai",
                "ba",
                "tu",
                "bon",
            )
        elif match["before"] == "thang":
            is_meant = _is_number(word, typed) or word in ("bay", "tam")
            if word == "nam" and re.match(rf" (?:\d|{WHICH})", form.text[match.end() : match.end() + 6]):
                is_meant = False  # "tháng năm nay" is this month of May, or a month of this year
        else:
            is_meant = True
        return f"{match['before']} {_NUMBERS[word]}" if is_meant else match.group()

    def count(match: re.Match[str]) -> str:
        typed = normalise(form.slice(*match.span("n"))).lower()
        return f"{_NUMBERS[match['n']]} {match['unit']}" if _is_number(match["n"], typed) else match.group()

    # The first two look at what was typed, so they come before anything that moves letters.
    edits = [(match.span(), digits(match)) for match in _SPELLED.finditer(form.text)]
    edits += [(match.span(), count(match)) for match in _COUNTED.finditer(form.text)]
    for match in _TU_OR_TOI.finditer(form.text):  # "từ" is meant by "tu", not "tư" or "tử"; "tới nay" is not "tối nay"
        typed = normalise(form.slice(*match.span())).lower()
        if typed not in ("tu", "từ", "toi", "tối"):
            edits.append((match.span(), "den" if typed == "tới" else "#"))
    text = replaced(form.text, sorted(edits))
    text = _LUNAR.sub(lambda match: "#" * len(match.group()), text)
    text = _HALF.sub(lambda match: "6 thang " if match["unit"] == "nam" else "15 ngay ", text)
    text = _YEAR_BY_WORD.sub(lambda match: _year(match, today), text)
    text = _MONTH_BY_WORD.sub(lambda match: f"{match['day']} thang {_month(today, match['which'])}", text)
    text = _BY_LETTERS.sub(lambda match: f"thu {match['day']}" if match["day"] else "chu nhat", text)
    text = _QUARTER.sub(r"quy \g<q>", text)
    text = _SHORT_YEAR.sub(r"\g<d>/\g<m>/20\g<y>", text)
    return _HAN_NUMBER.sub(lambda match: _han(match.group()), text)


def _is_number(word: str, typed: str) -> bool:
    return word not in _ACCENTED or typed == _ACCENTED[word]


def _year(match: re.Match[str], today: date) -> str:
    before = match.string[max(0, match.start() - 9) : match.start()]
    if before[-2:-1].isdigit() and not _DATED.search(before):
        return match.group()  # "5 năm trước"
    return f"nam {today.year + step_of(match['which'])}"


def _month(today: date, which: str) -> str:
    first = month_after(today, step_of(which))
    return f"{first.month}/{first.year}"


def _han(numeral: str) -> str:
    """Return a Chinese numeral below 100, or a year written digit by digit, in digits."""
    plain = numeral.replace("〇", "零").replace("两", "二")
    digits = _HAN_DIGITS.replace("〇", "")
    tens, is_tens, ones = plain.partition("十")
    if not is_tens:
        return "".join(str(digits.index(one)) for one in plain)
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return numeral
    return str(10 * (digits.index(tens) if tens else 1) + (digits.index(ones) if ones else 0))
