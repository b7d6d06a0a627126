"""What a parser is given, and what it makes of it: a fetched page → documents, links to more, and problems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from index.document import Document
from index.errors import UnreadableSource

PARSER_NAMES = (
    *("rss", "sitemap", "article", "vanban_list", "vanban_detail", "congbao_page", "congbao_search"),
    *("pdf", "pdf_ocr", "docx", "markdown", "jsonl", "text"),
)
"""Every parser there is, without importing any: what `parser` in data/sources.toml may say (registry.py has them)."""


@dataclass(frozen=True, slots=True)
class Page:
    """One fetched address or one file, as bytes: nothing in it is trusted."""

    url: str | None  # where it was fetched, after redirects; a file's name where it was not fetched
    content_type: str | None  # as the server sent it: "text/html; charset=utf-8"
    body: bytes
    fetched_on: date  # day in Vietnam on which the source was read; becomes `checked_on`
    owner: str = ""  # who runs the source (data/sources.toml): the issuing body of a news article
    encoding: str | None = None  # declared legacy encoding of the text, "tcvn3" or "vni"; never guessed

    @property
    def where(self) -> str:
        """The page's name in reports."""
        return self.url or "page"


@dataclass(frozen=True, slots=True)
class Link:
    """An address a list page, feed, sitemap or search answer points to; absolute, its host not yet checked."""

    url: str
    title: str | None
    published: datetime | None  # aware; +07:00 where the page names no zone
    kind: str  # name of the parser that fits what is behind it: "article", "vanban_detail", "pdf", "sitemap", …


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a page holds: documents (a detail page, a file), links (a list), and what of it could not be read."""

    documents: tuple[Document, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[UnreadableSource, ...] = ()
