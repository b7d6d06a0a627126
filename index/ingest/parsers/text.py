"""Plain text of one document → that document; TCVN3 and VNI-Windows where the source declares them."""

from __future__ import annotations

from index.errors import UnreadableSource
from index.ingest.legacy_text import Legacy, to_unicode
from index.ingest.parsers.decoding import decode
from index.ingest.parsers.fulltext import document_of_text
from index.ingest.parsers.page import Page, Parsed


def parse(page: Page) -> Parsed:
    """The document of a text. Raises `UnreadableSource` for an unknown encoding, and for text that is not in it."""
    return Parsed(documents=(document_of_text(page, _text(page)),))


def _text(page: Page) -> str:
    if page.encoding is None:
        return decode(page)
    try:
        encoding = Legacy(page.encoding)
    except ValueError as error:
        known = ", ".join(one.value for one in Legacy)
        raise UnreadableSource(page.where, f"encoding {page.encoding!r} is none of {known}") from error
    try:
        raw = page.body.decode("utf-8")  # saved by a program that took it for Western text
    except UnicodeDecodeError:
        raw = page.body.decode("latin-1")
    try:
        return to_unicode(raw, encoding)
    except ValueError as error:
        raise UnreadableSource(page.where, f"declared as {encoding.value}, but it is Unicode already") from error
