"""A codified subject (đề mục pháp điển) → the documents its articles come from.

The codification puts articles of a law and of the texts under it side by side, renumbered, each followed by where it
comes from: "(Điều 3 Luật số 104/2016/QH13, có hiệu lực thi hành kể từ ngày 01/07/2018)". Citations name the source
documents, so the articles go back to them; the codifier's numbers, cross-references and list of articles are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from index.document import Document, TextKind
from index.ingest.facts import date_in, number_in

_ENTRY = re.compile(r"Điều \d+\.\d+\.[A-ZĐ]{2,}\.(?:\d+\.)*\d+\.\s*(.*)")
_ORIGIN = re.compile(
    r"\(Điều (\d+[a-zđ]?) (\w+(?: \w+)*?) số ([^\s,)]+)\s*(.*?)(?: ngày (\d{1,2}/\d{1,2}/\d{4}) của ([^,]+?))?,"
    r" có hiệu lực thi hành kể từ ngày (\d{1,2}/\d{1,2}/\d{4})\)",
    re.S,
)
_CROSS_REFERENCE = re.compile(r"\(Điều này có nội dung liên quan đến.*?\)\s*(?=\n|$)", re.S)
_GROUP = re.compile(r"(?:Chương|Mục) [IVXL\d]+\s*$")
_LIST = "\n## Danh sách điều khoản"


def is_codification(text: str) -> bool:
    """Whether a text is a codified subject: renumbered articles, each with where it comes from."""
    return _ENTRY.search(text) is not None and _ORIGIN.search(text) is not None


def read(text: str, *, source: str) -> list[Document]:
    """The source documents with those of their articles that the codification holds, in order of first mention."""
    listed = [match.group(1).strip() for match in _ENTRY.finditer(text, _list_start(text))]
    text = _CROSS_REFERENCE.sub("", text[: _list_start(text)])
    origins = list(_ORIGIN.finditer(text))
    entries = [_entry(text, origin.start()) for origin in origins]
    ends = [start for start, _ in entries[1:]] + [len(text)]
    articles: dict[str, list[tuple[int, str]]] = defaultdict(list)
    facts: dict[str, tuple[str, str, str, date | None, date | None]] = {}
    for place, (origin, end) in enumerate(zip(origins, ends, strict=True)):
        article, kind, printed, title, issued, body, effective = origin.groups()
        number = number_in(printed) or printed
        if number not in facts:
            facts[number] = (kind, " ".join(title.split()), body or "", date_in(issued), date_in(effective))
        heading = entries[place][1] or (listed[place] if len(listed) == len(origins) else "")
        wording = "\n".join(_without_groups(text[origin.end() : end].strip().split("\n"))).strip()
        articles[number].append((int(re.sub(r"\D", "", article)), f"Điều {article}. {heading}\n{wording}"))
    return [
        Document(
            number=number,
            type=kind,
            title=f"{kind} {title}" if kind == "Luật" else title,
            issuing_body=body,
            issued_on=issued_on,
            effective_on=effective_on,
            text_kind=TextKind.OFFICIAL,
            text="\n".join(wording for _, wording in sorted(articles[number])),
            source=source,
            checked_on=None,
            evidence="F",
        )
        for number, (kind, title, body, issued_on, effective_on) in facts.items()
    ]


def _list_start(text: str) -> int:
    place = text.find(_LIST)
    return place if place >= 0 else len(text)


def _entry(text: str, origin: int) -> tuple[int, str]:
    """Where the entry of an origin begins, and its title; a title that the copy lost is empty."""
    before = text[:origin].rstrip("\n")
    start = before.rfind("\n") + 1
    match = _ENTRY.match(before[start:])
    return (start, match.group(1).strip()) if match else (origin, "")


def _without_groups(lines: list[str]) -> list[str]:
    """The lines before the heading of the codification's next chapter or section, which follows an article."""
    return lines[: next((place for place, line in enumerate(lines) if _GROUP.match(line)), len(lines))]
