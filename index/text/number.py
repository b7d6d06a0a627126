"""The grammar of document numbers (số, ký hiệu): finding them as printed and as typed, and printing them properly.

Shapes and spellings are those of the reference notes on government documents, section 4: seen in 5,457 real numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from index.text import short_number, symbols
from index.text.skeleton import Skeleton, skeleton
from index.text.symbols import PARTY_BODIES, TYPE_NAMES
from index.text.unicode import accents_agree, fold, normalise

__all__ = ["TYPE_NAMES", "ParsedNumber", "Shape", "canonical", "find_numbers", "number_key", "type_of"]


class Shape(str, Enum):
    """How a number is printed."""

    NORMATIVE = "normative"  # 154/2026/NĐ-CP
    ADMINISTRATIVE = "administrative"  # 21/CT-TTg; its year, where known, stands beside it
    ASSEMBLY = "assembly"  # 03/2026/QH16
    JOINT = "joint"  # 72/2025/NQLT/UBTVQH15-CP
    LETTER = "letter"  # 2663/VPCP-NC
    PARTY = "party"  # 66-NQ/TW
    SHORT = "short"  # incomplete, as typed: "nđ 168"


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """One document number found in a text."""

    text: str  # as it stands in the raw text
    start: int  # offsets into the raw text: raw[start:end] == text
    end: int
    number: str  # without leading zeros: "5", "66.17", "8a"
    year: int | None
    type: str | None  # symbol, a key of TYPE_NAMES: "NĐ"
    org: str | None  # symbol of the issuing body: "CP", "QH16", "BTC-BCA"
    shape: Shape = Shape.SHORT


_TYPES = "|".join(symbols.folded_types())
_BODIES = "|".join(symbols.folded_bodies())
_START = r"(?<![0-9/])(?<![0-9][.,-])"
_AFTER_SO = r"(?:(?<![a-z])|(?<=so))"
_NUMBER = r"(?P<number>0?\d{1,5}(?:\.\d{1,3})?[a-e]?|66-\d{1,2})"  # the series 66.x is also typed 66-x
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SLASH, _DASH = " ?/ ?", " ?- ?"
_ORG = r"(?P<org>[a-z][a-z0-9&-]*)"
_QH = r"(?P<org>(?:ubtv ?)?qh ?\d{1,2})(?![a-z0-9])"
_SEPARATOR = "[ /._-]{1,3}"
_ENGLISH_TYPE = re.compile(rf"\b({'|'.join(symbols.ENGLISH_TYPES)})s?\b")
_PLAIN_TYPES = "|".join(
    kind.symbol.lower().replace("đ", "d")
    for kind in symbols.TYPES
    if kind.stands_alone or kind.symbol in ("TB", "KH", "HD")
)

_Patterns = tuple[tuple[Shape, re.Pattern[str]], ...]
# In order of trust; a later pattern never overlaps what an earlier one has found.
_PATTERNS: _Patterns = (
    (
        Shape.NORMATIVE,
        re.compile(rf"{_START}{_NUMBER}{_SLASH}(?P<year>(?:19|20)\d\d|\d\d){_SLASH}(?P<type>{_TYPES}){_DASH}{_ORG}"),
    ),
    (
        Shape.JOINT,
        re.compile(rf"{_START}{_NUMBER}{_SLASH}(?:{_YEAR}{_SLASH})?(?P<type>nqlt|ttlt){_SLASH}{_ORG}"),
    ),
    (Shape.ASSEMBLY, re.compile(rf"{_START}{_NUMBER}{_SEPARATOR}{_YEAR}{_SEPARATOR}{_QH}")),
    (Shape.ADMINISTRATIVE, re.compile(rf"{_START}{_NUMBER}{_SLASH}(?P<type>{_TYPES}){_DASH}{_ORG}")),
    (Shape.PARTY, re.compile(rf"{_START}(?<![a-z]){_NUMBER}(?: ?- ?| )(?P<type>{_TYPES}) ?/ ?{_ORG}")),
    (
        Shape.LETTER,
        re.compile(rf"{_START}{_AFTER_SO}{_NUMBER}{_SLASH}(?:{_YEAR}{_SLASH})?(?P<org>[a-z]+ ?- ?[a-z0-9&-]+)"),
    ),
    (  # dots, dashes or blanks for slashes, and a dash that leads to bodies nobody need know
        Shape.NORMATIVE,
        re.compile(
            rf"{_START}(?<![a-z]){_NUMBER}{_SEPARATOR}{_YEAR}{_SEPARATOR}(?P<type>{_TYPES})-(?P<org>[a-z]+-[a-z0-9&-]+)"
        ),
    ),
    (  # dots, dashes or blanks for slashes, with symbols that are beyond doubt
        Shape.NORMATIVE,
        re.compile(
            rf"{_START}(?<![a-z]){_NUMBER}{_SEPARATOR}{_YEAR}{_SEPARATOR}(?!ttcp(?![a-z]))(?P<type>{_TYPES})"
            r"[ /._-]{0,3}"
            rf"(?P<org>(?:{_BODIES})|(?:ubtv)?qh\d{{1,2}})(?![a-z0-9])"
        ),
    ),
    (
        Shape.ADMINISTRATIVE,
        re.compile(
            rf"{_START}(?<![a-z]){_NUMBER}{_SEPARATOR}(?!ttcp(?![a-z]))(?P<type>{_PLAIN_TYPES})[ /._-]{{0,3}}"
            rf"(?P<org>(?:{_BODIES})|(?:ubtv)?qh\d{{1,2}})(?![a-z0-9])"
        ),
    ),
)
_MORE_ORG = re.compile(r" ?- ?([a-z0-9&]+)")
# A letter without a unit looks like the end of something typed in short, so it comes last.
_LETTER_WITHOUT_UNIT: _Patterns = (
    (
        Shape.LETTER,
        re.compile(rf"{_START}(?<![a-z]){_NUMBER}{_SLASH}(?:{_YEAR}{_SLASH})?(?P<org>[a-z]{{3,}})(?![a-z0-9-])"),
    ),
)
_YEAR_BESIDE = re.compile(r",?(?: ?[/.-] ?| nam | )((?:19|20)\d\d)(?![0-9]|[/.-][0-9])")
_MENTIONED_TYPES = tuple(
    kind for kind in (*symbols.TYPES, symbols.LAW)
    if kind.stands_alone or kind.symbol in ("PL", "L", "TB", "KL", "Luật", "CV")
)  # fmt: skip
_TYPE_WORDS = {
    **{fold(kind.name): kind for kind in _MENTIONED_TYPES},
    **{word: kind for kind in _MENTIONED_TYPES for word in ("nd", "qd", "nq", "ttlt", "nqlt", "vbhn")
       if symbols.type_symbol(word) == kind.symbol},
}  # fmt: skip
_TYPE_MENTION = re.compile(
    r"(?<![a-z0-9])(?<!phap )(?<!ky )(?:"
    + "|".join(sorted(_TYPE_WORDS, key=len, reverse=True))
    + r")(?! su\b)(?![a-z0-9])"
)


def find_numbers(raw_text: str) -> list[ParsedNumber]:
    """Return the document numbers in `raw_text`, in order, without overlaps; never raises.

    Reads printed numbers with Cyrillic look-alikes, odd blanks and missing accents, and what people type: "nd 42 2022",
    "ct05", "nghị định số 42 năm 2022", "tt 37/2026 bo cong an". Dates, sums of money and articles are left alone.
    """
    text = skeleton(raw_text)
    found: list[ParsedNumber] = []
    taken = bytearray(len(text.text))
    for start, end, parsed in chain(
        _all_printed(text, _PATTERNS), _all_short(text), _all_printed(text, _LETTER_WITHOUT_UNIT)
    ):
        if not any(taken[start:end]):
            found.append(parsed)
            taken[start:end] = b"\1" * (end - start)
    return sorted(found, key=lambda parsed: parsed.start)


def canonical(parsed: ParsedNumber) -> str:
    """Return the best printed form: "05/CT-TTg", "161/2026/NĐ-CP"; for an incomplete number "NĐ 168", "NQ 66.17/2026".

    Numbers below ten get a leading zero (Nghị định 30/2020/NĐ-CP, annex I). Parsing the result gives it again.
    """
    number = _padded(parsed.number)
    dated = number if parsed.year is None else f"{number}/{parsed.year}"
    if parsed.shape is Shape.NORMATIVE:
        return f"{dated}/{parsed.type}-{parsed.org}"
    if parsed.shape is Shape.ADMINISTRATIVE:
        return f"{number}/{parsed.type}-{parsed.org}"
    if parsed.shape is Shape.JOINT:
        return f"{dated}/{parsed.type}/{parsed.org}"
    if parsed.shape in (Shape.ASSEMBLY, Shape.LETTER):
        return f"{dated}/{parsed.org}"
    if parsed.shape is Shape.PARTY:
        return f"{number}-{parsed.type}/{parsed.org}"
    needs_so = parsed.type is not None and dated == number and not symbols.stands_alone(parsed.type)
    kind = "Lệnh" if parsed.type == "L" else parsed.type  # a bare letter would not be read again
    return " ".join(part for part in (kind, "số" if needs_so else None, dated, parsed.org) if part)


def number_key(printed: str) -> str:
    """Return the exact key of a printed number, the same for every way of printing it: "05/CT-TTg" → "5/ct-ttg"."""
    return re.sub(r"\s", "", skeleton(printed).text).lstrip("0")


def type_of(text: str) -> str | None:
    """Return the Vietnamese name of the first document type that `text` mentions, by word or in a number; else None.

    English words count where nothing Vietnamese does ("decrees").
    """
    form = skeleton(text)
    for match in _TYPE_MENTION.finditer(form.text):
        kind = _TYPE_WORDS[match.group()]
        typed = form.slice(*match.span())
        if accents_agree(typed, kind.name) or accents_agree(typed, kind.symbol):
            return kind.name
    in_number = next((TYPE_NAMES[parsed.type] for parsed in find_numbers(text) if parsed.type), None)
    return in_number or next((symbols.ENGLISH_TYPES[word] for word in _ENGLISH_TYPE.findall(text.lower())), None)


def _all_printed(text: Skeleton, patterns: _Patterns) -> Iterator[tuple[int, int, ParsedNumber]]:
    for shape, pattern in patterns:
        for match in pattern.finditer(text.text):
            parsed, end = _printed(text, match, shape)
            if parsed is not None:
                yield match.start(), end, parsed


def _all_short(text: Skeleton) -> Iterator[tuple[int, int, ParsedNumber]]:
    for short in short_number.find(text):
        yield short.start, short.end, _from_short(text, short)


def _printed(text: Skeleton, match: re.Match[str], shape: Shape) -> tuple[ParsedNumber | None, int]:
    groups = match.groupdict()
    org_end = match.end("org") - (len(groups["org"]) - len(groups["org"].rstrip("-")))
    if groups.get("type") in ("ttlt", "nqlt"):
        org_end = short_number.end_of_bodies(text, org_end)
    is_spaced = " /" in match.group() or "/ " in match.group()
    org_end = _with_blank_parts(text, org_end, takes_any=is_spaced)
    if " " in groups["org"] and not (is_spaced and _is_capital(text, groups["org"], match.start("org"))):
        return None, org_end  # a dash between words: "48/CP - nghị định nào"
    typed = _symbol_as_typed(text, match.start("org"), org_end)
    org = symbols.body_symbol(typed.replace("-", "") if shape is Shape.ASSEMBLY else typed)
    kind = symbols.type_symbol(_symbol_as_typed(text, *match.span("type"))) if groups.get("type") else None
    if shape is Shape.LETTER and not _is_letter(org):
        return None, org_end
    if kind is not None and org in PARTY_BODIES:
        shape = Shape.PARTY
    year = groups.get("year")
    full_year = None if year is None else int(year) if len(year) == 4 else short_number.full_year(year)
    if full_year is None and shape in (Shape.ADMINISTRATIVE, Shape.PARTY):
        beside = _YEAR_BESIDE.match(text.text, org_end) or short_number.DATE_BESIDE.match(text.text, org_end)
        full_year = int(beside.group(1)) if beside else None
    start, end = text.raw_span(match.start(), org_end)
    number = groups["number"].replace("-", ".").lstrip("0") or "0"
    return ParsedNumber(text.raw[start:end], start, end, number, full_year, kind, org, shape), org_end


def _is_capital(text: Skeleton, org: str, start: int) -> bool:
    """Whether what follows the dash is printed in capitals, as units of a body are: "TTg - KGVX"."""
    unit = text.slice(start + org.index("-") + 1, start + len(org)).strip()
    return unit == unit.upper()


def _with_blank_parts(text: Skeleton, end: int, *, takes_any: bool) -> int:
    """Take in further bodies printed with a blank beside the dash: "CP- BCHTWĐTN"; units too where it `takes_any`."""
    while (more := _MORE_ORG.match(text.text, end)) is not None:
        part = text.slice(*more.span(1))
        if part != part.upper() or not (takes_any or symbols.is_body(part)):
            break
        end = more.end()
    return end


def _symbol_as_typed(text: Skeleton, start: int, end: int) -> str:
    """Return a symbol with the Đ and the capitals it was typed with, but Latin letters, plain dashes and no blanks."""
    return (
        "".join(
            "-" if plain in " /._" else raw if normalise(raw).lower() in ("đ", "ư", "ơ") else plain.upper()
            for raw, plain in ((text.raw[text.offsets[at]], text.text[at]) for at in range(start, end))
        )
        .replace("---", "-")
        .replace("--", "-")
    )


def _is_letter(org: str) -> bool:
    """A công văn names its body and, mostly, the unit: "VPCP-NC"; anything else after a slash is no number."""
    first = org.partition("-")[0]
    return symbols.is_body(first) and ("-" in org or len(first) > 2)


def _from_short(text: Skeleton, short: short_number.ShortNumber) -> ParsedNumber:
    start, end = text.raw_span(short.start, short.end)
    kind, org, year = short.type, short.org, short.year
    shape = Shape.SHORT
    if org in PARTY_BODIES and kind is not None:
        shape = Shape.PARTY
    elif kind == "NĐ" and year is not None and org in (None, "CP"):
        shape, org = Shape.NORMATIVE, "CP"  # only the Government issues decrees
    elif kind == "TT" and year is not None and org is not None:
        shape = Shape.NORMATIVE
    elif kind in ("CT", "CĐ", "TB", "KH", "HD", "VBHN") and org is not None:
        shape = Shape.ADMINISTRATIVE
    elif year is not None and org is not None and "QH" in org:
        shape, kind = Shape.ASSEMBLY, None
    return ParsedNumber(text.raw[start:end], start, end, short.number, year, kind, org, shape)


def _padded(number: str) -> str:
    digits = re.match(r"\d+", number)
    return f"0{number}" if digits is not None and digits.end() == 1 else number
