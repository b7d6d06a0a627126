"""What a sentence does to other documents: replaces, abolishes, amends, corrects or suspends them (pure)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from index.relations.days import day_in
from index.relations.mentions import TYPE_NAMED, Mention, between, folded, mentions_in
from index.relations.objects import PART

_LONGEST_LINK = 600  # characters between a verb and the document it acts on

_VERB = r"(?:sua doi|bo sung|thay the|bai bo|huy bo|dieu chinh)"
_SUSPENDING = (
    r"(?:(?:tam )?(?:ngung|dung) (?:hieu luc|thuc hien|ap dung|thi hanh)"
    r"|(?:tam )?(?<!quy )dinh chi(?: viec)? (?:thi hanh|hieu luc))(?: thi hanh)?"
)
_VERBS = re.compile(rf"\b(?:{_VERB}(?:(?:,| va| hoac|, va)? {_VERB})*|dinh chinh|{_SUSPENDING})\b")
_SELF = rf"{TYPE_NAMED.pattern}(?: (?:so )?nay)"
_ENDS = re.compile(
    rf"\b(?:(?P<end>(?:het|cham dut|khong con|mat) hieu luc(?!(?: thi hanh)? (?:khi|neu)\b(?! {_SELF}))"
    r"|(?:bi|duoc) (?:bai bo|huy bo)(?! boi| theo| tai| bang))"
    r"|(?P<new>(?:bi|duoc) thay the)|(?P<change>duoc (?:sua doi|bo sung)[^;:.]{0,60}?(?:nhu sau|:$))"
    r"|(?P<stop>(?:bi )?(?:tam )?(?:ngung hieu luc|(?<!quy )dinh chi(?=(?: viec)? thi hanh| hieu luc)(?: viec)?)"
    r"(?: thi hanh| hieu luc)?))"
)
_IN_FORCE = r"(?:chinh thuc |bat dau )?co hieu luc(?: thi hanh)?"
_SINCE = re.compile(
    rf"(?:ke tu|tu|khi)(?: khi| ngay| thoi diem)? (?:{_SELF} {_IN_FORCE}"
    r"|ngay [0-9oi/. -]+(?:thang [0-9oi]+ nam [0-9oi]+)?)[^,;:.]{0,60},\s*"
)
_OWN = re.compile(rf"(?:[a-z ]{{0,60}}\bban hanh )?{_SELF}\b")
_OWN_CLAUSE = re.compile(rf"\s*{_IN_FORCE}\b[^,;]*[,;]\s*(?:va |dong thoi )?")
_MAY_FOLLOW = re.compile(r"(?:[;,:]|\bva|\bdong thoi|\bnay|\bde)\s*$")
_CONDITION = re.compile(
    r"(?:trong )?(?:truong hop|thoi han|thoi gian|qua trinh)\b"
    r"|(?:neu|khi|sau khi|truoc khi|doi voi|viec|cac ho so|ho so)\b"
)
_NOT_SO = re.compile(
    r"\b(?:chua|khong|chi|da|khi|con|neu|truoc|ngay|luc|tiep tuc|co the|phai|de nghi|trinh)\s*(?:duoc )?$"
)
_DOUBTFUL = re.compile(r"\b(?:tiep tuc|den khi|truoc khi|sau khi|neu)\b")
_IN_DOCUMENT = re.compile(r"\b(?:cua|tai|kem theo|thuoc|trong|ban hanh|o)(?: cac| nhung)?[ :]*$")
_BY_LEAVE_OF = re.compile(  # not a part of it, but made under it or against it
    r"(?<!kem )(?<!ban hanh )(?<!phe duyet )\btheo$|\btrai(?: voi)?(?: cac)?(?: quy dinh (?:tai|cua))?$"
)
_LABELLED = re.compile(r"\b(?:dieu|khoan|diem|chuong|muc|phan|phu luc|mau|bieu)(?: so)? [0-9a-z.]{1,8},?$")
_BY_THIS = re.compile(rf"\s*(?:bang|boi) {_SELF}\b")
_LAWS = re.compile(r"(?:bo luat|luat|phap lenh)\b")
_ALL = re.compile(r"(?:toan bo|cac|mot so|nhung|hieu luc|doi voi|cho|\d+)\b")
_WORDING = re.compile(r"(?:(?:cac|mot so|nhung) )?(?:cum tu|tu|mau|bieu|bang|phu luc|ten|noi dung|dau|chu|dong|cot)\b")
_FROM = re.compile(r"\b(?:tu(?: ngay)?|(?<=hieu luc )vao ngay|(?<=thi hanh )vao ngay|(?<=hieu luc )ngay) ")
_UNTIL = re.compile(r"\bden(?: het)? ngay ")
_EXCEPT = re.compile(
    r"[,;(]?\s*\b(?:ngoai )?tru (?:cac |nhung )?"
    r"(?:truong hop|quy dinh|noi dung|dieu|khoan|diem|chuong|muc|phan|phu luc)"
)


class Deed(Enum):
    """What is done to another document."""

    REPLACE = "replace"
    ABOLISH = "abolish"
    AMEND = "amend"
    CORRECT = "correct"
    SUSPEND = "suspend"


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to the documents named in a stretch of a sentence."""

    deeds: tuple[Deed, ...]  # several where one phrase names several: "sửa đổi, bãi bỏ một số điều của …"
    start: int  # of the stretch with its objects
    stop: int
    starts_on: date | None = None  # where another day than the document's own first one is said
    ends_on: date | None = None
    exception: str | None = None  # what follows "trừ", for all objects
    is_part: bool = False  # "hết hiệu lực một phần"
    is_instruction: bool = False  # begins the sentence, or says "… được sửa đổi như sau"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, ready to be read."""

    raw: str
    plain: str  # folded; same places
    mentions: tuple[Mention, ...]
    acts: tuple[Act, ...]


