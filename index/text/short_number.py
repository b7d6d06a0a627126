"""Document numbers as people type them: a type, a number, and perhaps a year and a body, in any of many spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.text import symbols
from index.text.skeleton import Skeleton
from index.text.unicode import accents_agree, fold


@dataclass(frozen=True, slots=True)
class ShortNumber:
    """One such number; offsets into the skeleton."""

    start: int
    end: int
    number: str  # without leading zeros
    year: int | None
    type: str | None  # symbol
    org: str | None  # symbol


_TYPED = tuple(
    kind for kind in (*symbols.TYPES, symbols.LAW)
    if kind.stands_alone or kind.symbol in ("PL", "TB", "KH", "HD", "KL", "CV", "SL", "ĐC", "Luật")
)  # fmt: skip
_WORDS = {fold(word): (kind, word) for kind in _TYPED for word in (kind.symbol, kind.name)}
_WORDS["lenh"] = next((kind, kind.name) for kind in symbols.TYPES if kind.symbol == "L")  # never the letter alone
_NAMES = {fold(name): (symbol, name) for name, symbol in symbols.BODY_NAMES.items()}
_ABBREVIATIONS_TOO = ("sl", "dc")  # symbols that also mean "số lượng" and "được": types only where a body follows
# Symbols that are also everyday syllables are read as bodies only where a slash or a dash leads to them.
_EVERYDAY = ("ca", "tu", "bbt")
_ORGS = "|".join(
    [r"(?:ubtv ?)?qh ?\d{1,2}", *sorted(_NAMES, key=len, reverse=True)]
    + [symbol for symbol in symbols.folded_bodies() if symbol not in _EVERYDAY]
)
_HEAD = re.compile(
    r"(?<![a-z0-9])(?<!phap )(?<!sac )(?P<word>" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")"
    rf"(?:[ -]{{1,3}}(?:cua )?(?P<org>{_ORGS})(?![a-z0-9]))?"
    r"[ .:-]{0,2}(?P<so>so(?: hieu)?)?[ .:]{0,2}"
    r"(?P<number>66-\d{1,2}(?![0-9])|\d{1,5}(?![0-9])(?:\.\d{1,2}(?![0-9]))?(?:[a-e](?![a-z0-9]))?)"
)
_BARE = re.compile(
    r"(?<![a-z0-9/])(?<![0-9][.,-])(?P<number>\d{1,4}) ?/ ?(?P<year>(?:19|20)\d\d)(?![a-z0-9]|[/.,-][0-9])"
)
_YEAR = re.compile(r",?(?: ?[/.-] ?| nam | )(?P<year>(?:19|20)\d\d)(?![0-9]|[/.,-][0-9])")
_TWO_DIGITS = re.compile(r"(?: ?[/-] ?| nam )(?P<year>\d\d)(?![0-9]|[/.,-][0-9])")
DATE_BESIDE = re.compile(
    r",? ?(?:ngay )?\d{1,2} ?(?:[/.-]|thang ) ?\d{1,2} ?(?:[/.-]|,? ?nam ) ?((?:19|20)\d\d)(?![0-9])"
)
"""A date after a number, which tells the year it was issued in: "74/NQ-CP ngày 07/4/2025"."""
_ORG = re.compile(
    rf"(?: ?[/-] ?| )(?:(?:{'|'.join(symbols.folded_types())})[ -]{{1,2}})?(?:cua )?(?P<org>{_ORGS})(?![a-z0-9])"
)
_NEXT_ORG = re.compile(rf"(?:,? ?(?:va|voi|cung) | ?[,/._-] ?| )(?:cua )?(?P<org>{_ORGS})(?![a-z0-9])")
"""A further body of those that issued a joint document: "btc-bldtbxh", "của Bộ Tài chính và Bộ Nội vụ"."""
_MORE_BODIES = re.compile(rf"[ /._-]{{1,2}}(?:{'|'.join(symbols.folded_bodies())})(?![a-z0-9])")
# What makes the digits something else: a date, a fraction, money, a count, a duration.
_NOT_A_NUMBER = re.compile(
    r"[a-z0-9%]|[/.,-] ?[0-9]| ?%| ?(?:trieu|tr|nghin|ngan|ty|ti|dong|vnd|usd|k|m2|km|ha|kg|met|nguoi|tuoi|lan|"
    r"gio|phut|nam(?! [0-9])|ngay(?! [0-9])|thang(?! [0-9])|tuan|buoc|noi dung|van de|muc|chieu|cap|loai|diem)(?![a-z])"
)


def find(text: Skeleton) -> Iterator[ShortNumber]:
    """Yield the numbers of `text` written in short: those with a type first, then bare ones such as "168/2024"."""
    position = 0
    while (match := _HEAD.search(text.text, position)) is not None:
        short = _read(text, match)
        yield from () if short is None else (short,)
        position = match.end("word") if short is None else short.end
    for match in _BARE.finditer(text.text):
        if int(match["number"]) > 12:  # else it may be a month
            yield ShortNumber(match.start(), match.end(), match["number"].lstrip("0"), int(match["year"]), None, None)


def full_year(two_digits: str) -> int:
    """Return the year meant by two digits: 2000 to 2049, else 1950 to 1999."""
    value = int(two_digits)
    return 2000 + value if value < 50 else 1900 + value


def end_of_bodies(text: Skeleton, end: int) -> int:
    """Return where the run of bodies that issued a joint document ends, given the end of the first: "btc bca"."""
    while (more := _MORE_BODIES.match(text.text, end)) is not None:
        end = more.end()
    return end


def _read(text: Skeleton, match: re.Match[str]) -> ShortNumber | None:
    kind, word = _WORDS[match["word"]]
    if not accents_agree(text.slice(*match.span("word")), word):
        return None
    number, end = match["number"].replace("-", ".").lstrip("0") or "0", match.end()
    year: int | None = None
    org = _org(text, match)
    whole, _, decimals = number.partition(".")
    if decimals and kind.symbol != "NQ":  # only resolutions have decimal numbers; elsewhere it is "42.22"
        if len(decimals) < 2 or not decimals.isdigit() or not _plausible(whole, decimals):
            return None
        number = whole
    if decimals and number == whole:
        year = full_year(decimals)
    for _ in range(2):  # "37/2026 bộ công an" and "21 ttg 2026"
        is_symbol = match["word"] != fold(kind.name)
        if year is None and (tail := _year_after(text, end, number, is_symbol=is_symbol)) is not None:
            year, end = tail
        if org is None and (found := _ORG.match(text.text, end)) is not None and (org := _org(text, found)) is not None:
            end = found.end()
            while kind.symbol in ("TTLT", "NQLT") and (found := _NEXT_ORG.match(text.text, end)) is not None:
                org, end = f"{org}-{_org(text, found)}", found.end()
    if year is None and (beside := DATE_BESIDE.match(text.text, end)) is not None:
        year = int(beside.group(1))
    if org is None and match["word"] in _ABBREVIATIONS_TOO:
        return None
    if year is None and org is None:
        if _NOT_A_NUMBER.match(text.text, match.end()):
            return None
        if not (match["so"] or _speaks_for_itself(kind, match["word"], number)):
            return None
    if year is None and not kind.may_look_like_a_year and number.isdigit() and 1945 <= int(number) <= 2099:
        return None  # "nghị định 2022" names a year
    return ShortNumber(match.start(), end, number, year, kind.symbol, org)


def _speaks_for_itself(kind: symbols.TypeSymbol, word: str, number: str) -> bool:
    if word == "quyet dinh" and len(number) == 1:
        return False  # "quyết định" is a verb too
    return kind.stands_alone


def _year_after(text: Skeleton, end: int, number: str, *, is_symbol: bool) -> tuple[int, int] | None:
    if (match := _YEAR.match(text.text, end)) is not None:
        return int(match["year"]), match.end()
    match = _TWO_DIGITS.match(text.text, end)
    if match is not None and (is_symbol or _plausible(number, match["year"])):  # "nd 13/12" is no day of December
        return full_year(match["year"]), match.end()
    return None


def _plausible(number: str, two_digits: str) -> bool:
    """Whether number/yy can be a number with its year and not a day with its month."""
    digits = re.match(r"\d+", number)
    return int(two_digits) > 12 or (digits is not None and int(digits.group()) > 31)


def _org(text: Skeleton, match: re.Match[str]) -> str | None:
    folded = match["org"]
    if folded is None:
        return None
    typed = text.slice(*match.span("org"))
    if folded in _NAMES:
        symbol, name = _NAMES[folded]
        return symbol if accents_agree(typed, name) else None
    symbol = symbols.body_symbol(typed.replace(" ", ""))
    return symbol if accents_agree(typed.replace(" ", ""), symbol) else None
