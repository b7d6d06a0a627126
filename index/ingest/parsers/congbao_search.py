"""An answer of the gazette's search interface (JSON) → documents with their facts, and links to their files.

Shape: `data[]` with id_van_ban, so_ky_hieu, loai_van_ban, trich_yeu, ngay_ban_hanh, ten_co_quan[],
danh_sach_tep_van_ban[] (reference notes on portal formats, from public crawlers; not seen live).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from index.document import Document
from index.errors import UnreadableSource
from index.ingest.parsers.decoding import decode
from index.ingest.parsers.facts_table import document_of_facts
from index.ingest.parsers.page import Link, Page, Parsed
from index.ingest.parsers.source import MOST_LINKS, kind_of_file, link

_LABELS = {
    "so, ky hieu": "so_ky_hieu", "loai van ban": "loai_van_ban", "trich yeu": "trich_yeu", "nguoi ky": "nguoi_ky",
    "ngay ban hanh": "ngay_ban_hanh", "ngay hieu luc": "ngay_hieu_luc", "co quan ban hanh": "ten_co_quan",
}  # fmt: skip


def parse(page: Page) -> Parsed:
    """The documents of an answer, in its order. A faulty row is named and the others go in.

    Raises `UnreadableSource` when the page is no such answer, or no row of it is a document.
    """
    try:
        answer = json.loads(decode(page))
    except (ValueError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else "not JSON"
        raise UnreadableSource(page.where, reason) from error
    rows = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise UnreadableSource(page.where, 'not a search answer: it has no list "data"')
    documents: list[Document] = []
    links: dict[str, Link] = {}
    problems: list[UnreadableSource] = []
    for number, row in enumerate(rows[:MOST_LINKS], start=1):
        try:
            document = replace(document_of_facts(page, _facts(row), evidence="G"), url=None)
        except UnreadableSource as problem:
            problems.append(UnreadableSource(f"{page.where}:{number}", problem.reason))
            continue
        documents.append(document)
        for address in _addresses(row.get("danh_sach_tep_van_ban")):
            found = link(page, address, title=document.title, published=None, kind=kind_of_file(address) or "pdf")
            if found is not None:
                links.setdefault(found.url, found)
    if problems and not documents:
        raise problems[0]
    return Parsed(documents=tuple(documents), links=tuple(links.values()), problems=tuple(problems))


def _facts(row: Any) -> dict[str, str]:
    return {label: _words(row.get(name)) for label, name in _LABELS.items()} if isinstance(row, dict) else {}


def _words(value: object) -> str:
    if isinstance(value, list):
        return " - ".join(filter(None, map(_words, value[:50])))
    if isinstance(value, dict):
        return _words(next((value[name] for name in ("ten", "ten_co_quan", "name") if name in value), ""))
    return value.strip() if isinstance(value, str) else ""


def _addresses(files: object) -> Iterator[str]:
    """Addresses of files, whatever the list's entries call them."""
    for entry in files[:50] if isinstance(files, list) else []:
        values = entry.values() if isinstance(entry, dict) else [entry]
        for value in values:
            is_address = isinstance(value, str) and value.startswith(("https://", "http://", "/"))
            if is_address and kind_of_file(value) in ("pdf", "docx"):
                yield value
