"""The documents a sentence speaks about, among all it names: not those in titles, not their history (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from index.relations.mentions import Mention, between, folded
from index.text.number import number_key

_LONGEST_LINK = 1_500  # characters between two numbers that are looked at; bounds the work on a text made to be slow
_LONGEST_HISTORY = 400  # characters from "được sửa đổi" to the number
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
_HISTORY = re.compile(
    r"\b(?:duoc|da|bi)\b[^;]*\b(?:sua doi|bo sung|thay the|dinh chinh|bai bo|hop nhat|keo dai)\b[^;]*"
    r"\b(?:boi|theo|tai|bang)(?: cac)?(?: (?:quy dinh tai |cac )?(?:dieu|khoan|diem|muc)\b[^;]{0,80})?\s*:?$"
)
_FOR_ALL = re.compile(r"\b(?:tai|trong)(?: cac)?\s*$|:\s*$")
_DIGIT = re.compile(r"\d|\b[IVX]+\b")
_ONLY_LAWS = re.compile(r"\s*(?:bo luat|luat|phap lenh)\b[^;\d]*(?:,|;|\bva)\s*$")
_FILLER = re.compile(
    r"[ :]*(?:(?:toan bo|hieu luc|cac|nhung|doi voi|cho|cua|mot so|van ban|quy pham phap luat|sau day|duoi day|sau|nay"
    r"|noi dung cua|\d+|thi hanh|nghi dinh|nghi quyet|quyet dinh|thong tu|lien tich|luat)\b[ :]*)*$"
)


class Role(Enum):
    """What a named document is to the sentence."""

    OBJECT = "object"
    HISTORY = "history"  # "được sửa đổi, bổ sung bởi …"
    EMBEDDED = "embedded"  # in the title of another, in brackets


@dataclass(frozen=True, slots=True)
class Named:
    """A document that the sentence speaks about."""

    mention: Mention
    scope: str | None  # the parts of it that are meant; None: the whole
    is_excepted: bool = False  # "(trừ khoản 3 Điều 5)"


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