def read(raw: str, *, in_title: bool = False) -> Sentence:
    """Read a sentence. Acts come in order and do not overlap; a sentence about other matters has none."""
    plain = folded(raw)
    mentions = tuple(mentions_in(raw)) if _VERBS.search(plain) or _ENDS.search(plain) or raw[:40].count("/") else ()
    return Sentence(raw, plain, mentions, tuple(_acts(raw, plain, mentions, in_title)))


def _acts(raw: str, plain: str, mentions: Sequence[Mention], in_title: bool) -> Iterator[Act]:
    since = _SINCE.match(plain)
    begin = since.end() if since else 0
    starts_on = _day_after(_FROM, raw, plain, 0, begin)
    own = _OWN.match(plain, begin)
    started: list[tuple[int, int, tuple[Deed, ...]]] = []  # where the phrase and its objects begin
    for match in _VERBS.finditer(plain, begin):
        before = plain[max(begin, match.start() - 20) : match.start()].rstrip()
        is_first = match.start() == begin or not plain[begin : match.start()].strip(" -+")
        deeds = _deeds(match.group(), plain, match.end())
        in_clause = own or started or (in_title and deeds != (Deed.REPLACE,))
        may_follow = in_clause and _MAY_FOLLOW.search(before)
        if (is_first or may_follow) and _is_object(
            plain, mentions, match.end(), match.group(), is_first=is_first, in_title=in_title
        ):
            started.append((match.start(), match.end(), deeds))
    ends = list(_ended(raw, plain, mentions, begin, own, [start for _, start, _ in started]))
    for place, (verb, start, deeds) in enumerate(started):
        stop = started[place + 1][0] if place + 1 < len(started) else len(raw)
        stop = min([stop, *(first for first, _ in ends if first > start)])
        act = _act(deeds, raw, plain, start, stop, stop, starts_on)
        yield replace(act, is_instruction=not plain[begin:verb].strip(" -+"))
    for place, (start, match) in enumerate(ends):
        stop = ends[place + 1][0] if place + 1 < len(ends) else len(raw)
        colon = -1 if between(mentions, start, match.start()) else plain.find(":", match.end(), stop)
        if colon >= 0 and between(mentions, colon, stop) and not _EXCEPT.search(plain, match.end(), colon):
            act = _act(_deed_of(match), raw, plain, colon + 1, stop, stop, starts_on)  # "… hết hiệu lực: Nghị định …"
        else:
            act = _act(_deed_of(match), raw, plain, start, match.start(), stop, starts_on, match.end())
        yield replace(act, is_instruction=act.deeds == (Deed.AMEND,))


def _ended(
    raw: str, plain: str, mentions: Sequence[Mention], begin: int, own: re.Match[str] | None, started: Sequence[int]
) -> Iterator[tuple[int, re.Match[str]]]:
    """Where the objects of each "… hết hiệu lực" begin, and its words. Behind a verb only after a semicolon."""
    if _CONDITION.match(plain, begin):
        return
    last = begin
    for match in _ENDS.finditer(plain, begin):
        if _NOT_SO.search(plain[max(0, match.start() - 20) : match.start()]):
            continue
        if match["stop"] and "đình" not in raw[match.start() : match.end()].lower() and "dinh" in match["stop"]:
            continue
        verb = max((start for start in started if start < match.start()), default=-1)
        start: int | None = last
        if verb >= 0 or last > begin:
            semicolon = plain.rfind(";", max(verb, last), match.start())
            start = semicolon + 1 if semicolon >= 0 else None
        elif own:
            start = _behind_own_clause(plain, own.end(), match.start())
        if start is not None and _is_ended(plain, mentions, start, match):
            yield start, match
            last = match.end()


