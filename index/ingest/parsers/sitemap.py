"""Sitemaps and sitemap indexes (sitemaps.org, read 2026-11) → links to pages and to further sitemaps."""

from __future__ import annotations

from typing import Any

from lxml import etree

from index.errors import UnreadableSource
from index.ingest.parsers.instants import instants
from index.ingest.parsers.page import Link, Page, Parsed
from index.ingest.parsers.source import MOST_LINKS, kind_of_file, link
from index.ingest.parsers.xml import harmless_xml


def parse(page: Page) -> Parsed:
    """The links of a sitemap, in its order, each address once; at most 50,000, as the protocol has it.

    `published` is the date of the news extension, else of the last change. Raises `UnreadableSource` for what is no
    sitemap.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root: Any = etree.fromstring(harmless_xml(page), parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableSource(page.where, "not XML") from error
    kind = etree.QName(root).localname if root is not None and isinstance(root.tag, str) else ""
    if kind not in ("urlset", "sitemapindex"):
        raise UnreadableSource(page.where, "not a sitemap")
    entries = [_facts(entry) for entry in root.iterchildren("{*}url", "{*}sitemap")]
    lost = max(0, len(entries) - MOST_LINKS)
    entries = entries[:MOST_LINKS]
    dates = instants([entry.get("publication_date") or entry.get("lastmod") for entry in entries],
                     not_after=page.fetched_on)  # fmt: skip
    links: dict[str, Link] = {}
    for entry, published in zip(entries, dates, strict=True):
        address = entry.get("loc", "")
        default = "sitemap" if kind == "sitemapindex" else kind_of_file(address) or "article"
        found = link(page, address, title=entry.get("title"), published=published, kind=default)
        if found is not None:
            links.setdefault(found.url, found)
    problem = UnreadableSource(page.where, f"{lost} addresses above the {MOST_LINKS} a sitemap may hold")
    return Parsed(links=tuple(links.values()), problems=(problem,) if lost else ())


def _facts(entry: Any) -> dict[str, str]:
    facts: dict[str, str] = {}
    for node in entry.iter():
        if isinstance(node.tag, str) and node.text:
            facts.setdefault(etree.QName(node).localname, node.text.strip())
    return facts
