"""XML of a page, made harmless before a library reads it."""

from __future__ import annotations

import re
from dataclasses import replace

from index.errors import UnreadableSource
from index.ingest.parsers.decoding import decode, unzipped
from index.ingest.parsers.page import Page

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def harmless_xml(page: Page) -> bytes:
    """The XML of a page as UTF-8 without declaration and without characters that XML forbids.

    Raises `UnreadableSource` when it is empty, is no markup, or defines entities: no feed or sitemap needs them, and
    they are how a small file grows without end or reads files of the machine.
    """
    text = _NOT_XML.sub("", _DECLARATION.sub("", decode(replace(page, body=unzipped(page)))))
    if not text.lstrip().startswith("<"):
        raise UnreadableSource(page.where, "not XML")
    if re.search(r"<!ENTITY", text, re.I):
        raise UnreadableSource(page.where, "defines XML entities, which no feed or sitemap needs")
    return text.lstrip().encode("utf-8", "replace")
