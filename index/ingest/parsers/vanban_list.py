"""A list page of the Government's document site → links to the documents' pages and files.

Rows link to `?pageid=27160&docid=N`; the next page of a list is a form post, which is the fetching side's affair
(format: reference notes on portal formats, from public crawlers; not seen live).
"""

from __future__ import annotations

import re

from index.errors import UnreadableSource
from index.ingest.facts import number_in
from index.ingest.parsers import html
from index.ingest.parsers.instants import instants
from index.ingest.parsers.page import Link, Page, Parsed
from index.ingest.parsers.source import MOST_LINKS, kind_of_file, link

_DETAIL = re.compile(r"[?&]docid=\d+", re.I)
_DAY = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b")


def parse(page: Page) -> Parsed:
    """The links of a list, in its order, each address once: title and issue date as its row has them.

    Raises `UnreadableSource` where no row leads to a document.
    """
    rows = []
    for anchor in html.visible(page).iter("a"):
        target = anchor.get("href") or ""
        kind = "vanban_detail" if _DETAIL.search(target) else kind_of_file(target)
        if kind is not None:
            row = next(anchor.iterancestors("tr", "li"), anchor)
            rows.append((target, kind, html.one_line(anchor), html.one_line(row)))
    dates = instants([_first_day(row) for *_, row in rows], not_after=page.fetched_on)
    links: dict[str, Link] = {}
    for (target, kind, words, row), published in zip(rows[:MOST_LINKS], dates, strict=False):
        found = link(page, target, title=_title(words, row), published=published, kind=kind)
        if found is not None and (found.url not in links or len(found.title or "") > len(links[found.url].title or "")):
            links[found.url] = found
    if not links:
        raise UnreadableSource(page.where, "no row leads to a document")
    return Parsed(links=tuple(links.values()))


def _first_day(row: str) -> str | None:
    match = _DAY.search(row)
    return match.group() if match else None


def _title(words: str, row: str) -> str:
    """The link's own words where they say more than the number; else the row."""
    is_number_only = not words or (number_in(words) is not None and len(words) < 40)
    return re.sub(r"\s*\|\s*", " ", row).strip() if is_number_only else words
