"""Facts of a document as people write them down: dates, numbers, types, names of bodies (pure)."""

from __future__ import annotations

import re
from datetime import date

from index.document import Relation, RelationKind
from index.text.number import TYPE_NAMES, Shape, canonical, find_numbers
from index.text.symbols import BODY_NAMES
from index.text.unicode import fold, normalise

NOT_GIVEN = date(1900, 1, 1)  # the gazette's placeholder for a date it does not have

_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<day2>\d{1,2})[/.-](?P<month2>\d{1,2})[/.-](?P<year2>\d{4})"
    r"|(?P<day3>\d{1,2})\s+tháng\s+(?P<month3>\d{1,2})\s+năm\s+(?P<year3>\d{4})"
)
_ASSEMBLY = re.compile(r"(UBTV)?QH\d{0,2}")
_TYPES = sorted({*TYPE_NAMES.values(), "Bộ luật", "Sao lục", "Đính chính", "Hiến pháp"}, key=len, reverse=True)
_PROPER = ("Chính phủ", "Quốc hội", "Nhà nước", "Việt Nam", "Thường vụ", "Trung ương", "Nhân dân")
_JOINED = re.compile(
    r" - (?=(?:bộ|thanh tra|ngân hàng|văn phòng|viện|tòa|chủ tịch|quốc hội|ủy ban|chính phủ|đoàn) )", re.I
)


def dates_in(text: str) -> list[date]:
    """Every date written in a text, in order; impossible ones and the gazette's placeholder are left out."""
    found = []
    for match in _DATE.finditer(text):
        parts = {name.rstrip("23"): int(value) for name, value in match.groupdict().items() if value}
        try:
            day = date(parts["year"], parts["month"], parts["day"])
        except ValueError:
            continue
        if day != NOT_GIVEN:
            found.append(day)
    return found


def date_in(text: str | None) -> date | None:
    """The first date in a text, or None."""
    return next(iter(dates_in(text or "")), None)


def numbers_in(text: str) -> list[str]:
    """Every complete document number printed in a text, canonical, in order, each once."""
    printed = (canonical(parsed) for parsed in find_numbers(text) if parsed.shape is not Shape.SHORT)
    return list(dict.fromkeys(printed))


def number_in(text: str) -> str | None:
    """The first complete document number in a text, or None."""
    return next(iter(numbers_in(text)), None)


def type_in(text: str) -> str | None:
    """The document type a text begins with ("Quyết định của Thủ tướng …" → "Quyết định"), or None."""
    folded = fold(text)
    return next((name for name in _TYPES if re.match(rf"{fold(name)}\b", folded)), None)


def type_of_number(number: str) -> str | None:
    """The type a number's symbol stands for ("161/2026/NĐ-CP" → "Nghị định"); None for laws and letters."""
    parsed = next(iter(find_numbers(number)), None)
    return TYPE_NAMES.get(parsed.type) if parsed and parsed.type else None


def body_of_number(number: str) -> str | None:
    """The body a number's last symbol stands for ("161/2026/NĐ-CP" → "Chính phủ"), where it is a known one."""
    symbol = re.split(r"[-/]", number)[-1]
    assembly = _ASSEMBLY.fullmatch(symbol)
    if assembly:
        return "Ủy ban Thường vụ Quốc hội" if assembly.group(1) else "Quốc hội"
    names = (name for name, known in BODY_NAMES.items() if known == symbol)
    longest = max(names, key=len, default=None)
    return _in_ordinary_letters(longest) if longest else None


def body_name(printed: str) -> str:
    """A body's name in ordinary letters: the gazette prints "BỘ GIÁO DỤC VÀ ĐÀO TẠO" → "Bộ Giáo dục và Đào tạo"."""
    name = " ".join(normalise(printed).split())
    if not name.isupper():
        return name
    return " - ".join(_in_ordinary_letters(part) for part in _JOINED.split(name) if part != "VĂN BẢN HỢP NHẤT")


def relations_to(kind: RelationKind, text: str) -> list[Relation]:
    """A relation for each number in a text like "Nghị định số 39/2022/NĐ-CP ngày 18/06/2022", with its date."""
    relations = []
    parsed = [found for found in find_numbers(text) if found.shape is not Shape.SHORT]
    for place, found in enumerate(parsed):
        end = parsed[place + 1].start if place + 1 < len(parsed) else len(text)
        beside = re.match(r"\W*ngày\s+", text[found.end : end])
        issued_on = date_in(text[found.end : end]) if beside else None
        relations.append(Relation(kind, canonical(found), issued_on=issued_on))
    return relations


def _in_ordinary_letters(name: str) -> str:
    first, _, rest = name.lower().partition(" ")
    if first == "bộ":  # each field of a ministry begins with a capital
        rest = re.sub(r"(^|, | và | - )(\w)", lambda match: match.group(1) + match.group(2).upper(), rest)
        rest = rest.replace("Phát triển Nông", "Phát triển nông")
    words = f"{first.capitalize()} {rest}".strip()
    for proper in _PROPER:
        words = re.sub(rf"\b{proper.lower()}\b", proper, words)
    return words
