"""What an address says about a page: its host, its name, and the number that stands for a page without one."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from index.ingest.parsers.page import Link, Page
from index.text.unicode import normalise

MOST_LINKS = 50_000
"""Of one page: as many as a sitemap may hold (sitemaps.org/protocol, read 2026-11)."""
_LONGEST_TITLE = 1_000  # characters; the longest of 3,004 gazette titles has about 900
_LONGEST_URL = 2_048
_LONGEST_ADDRESS_NUMBER = 200
_STORY_ID = re.compile(r"(\d{9,})(?:\.\w{2,5})?/?$")
_BY_SUFFIX = {"pdf": "pdf", "docx": "docx", "md": "markdown", "jsonl": "jsonl", "xml": "sitemap"}


def host_of(page: Page) -> str:
    """The host a page was fetched from: "congbao.chinhphu.vn"; empty for a file."""
    return _split(page.url or "")[0]


def name_of(page: Page) -> Path:
    """A page's name for readers of files: the last part of its address."""
    return Path(_split(page.url or "")[1].rstrip("/").rpartition("/")[2] or "page")


def address_number(page: Page) -> str:
    """The key of a page that has no document number (a news article): the host and what tells its pages apart there.

    The portals' stories end in a long digit id, which stays when the words of an address change:
    "baochinhphu.vn/102260511103041123". Elsewhere the path stands for it. No document number looks like either.
    Empty for a page without an address.
    """
    host, path = _split(page.url or "")
    story = _STORY_ID.search(path)
    tail = story.group(1) if story else re.sub(r"\.(html?|aspx?|php)$", "", path.strip("/"))
    return f"{host.removeprefix('www.')}/{tail}"[:_LONGEST_ADDRESS_NUMBER] if host and tail else ""


def link(page: Page, target: str | None, *, title: str | None, published: datetime | None, kind: str) -> Link | None:
    """A link of a page, made absolute; None where it leads to no web page. Whether its host is allowed is not asked."""
    try:
        url = urljoin(page.url or "", (target or "").strip())
        is_web = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return None
    if not is_web or len(url) > _LONGEST_URL or not url.isprintable() or " " in url:
        return None
    words = " ".join(normalise(title or "").split())[:_LONGEST_TITLE]
    return Link(url=url.partition("#")[0], title=words or None, published=published, kind=kind)


def kind_of_file(url: str) -> str | None:
    """The parser for the file an address ends in ("….signed.pdf" → "pdf"); None where it names no kind of file."""
    suffix = _split(url)[1].rpartition(".")[2].lower()
    return _BY_SUFFIX.get(suffix)


def file_links(page: Page, root: Any, *, title: str | None) -> tuple[Link, ...]:
    """The files a page's tree links to, each address once."""
    links: dict[str, Link] = {}
    for anchor in root.iter("a"):
        target = anchor.get("href") or ""
        kind = kind_of_file(target)
        found = link(page, target, title=title, published=None, kind=kind) if kind else None
        if found is not None and len(links) < MOST_LINKS:
            links.setdefault(found.url, found)
    return tuple(links.values())


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.hostname or "", parts.path
