"""A full text in Markdown → its document: index.ingest.markdown on the bytes of a page."""

from __future__ import annotations

from dataclasses import replace

from index.errors import UnreadableSource
from index.ingest.markdown import read_markdown_bytes
from index.ingest.parsers.page import Page, Parsed
from index.ingest.parsers.source import host_of, name_of


def parse(page: Page) -> Parsed:
    """The documents of a Markdown file. Raises `UnreadableSource` as `read_markdown` does."""
    name = name_of(page)
    try:
        found = read_markdown_bytes(page.body, name)
    except UnreadableSource as problem:
        raise UnreadableSource(page.where, problem.reason) from problem
    return Parsed(
        documents=tuple(
            replace(
                document,
                source=host_of(page) or document.source if document.source == name.name else document.source,
                checked_on=document.checked_on or page.fetched_on,
                url=document.url or (page.url if host_of(page) else None),
            )
            for document in found
        )
    )
