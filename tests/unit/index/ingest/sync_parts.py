"""Stand-ins for the tests of reading sources: a shelf that remembers, parsers of a format of our own, a source."""

from __future__ import annotations

from datetime import date, datetime, timezone

from index.document import Document, TextKind
from index.errors import UnreadableSource
from index.ingest.parsers.page import Link, Page, Parsed
from index.ingest.sources import Source
from index.merging import origin_of
from index.storing import Change
from index.text.number import number_key

NOW = datetime(2026, 7, 1, 3, tzinfo=timezone.utc)


class RememberingShelf:
    """What `index.ingest.intake.Shelf` asks for, in memory."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], Document] = {}
        self.checks: list[tuple[str, tuple[str, ...], date]] = []

    def put_all(self, items):
        changes = []
        for document, _ in items:
            key = origin_of(document), document.id
            known = self.held.get(key)
            changes.append(
                Change.CREATED if known is None else Change.UNCHANGED if known == document else Change.UPDATED
            )
            self.held[key] = document
        return changes

    def remove_source(self, origin, document_id):
        if self.held.pop((origin, document_id), None) is None:
            return Change.UNCHANGED
        return Change.UPDATED if document_id in [known for _, known in self.held] else Change.WITHDRAWN

    def find(self, *, key):
        return [document for document in self.held.values() if number_key(document.number) == key]

    def checked(self, origin, document_ids, on):
        self.checks.append((origin, tuple(document_ids), on))

    def numbers(self) -> list[str]:
        return sorted(document.number for document in self.held.values())


def parse(parser: str, page: Page) -> Parsed:
    """Lists hold lines "kind address [date]", pages hold lines "number|day|language|text"."""
    lines = page.body.decode().splitlines()
    if lines[:1] == ["broken"]:
        raise UnreadableSource(page.where, "broken")
    if parser in ("rss", "sitemap"):
        return Parsed(links=tuple(_link(line) for line in lines))
    links = tuple(_link(line) for line in lines if line.startswith("pdf "))
    return Parsed(documents=tuple(_document(line, page) for line in lines if "|" in line), links=links)


def _link(line: str) -> Link:
    kind, url, *day = line.split(" ")
    published = datetime.fromisoformat(day[0]).replace(tzinfo=timezone.utc) if day else None
    return Link(url=url, title=None, published=published, kind=kind)


def _document(line: str, page: Page) -> Document:
    number, day, language, text = line.split("|")
    return Document(
        number=number,
        type="Thông tư",
        title="Thử",
        issuing_body="Bộ Tư pháp",
        issued_on=date.fromisoformat(day),
        effective_on=None,
        text_kind=TextKind.OFFICIAL,
        text=text,
        source="what the page says of itself",
        checked_on=page.fetched_on,
        url="https://evil.example/",
        language=language,
    )


def source(**changes) -> Source:
    given = {
        "id": "bo-tu-phap",
        "owner": "Bộ Tư pháp",
        "hosts": ["moj.gov.vn"],
        "addresses": ["https://moj.gov.vn/rss"],
        "parser": "rss",
        "every": "1h",
        "evidence": "K",
        "enabled": True,
    }
    return Source.model_validate({**given, **changes})
