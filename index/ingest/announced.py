"""What publishers announce → the catalogue, after checking that each speaks for itself only."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Protocol

from index.acting import year_in
from index.document import Document, TextKind
from index.errors import UnreadableSource
from index.ingest.address import checked
from index.ingest.announcements import Announcement
from index.ingest.errors import Gone, Refused
from index.ingest.facts import number_in
from index.ingest.fetch import Fetcher, NotModified
from index.ingest.intake import Intake, Shelf, today
from index.ingest.parsers.page import Page, Parsed
from index.ingest.publishers import Publisher
from index.ingest.report import SyncReport
from index.ingest.visit import FILES
from index.merging import homes_of
from index.relations import is_possible
from index.series import series_of
from index.takedowns import TakeDown
from index.text.number import number_key
from index.text.unicode import normalise

_MOST_FILES = 5  # that an announced page leads to and that are read with it


class AnnouncedShelf(Shelf, Protocol):
    """What is needed of the catalogue (`index.catalogue.Catalogue`)."""

    def withdraw(
        self, number: str, issued_on: date | None, *, reason: str, by: str, series: str | None = None
    ) -> list[str]:
        """Take a document down."""

    def withdrawn(self) -> list[TakeDown]:
        """Every take-down."""


class Desk:
    """Takes announcements in, one by one; taking the same one in twice changes nothing the second time."""

    def __init__(
        self,
        *,
        publishers: Mapping[str, Publisher],
        catalogue: AnnouncedShelf,
        intake: Intake,
        fetcher: Fetcher,
        now: Callable[[], datetime],
    ) -> None:
        self._publishers, self._catalogue, self._intake = publishers, catalogue, intake
        self._fetcher, self._now = fetcher, now

    def take(self, announcement: Announcement) -> list[str]:
        """Take an announcement in; ids of the documents it is about.

        Raises `UnreadableSource` or `Refused` where it is to be refused, with the reason for the publisher, and
        `RetryLater` where its page does not answer now.
        """
        publisher = self._publishers.get(announcement.publisher)
        if publisher is None:
            raise UnreadableSource(announcement.id, "an unknown publisher")
        if announcement.kind == "withdraw":
            return self._withdraw(publisher, announcement)
        is_document = announcement.kind == "document"
        parts = self._document(publisher, announcement) if is_document else self._page(publisher, announcement)
        documents = [document for parsed in parts for document in parsed.documents]
        if not documents:
            problems = [problem.reason for parsed in parts for problem in parsed.problems]
            raise UnreadableSource(announcement.id, "; ".join(problems) or "there is no document in it")
        for document in documents:
            if not all(map(publisher.may_speak_for, [document, *self._joined_by(document)])):
                raise UnreadableSource(
                    announcement.id, f"{document.number} is not a document of this publisher's bodies"
                )
            if self._is_taken_down(document):
                raise UnreadableSource(
                    announcement.id, f"{document.number} was withdrawn; we have to reinstate it first"
                )
            if not all(is_possible(relation, document) for relation in document.relations):
                raise UnreadableSource(announcement.id, f"{document.number} cannot act on a document that it names")
        report = SyncReport()
        for parsed in parts:
            self._intake.store(replace(parsed, problems=()), report)
        if report.unreadable:
            raise UnreadableSource(announcement.id, report.unreadable[0][1])
        return [document.id for document in documents]

    def _joined_by(self, document: Document) -> list[Document]:
        """The known documents that the catalogue would take for the same one: authorities share numbers."""
        known = self._catalogue.find(key=number_key(document.number))
        homes = {document.id, *homes_of(document, [(one.id, one.type, one.issued_on) for one in known])}
        return [one for one in known if one.id in homes and one.issuing_body]

    def _is_taken_down(self, document: Document) -> bool:
        """Whether it would stay hidden, so that nobody could be told that it is answerable."""
        key = number_key(document.number)
        return any(one.covers(key, document.issued_on, document.series) for one in self._catalogue.withdrawn())

    def _document(self, publisher: Publisher, announcement: Announcement) -> list[Parsed]:
        row = announcement.document or {}
        given = row.get("url")
        hosts = publisher.source.hosts
        url = checked(given, hosts) if isinstance(given, str) and given else f"https://{hosts[0]}/"
        page = Page(
            url=url,
            content_type="application/jsonl",
            body=json.dumps(dict(row), ensure_ascii=False).encode(errors="replace"),
            fetched_on=today(self._now()),
            owner=publisher.source.owner,
        )
        parsed = self._read(publisher, "jsonl", page)
        for document in parsed.documents:
            if document.text_kind is not TextKind.OFFICIAL:
                raise UnreadableSource(announcement.id, "the text is not the official wording")
            if number_in(document.number) is None:
                raise UnreadableSource(announcement.id, "its number is no complete document number")
            if document.issued_on and year_in(document.number) not in (None, document.issued_on.year):
                raise UnreadableSource(announcement.id, "its number and its date of issue name different years")
        return [parsed]

    def _page(self, publisher: Publisher, announcement: Announcement) -> list[Parsed]:
        """The announced page, and the files that it leads to."""
        parts = [self._fetched(publisher, announcement.url or "")]
        links = [link for link in parts[0].links if link.kind in FILES]
        return parts + [self._fetched(publisher, link.url, parser=link.kind) for link in links[:_MOST_FILES]]

    def _fetched(self, publisher: Publisher, url: str, *, parser: str | None = None) -> Parsed:
        try:
            answer = self._fetcher.fetch(url, hosts=publisher.source.hosts)
        except Gone as gone:
            raise Refused(gone.where, gone.reason) from gone
        if isinstance(answer, NotModified):
            raise Refused(url, "the server sends no page")
        page = Page(
            url=answer.url,
            content_type=answer.content_type,
            body=answer.body,
            fetched_on=today(self._now()),
            owner=publisher.source.owner,
            encoding=publisher.source.encoding,
        )
        by_kind = _FILE_KINDS.get((answer.content_type or "").partition(";")[0].strip().lower())
        return self._read(publisher, parser or by_kind or publisher.source.detail_parser or "article", page)

    def _read(self, publisher: Publisher, parser: str, page: Page) -> Parsed:
        """What a page holds, its rows without their `evidence`: how sure we are is our label and not a publisher's."""
        parsed = self._intake.read(publisher.source, parser, page)
        if parser != "jsonl":
            return parsed
        return replace(parsed, documents=tuple(replace(one, evidence=None) for one in parsed.documents))

    def _withdraw(self, publisher: Publisher, announcement: Announcement) -> list[str]:
        key, issued_on = number_key(announcement.number or ""), announcement.issued_on
        found = [one for one in self._catalogue.find(key=key) if issued_on is None or one.issued_on == issued_on]
        if any(one.series for one in found):  # local bodies use the same numbers: only its own is meant
            found = [one for one in found if publisher.may_speak_for(one)] or found[:1]
        if not any(map(publisher.may_speak_for, found)):
            series = {None, *map(partial(series_of, key, publisher.source.place), publisher.issuing_bodies)}
            before = [one for one in self._catalogue.withdrawn() if one.key == key and one.series in series]
            if any(issued_on in (None, one.issued_on) for one in before):
                return []  # done before
        if not found:
            raise UnreadableSource(announcement.id, "no such document is known")
        return self._take_down(publisher, announcement, found)

    def _take_down(self, publisher: Publisher, announcement: Announcement, found: Sequence[Document]) -> list[str]:
        if len(found) > 1:
            raise UnreadableSource(announcement.id, "several documents have this number: the date is needed")
        if not publisher.may_speak_for(found[0]):
            raise UnreadableSource(announcement.id, f"{found[0].number} is not a document of this publisher's bodies")
        reason = normalise(announcement.reason or "") or "withdrawn by its publisher"
        # With its own date: without one, whatever gets this number in another year would stay hidden as well.
        [one] = found
        self._catalogue.withdraw(one.number, one.issued_on, reason=reason, by=publisher.name, series=one.series)
        return [one.id]


_FILE_KINDS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
