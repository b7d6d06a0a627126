"""What a parser puts into a document, checked: no broken characters, no endless text."""

from __future__ import annotations

from index.document import Document
from index.errors import UnreadableSource
from index.ingest.parsers.decoding import REPLACED
from index.ingest.parsers.page import Page

MOST_CHARACTERS = 10_000_000
"""Of one document; the longest law of 2010 to 2026 has under 1 million."""


def checked(page: Page, document: Document) -> Document:
    """The document as it is. Raises `UnreadableSource` when its words are damaged or beyond any document's length."""
    words = (document.number, document.title, document.issuing_body, document.text)
    if any(REPLACED in part for part in words):
        raise UnreadableSource(page.where, "holds bytes that are no text in the encoding it names")
    if len(document.text) > MOST_CHARACTERS:
        raise UnreadableSource(page.where, f"has more than {MOST_CHARACTERS} characters")
    return document


def sentence_case(title: str) -> str:
    """A title as the catalogue keeps it: one line, a capital first, no full stop."""
    words = " ".join(title.split()).rstrip(". ")
    return words[:1].upper() + words[1:]
