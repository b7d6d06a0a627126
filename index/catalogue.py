"""The catalogue: documents, relations, validity and passages. SQL is the truth, vectors are only a way in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from index import database, storing, takedowns
from index.document import Document, Passage
from index.errors import CatalogueReadOnly, CatalogueUnavailable
from index.links import Links
from index.reading import META_VALUE, CatalogueReader
from index.reckoning import RULES, reckon, reckon_all
from index.schema import META
from index.storing import Change, Writing
from index.succession import Succession
from index.takedowns import Hidden, TakeDown
from index.text.number import number_key

__all__ = ["Catalogue", "Change"]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Catalogue(CatalogueReader):
    """Documents by number and date, merged from their sources, with what acts upon them (see `index.merging`).

    Safe to use from several threads; several processes may read while one writes.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        read_only: bool,
        succession: Succession | None,
        links: Links | None,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(engine, succession=succession, links=links)
        self._writer = database.writing(engine)
        self._read_only = read_only
        self._clock = clock

    @classmethod
    def open(
        cls,
        url: str,
        *,
        read_only: bool = False,
        succession: Succession | None = None,
        links: Links | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> Catalogue:
        """Open a catalogue ("sqlite:///var/catalogue.db", "postgresql://…").

        One that may be written is made where it is missing, and brought to this program's schema without loss.
        `succession` tells the filter `with_related_bodies` which bodies took over from which; `links` judges the
        addresses of documents that are read, without it they are as they were stored; `clock` gives the instant, UTC
        and aware, of take-downs and of sources that do not say when they were read. Raises
        `CatalogueUnavailable` when the database cannot be reached, is missing or older (read-only), or is newer.
        """
        engine = database.connect(url, must_exist=read_only)
        catalogue = cls(engine, read_only=read_only, succession=succession, links=links, clock=clock)
        with ExitStack() as undo:
            undo.callback(engine.dispose)
            try:
                catalogue._prepare()
            except (sqlite3.Error, SQLAlchemyError) as error:
                raise CatalogueUnavailable(f"{database.shown(url)}: {database.first_line(error)}") from error
            undo.pop_all()
        return catalogue

    def close(self) -> None:
        """Give back every connection; the catalogue cannot be used afterwards."""
        self._engine.dispose()

    def put(self, document: Document, passages: Sequence[Passage]) -> Change:
        """Take in what one source says about a document, with the passages of its text, in one short transaction.

        The same source again replaces what it said before, its passages included; the same content changes nothing.
        """
        return self.put_all([(document, passages)])[0]

    def put_all(self, items: Iterable[tuple[Document, Sequence[Passage]]]) -> list[Change]:
        """Take in several documents in one transaction: all of them or none. One change for each, in order."""
        with self._writing() as writing:
            return [storing.store(writing, document, passages) for document, passages in items]

    def remove_source(self, origin: str, document_id: str) -> Change:
        """Forget what a source (`merging.origin_of`) said of a document, as it says itself that the document is gone.

        WITHDRAWN where no other source knows the document, which is gone with it; UNCHANGED where the source did not
        know it. What it said stays in `versions`.
        """
        with self._writing() as writing:
            return storing.remove(writing, origin, document_id)

    def checked(self, origin: str, document_ids: Collection[str], on: date) -> None:
        """Note that a source was read on a day and says the same of these documents as before."""
        with self._writing() as writing:
            storing.check(writing, origin, document_ids, on)

    def withdraw(
        self, number: str, issued_on: date | None, *, reason: str, by: str, series: str | None = None
    ) -> list[str]:
        """Take a document down (see `index.takedowns`); without a date every one of the number, also those to come.

        `number` may be printed or a key. Local bodies use the same numbers: with a `series` (`index.series`) only that
        body's is taken down. Ids of the documents that this hides.
        """
        key = number_key(number)
        with self._writing() as writing:
            take_down = TakeDown(key, issued_on, reason, by, self._clock(), series)
            takedowns.enter(writing.connection, take_down)
            return self._apply_take_downs(writing, key)

    def reinstate(self, number: str, issued_on: date | None, *, series: str | None = None) -> list[str]:
        """Lift the take-downs of exactly this number and date, and series where given; ids that show again."""
        key = number_key(number)
        with self._writing() as writing:
            takedowns.lift(writing.connection, key, issued_on, series)
            return self._apply_take_downs(writing, key)

    def _prepare(self) -> None:
        if self._read_only:
            with self._engine.connect() as connection:
                database.require_newest(connection)
                if not _follows_our_rules(connection):
                    raise CatalogueUnavailable(
                        "the catalogue was reckoned by other rules: run `python -m index ingest`"
                    )
            return
        with self._engine.connect() as connection:  # whoever finds nothing to do waits for no writer
            if database.is_newest(connection) and _follows_our_rules(connection):
                return
        with self._writer.begin() as connection:
            database.upgrade(connection)
            if not _follows_our_rules(connection):
                reckon_all(connection)
                connection.execute(META.delete().where(META.c.name == "rules"))
                connection.execute(META.insert().values(name="rules", value=RULES))
                _raise_revision(connection)

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        if self._read_only:
            raise CatalogueReadOnly("this catalogue was opened for reading")
        try:
            with self._writer.begin() as connection:
                writing = Writing(connection, self._clock().date(), Hidden(connection))
                yield writing
                if writing.touched:
                    reckon(connection, writing.touched)
                if writing.has_written:
                    _raise_revision(connection)
        except SQLAlchemyError as error:
            raise CatalogueUnavailable(database.first_line(error)) from error

    def _apply_take_downs(self, writing: Writing, key: str) -> list[str]:
        writing.has_written = True
        writing.touched.keys.add(key)
        return takedowns.apply(writing.connection, key)


def _raise_revision(connection: Connection) -> None:
    risen = sa.cast(sa.cast(META.c.value, sa.BigInteger) + 1, sa.String)
    connection.execute(META.update().where(META.c.name == "revision").values(value=risen))


def _follows_our_rules(connection: Connection) -> bool:
    return connection.execute(META_VALUE, {"name": "rules"}).scalar() == RULES
