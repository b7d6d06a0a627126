"""A list page of the Government's document site → links to the documents' pages and files.

Rows link to `?pageid=27160&docid=N`; the next page of a list is a form post, which is the fetching side's affair
(format: reference notes on portal formats, from public crawlers; not seen live).
"""

from __future__ import annotations

import re
from typing import Any

from index.errors import UnreadableSource
from index.ingest.facts import number_in
from index.ingest.parsers import html
from index.ingest.parsers.instants import instants
from index.ingest.parsers.page import Link, Page, Parsed
from index.ingest.parsers.source import MOST_LINKS, kind_of_file, link

_DETAIL = re.compile(r"[?&]docid=\d+", re.I)
_SHORTEST_TITLE = 20  # characters; less is "Tải về", "Xem chi tiết", or a number
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
            rows.append((target, kind, html.one_line(anchor), _cells(anchor)))
    dates = instants([_first_day(" ".join(cells)) for *_, cells in rows], not_after=page.fetched_on)
    links: dict[str, Link] = {}
    for (target, kind, words, cells), published in zip(rows[:MOST_LINKS], dates, strict=False):
        found = link(page, target, title=_title(words, cells), published=published, kind=kind)
        if found is not None:
            links.setdefault(found.url, found)
    if not links:
        raise UnreadableSource(page.where, "no row leads to a document")
    return Parsed(links=tuple(links.values()))


def _first_day(row: str) -> str | None:
    match = _DAY.search(row)
    return match.group() if match else None


def _cells(anchor: Any) -> list[str]:
    """The texts of the row or item that a link stands in."""
    row = next(anchor.iterancestors("tr", "li"), anchor)
    return [html.one_line(cell) for cell in (row if row.tag == "tr" else [row])]


def _title(words: str, cells: list[str]) -> str:
    """The link's own words where they say something; else the longest of its row: the title."""
    says_little = len(words) < _SHORTEST_TITLE or (number_in(words) is not None and len(words) < 2 * _SHORTEST_TITLE)
    return max(cells, key=len) if says_little and cells else words
