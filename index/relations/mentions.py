"""Documents named in a sentence, and which of them it speaks about: not their titles, not their history (pure)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from index.relations.days import day_in
from index.text.number import ParsedNumber, Shape, canonical, find_numbers, number_key
from index.text.skeleton import skeleton

_REACH = 300  # characters before a number in which its type and name stand
_LONGEST_LINK = 1_500  # characters between two numbers that are looked at; bounds the work on a text made to be slow
_LONGEST_HISTORY = 400  # characters from "được sửa đổi" to the number
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
_DATED = re.compile(r"[\s,)]*(?:(?:được )?(?:ban hành|ký)\s+)?ngày\s+")
_TO_DOCUMENT = re.compile(  # between the parts and their document: "ban hành kèm theo"; "các quy định" are parts
    r"\s*(?:(?:được\s+)?(?:(?<!các )(?<!Các )(?<!những )(?<!số )quy định|ban hành)\s+)?"
    r"(?:tại|của|kèm theo|thuộc|trong|ở|theo)(?:\s+các)?$"
)
_SEPARATOR = re.compile(r"[;,:\n]|\bva\b|\bcung (?:voi|nhu)\b|\bhoac\b")
_LEADING_SEPARATOR = re.compile(rf"\s*(?:{_SEPARATOR.pattern})")
_NOUN = (
    r"(?:dieu|khoan|diem|tiet|chuong|muc|tieu muc|phan|phu luc|mau|bieu|bang|doan|cum tu|tu|noi dung|quy dinh"
    r"|danh muc|quy che|dieu le|quy trinh|quy chuan|chuan|tieu chuan|dinh muc|gach dau dong|cau|so thu tu|ten"
    r"|tieu de|ky hieu|che do|thu tuc|chi tieu|phuong an|khung|ma so|dong|cot|dau|chu)"
)
PART = re.compile(
    rf"(?:toan bo |mot phan |mot so |cac |nhung |mot |doi voi |ca )*(?:\d+ )?(?:mot so |cac )?{_NOUN}\b"
    r"|mot phan\b|mot so\b"
)
_LABELS = re.compile(r"(?:\d{1,3}[a-z]?|[a-z]|[ivx]+)(?:[ .]|$)")
_ACTING = re.compile(
    r"\b(?:sua doi|bo sung|thay the|bai bo|huy bo|dinh chinh|quy dinh chi tiet|huong dan|thi hanh|thuc hien)"
    r"\s+(?:mot so |cac )?(?:dieu|khoan|diem|tiet|chuong|muc|phu luc|noi dung|quy dinh)\b(?:(?!\bcua\b)[^;])*$"
)
_HISTORY = 400  # characters from "được sửa đổi" to the number
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
_DATED = re.compile(r"[\s,)]*(?:(?:được )?(?:ban hành|ký)\s+)?ngày\s+")
_SEPARATOR = re.compile(r"[;,:\n]|\bva\b|\bcung (?:voi|nhu)\b|\bhoac\b")
_NOUN = (
    r"(?:dieu|khoan|diem|tiet|chuong|muc|tieu muc|phan|phu luc|mau|bieu|bang|doan|cum tu|tu|noi dung|quy dinh"
    r"|danh muc|quy che|dieu le|quy trinh|quy chuan|chuan|tieu chuan|dinh muc|gach dau dong|cau|so thu tu|ten"
    r"|tieu de|ky hieu|che do|thu tuc|chi tieu|phuong an|khung|ma so|dong|cot|dau|chu)"
)
PART = re.compile(
    rf"(?:toan bo |mot phan |mot so |cac |nhung |mot |doi voi |ca )*(?:\d+ )?(?:mot so |cac )?{_NOUN}\b"
    r"|mot phan\b|mot so\b"
)
_LABELS = re.compile(r"(?:\d{1,3}[a-z]?|[a-z]|[ivx]+)(?:[ .]|$)")
_ACTING = re.compile(
    r"\b(?:sua doi|bo sung|thay the|bai bo|huy bo|dinh chinh|quy dinh chi tiet|huong dan|thi hanh|thuc hien|ve)"
    rf"\s+(?:mot so |cac )?{_NOUN}\b[^;]*$"
)
_HISTORY = re.compile(
    r"\b(?:duoc|da|bi)\b[^;]*\b(?:sua doi|bo sung|thay the|dinh chinh|bai bo|hop nhat|keo dai)\b[^;]*"
    r"\b(?:boi|theo|tai|bang)(?: cac)?(?: (?:quy dinh tai |cac )?(?:dieu|khoan|diem|muc)\b[^;]{0,80})?\s*:?$"
)
_FOR_ALL = re.compile(r"\b(?:tai|trong)(?: cac)?\s*$|:\s*$")
_DIGIT = re.compile(r"\d|\b[IVX]+\b")
_ONLY_LAWS = re.compile(r"\s*(?:bo luat|luat|phap lenh)\b[^;\d]*(?:,|;|\bva)\s*$")
_FILLER = re.compile(
    r"[ :]*(?:toan bo |hieu luc |cac |nhung |doi voi |cho |cua |mot so |van ban |quy pham phap luat |(?:sau day|duoi day|sau|nay)\b ?"
    r"|noi dung cua |\d+ |thi hanh |nghi dinh |nghi quyet |quyet dinh |thong tu |lien tich |luat )*[ :]*$"
)


class Role(Enum):
    """What a named document is to the sentence."""

    OBJECT = "object"
    HISTORY = "history"  # "được sửa đổi, bổ sung bởi …"
    EMBEDDED = "embedded"  # in the title of another, in brackets


@dataclass(frozen=True, slots=True)
class Mention:
    """One document named with its number."""

    number: str  # canonical
    type: str | None
    issued_on: date | None
    name: str  # what stands before the number: "Nghị định", "Luật Tiếp công dân"
    start: int  # where its type or name begins
    end: int  # behind its number and date


@dataclass(frozen=True, slots=True)
class Named:
    """A document that the sentence speaks about."""

    mention: Mention
    scope: str | None  # the parts of it that are meant; None: the whole
    is_excepted: bool = False  # "(trừ khoản 3 Điều 5)"


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
        found.append(Mention(canonical(parsed), parsed.type, issued_on, " ".join(name.split()), start, end))
    return found


def named_in(sentence: str, mentions: Sequence[Mention], start: int, stop: int) -> Iterator[Named]:
    """The documents a stretch of the sentence speaks about, with the parts of them it names.

    Left out are documents in the title of another one, in brackets, and those that once changed a named one.
    """
    role, last, main = Role.OBJECT, start, list[Mention]()
    shared: str | None = None  # parts said of a whole list: "Danh mục quy định tại: …"
    loose: str | None = None  # parts said in general, of what follows as well: "một phần Thông tư …, Thông tư …"
    within = between(mentions, start, stop)
    for place, mention in enumerate(within):
        earliest = max(last, mention.start - _LONGEST_LINK)
        raw, last = sentence[earliest : mention.start], mention.end
        if _in_brackets(sentence, start, mention.start):
            continue
        link = folded(raw)
        following = within[place + 1].start if place + 1 < len(within) else stop
        behind = sentence[mention.end : min(following, mention.end + _LONGEST_LINK)]
        tail = folded(behind)
        scope_start = _scope_start(link) if place else 0
        if _HISTORY.search(link[-_LONGEST_HISTORY:]):
            role = Role.HISTORY
        elif not place:
            role = Role.OBJECT
        elif scope_start is None:
            role = Role.EMBEDDED
        else:
            role = _role_in_list(role, link, mention, tail, within[place - 1], main)
        if role is Role.OBJECT:
            main.append(mention)
            scope = _scope(raw, link, scope_start or 0) or _part_behind(tail, behind)
            if scope and (_FOR_ALL.search(link) or sentence.startswith("các ", mention.start)):
                shared = scope
            elif ";" in link:
                loose = None
            if scope and not _DIGIT.search(scope):
                loose = scope
            yield Named(mention, scope or shared or loose, is_excepted="(trừ " in behind)


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


def _role_in_list(role: Role, link: str, mention: Mention, tail: str, before: Mention, main: Sequence[Mention]) -> Role:
    """Whether a document that follows another in a list is an object: a list in a title looks the same."""
    separator = next((found.group() for found in reversed(list(_SEPARATOR.finditer(link)))), ";")
    if role is Role.OBJECT or separator in (";", "\n") or ";" in link:
        return Role.OBJECT
    if role is Role.HISTORY:
        return role
    is_repeated = any(number_key(before.number) == number_key(other.number) for other in main)
    is_amender = re.search(r"\b(?:sua doi|bo sung)\b", tail) is not None
    is_of_its_kind = bool(main) and mention.type == main[0].type != before.type
    return Role.OBJECT if (is_repeated and is_amender) or is_of_its_kind else role


def _scope_start(link: str) -> int | None:
    """Where in `link` the parts of the next document begin, after a separator; None where it is in another's title."""
    borders = [(0, 0), *((found.start(), found.end()) for found in _SEPARATOR.finditer(link))]
    start = len(link)
    for left, right in reversed(borders):
        segment = link[right:start].strip(" -+•.")
        if segment and not PART.match(segment) and not _LABELS.match(segment):
            if start == len(link):
                return None
            return None if _ACTING.search(link[right:start]) and link[start:].strip(" ;,") else _behind(link, start)
        if segment and not right:
            return None  # nothing parts it from the document before
        start = left
    return _behind(link, 0)


def _behind(link: str, start: int) -> int:
    found = _LEADING_SEPARATOR.match(link, start)
    return found.end() if found else start


def _scope(raw: str, link: str, start: int) -> str | None:
    if _FILLER.match(link, start) or (not start and _ONLY_LAWS.match(link)):
        return None
    part = re.sub(r"\s+", " ", raw[start:]).strip(" ,;:.")
    part = re.sub(r"^(?:cho|đối với)\s+", "", part)
    return _TO_DOCUMENT.sub("", part).strip(" ,;:.") or re.sub(r"\s+(?:của|tại)$", "", part) or None


def _part_behind(tail: str, raw: str) -> str | None:
    """The parts named behind the number: "Nghị định số …: Điều 5, Điều 6"."""
    _, colon, rest = tail.partition(":")
    return raw[len(tail) - len(rest) :].strip(" .;,") if colon and PART.match(rest.strip()) else None


def _in_brackets(sentence: str, start: int, place: int) -> bool:
    earliest = max(start, place - _LONGEST_LINK)
    return sentence.rfind("(", earliest, place) > sentence.rfind(")", earliest, place)


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
