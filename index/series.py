"""Whose series of numbers a document belongs to: local bodies number theirs independently of each other (pure).

Decision. "30/2024/QĐ-UBND" exists once in every province, and once in each of its communes and former districts, so
such a number says nothing without the body. A number is local where UBND or HĐND stands in it. It is central where the
first body in it is one that `index.text.symbols` knows. Any other (departments: "…/QĐ-SXD") is local where the document
is made for a place or its body's name begins with "Sở" or ends with a province. A local series is named by the province
and, below it or beside its council and committee, the body: "ha-noi", "ha-noi.quan-ba-dinh", "gia-lai.so-xay-dung"; a
part not known is empty (".so-xay-dung"). The province in the body's own name counts before the document's place: what
Bình Dương issued stays Bình Dương's on the portal of the city it joined.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from index.text.symbols import is_body, type_symbol
from index.text.unicode import fold

_IN_FULL = {"ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "tp": "thanh pho", "tphcm": "thanh pho ho chi minh"}
_IN_FULL |= {"hcm": "ho chi minh"}
_COUNCIL = re.compile(r"(?:chu tich |thuong truc )?(?:uy ban nhan dan|hoi dong nhan dan)(?: |$)")
_CITIES = "ha noi|hue|hai phong|da nang|can tho|ho chi minh|dong nai"  # cities on a par with provinces
_OF_PROVINCE = re.compile(rf"(?:(?P<unit>.*?) )?(?:tinh (?P<province>.+)|thanh pho (?P<city>{_CITIES}))")
_BELOW = re.compile(r"(?:quan|huyen|thi xa|thi tran|thanh pho|xa|phuong|dac khu) ")
_KIND = re.compile(r"^(?:tinh|thanh pho) ")
_BOTH_LEVELS = ("tu", "bcd")  # committees of the Party and steering committees are central or local


def is_council_number(number: str) -> bool:
    """Whether a people's committee (UBND) or council (HĐND) stands in a number."""
    return re.search("ubnd|hdnd", fold(number)) is not None


@lru_cache(maxsize=65_536)
def series_of(number: str, place: str | None, issuing_body: str) -> str:
    """The series of a document, "" for the country's central bodies and where nothing tells whose a number is."""
    is_council = is_council_number(number)
    if not is_council and _is_central(number):
        return ""
    words = _words(issuing_body)
    begin = _COUNCIL.match(words)
    unit = words[begin.end() :] if begin else words
    whole = _words(place or "")
    given = _KIND.sub("", whole)
    if of_province := _OF_PROVINCE.fullmatch(unit):
        given = of_province["province"] or of_province["city"]
        unit = of_province["unit"] or ""
    elif whole and f" {unit}".endswith(f" {whole}"):  # also a city that came on a par with provinces later
        unit = unit.removesuffix(whole).rstrip()
    elif begin and unit and not given and not _BELOW.match(unit):
        given, unit = unit, ""
    elif given and f" {unit}".endswith(f" {given}") and not _BELOW.match(unit):
        unit = unit.removesuffix(given).rstrip()
    if unit in ("tinh", "thanh pho") or (is_council and not begin and not _BELOW.match(unit)):
        unit = ""  # "Ủy ban nhân dân thành phố"; a department that signs for the committee uses the committee's numbers
    if not is_council and not given and not unit.startswith("so "):
        return ""
    return ".".join(filter(None, (given.replace(" ", "-"), unit.replace(" ", "-")))) if given else _unplaced(unit)


def meant(series: str, known: Collection[str], *, within_councils: bool) -> str | None:
    """Which of the known series of one number another statement means by `series`; None where that cannot be told.

    The same one, else the only one that does not contradict it: a part that is not known may be any. No body named is
    no body known but `within_councils`, where both numbers are of councils or committees: there it is the province's.
    """
    if series in known:
        return series
    fitting = [other for other in set(known) if _may_be_one(series, other, within_councils=within_councils)]
    return fitting[0] if len(fitting) == 1 and (fitting[0] or len(set(known)) == 1) else None


def is_named(series: str, text: str) -> bool:
    """Whether a text names the body of a series, as "của Ủy ban nhân dân tỉnh Gia Lai" does; never a central one."""
    place, _, unit = series.replace("-", " ").partition(".")
    body = re.escape(unit) if unit else "nhan dan"
    of_place = rf"(?: tinh| thanh pho)? {re.escape(place)}" if place else ""
    return bool(series) and re.search(rf"\b{body}{of_place}\b", _words(text)) is not None


def place_of(series: str) -> str:
    """The province in a series, as `slug` spells it; "" where it is not known."""
    return series.partition(".")[0]


def unit_of(series: str) -> str:
    """The body below the province in a series, as `slug` spells it; "" for the province's own."""
    return series.partition(".")[2]


def slug(place: str) -> str:
    """A province's name as it stands in a series: "Thành phố Hà Nội" → "ha-noi"."""
    return _KIND.sub("", _words(place)).replace(" ", "-")


def _unplaced(unit: str) -> str:
    return f".{unit.replace(' ', '-')}" if unit else ""


def _is_central(number: str) -> bool:
    parts = [part.strip() for part in re.split("[/-]", fold(number)) if part.strip() and not part.strip()[0].isdigit()]
    if len(parts) > 1 and type_symbol(parts[0]):
        parts = parts[1:]
    return bool(parts) and parts[0] not in _BOTH_LEVELS and is_body(parts[0])


def _may_be_one(one: str, other: str, *, within_councils: bool) -> bool:
    if not one or not other:
        return True
    (place, _, unit), (other_place, _, other_unit) = one.partition("."), other.partition(".")
    is_same_unit = unit == other_unit or (not within_councils and not (unit and other_unit))
    return is_same_unit and (place == other_place or not place or not other_place)


def _words(name: str) -> str:
    return " ".join(_IN_FULL.get(word, word) for word in re.findall(r"[a-z0-9]+", fold(name)))
