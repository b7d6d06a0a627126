"""What stands in an annex (phụ lục): its title below its label, and the forms (mẫu) it holds (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from index.structure import Annex, bare

LONGEST_TITLE = 300  # characters of a title below the label; a longer run of such lines is text

_FORM = re.compile(r"(?:Biểu )?Mẫu\s+(?:số\s*)?(\d{1,3}[\w./-]*)(?:\s*[.:–—-]\s*([^|]*))?", re.I)
_PAPER = re.compile(
    r"(?:ĐƠN|GIẤY|TỜ|BIÊN|THÔNG|QUYẾT|BÁO|PHIẾU|SỔ|VĂN|BẢN|BẢNG|HỢP|DANH|KẾ|LÝ|CAM|HỒ|CÔNG VĂN|CHỨNG)\b.*"
)
_LETTERHEAD = re.compile(r"CỘNG H\w+ XÃ HỘI|Độc lập|\(?\s*(?:ban hành\s+)?kèm theo|[|\-(]", re.I)


@dataclass(frozen=True, slots=True)
class Form:
    """One form."""

    label: str  # "01", "03/TCD"
    title: str  # "ĐƠN ĐỀ NGHỊ CẤP HỌC BỔNG"; empty where it has none
    lines: tuple[str, ...]  # the line with its label included


@dataclass(frozen=True, slots=True)
class AnnexParts:
    """An annex with its title read and its forms apart; every line but the title's is in exactly one part."""

    title: str
    lines: tuple[str, ...]  # what is in no form
    forms: tuple[Form, ...]


def parts(annex: Annex) -> AnnexParts:
    """Read an annex.

    Its title is what follows its label, or the lines below it in capitals, in bold or marked as headings. A line
    "Mẫu số 01" heads a form only where text follows: a list of forms is text.
    """
    title, lines = annex.title, list(annex.lines)
    if not title:
        told = [(place, bare(line)) for place, line in enumerate(lines) if bare(line)]
        above = list(takewhile(lambda one: _may_title(lines[one[0]]), told))
        if above and len(" ".join(words for _, words in above)) <= LONGEST_TITLE:
            title, lines = " ".join(words for _, words in above), lines[above[-1][0] + 1 :]
    starts = _form_starts(lines)
    forms = tuple(_form(lines[start:stop]) for start, stop in pairwise([*starts, len(lines)]))
    return AnnexParts(title, tuple(lines[: starts[0]] if starts else lines), forms)


def _may_title(line: str) -> bool:
    plain = bare(line)
    if _LETTERHEAD.match(plain) or _FORM.match(plain):
        return False
    marked = line.strip()
    is_marked = marked.startswith("#") or (marked.startswith("**") and marked.endswith("**"))
    return is_marked or (plain.isupper() and len(plain.split()) > 1)


def _form_starts(lines: Sequence[str]) -> list[int]:
    told = [place for place, line in enumerate(lines) if bare(line)]
    heads = {place for place in told if lines[place].lstrip()[0] not in "-|>" and _FORM.fullmatch(bare(lines[place]))}
    return [place for place, after in pairwise(told) if place in heads and after not in heads]


def _form(lines: Sequence[str]) -> Form:
    match = _FORM.fullmatch(bare(lines[0]))
    label, title = (match.group(1), match.group(2) or "") if match else ("", "")
    if not title:
        capitals = (bare(line) for line in lines[1:20])
        title = next((line for line in capitals if line.isupper() and _PAPER.fullmatch(line)), "")
    return Form(label, title.strip(), tuple(lines))
