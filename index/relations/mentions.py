"""Documents named with a complete number in a sentence (pure)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.relations.days import day_in
from index.series import is_council_number
from index.text.number import ParsedNumber, Shape, canonical, find_numbers
from index.text.skeleton import skeleton

_REACH = 300  # characters before a number in which its type and name stand
_TYPE = (
    r"(?:nghi dinh|nghi quyet|quyet dinh|thong tu|chi thi|cong dien|cong van|thong bao|ke hoach|phap lenh"
    r"|bo luat|luat|van ban hop nhat|sac lenh|lenh|ket luan|van ban|nd|nq|qd|tt)(?: lien tich)?"
)
TYPE_NAMED = re.compile(_TYPE + r"\b")
_ISSUER = r"(?<!van ban) cua (?:bo|thu tuong|chinh phu|uy ban|hoi dong|quoc hoi|ngan hang|tong|cuc)\b[a-z ]{0,50}"
_TYPE_BEFORE = re.compile(rf"(?:\b(?:cac |nhung )?(?:{_TYPE})(?:{_ISSUER})?\s?)?(?:\bso)?[ :.,]*$")
_LAW = re.compile(r"Bộ luật|Luật|Pháp lệnh|LUẬT")
_AMENDING_LAW = re.compile(r"(?:Luật|Pháp lệnh|Nghị quyết) (?:sửa|bổ)")
_SO = re.compile(r"\s*(?:\bsố)?[\s:.,]*$")
_LAW_WORD = re.compile(r"(?:các |những )?(?:bộ luật|luật|pháp lệnh)")
_OF_BODY = re.compile(r"\s*(?:của|do)\s+[^;.\d]{2,100}")
_DATED = re.compile(r"[\s,)]*(?:(?:được )?(?:ban hành|ký)\s+)?ngày\s+")


@dataclass(frozen=True, slots=True)
class Mention:
    """One document named with its number."""

    number: str  # canonical
    type: str | None
    issued_on: date | None
    name: str  # what stands before the number: "Nghị định", "Luật Tiếp công dân"
    start: int  # where its type or name begins
    end: int  # behind its number and date
    title: str | None = None  # of a local document whose body is named: "Quyết định số … của UBND tỉnh Gia Lai"


def mentions_in(sentence: str) -> list[Mention]:
    """The documents named with a complete number, in order."""
    found = []
    end = 0
    for parsed in find_numbers(sentence):
        if parsed.shape is Shape.SHORT:
            continue
        start = _start(sentence, max(end, parsed.start - _REACH), parsed)
        if parsed.shape is Shape.LETTER and start == parsed.start:
            continue  # "QCVN 5:2017/BYT" is a standard; a letter is introduced by its type or "số"
        issued_on, end = _issued_on(sentence, parsed)
        name = _SO.sub("", sentence[start : parsed.start])
        number = canonical(parsed)
        body = _OF_BODY.match(sentence, end) if is_council_number(number) else None
        title = sentence[start : body.end()] if body else None
        found.append(Mention(number, parsed.type, issued_on, " ".join(name.split()), start, end, title))
    return found


def between(mentions: Sequence[Mention], start: int, stop: int) -> Sequence[Mention]:
    """Those of the mentions, which are in order, that lie in a stretch as a whole."""
    first = bisect_left(mentions, start, key=lambda mention: mention.start)
    return mentions[first : bisect_right(mentions, stop, key=lambda mention: mention.end)]


def folded(raw: str) -> str:
    """Lower case without accents, one character for each of `raw`, so that places agree."""
    form = skeleton(raw)
    plain = [" "] * len(raw)
    for letter, place in zip(form.text, form.offsets, strict=True):
        if plain[place] == " ":
            plain[place] = letter
    return "".join(plain)


def _start(sentence: str, earliest: int, parsed: ParsedNumber) -> int:
    window = sentence[earliest : parsed.start]
    plain = folded(window)
    match = _TYPE_BEFORE.search(plain)
    is_named = match is not None and TYPE_NAMED.search(match.group()) is not None
    if match and is_named and not _LAW_WORD.match(window, match.start()):  # "… quy phạm pháp luật số" is within a name
        return earliest + match.start()
    if parsed.shape is Shape.ASSEMBLY or parsed.type in ("PL", "L"):
        amending = _AMENDING_LAW.search(window, plain.rfind(";") + 1)
        laws = [found.start() for found in _LAW.finditer(window, plain.rfind(";") + 1)]
        if amending or laws:
            return earliest + (amending.start() if amending else laws[-1])
    return earliest + match.start() if match and match.group().strip(" :.,") else parsed.start


def _issued_on(sentence: str, parsed: ParsedNumber) -> tuple[date | None, int]:
    """The date beside a number; one of another year than the number's own is a slip."""
    match = _DATED.match(sentence, parsed.end)
    day, end = day_in(sentence, match.end()) if match else (None, parsed.end)
    return (day if day and parsed.year in (None, day.year) else None), end
