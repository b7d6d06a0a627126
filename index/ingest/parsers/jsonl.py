"""JSON Lines → documents: index.ingest.jsonl on the bytes of a page; a faulty line is named, the others go in."""

from __future__ import annotations

from io import BytesIO

from index.document import Document
from index.errors import UnreadableSource
from index.ingest.jsonl import read_jsonl_lines
from index.ingest.parsers.page import Page, Parsed
from index.ingest.parsers.source import name_of


def parse(page: Page) -> Parsed:
    """The documents of a file of records. Raises `UnreadableSource` when not one line is a document."""
    documents: list[Document] = []
    problems: list[UnreadableSource] = []
    for found in read_jsonl_lines(BytesIO(page.body), name_of(page)):
        if isinstance(found, UnreadableSource):
            line = found.where.rpartition(":")[2]
            problems.append(UnreadableSource(f"{page.where}:{line}", found.reason))
        else:
            documents.append(found)
    if not documents:
        raise problems[0] if problems else UnreadableSource(page.where, "empty")
    return Parsed(documents=tuple(documents), problems=tuple(problems))
