"""A page of the official gazette → the facts and relations of the documents on it.

A document's page has a diagram ("Lược đồ": eleven headings "Văn bản … [n]", each followed by n titles) and attributes
("Thuộc tính": labels and values). Both are read from the page's words alone, so HTML and the text of a page, which is
one run of words, are read the same way; a list page holds several such pairs. An issue's contents give number, body
and date. Six pages of 2026 show the words; no page with titles under the headings has been seen as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.document import Document, Relation, RelationKind
from index.errors import UnreadableSource
from index.ingest.facts import date_in, number_in
from index.ingest.parsers import html
from index.ingest.parsers.decoding import decode
from index.ingest.parsers.facts_table import document_of_facts
from index.ingest.parsers.letters import LOWER, UPPER
from index.ingest.parsers.page import Link, Page, Parsed
from index.ingest.parsers.source import file_links
from index.text.unicode import fold, normalise

# Heading of the diagram → how the page's document stands to those below it. One heading covers replacing, abolishing
# and suspending, and one amending and correcting: what the gazette does not tell apart is called by its first word.
# "Văn bản căn cứ văn bản này" (documents based on this one) says nothing about this one and has no kind.
DIAGRAM: dict[str, RelationKind | None] = {
    "Văn bản căn cứ văn bản này": None,
    "Văn bản sửa đổi bổ sung/đính chính": RelationKind.AMENDED_BY,
    "Văn bản thay thế/bãi bỏ/hủy bỏ/đình chỉ một phần": RelationKind.PARTLY_REPLACED_BY,
    "Văn bản dẫn chiếu": RelationKind.CITES,
    "Văn bản bị thay thế/bãi bỏ/hủy bỏ/đình chỉ": RelationKind.REPLACES,
    "Văn bản bị sửa đổi bổ xung/được đính chính": RelationKind.AMENDS,
    "Văn bản hướng dẫn": RelationKind.GUIDED_BY,
    "Văn bản thay thế/bãi bỏ/hủy bỏ/đình chỉ": RelationKind.REPLACED_BY,
    "Văn bản căn cứ": RelationKind.BASED_ON,
    "Văn bản được hướng dẫn": RelationKind.GUIDES,
    "Văn bản bị thay thế/bãi bỏ/hủy bỏ/đình chỉ một phần": RelationKind.PARTLY_REPLACES,
}
_KINDS = {fold(heading).replace("bo xung", "bo sung"): kind for heading, kind in DIAGRAM.items()}
_HEADING = re.compile(r"(Văn bản [^\[\]\n]{2,60}?)\s*\[\s*(\d{1,4})\s*\]")
_ATTRIBUTES = re.compile(
    r"Loại văn bản:?\s+(?P<type>[^\d\[\]]{2,40}?)\s+Số, ký hiệu:?\s+(?P<number>\S.{0,100}?)\s+"
    r"Cơ quan ban hành:?\s+(?P<body>.{2,1000}?)\s+Ngày ban hành:?\s+(?P<issued>[\d/.-]{6,10})\s+"
    r"Trích yếu:?\s+(?P<title>.{1,4000}?)\s+Người ký:?\s+(?P<signer>.{0,1000}?)\s*"
    r"Ngày hiệu lực:?\s*(?P<effective>[\d/.-]{6,10})?\s*Công báo\b",
    re.S,
)
_LABELS = {
    "type": "loai van ban", "number": "so, ky hieu", "body": "co quan ban hanh", "issued": "ngay ban hanh",
    "title": "trich yeu", "signer": "nguoi ky", "effective": "ngay hieu luc",
}  # fmt: skip
_END_OF_DIAGRAM = re.compile(r"\s(?:Thuộc tính|Loại văn bản)(?=\s|$)")
_TITLE = re.compile(
    r"(?:Bộ luật|Luật|Pháp lệnh|Lệnh|Nghị quyết liên tịch|Nghị quyết|Nghị định|Quyết định|Chỉ thị|Thông tư liên tịch|"
    r"Thông tư|Văn bản hợp nhất|Công văn|Thông báo|Công điện|Đính chính|Hướng dẫn|Kế hoạch|Hiến pháp|Sao lục) số\s+\S"
)
_GOES_ON = re.compile(  # words after which a title goes on: what follows is a document it mentions
    r"(?:[,;(“\"]|\b(?:của|và|tại|theo|số|các|về|bởi|với|từ|là|hoặc|do|trong|cho|thay thế|bãi bỏ|hành|điều|khoản|này"
    r"|luật|đổi|sung|thực hiện|căn cứ|một phần|danh mục|hiệu lực))\s*$",
    re.I,
)
_IN_ISSUE = re.compile(
    r"(?:Văn bản quy phạm pháp luật|Văn bản khác|Văn bản hợp nhất|Văn bản chỉ đạo, điều hành)\s+"
    rf"(?P<body>[{UPPER}][{UPPER} ,–-]{{3,200}}?)\s+(?P<words>(?=[{UPPER}][{LOWER}]).{{5,3000}}?)\s+"
    r"(?P<issued>\d{2}-\d{2}-\d{4})\s+Trang\s+\d+"
)


def parse(page: Page) -> Parsed:
    """The documents of a gazette page, in its order, with links to their files.

    A heading whose n titles cannot be told apart is named as a problem and gives no relation. Raises `UnreadableSource`
    where the page shows no document.
    """
    text = decode(page)
    links: tuple[Link, ...] = ()
    if "<" in text and re.search(r"<(?:html|body|div|table|p|a)\b", text, re.I):
        root = html.visible(page)
        text = html.text_of(root).replace("|", " ")
        links = file_links(page, root, title=None)
    text = normalise(text)
    documents: list[Document] = []
    problems: list[UnreadableSource] = []
    read_to = 0
    for found in _ATTRIBUTES.finditer(text):
        facts = {_LABELS[name]: value or "" for name, value in found.groupdict().items()}
        try:
            relations = _relations(page, text[read_to : found.start()] + " Loại văn bản", problems)
            documents.append(document_of_facts(page, facts, relations=relations, evidence="G"))
        except UnreadableSource as problem:
            problems.append(problem)
        read_to = found.end()
    documents = documents or list(_of_issue(page, text))
    if not documents:
        raise problems[0] if problems else UnreadableSource(page.where, "no document of the gazette on it")
    if len(documents) > 1:  # a list: its address is not theirs
        documents = [replace(document, url=None) for document in documents]
    return Parsed(documents=tuple(documents), links=links, problems=tuple(problems))


def _relations(page: Page, diagram: str, problems: list[UnreadableSource]) -> tuple[Relation, ...]:
    headings = [match for match in _HEADING.finditer(diagram) if _key(match.group(1)) in _KINDS]
    relations: list[Relation] = []
    for place, heading in enumerate(headings):
        after = headings[place + 1].start() if place + 1 < len(headings) else len(diagram)
        below = diagram[heading.end() : after]
        if place + 1 == len(headings) and (end := _END_OF_DIAGRAM.search(below)):
            below = below[: end.start()]
        kind, expected = _KINDS[_key(heading.group(1))], int(heading.group(2))
        titles = titles_below(below, expected)
        if len(titles) != expected:
            problems.append(
                UnreadableSource(page.where, f"“{heading.group(1)} [{expected}]” shows {len(titles)} titles")
            )
        elif kind is not None:
            relations += [_relation(kind, title) for title in titles]
    return tuple(relation for relation in relations if relation.number)


def _key(heading: str) -> str:
    return fold(heading).replace("bo xung", "bo sung")


def titles_below(below: str, expected: int) -> list[str]:
    """The titles below a heading: its lines, or, in a run of words, what begins like a title and is not inside one."""
    if expected == 0:
        return []
    lines = [line.strip() for line in below.strip().split("\n") if number_in(line)]
    if len(lines) == expected:
        return lines
    run = " ".join(below.split())
    starts = [match.start() for match in _TITLE.finditer(run)]
    if len(starts) != expected:
        starts = [start for start in starts if start == 0 or not _GOES_ON.search(run[max(0, start - 40) : start])]
    if len(starts) != expected:
        starts = [start for start in starts if start == 0 or run[:start].rstrip().endswith(".")]
    return [run[start:stop].strip() for start, stop in zip(starts, [*starts[1:], len(run)], strict=True)]


def _relation(kind: RelationKind, title: str) -> Relation:
    return Relation(kind, number_in(title) or "", title=title)


def _of_issue(page: Page, text: str) -> Iterator[Document]:
    """The documents in the table of contents of an issue."""
    for entry in _IN_ISSUE.finditer(text):
        number = number_in(entry["words"])
        issued = date_in(entry["issued"])
        if number is None or issued is None:
            continue
        kind, _, rest = entry["words"].partition(" số ")
        facts = {
            "so, ky hieu": number,
            "loai van ban": kind,
            "co quan ban hanh": entry["body"],
            "ngay ban hanh": entry["issued"],
            "trich yeu": rest.partition(" ")[2],
        }
        yield replace(document_of_facts(page, facts, evidence="G"), url=None)
