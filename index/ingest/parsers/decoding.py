"""Bytes of a page → text: by its byte order mark, its header, what it says itself, else UTF-8 (pure)."""

from __future__ import annotations

import codecs
import re
import zlib

from index.errors import UnreadableSource
from index.ingest.parsers.page import Page

REPLACED = "\ufffd"
"""Stands where bytes are in no encoding; no official wording may hold it (`document.official`)."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_SAID_INSIDE = re.compile(rb"(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?([\w.:-]+)", re.I)
_TEXT_CODECS = re.compile(r"(utf|iso|windows|cp|latin|us|ascii|big|gb|euc|shift|koi|mac)", re.I)
_HEAD = 4_096  # bytes in which a page says its encoding; browsers read 1,024
_MOST_UNPACKED = 50_000_000  # bytes: what a sitemap may have (sitemaps.org/protocol, read 2026-11)


def decode(page: Page) -> str:
    """The text of a page, without its byte order mark; bytes in no encoding become `REPLACED`.

    Text that is valid UTF-8 is read so, whatever is declared: that is never chance. Raises `UnreadableSource` for an
    empty page.
    """
    body = page.body
    if not body.strip(b"\x00\t\n\r\x0c "):
        raise UnreadableSource(page.where, "empty")
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for declared in _declared(page):
        try:
            return body.decode(declared)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("utf-8", "replace")


def unzipped(page: Page) -> bytes:
    """The body, taken out of gzip where it is in it (sitemaps come as .xml.gz).

    Raises `UnreadableSource` when it is damaged or holds more than 50 MB.
    """
    if not page.body.startswith(b"\x1f\x8b"):
        return page.body
    unpack = zlib.decompressobj(wbits=31)
    try:
        body = unpack.decompress(page.body, _MOST_UNPACKED)
    except zlib.error as error:
        raise UnreadableSource(page.where, "damaged gzip") from error
    if unpack.unconsumed_tail:
        raise UnreadableSource(page.where, f"unpacks to more than {_MOST_UNPACKED // 1_000_000} MB")
    if not unpack.eof:
        raise UnreadableSource(page.where, "damaged gzip")
    return body


def _declared(page: Page) -> list[str]:
    header = _CHARSET.search(page.content_type or "")
    inside = _SAID_INSIDE.search(page.body[:_HEAD])
    named = [header.group(1)] if header else []
    named += [inside.group(1).decode("ascii", "replace")] if inside else []
    return [name for name in named if _TEXT_CODECS.match(name)]
