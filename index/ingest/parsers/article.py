"""An article page of a portal → one document: title, lead and body in the portal's own words.

An article has no document number, so its address stands for one (`source.address_number`), its type is "Tin bài", and
the body that issued it is the one that runs the site. Numbers of documents that it mentions stay words of its text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import trafilatura

from index.document import Document, TextKind
from index.errors import UnreadableSource
from index.ingest.parsers import html
from index.ingest.parsers.instants import instant
from index.ingest.parsers.official import checked, sentence_case
from index.ingest.parsers.openings import without_opening
from index.ingest.parsers.page import Page, Parsed
from index.ingest.parsers.source import address_number, host_of
from index.text.unicode import fold, normalise

TYPE = "Tin bài"
_SHORTEST = 80  # characters of lead and body; less is a page that fills itself by script, or an empty one
_PRINTED_DATE = re.compile(
    r"\d{1,2}[:h]\d{2}[\s,|-]+\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{1,2}/\d{4}(?:[\s,|-]+\d{1,2}:\d{2})?"
)
_NOT_STORY = ("related", "box-tinlienquan", "tags", "social", "share", "comment", "VCSortableInPreviewMode-link")


@dataclass(frozen=True, slots=True)
class Template:
    """Where a site's template keeps the parts of an article: XPath, as public crawlers report it (not seen live)."""

    title: str
    lead: str
    body: str
    published: str


def _class(name: str) -> str:
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


TEMPLATES = (
    Template(  # the shared CMS of the newer portals
        title="//*[@data-role='title']",
        lead="//*[@data-role='sapo']",
        body="//*[@data-role='content']",
        published="//*[@data-role='publishdate']",
    ),
    Template(  # the older template of the Government's portals
        title=f"//*[{_class('article-header')}]//h1",
        lead=f"//*[{_class('summary')}]",
        body=f"//*[{_class('article-body')}]",
        published=f"//*[{_class('meta')}]",
    ),
)
"""Known templates, tried in order; a page of none of them is read by trafilatura."""


def parse(page: Page) -> Parsed:
    """The article of a page. Raises `UnreadableSource` when there is none, or no address to know it by."""
    number = address_number(page)
    if not number:
        raise UnreadableSource(page.where, "an article is known by its address, and this page has none")
    root = html.visible(page)
    title, lead, body, published = next(
        (parts for template in TEMPLATES if (parts := _by_template(root, template, page))), None
    ) or _by_trafilatura(root, page)
    lead = without_opening(lead)
    body = without_opening(body)
    if lead and fold(body).startswith(fold(lead)):
        lead = ""
    text = "\n\n".join(part for part in (lead, body) if part)
    if not title or len(text) < _SHORTEST:
        raise UnreadableSource(page.where, "no article found")
    document = Document(
        number=number,
        type=TYPE,
        title=sentence_case(without_opening(title)),
        issuing_body=page.owner,
        issued_on=published.date() if published else None,
        effective_on=None,
        text_kind=TextKind.OFFICIAL,
        text=text,
        source=host_of(page),
        checked_on=page.fetched_on,
        url=page.url,
        language=_language(root),
    )
    return Parsed(documents=(checked(page, document),))


_Parts = tuple[str, str, str, datetime | None]


def _by_template(root: Any, template: Template, page: Page) -> _Parts | None:
    title, body = root.xpath(template.title), root.xpath(template.body)
    if not title or not body:
        return None
    for extra in body[0].xpath(".//*[@class]"):
        if any(word in extra.get("class") for word in _NOT_STORY) and extra.getparent() is not None:
            extra.drop_tree()
    lead = root.xpath(template.lead)
    printed = " ".join(html.one_line(node) for node in root.xpath(template.published)[:2])
    return (
        html.one_line(title[0]),
        html.one_line(lead[0]) if lead else "",
        html.text_of(body[0]),
        _published(printed, root, page),
    )


def _by_trafilatura(root: Any, page: Page) -> _Parts:
    headings = [html.one_line(node) for node in root.xpath("//h1")]
    title = _meta(root, "og:title") or next(filter(None, headings), "")
    published = _published("", root, page)  # trafilatura takes the tree apart
    body = trafilatura.extract(root, output_format="txt", include_comments=False, include_tables=True)
    lines = normalise(body or "").split("\n")
    while lines and fold(lines[0]) in ("", fold(title)):
        lines.pop(0)
    return title, "", "\n".join(lines), published


def _published(printed: str, root: Any, page: Page) -> datetime | None:
    match = _PRINTED_DATE.search(printed)
    stated = _meta(root, "article:published_time") or _meta(root, "pubdate")
    return instant(match.group() if match else stated, not_after=page.fetched_on)


def _meta(root: Any, name: str) -> str:
    found = root.xpath("//meta[@property=$name or @name=$name or @itemprop=$name]/@content", name=name)
    return " ".join(normalise(found[0]).split()) if found else ""


def _language(root: Any) -> str:
    """What the page says of itself, so far as we hold texts in it; Vietnamese otherwise."""
    said = (root.get("lang") or "vi")[:2].lower()
    return said if said in ("vi", "en", "zh") else "vi"
