"""RSS and Atom → links to the articles."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import feedparser
from lxml import etree, html

from index.errors import UnreadableSource
from index.ingest.parsers.instants import instants
from index.ingest.parsers.openings import without_opening
from index.ingest.parsers.page import Link, Page, Parsed
from index.ingest.parsers.source import MOST_LINKS, link
from index.ingest.parsers.xml import harmless_xml


def parse(page: Page) -> Parsed:
    """The links of a feed, in its order, each address once.

    Raises `UnreadableSource` for what is no feed. A damaged feed gives the entries that can be read.
    """
    feed: Any = feedparser.parse(BytesIO(harmless_xml(page)), sanitize_html=False, resolve_relative_uris=False)
    if not feed.version:
        raise UnreadableSource(page.where, "neither RSS nor Atom")
    entries = feed.entries[:MOST_LINKS]
    dates = instants([entry.get("published") or entry.get("updated") for entry in entries], not_after=page.fetched_on)
    links: dict[str, Link] = {}
    lost = 0
    for entry, published in zip(entries, dates, strict=True):
        title = without_opening(_plain(str(entry.get("title") or "")))
        found = link(page, _address(entry), title=title, published=published, kind="article")
        if found is None:
            lost += 1
        else:
            links.setdefault(found.url, found)
    problem = UnreadableSource(page.where, f"{lost} entries without an address of a web page")
    return Parsed(links=tuple(links.values()), problems=(problem,) if lost else ())


def _address(entry: Any) -> str | None:
    return entry.get("link") or (entry.get("id") if str(entry.get("id", "")).startswith("http") else None)


def _plain(title: str) -> str:
    """A title without markup, which some feeds put into CDATA."""
    if "<" not in title and "&" not in title:
        return title
    try:
        return str(html.fromstring(f"<p>{title}</p>").text_content())
    except (etree.LxmlError, ValueError):
        return title
