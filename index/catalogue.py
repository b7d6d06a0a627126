"""The catalogue: documents, relations, validity and passages. SQL is the truth, vectors are only a way in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Unpack

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from index.document import Document, Passage, ValidityOn
from index.errors import CatalogueReadOnly, CatalogueUnavailable
from index.queries import (
    AT_ONCE,
    PASSAGES_OF_DOCUMENTS,
    TITLE_PATH,
    Filters,
    acts_of,
    conditions_of,
    documents_of,
    namesake_of,
    newest_first,
    passage_of,
    prepare_sqlite,
)
from index.schema import DOCUMENTS, META, METADATA, PASSAGES, RELATIONS
from index.storing import Change, store
from index.validity import PASSIVE, Inverted, validity_on

SCHEMA_VERSION = "2"

__all__ = ["Catalogue", "Change"]


class Catalogue:
    """Documents by number and date, merged from their sources, with what acts upon them (see `index.merging`).

    Safe to use from several threads; several processes may read while one writes.
    """

    def __init__(self, engine: Engine, *, read_only: bool) -> None:
        self._engine = engine
        self._read_only = read_only

    @classmethod
    def open(cls, url: str, *, read_only: bool = False) -> Catalogue:
        """Open a catalogue ("sqlite:///var/catalogue.db", "postgresql://…"), making its tables when it may be written.

        Raises `CatalogueUnavailable` when it cannot be reached, is missing (read-only), or has another schema version.
        """
        try:
            address = make_url(url)
        except SQLAlchemyError as error:
            raise CatalogueUnavailable(f"{url!r} is no database address, such as sqlite:///var/catalogue.db") from error
        is_file = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
        path = Path(address.database or "")
        if is_file and read_only and not path.exists():
            raise CatalogueUnavailable(f"no catalogue at {path}: run `python -m index ingest` first")
        shown = address.render_as_string(hide_password=True)
        try:
            if is_file:
                path.parent.mkdir(parents=True, exist_ok=True)
            engine = sa.create_engine(address)
        except (OSError, ImportError, SQLAlchemyError) as error:
            raise CatalogueUnavailable(f"{shown}: {_first_line(error)}") from error
        if address.get_backend_name() == "sqlite":
            prepare_sqlite(engine)
        catalogue = cls(engine, read_only=read_only)
        try:
            catalogue._prepare()
        except (sqlite3.Error, SQLAlchemyError) as error:
            engine.dispose()
            raise CatalogueUnavailable(f"{shown}: {_first_line(error)}") from error
        return catalogue

    def close(self) -> None:
        """Give back every connection; the catalogue cannot be used afterwards."""
        self._engine.dispose()

    # --- writing

    def put(self, document: Document, passages: Sequence[Passage]) -> Change:
        """Take in what one source says about a document, with the passages of its text, in one short transaction.

        The same source again replaces what it said before, its passages included; the same content changes nothing.
        """
        return self.put_all([(document, passages)])[0]

    def put_all(self, items: Iterable[tuple[Document, Sequence[Passage]]]) -> list[Change]:
        """Take in several documents in one transaction: all of them or none. One change for each, in order."""
        with self._writing() as connection:
            return [store(connection, document, passages) for document, passages in items]

    # --- reading

    def get(self, document_id: str) -> Document | None:
        """The document with this id, or None."""
        return next(iter(self._documents(sa.select(DOCUMENTS).where(DOCUMENTS.c.id == document_id))), None)

    def find(
        self,
        *,
        key: str | None = None,
        number: str | None = None,
        year: int | None = None,
        type: str | None = None,  # noqa: A002 - the field's word
        issuing_body: str | None = None,
    ) -> list[Document]:
        """Every document that fits, newest first.

        `key` is a full number as `index.text.number.number_key` folds it; `number` is the part before the first stroke
        ("161", "66.17"); `year` is that of the number, else of issue; `type` is the exact name ("Nghị định").
        """
        conditions = conditions_of(type=type, issuing_body=issuing_body)
        conditions += [DOCUMENTS.c.key == key] if key is not None else []
        conditions += [DOCUMENTS.c.bare == number.lower()] if number is not None else []
        conditions += [DOCUMENTS.c.year == year] if year is not None else []
        return self._documents(newest_first(sa.select(DOCUMENTS).where(*conditions)))

    def latest(self, *, limit: int = 5, offset: int = 0, **filters: Unpack[Filters]) -> list[Document]:
        """The newest documents by issue date (those without one last) that fit every filter given."""
        query = newest_first(sa.select(DOCUMENTS).where(*conditions_of(**filters))).limit(limit).offset(offset)
        return self._documents(query)

    def count(self, **filters: Unpack[Filters]) -> int:
        """How many documents `latest` would list without a limit."""
        query = sa.select(sa.func.count()).select_from(DOCUMENTS).where(*conditions_of(**filters))
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def validity(self, document: Document, on: date) -> ValidityOn:
        """A document's validity on a day, from its own relations and those of others (`index.validity`)."""
        with self._engine.connect() as connection:
            acts, _ = acts_of(connection, document)
            namesake = namesake_of(connection, document)
        return validity_on(document, acts, on, namesake=namesake)

    def ids(self, *, type: str | None = None, issuing_body: str | None = None) -> list[str]:  # noqa: A002
        """Ids of the documents that `find` gives for these filters, in no order; reads nothing else of them."""
        query = sa.select(DOCUMENTS.c.id).where(*conditions_of(type=type, issuing_body=issuing_body))
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def inverted(self) -> list[Inverted]:
        """Every relation that is not applied because its "successor" is older than the document, ordered by number."""
        kinds = [kind.value for pair in PASSIVE.items() for kind in pair]
        acted_upon = sa.select(RELATIONS.c.document_id).where(RELATIONS.c.kind.in_(kinds))
        aimed_at = sa.select(RELATIONS.c.key).where(RELATIONS.c.kind.in_(kinds))
        documents = self._documents(
            sa.select(DOCUMENTS).where(sa.or_(DOCUMENTS.c.id.in_(acted_upon), DOCUMENTS.c.key.in_(aimed_at)))
        )
        with self._engine.connect() as connection:
            found = {relation for document in documents for relation in acts_of(connection, document)[1]}
        return sorted(found, key=lambda relation: (relation.number, relation.kind.value, relation.by))

    def passages(self, document_id: str | None = None) -> Iterator[Passage]:
        """The passages that may be shown, in the order of their documents and texts; of one document or of all.

        Of two official texts (or two summaries) of one document only the better source's passages are given. A
        document without shown text gives one passage of kind TITLE.
        """
        is_something = sa.or_(PASSAGES.c.path.is_not(None), DOCUMENTS.c.title != "")
        query = PASSAGES_OF_DOCUMENTS.where(is_something).order_by(
            DOCUMENTS.c.id, PASSAGES.c.source_id, PASSAGES.c.position
        )
        if document_id is not None:
            query = query.where(DOCUMENTS.c.id == document_id)
        with self._engine.connect() as connection:
            rows = connection.execution_options(yield_per=AT_ONCE).execute(query)
            yield from (passage_of(row) for row in rows.mappings())

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id, or None."""
        document_id, _, path = passage_id.rpartition("#")
        wanted = PASSAGES.c.path == (None if path == TITLE_PATH else path)
        query = PASSAGES_OF_DOCUMENTS.where(DOCUMENTS.c.id == document_id, wanted)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return passage_of(row) if row else None

    def checked_on(self) -> date | None:
        """The newest day on which any source was read: the "as of" date of the whole catalogue."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.max(DOCUMENTS.c.checked_on))).scalar_one_or_none()

    def check(self) -> None:
        """Raise `CatalogueUnavailable` when the database does not answer."""
        try:
            self.count()
        except SQLAlchemyError as error:
            raise CatalogueUnavailable(_first_line(error)) from error

    # --- inside

    def _prepare(self) -> None:
        if not self._read_only:
            METADATA.create_all(self._engine)
            with self._writing() as connection:
                if connection.execute(sa.select(META.c.value).where(META.c.name == "schema")).scalar() is None:
                    connection.execute(META.insert().values(name="schema", value=SCHEMA_VERSION))
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(META.c.value).where(META.c.name == "schema")).scalar()
        if found != SCHEMA_VERSION:
            raise CatalogueUnavailable(f"the catalogue has schema {found}, this program needs {SCHEMA_VERSION}")

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._read_only:
            raise CatalogueReadOnly("this catalogue was opened for reading")
        try:
            with self._engine.execution_options(takes_write_lock=True).begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise CatalogueUnavailable(_first_line(error)) from error

    def _documents(self, query: sa.Select[Any]) -> list[Document]:
        with self._engine.connect() as connection:
            return documents_of(connection, query)


def _first_line(error: Exception) -> str:
    """What went wrong, without the statement and its parameters, which SQLAlchemy adds and which hold document text."""
    return str(error).partition("\n")[0]
