"""From a page of a source to the catalogue: parsed, made the source's own, completed, split, stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Protocol

from index.document import Document, IdParts, Passage
from index.errors import UnreadableSource
from index.ingest.address import checked, host_of
from index.ingest.errors import Refused
from index.ingest.parsers.page import Page, Parsed
from index.ingest.report import SyncReport
from index.ingest.resemblance import is_like
from index.ingest.sources import Source
from index.ingest.state import Holding
from index.merging import origin_of
from index.passages import split
from index.storing import Change
from index.text.number import number_key

VIETNAM = timezone(timedelta(hours=7))

Parse = Callable[[str, Page], Parsed]
"""Parser name, page → what it holds; raises `UnreadableSource` (`index.ingest.sandbox.parse_safely`)."""

Enrich = Callable[[Document], Document]
"""Adds to a document what can be read out of its text: relations (`index.relations`)."""


class Shelf(Protocol):
    """What is needed of the catalogue (`index.catalogue.Catalogue`)."""

    def put_all(self, items: Iterable[tuple[Document, Sequence[Passage]]]) -> list[Change]:
        """Take in what one source says about each document."""

    def remove_source(self, origin: str, document_id: str) -> Change:
        """Forget what one source said about a document."""

    def checked(self, origin: str, document_ids: Collection[str], on: date) -> None:
        """A source was read again on that day, and nothing had changed."""

    def find(self, *, key: str) -> Sequence[Document]:
        """The documents of a number (`index.text.number.number_key`)."""


def as_it_is(document: Document) -> Document:
    """The document, with nothing added."""
    return document


def today(now: datetime) -> date:
    """The day in Vietnam at an instant."""
    return now.astimezone(VIETNAM).date()


def parse_scans_too(parse: Parse, parser: str, page: Page) -> Parsed:
    """What a page holds; a PDF that turns out to be a scan is read by machine. Raises `UnreadableSource`."""
    try:
        return parse(parser, page)
    except UnreadableSource as problem:
        if parser != "pdf" or not problem.reason.endswith(_SCAN):
            raise
        return parse(_SCAN, page)


class Intake:
    """The road into the catalogue; safe to use from several threads."""

    def __init__(self, *, catalogue: Shelf, parse: Parse, enrich: Enrich) -> None:
        self._catalogue, self._parse, self._enrich = catalogue, parse, enrich

    def read(self, source: Source, parser: str, page: Page) -> Parsed:
        """What a page holds, its documents made the source's own: told apart by host, dated, of an allowed language.

        Raises `UnreadableSource` for a page that is none of its kind.
        """
        parsed = parse_scans_too(self._parse, parser, page)
        documents, problems = [], list(parsed.problems)
        for document in parsed.documents:
            if document.language in source.languages:
                documents.append(_owned(document, source, page))
            else:
                problems.append(UnreadableSource(page.where, f"in {document.language!r}, which is not read here"))
        return replace(parsed, documents=tuple(documents), problems=tuple(problems))

    @staticmethod
    def holdings(parsed: Parsed) -> tuple[Holding, ...]:
        """What the catalogue has from a page once its documents are stored."""
        return tuple(sorted({Holding(origin_of(document), document.id) for document in parsed.documents}))

    def is_like_before(self, parsed: Parsed) -> bool:
        """Whether every document that is known by this number has something in common with what is known of it."""
        return all(
            any(is_like(document, one) for one in known)
            for document in parsed.documents
            if (known := self._catalogue.find(key=number_key(document.number)))
        )

    def store(self, parsed: Parsed, report: SyncReport) -> None:
        """Put the documents of a page into the catalogue; what could not be read goes into the report."""
        for problem in parsed.problems:
            report.refuse(problem)
        items = []
        for document in parsed.documents:
            try:
                complete = self._enrich(document)
                items.append((complete, split(complete)))
            except Exception as error:  # noqa: BLE001 - one document that our own code stumbles over never ends a run
                where = document.url or document.source
                report.refuse(UnreadableSource(where, f"{document.number} could not be split: {type(error).__name__}"))
        for start in range(0, len(items), _AT_ONCE):
            few = items[start : start + _AT_ONCE]
            report.add([document.id for document, _ in few], self._catalogue.put_all(few))

    def unchanged(self, holdings: Sequence[Holding], on: date, report: SyncReport) -> None:
        """A page says what it said before: its documents were checked on this day."""
        for origin in sorted({holding.origin for holding in holdings}):
            ids = [self._home(holding) for holding in holdings if holding.origin == origin]
            self._catalogue.checked(origin, ids, on)
            report.add(ids, [Change.UNCHANGED] * len(ids))

    def withdraw(self, holdings: Iterable[Holding], report: SyncReport) -> None:
        """A source no longer has these documents."""
        for holding in holdings:
            document_id = self._home(holding)
            change = self._catalogue.remove_source(holding.origin, document_id)
            if change is Change.WITHDRAWN:
                report.withdrawn.append(document_id)
            elif change is not Change.UNCHANGED:  # another source still has it
                report.add([document_id], [change])

    def _home(self, holding: Holding) -> str:
        """The document's id in the catalogue, where one without a date joined the only one of its number."""
        number, issued_on, series = IdParts.of(holding.document_id)
        found = self._catalogue.find(key=number_key(number)) if issued_on is None else ()
        found = [document for document in found if document.series == series]
        return found[0].id if len(found) == 1 else holding.document_id


_AT_ONCE = 100  # documents in one transaction
_SCAN = "pdf_ocr"  # what the reason of a refused PDF ends in where that parser can read it


def _owned(document: Document, source: Source, page: Page) -> Document:
    url = page.url or source.addresses[0]
    own = document.url
    if own is not None:
        try:
            own = checked(own, source.hosts)
        except Refused:
            own = url
    return replace(
        document,
        source=host_of(url),  # whatever the page says of itself
        url=own,
        checked_on=page.fetched_on,
        place=document.place or source.place,
    )
