"""From when and until when a document holds, as its own text says (pure)."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from index.document import Document, TextKind
from index.relations.days import day_in
from index.relations.mentions import TYPE_NAMED, folded
from index.relations.units import is_consolidation, sections, wording

_OWN = rf"(?:{TYPE_NAMED.pattern})(?: nay\b[^,;:]{{0,80}}?)?"
_FORCE = re.compile(rf"{_OWN} co hieu luc(?: thi hanh)?\b")
_FROM = re.compile(r"\s*,?\s*(?:ke )?(?:tu )?(?:ngay )?")
_SIGNED = re.compile(r"\s*,?\s*(?:ke )?(?:tu )?ngay (?:ky|ban hanh|duoc ky)\b")
_AFTER_SIGNING = re.compile(r"\s*sau (\d{1,3})(?: \([a-z ]+\))? ngay,? ke tu ngay (?:ky|ban hanh)\b")
_WHEN = r"(?:[ ,]+(?:ke|tu|ngay|thang|nam|ky|ban hanh|duoc|thong qua|va|thoi gian|[0-9oi/.-]+))*"
_HELD = re.compile(  # "… có hiệu lực từ ngày ký và được thực hiện đến hết …": said of the whole, not of some cases
    rf"{TYPE_NAMED.pattern}(?: nay)?(?: se)?"
    rf"(?: co hieu luc(?: thi hanh)?{_WHEN})?"
    rf"(?:,?(?: va)?(?: duoc)? (?:thuc hien|ap dung|thi hanh)(?: thi diem| trong thoi gian)?{_WHEN})? den(?: het)? "
)
_DAY_BEGINS = re.compile(r"(?:\w{1,6} (?=\d))?(?:ngay )?")  # the word before the day may be misread
_MONTH = re.compile(r"(?:thang (\d{1,2}) ?(?:/|nam) ?|nam )(\d{4})\b")
_OWN_END = re.compile(
    rf"(?:{TYPE_NAMED.pattern}) nay(?: se)? (?:het|cham dut) hieu luc(?: thi hanh)?\s*,?\s*"
    r"(?:(ke tu|tu|vao) )?(?:ngay )?"
)
_CONDITION = re.compile(r"(?:trong )?(?:truong hop|thoi han|thoi gian)|neu |khi |doi voi ")


def effective_on(document: Document) -> date | None:
    """The first day the text gives for the whole document, "kể từ ngày ký" being its issue date; None without one."""
    for raw, plain in _sentences(document):
        force = _FORCE.match(plain)
        if force is None:
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
        own = _OWN_END.match(plain)
        day = day_in(raw, own.end())[0] if own else None
        if own and day:
            return day - timedelta(days=1) if own.group(1) in ("ke tu", "tu") else day
        held = _HELD.match(plain)
        last = _last_day(raw, plain, held.end()) if held else None
        if last:
            return last
    return None


def _last_day(raw: str, plain: str, start: int) -> date | None:
    month = _MONTH.match(plain, start)
    if month is None:
        begins = _DAY_BEGINS.match(plain, start)
        return day_in(raw, begins.end())[0] if begins else None
    year, last = int(month.group(2)), int(month.group(1) or 12)
    return date(year, last, monthrange(year, last)[1]) if 1 <= last <= 12 and year else None


def _sentences(document: Document) -> Iterator[tuple[str, str]]:
    if document.text_kind is not TextKind.OFFICIAL or is_consolidation(document):
        return
    for section in sections(wording(document))[1]:
        for paragraph in section.paragraphs:
            for sentence in paragraph.sentences:
                yield sentence, folded(sentence)
