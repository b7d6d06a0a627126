"""From when and until when a document holds, as its own text says (pure)."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from index.document import Document, TextKind
from index.relations.days import day_in
from index.relations.mentions import TYPE_NAMED, folded
from index.relations.units import sections

_FORCE = re.compile(
    rf"(?:[a-z ]{{0,60}}\bban hanh )?(?:{TYPE_NAMED.pattern})(?: nay)?[^;:]{{0,80}}?\bco hieu luc(?: thi hanh)?\b"
)
_FROM = re.compile(r"\s*,?\s*(?:ke )?(?:tu )?(?:ngay )?")
_SIGNED = re.compile(r"\s*,?\s*(?:ke )?(?:tu )?ngay (?:ky|ban hanh|duoc ky)\b")
_AFTER_SIGNING = re.compile(r"\s*sau (\d{1,3})(?: \([a-z ]+\))? ngay,? ke tu ngay (?:ky|ban hanh)\b")
_UNTIL = re.compile(r"\b(?:den|cho den)(?: het)? (?:\w{1,6} (?=\d))?(?:ngay )?")
_END_OF = re.compile(r"\bden het (?:thang (\d{1,2}) ?(?:/|nam) ?|nam )(\d{4})\b")
_OWN_END = re.compile(
    rf"(?:{TYPE_NAMED.pattern}) nay(?: se)? (?:het|cham dut) hieu luc(?: thi hanh)?\s*,?\s*(?:(ke tu|tu|vao) )?(?:ngay )?"
)
_CARRIED_OUT = re.compile(rf"(?:{TYPE_NAMED.pattern}) nay [^;:]{{0,120}}?\b(?:thuc hien|ap dung|thi hanh)\b")
_BEFORE = re.compile(r"\b(?:khi|ngay|truoc|sau|diem|neu|hop|den|theo)\s+(?:\w+ )?$")
_CONDITION = re.compile(r"(?:trong )?(?:truong hop|thoi han|thoi gian)|neu |khi |doi voi ")


def effective_on(document: Document) -> date | None:
    """The first day the text gives for the whole document, "kể từ ngày ký" being its issue date; None without one."""
    for raw, plain in _sentences(document):
        force = _FORCE.match(plain)
        if force is None or _BEFORE.search(plain[: force.start()]):
            continue
        if _SIGNED.match(plain, force.end()):
            return document.issued_on
        later = _AFTER_SIGNING.match(plain, force.end())
        if later:
            return document.issued_on and document.issued_on + timedelta(days=int(later.group(1)))
        since = _FROM.match(plain, force.end())
        day = day_in(raw, since.end())[0] if since else None
        if day:
            return day
    return None


def expires_on(document: Document) -> date | None:
    """The last day in force where the text limits its own term ("đến hết ngày …", "hết hiệu lực từ ngày …")."""
    for raw, plain in _sentences(document):
        if _CONDITION.match(plain):
            continue
        own = _OWN_END.search(plain)
        if own:
            day = day_in(raw, own.end())[0]
            if day:
                return day - timedelta(days=1) if own.group(1) in ("ke tu", "tu") else day
        held = _FORCE.match(plain) or _CARRIED_OUT.match(plain)
        if held is None:
            continue
        month = _END_OF.search(plain, held.end())
        if month and 1 <= int(month.group(1) or 12) <= 12 and int(month.group(2)):
            year, last = int(month.group(2)), int(month.group(1) or 12)
            return date(year, last, monthrange(year, last)[1])
        for until in _UNTIL.finditer(plain, held.end()):
            day = day_in(raw, until.end())[0]
            if day:
                return day
    return None


def _sentences(document: Document) -> Iterator[tuple[str, str]]:
    if document.text_kind is not TextKind.OFFICIAL:
        return
    for section in sections(unicodedata.normalize("NFC", document.text))[1]:
        for paragraph in section.paragraphs:
            for sentence in paragraph.sentences:
                yield sentence, folded(sentence)
