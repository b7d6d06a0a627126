"""Single words for articles, clauses and points in what people type: "đ5", "khoản hai", "article 5(2)", "第二款"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from index.text.skeleton import Skeleton
from index.text.unicode import accents_agree, normalise


class Level(IntEnum):
    """Part of a document, from the whole to the part: điều, khoản, điểm."""

    ARTICLE = 0
    CLAUSE = 1
    POINT = 2


@dataclass(frozen=True, slots=True)
class Item:
    """One label with its word, "khoản 2"; offsets into the skeleton."""

    level: Level
    label: str
    start: int
    end: int
    alone: bool  # means a place without another item beside it


_WORDS = {
    "dieu": (Level.ARTICLE, "điều"), "khoan": (Level.CLAUSE, "khoản"), "diem": (Level.POINT, "điểm"),
    "article": (Level.ARTICLE, None), "art": (Level.ARTICLE, None), "d": (Level.ARTICLE, None),
    "clause": (Level.CLAUSE, None), "paragraph": (Level.CLAUSE, None), "para": (Level.CLAUSE, None),
    "k": (Level.CLAUSE, None), "point": (Level.POINT, None),
}  # fmt: skip
"""Words as folded, and as spelled where accents are to agree."""

_UNITS = (
    r"(?: ?%| ?(?:nguoi|xe (?:cuu|cap|chua|den|di)|chiec|luot|can bo|chien si|canh sat|nhan vien|bac si|y bac si|"
    r"trieu|tr|nghin|ngan|ty|ti|dong|usd|vnd|k|tuoi|kg|km|m2|lan|thang|gio|phut|days?|weeks?|months?|years?|people|persons|"
    r"million|billion|percent)(?![a-z0-9]))"
)
"""What makes the digits a count or a sum: "điều 5 người", "khoản 5 triệu"."""

_END = rf"(?![0-9%])(?![./-] ?\d|,\d{{3}})(?!(?:,\d{{1,2}})?{_UNITS})(?![a-z](?<![kd](?=\d)))"
_DIGITS_TYPED = r"(?P<label>\d{1,3}(?:[a-e](?![a-z0-9]))?)"
_WITHIN = r"\.(?P<dotted>\d{1,2})(?![\d.,/-])|\((?P<clause>\d{1,2})\)(?:\((?P<point>[a-z])\))?"
"""What joins a clause to its article: "5.2", "5(2)(a)"."""

_NUMBERED = re.compile(
    rf"(?<![a-z0-9/])(?P<word>dieu|khoan|article|art|clause|paragraph|para)s?[ .:]{{0,2}}(?:(?:so|thu|no)[ .]{{1,2}})?"
    rf"{_DIGITS_TYPED}(?:{_WITHIN}|{_END}|(?=-\d))"
)
_SHORT = re.compile(rf"(?:(?<![a-z0-9/])|(?<=\d))(?P<word>[dk])\.?(?P<label>\d{{1,3}}){_END}")
_LETTERED = re.compile(
    r"(?<![a-z0-9/])(?<!thoi )(?<!dia )(?<!quan )(?<!dac )(?<!trong )(?<!nhuoc )(?<!uu )(?<!cao )"
    r"(?P<word>diem|point)s? ?[(\"“]?(?P<label>[a-z])[)\"”]?(?![a-z0-9])"
)
_SPELLED = re.compile(
    r"(?<![a-z0-9])(?P<word>dieu|khoan) (?:thu )?(?P<label>(?:(?:hai|ba|bon|nam|sau|bay|tam|chin) )?muoi"
    r"(?: (?:mot|hai|ba|bon|tu|lam|sau|bay|tam|chin))?|mot|hai|ba|bon|nam|sau|bay|tam|chin)"
    r"(?= ?[,.;?!)]| ?$| (?:dieu|khoan|diem) |"
    r" (?:cua|noi|quy dinh|ghi|nghi dinh|thong tu|luat|bo luat|thi|nay)(?![a-z]))"
)
_DIGITS = {"mot": "một", "hai": "hai", "ba": "ba", "bon": "bốn", "nam": "năm", "sau": "sáu", "bay": "bảy",
           "tam": "tám", "chin": "chín"}  # fmt: skip
_NEED_ACCENTS = frozenset({"nam", "sau", "bay", "tam"})
"""Number words that are other words without their accents: "điều sau", "điều này"."""

_HAN_DIGITS = "零一二三四五六七八九"
_HAN = re.compile(rf"第 ?(?P<label>\d{{1,3}}|[{_HAN_DIGITS}两十百]{{1,5}}) ?(?P<word>[条條款])")
_HAN_POINT = re.compile("(?:第 ?)?(?<![a-z0-9])(?P<label>[a-z]) ?[项項点點]")
_MORE = re.compile(rf"(?:[,、-] ?| (?:va|hoac|and|or) ){_DIGITS_TYPED}{_END}(?! (?:nam|ngay|tuan)\b)")
_MORE_LETTERS = re.compile(r"(?:[,、] ?| (?:va|hoac|and|or) )(?P<label>[a-z])(?![a-z0-9])")
_LISTED_AT_MOST = 8

_SAYS = re.compile(r" (?:noi|quy dinh|ghi|cua|nghi dinh|thong tu|luat|nd|tt)(?![a-z])")
"""What follows "d5" where it is an article and no road."""

_NO_ARTICLE = re.compile(r"(?:duong|so|lo|nha|khu|phong|lop|tuyen|hang|bang|cap) ?$")
_POINT_ALONE = re.compile(r" ?(?:$|[,.;?!)]|(?:noi|quy dinh|ghi|cua|nay|do|thi (?:sao|noi|quy dinh))(?![a-z]))")


def find_items(form: Skeleton) -> list[Item]:
    """Return the articles, clauses and points of a text one by one, in order, without overlaps."""
    found = [*_numbered(form), *_short(form), *_lettered(form), *_spelled(form), *_han(form)]
    items: list[Item] = []
    for item in sorted(found, key=lambda item: (item.start, -item.end)):
        if not items or item.start >= items[-1].end:
            items.append(item)
    return items


def _numbered(form: Skeleton) -> Iterator[Item]:
    for match in _NUMBERED.finditer(form.text):
        level, spelled = _WORDS[match["word"]]
        if spelled and not _is_spelled(form.slice(*match.span("word")), spelled):
            continue
        end = match.end("label")
        yield Item(level, _label(form, match, "label"), match.start(), end, alone=True)
        parts = ((Level.CLAUSE, "dotted"), (Level.CLAUSE, "clause"), (Level.POINT, "point"))
        for below, group in parts:
            if match[group] and below > level:
                end = match.end(group) + (group != "dotted")  # the bracket too
                yield Item(below, _label(form, match, group), match.start(group), end, alone=False)
        yield from _listed(form, end, level, _MORE)


def _short(form: Skeleton) -> Iterator[Item]:
    for match in _SHORT.finditer(form.text):
        is_sure = match["word"] == "d" and not _NO_ARTICLE.search(form.text, max(0, match.start() - 8), match.start())
        if form.slice(match.start(), match.start() + 1).lower() != "đ":
            is_sure = is_sure and _SAYS.match(form.text, match.end()) is not None
        if match.start() and form.text[match.start() - 1].isdigit():
            is_sure = False
        yield Item(_WORDS[match["word"]][0], _label(form, match, "label"), match.start(), match.end(), is_sure)


def _lettered(form: Skeleton) -> Iterator[Item]:
    for match in _LETTERED.finditer(form.text):
        spelled = _WORDS[match["word"]][1]
        if spelled and not _is_spelled(form.slice(*match.span("word")), spelled):
            continue
        alone = match["word"] == "diem" and _POINT_ALONE.match(form.text, match.end()) is not None
        yield Item(Level.POINT, _label(form, match, "label"), match.start(), match.end(), alone)
        yield from _listed(form, match.end(), Level.POINT, _MORE_LETTERS)


def _listed(form: Skeleton, end: int, level: Level, pattern: re.Pattern[str]) -> Iterator[Item]:
    for _ in range(_LISTED_AT_MOST):
        more = pattern.match(form.text, end)
        if more is None:
            return
        end = more.end()
        yield Item(level, _label(form, more, "label"), more.start("label"), end, alone=False)


def _spelled(form: Skeleton) -> Iterator[Item]:
    for match in _SPELLED.finditer(form.text):
        level, word = _WORDS[match["word"]]
        typed = normalise(form.slice(*match.span("label"))).lower()
        if match["label"] in _NEED_ACCENTS and typed != _DIGITS[match["label"]]:
            continue
        if word and _is_spelled(form.slice(*match.span("word")), word):
            yield Item(level, str(_value(match["label"])), match.start(), match.end(), alone=True)


def _han(form: Skeleton) -> Iterator[Item]:
    for match in _HAN.finditer(form.text):
        level = Level.CLAUSE if match["word"] == "款" else Level.ARTICLE
        if value := _han_value(match["label"]):
            yield Item(level, str(value), match.start(), match.end(), alone=True)
    for match in _HAN_POINT.finditer(form.text):
        yield Item(Level.POINT, _label(form, match, "label"), match.start(), match.end(), alone=False)


def _is_spelled(typed: str, word: str) -> bool:
    return accents_agree(typed, word) or normalise(typed).lower() == "khỏan"


def _label(form: Skeleton, match: re.Match[str], group: str) -> str:
    """Return a label as typed, for đ is not d, without leading zeros."""
    typed = normalise(form.slice(*match.span(group))).lower()
    plain = match[group]
    return (plain[:-1] + "đ" if typed.endswith("đ") else plain).lstrip("0") or "0"


def _value(words: str) -> int:
    units = {word: value for value, word in enumerate(_DIGITS, 1)} | {"tu": 4, "lam": 5}
    tens, is_tens, ones = words.rpartition("muoi")
    if not is_tens:
        return units[words]
    return 10 * units.get(tens.strip(), 1) + units.get(ones.strip(), 0)


def _han_value(numeral: str) -> int:
    """Return what a Chinese numeral below 1,000 or digits mean; 0 where it means nothing."""
    if numeral.isascii():
        return int(numeral)
    total, digit = 0, 0
    for character in numeral.replace("两", "二"):
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS.index(character)
        else:
            total += (digit or 1) * {"十": 10, "百": 100}[character]
            digit = 0
    return total + digit