def _act(
    deeds: tuple[Deed, ...],
    raw: str,
    plain: str,
    start: int,
    stop: int,
    until: int,
    starts_on: date | None,
    said_from: int | None = None,
) -> Act:
    """An act on the objects between `start` and `stop`; what is said up to `until` about days and exceptions is its."""
    excepted = next(
        (match for match in _EXCEPT.finditer(plain, start, until) if "trừ" in raw[match.start() : match.end()]), None
    )
    exception = None
    if excepted and plain[excepted.start()] != "(":
        exception = raw[excepted.start() : until].strip(" ,;.:")
        stop = min(stop, excepted.start())
    return Act(
        deeds,
        start,
        stop,
        _day_after(_FROM, raw, plain, start if said_from is None else said_from, until) or starts_on,
        _day_after(_UNTIL, raw, plain, start, until) if deeds == (Deed.SUSPEND,) else None,
        exception,
        said_from is not None and plain.startswith(" mot phan", said_from),
    )


def _deeds(verbs: str, plain: str, end: int) -> tuple[Deed, ...]:
    deeds = []
    if "dinh chinh" in verbs:
        deeds.append(Deed.CORRECT)
    elif re.search(r"ngung|dung|dinh chi", verbs):
        deeds.append(Deed.SUSPEND)
    if re.search(r"sua doi|bo sung|dieu chinh", verbs):
        deeds.append(Deed.AMEND)
    if "thay the" in verbs:
        link = plain[end : end + 200].lstrip(" :")
        deeds.append(Deed.AMEND if _WORDING.match(link) or Deed.AMEND in deeds else Deed.REPLACE)
    if "bai bo" in verbs or "huy bo" in verbs:
        deeds.append(Deed.ABOLISH)
    return tuple(dict.fromkeys(deeds))


def _deed_of(end: re.Match[str]) -> tuple[Deed, ...]:
    name = end.lastgroup
    return ({"end": Deed.ABOLISH, "new": Deed.REPLACE, "change": Deed.AMEND}.get(name or "", Deed.SUSPEND),)


def _is_object(
    plain: str, mentions: Sequence[Mention], end: int, verbs: str, *, is_first: bool, in_title: bool
) -> bool:
    """Whether what follows a verb is a document or parts of one, and not a thing that is done in the world."""
    first = next(iter(mentions[bisect_left(mentions, end, key=lambda mention: mention.start) :][:1]), None)
    link = plain[end : first.start if first else len(plain)].strip(" :")
    if first is None or len(link) > _LONGEST_LINK:
        return is_first or plain.endswith((":", "sau", "sau day"))
    if _BY_LEAVE_OF.search(link):
        return False
    if verbs == "dinh chinh":
        return is_first
    if not link or PART.match(link) or _LABELLED.search(link) or _ALL.match(link) or _LAWS.match(link):
        return True
    is_told = re.search(r"sua doi|bo sung|ngung|dinh chi", verbs) is not None
    return is_told and (is_first or not in_title) and _IN_DOCUMENT.search(link) is not None


def _is_ended(plain: str, mentions: Sequence[Mention], start: int, end: re.Match[str]) -> bool:
    """Whether documents or parts of them come to an end, and not what was made under them."""
    named = between(mentions, start, end.start())
    if _DOUBTFUL.search(plain[max(named[-1].end if named else start, end.start() - 300) : end.start()]):
        return False
    if end.lastgroup == "new" and not _BY_THIS.match(plain, end.end()):
        return False
    link = plain[start : named[0].start if named else end.start()].strip(" :-")
    if not named:
        return bool(PART.match(link) or TYPE_NAMED.match(re.sub(r"^(?:(?:cac|nhung|toan bo) )+", "", link)))
    if not link or (_LAWS.match(link) and link.endswith((",", ";", " va"))):
        return True
    return bool(PART.match(link) and (_IN_DOCUMENT.search(link) or link[-1].isdigit()))


def _behind_own_clause(plain: str, own: int, end: int) -> int | None:
    """Where a second clause begins: "Nghị định này có hiệu lực từ ngày …, Nghị định số … hết hiệu lực"; None: it is
    the document itself that ends."""
    clause = _OWN_CLAUSE.match(plain, own)
    return clause.end() if clause and clause.end() < end else None


def _day_after(words: re.Pattern[str], raw: str, plain: str, start: int, stop: int) -> date | None:
    """The last day that stands behind `words` in a stretch."""
    days = (day_in(raw, match.end())[0] for match in words.finditer(plain, start, stop))
    return next((day for day in reversed(list(days)) if day), None)
