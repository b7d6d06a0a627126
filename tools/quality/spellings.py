"""Ways in which people type a document number, generated from its printed form.

The forms are those that the issue and reference/government.md section 4 name: printed, without accents, with blanks,
dots or dashes for the strokes, two-digit years, leading zeros, short and spelled-out types, Cyrillic look-alikes,
decomposed and full-width letters. Each spelling says which facts it leaves out, so that a scorer knows whether one
document or a question back is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from index.document import Document
from index.text.number import TYPE_NAMES
from index.text.unicode import fold

_LOOK_ALIKES = str.maketrans("ABCEHKMOPTXaceopx", "АВСЕНКМОРТХасеорх")
_NORMATIVE = re.compile(r"([\d.]+[a-z]?)/(\d{4})/([^/-]+)-(\S+)")
_ASSEMBLY = re.compile(r"(\d+)/(\d{4})/((?:NQ-)?(?:UBTV)?QH\d+)")
_ADMINISTRATIVE = re.compile(r"([\d.]+[a-z]?)/([^\d/-]+)-(\S+)")
_SPOKEN_BODIES = {"CP": "Chính phủ", "TTg": "Thủ tướng Chính phủ", "CTN": "Chủ tịch nước"}


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to type a document's number."""

    form: str
    typed: str
    year: int | None  # what the typed words say; None: left out
    type: str | None  # name of the type
    body: str | None  # symbol of the body


def spellings(document: Document) -> Iterator[Spelling]:
    """Every spelling of a document's number that the grammar promises to read."""
    printed = document.number
    if match := _NORMATIVE.fullmatch(printed):
        number, year, symbol, org = match.groups()
        yield from _printed_forms(printed, int(year), TYPE_NAMES.get(symbol), org)
        yield from _typed_forms(number, int(year), symbol, org)
    elif match := _ASSEMBLY.fullmatch(printed):
        yield from _printed_forms(printed, int(match[2]), None, match[3])
        for form, typed in (("blanks", " ".join(match.groups())), ("lower_blanks", " ".join(match.groups()).lower())):
            yield Spelling(form, typed, int(match[2]), None, match[3])
    elif match := _ADMINISTRATIVE.fullmatch(printed):
        number, symbol, org = match.groups()
        yield from _printed_forms(printed, None, TYPE_NAMES.get(symbol), org)
        if symbol in TYPE_NAMES and document.issued_on:
            year = document.issued_on.year
            yield Spelling("with_year", f"{printed} năm {year}", year, TYPE_NAMES[symbol], org)
            yield Spelling("with_date", f"{printed} ngày {document.issued_on:%d/%m/%Y}", year, TYPE_NAMES[symbol], org)
            yield from _typed_forms(number, year, symbol, org, carries_year=False)
    else:
        yield from _printed_forms(printed, None, None, None)


def _printed_forms(printed: str, year: int | None, type_: str | None, org: str | None) -> Iterator[Spelling]:
    for form, typed in (
        ("printed", printed),
        ("lower", printed.lower()),
        ("upper", printed.upper()),
        ("no_accents", fold(printed)),
        ("d_for_đ", printed.replace("Đ", "D")),
        ("eth_for_đ", printed.replace("Đ", "\N{LATIN CAPITAL LETTER ETH}")),
        ("blanks_around", printed.replace("/", " / ").replace("-", " - ")),
        ("cyrillic", printed.translate(_LOOK_ALIKES)),
        ("nfd", unicodedata.normalize("NFD", printed)),
        ("full_width", "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in printed)),
        ("leading_zeros", f"0{printed}"),
        ("in_sentence", f"cho tôi hỏi văn bản số {printed} còn hiệu lực không ạ?"),
    ):
        yield Spelling(form, typed, year, type_, org)


def _typed_forms(number: str, year: int, symbol: str, org: str, *, carries_year: bool = True) -> Iterator[Spelling]:
    if symbol not in TYPE_NAMES:
        return
    name = TYPE_NAMES[symbol]
    short, folded_org = fold(symbol), fold(org)
    if carries_year:
        dotted, blank, dashed = (f"{number}{s}{year}{s}{symbol}-{org}" for s in ". -")
        yield Spelling("dots", dotted, year, name, org)
        yield Spelling("blanks", fold(blank).replace("-", " "), year, name, org)
        yield Spelling("dashes", dashed, year, name, org)
        yield Spelling("two_digit_year", f"{number}/{year % 100:02}/{symbol}-{org}", year, name, org)
    else:
        yield Spelling("blanks", f"{number} {short} {folded_org}", None, name, org)
    if len(symbol) > 1:  # a single letter ("l 12/2013") is no word that people use for a type
        yield Spelling("short_type_body", f"{short} {number}/{year} {folded_org}", year, name, org)
    if symbol in _SAID_IN_SHORT:
        yield Spelling("short_type", f"{short} {number}/{year}", year, name, None)
        yield Spelling("short_type_blanks", f"{short} {number} {year}", year, name, None)
        yield Spelling("glued_type", f"{short}{number} {year}", year, name, None)
        yield Spelling("short_two_digit_year", f"{short} {number}/{year % 100:02}", year, name, None)
    yield Spelling("spelled_out", f"{name} số {number} năm {year}", year, name, None)
    yield Spelling("spelled_no_accents", fold(f"{name} so {number} nam {year}"), year, name, None)
    yield Spelling("spelled_slash", f"{name.lower()} {number}/{year}", year, name, None)
    if spoken := _SPOKEN_BODIES.get(org):
        yield Spelling("with_body", f"{name} {number} năm {year} của {spoken}", year, name, org)
        yield Spelling("missing_year", f"{name.lower()} {number} của {spoken.lower()}", None, name, org)


_SAID_IN_SHORT = frozenset({"NĐ", "TT", "QĐ", "NQ", "CT", "CĐ"})
"""Types whose symbol people use as a word."""
