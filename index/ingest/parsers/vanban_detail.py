"""A document's page on the Government's document site → its facts, and links to its files.

The page has no status and no text: the text is in the files, often scans (format: reference notes on portal formats,
from public crawlers; not seen live).
"""

from __future__ import annotations

from index.ingest.parsers import html
from index.ingest.parsers.facts_table import document_of_facts, labelled
from index.ingest.parsers.page import Page, Parsed
from index.ingest.parsers.source import file_links


def parse(page: Page) -> Parsed:
    """The facts of the page and links to its files. Raises `UnreadableSource` where there is no document number."""
    root = html.visible(page)
    document = document_of_facts(page, labelled(root))
    return Parsed(documents=(document,), links=file_links(page, root, title=document.title))
