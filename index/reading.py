"""The catalogue's reading side: look-ups, lists, validity, passages, and where facts come from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Unpack

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from index import database, history, takedowns
from index.acting import Inverted
from index.document import Document, Passage, RelationKind, ValidityOn
from index.errors import CatalogueUnavailable
from index.history import Fact, Version
from index.links import Links
from index.queries import (
    IS_SHOWN,
    PASSAGES_OF_DOCUMENTS,
    QUESTIONS_OF_DOCUMENTS,
    TITLE_PATH,
    Filters,
    asked_of,
    conditions_of,
    documents_of,
    newest_first,
    passage_of,
    passages_of,
)
from index.reckoning import AT_ONCE, acts_of, gather, subject_of, unplaced
from index.schema import ACTS, DOCUMENTS, META, PASSAGES, SPANS
from index.succession import Succession
from index.takedowns import TakeDown
from index.validity import validity_on

_GET = sa.select(DOCUMENTS).where(DOCUMENTS.c.id == sa.bindparam("id"), IS_SHOWN)
_BY_KEY = newest_first(sa.select(DOCUMENTS).where(DOCUMENTS.c.key == sa.bindparam("key"), IS_SHOWN))
_ACTS = (
    sa.select(ACTS)
    .select_from(DOCUMENTS.outerjoin(ACTS, ACTS.c.document_id == DOCUMENTS.c.id))
    .where(DOCUMENTS.c.id == sa.bindparam("id"))
    .order_by(ACTS.c.position)
)
_BETWEEN_IDS = "\x1f"


def _joined(column: sa.Column[str]) -> sa.Function[str]:
    return sa.func.aggregate_strings(column, _BETWEEN_IDS)


_OUT = sa.select(_joined(SPANS.c.document_id)).where(
    SPANS.c.starts_on <= sa.bindparam("on"), SPANS.c.ends_on >= sa.bindparam("on")
)
META_VALUE = sa.select(META.c.value).where(META.c.name == sa.bindparam("name"))
_PASSAGES_OF_ONE = PASSAGES_OF_DOCUMENTS.where(DOCUMENTS.c.id == sa.bindparam("id"))
_PASSAGE = _PASSAGES_OF_ONE.where(PASSAGES.c.path == sa.bindparam("path"))
_DAYS_KEPT = 8  # days whose `not_in_force` stays in memory


class CatalogueReader:
    """Everything that can be asked of a catalogue (`index.catalogue.Catalogue`)."""

    def __init__(self, engine: Engine, *, succession: Succession | None, links: Links | None = None) -> None:
        self._engine = engine
        self._succession = succession
        self._links = links
        self._out_of_force: dict[tuple[int, date], frozenset[str]] = {}

    def get(self, document_id: str) -> Document | None:
        """The document with this id, or None."""
        return next(iter(self._documents(_GET, id=document_id)), None)

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
        if key is not None and all(given is None for given in (number, year, type, issuing_body)):
            return self._documents(_BY_KEY, key=key)
        conditions = conditions_of(type=type, issuing_body=issuing_body)
        conditions += [DOCUMENTS.c.key == key] if key is not None else []
        conditions += [DOCUMENTS.c.bare == number.lower()] if number is not None else []
        conditions += [DOCUMENTS.c.year == year] if year is not None else []
        return self._documents(newest_first(sa.select(DOCUMENTS).where(*conditions)))

    def latest(self, *, limit: int = 5, offset: int = 0, **filters: Unpack[Filters]) -> list[Document]:
        """The newest documents by issue date (those without one last) that fit every filter given."""
        query = (
            newest_first(sa.select(DOCUMENTS).where(*conditions_of(self._succession, **filters)))
            .limit(limit)
            .offset(offset)
        )
        return self._documents(query)

    def count(self, **filters: Unpack[Filters]) -> int:
        """How many documents `latest` would list without a limit."""
        query = sa.select(sa.func.count()).select_from(DOCUMENTS).where(*conditions_of(self._succession, **filters))
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def validity(self, document: Document, on: date) -> ValidityOn:
        """A document's validity on a day, from its own relations and those of others (`index.validity`)."""
        with self._engine.connect() as connection:
            rows = connection.execute(_ACTS, {"id": document.id}).all()
            if rows:
                acts, namesake = acts_of(row for row in rows if row.document_id is not None)
            else:  # not in the catalogue: others may act upon it nonetheless
                [found] = gather(connection, [subject_of(document)], {document.id: document.relations})
                acts, namesake = found.acts, found.namesake
        return validity_on(document, acts, on, namesake=namesake)

    def not_in_force(self, on: date) -> frozenset[str]:
        """Ids of the documents that are EXPIRED, SUSPENDED or NOT_YET_IN_FORCE on a day.

        Those UNKNOWN and PARTLY_EXPIRED are not among them; those taken down are, on every day, so that a search leaves
        them out at once. Asked again for a day, it costs one small look-up as long as nothing was written.
        """
        with self._engine.connect() as connection:
            asked = _revision(connection), on
            found = self._out_of_force.get(asked)
            if found is None:
                found = frozenset(_in_one_row(connection, _OUT, on=on))
                fresh = {key: ids for key, ids in self._out_of_force.items() if key[0] == asked[0]}
                self._out_of_force = dict([*fresh.items(), (asked, found)][-_DAYS_KEPT:])
        return found

    def ids(self, **filters: Unpack[Filters]) -> list[str]:
        """Ids of the documents that fit every filter given, in no order; reads nothing else of them."""
        query = sa.select(_joined(DOCUMENTS.c.id)).where(*conditions_of(self._succession, **filters))
        with self._engine.connect() as connection:
            return _in_one_row(connection, query)

    def sources(self) -> dict[str, int]:
        """How many documents each source has, by its name as the filter `source` takes it; most first."""
        held = sa.func.count().label("held")
        query = sa.select(DOCUMENTS.c.source, held).where(IS_SHOWN).group_by(DOCUMENTS.c.source)
        query = query.order_by(held.desc(), DOCUMENTS.c.source)
        with self._engine.connect() as connection:
            return {row.source: row.held for row in connection.execute(query)}

    def inverted(self) -> list[Inverted]:
        """Every relation that is not applied because its "successor" is older than the document, ordered by number."""
        query = sa.select(DOCUMENTS.c.number, ACTS.c.kind, ACTS.c.number).distinct()
        query = query.join(ACTS, ACTS.c.document_id == DOCUMENTS.c.id).where(~ACTS.c.is_applied, IS_SHOWN)
        with self._engine.connect() as connection:
            found = [Inverted(number, RelationKind(kind), by) for number, kind, by in connection.execute(query)]
        return sorted(found, key=lambda relation: (relation.number, relation.kind.value, relation.by))

    def unplaced(self) -> list[Inverted]:
        """Every relation that is not applied because it names a number of many local bodies, and nothing says whose.

        `number` is that of the documents that may be meant, `kind` what `by` does to one of them. By number.
        """
        with self._engine.connect() as connection:
            return unplaced(connection)

    def versions(self, document_id: str) -> list[Version]:
        """Everything that was ever said about a document, oldest first; also of one that is gone."""
        with self._engine.connect() as connection:
            return history.versions(connection, document_id)

    def facts(self, document_id: str) -> list[Fact]:
        """Every fact of a document with its source, the better source first; all sources are heard, one speaks."""
        with self._engine.connect() as connection:
            return history.facts(connection, document_id)

    def withdrawn(self) -> list[TakeDown]:
        """Every take-down, oldest first."""
        with self._engine.connect() as connection:
            return takedowns.withdrawn(connection)

    def revision(self) -> int:
        """A number that rises with every write that changes anything; cheap to read."""
        with self._engine.connect() as connection:
            return _revision(connection)

    def passages(self, document_id: str | None = None) -> Iterator[Passage]:
        """The passages that may be shown, in the order of their documents and texts; of one document or of all.

        Of two official texts (or two summaries) of one document only the better source's passages are given. A
        document without shown text gives one passage of kind TITLE.
        """
        query = PASSAGES_OF_DOCUMENTS if document_id is None else _PASSAGES_OF_ONE
        with self._engine.connect() as connection:
            rows = connection.execution_options(yield_per=AT_ONCE).execute(query, {"id": document_id})
            yield from passages_of(rows.mappings())

    def questions(self) -> Iterator[tuple[str, str]]:
        """What documents are known to answer: (id, question), and (id, title in another language); by id.

        Documents taken down are left out.
        """
        with self._engine.connect() as connection:
            rows = connection.execution_options(yield_per=AT_ONCE).execute(QUESTIONS_OF_DOCUMENTS).mappings()
            for row in rows:
                yield from ((row["id"], text) for text in asked_of(row))

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id, or None."""
        document_id, _, path = passage_id.rpartition("#")
        if path == TITLE_PATH:  # only of documents without shown text
            return next((passage for passage in self.passages(document_id) if passage.id == passage_id), None)
        with self._engine.connect() as connection:
            row = connection.execute(_PASSAGE, {"id": document_id, "path": path}).mappings().first()
        return passage_of(row) if row else None

    def checked_on(self) -> date | None:
        """The newest day on which any source was read: the "as of" date of the whole catalogue."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(sa.func.max(DOCUMENTS.c.checked_on))).scalar_one_or_none()

    def check(self) -> None:
        """Raise `CatalogueUnavailable` when the database does not answer."""
        try:
            self.revision()
        except SQLAlchemyError as error:
            raise CatalogueUnavailable(database.first_line(error)) from error

    def _documents(self, query: sa.Select[Any], **values: object) -> list[Document]:
        with self._engine.connect() as connection:
            found = documents_of(connection, query, **values)
        return found if self._links is None else [self._links.judged(document) for document in found]


def _revision(connection: Connection) -> int:
    return int(connection.execute(META_VALUE, {"name": "revision"}).scalar_one())


def _in_one_row(connection: Connection, query: sa.Select[Any], **values: object) -> list[str]:
    """Many ids as one text: a third of the time that a row for each takes."""
    joined: str | None = connection.execute(query, values).scalar()
    return joined.split(_BETWEEN_IDS) if joined else []
