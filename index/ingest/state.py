"""What is remembered of sources between two runs: when each is due, which pages it has, and what came from each.

A file of its own beside the catalogue (`var/sources.db`): it can be deleted at any time, and then everything is read
once more. Also the list of pages still to be read, so that a run may stop anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import Connection

from index import database

_METADATA = sa.MetaData()
_VISITS = sa.Table(
    "visits",
    _METADATA,
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("visited_at", sa.Float, nullable=False),
    sa.Column("due_at", sa.Float, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("problem", sa.Text),
)
_PAGES = sa.Table(
    "pages",
    _METADATA,
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("parser", sa.Text, nullable=False),
    sa.Column("rank", sa.Float, nullable=False),
    sa.Column("read_at", sa.Float),
    sa.Column("due_at", sa.Float, nullable=False),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("digest", sa.Text),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("problem", sa.Text),
    sa.Index("pages_due", "source_id", "due_at"),
)
_HOLDINGS = sa.Table(
    "holdings",
    _METADATA,
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("document_id", sa.Text, primary_key=True),
    sa.Index("holdings_document", "document_id"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """The last visit to a source. Times are seconds since 1970, UTC."""

    visited_at: float
    due_at: float
    failures: int = 0  # in a row
    problem: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Holding:
    """What the catalogue has from a page: a document, under the origin that the catalogue knows it by."""

    origin: str
    document_id: str


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page that a list leads to."""

    url: str
    parser: str
    rank: float  # higher is read first: its date, or when and where it was found
    published: float | None  # seconds since 1970, where the list says it


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page of a source: how to ask for it, when, and what it gave last time."""

    url: str
    parser: str
    rank: float
    due_at: float
    read_at: float | None = None  # None: not yet
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    failures: int = 0  # in a row
    problem: str | None = None
    holdings: tuple[Holding, ...] = ()


class State:
    """The memory of one machine that reads sources; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it."""
        self._engine = database.connect(f"sqlite:///{path}", must_exist=False)
        _METADATA.create_all(self._engine)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def visit(self, source_id: str) -> Visit | None:
        """The last visit to a source, or None."""
        query = sa.select(_VISITS).where(_VISITS.c.source_id == source_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return Visit(row.visited_at, row.due_at, row.failures, row.problem) if row else None

    def visited(self, source_id: str, visit: Visit) -> None:
        """Remember a visit."""
        values: dict[str, Any] = {"visited_at": visit.visited_at, "due_at": visit.due_at}
        values |= {"failures": visit.failures, "problem": visit.problem}
        with self._writing() as connection:
            _put(connection, _VISITS, {"source_id": source_id}, values)

    def page(self, source_id: str, url: str) -> KnownPage | None:
        """A page of a source, or None."""
        query = sa.select(_PAGES).where(_PAGES.c.source_id == source_id, _PAGES.c.url == url)
        with self._engine.connect() as connection:
            return next(iter(_pages(connection, query)), None)

    def due(self, source_id: str, now: float, *, is_new: bool, limit: int) -> list[KnownPage]:
        """Pages that are to be read now: those never read by rank, or those read before, longest due first."""
        query = sa.select(_PAGES).where(_PAGES.c.source_id == source_id, _PAGES.c.due_at <= now)
        if is_new:
            query = query.where(_PAGES.c.read_at.is_(None)).order_by(_PAGES.c.rank.desc(), _PAGES.c.url)
        else:
            query = query.where(_PAGES.c.read_at.is_not(None)).order_by(_PAGES.c.due_at, _PAGES.c.url)
        with self._engine.connect() as connection:
            return _pages(connection, query.limit(limit))

    def found(self, source_id: str, pages: Sequence[FoundPage], now: float) -> None:
        """Remember pages that a list leads to, due now; one that was read is due again where it is newer than that."""
        with self._writing() as connection:
            for page in pages:
                row = {"source_id": source_id, "url": page.url, "parser": page.parser}
                statement = insert(_PAGES).values(**row, rank=page.rank, due_at=now)
                statement = statement.on_conflict_do_update(
                    index_elements=["source_id", "url"],
                    set_={"due_at": now, "rank": page.rank},
                    where=_PAGES.c.read_at < (page.published if page.published is not None else 0.0),
                )
                connection.execute(statement)

    def save(self, source_id: str, page: KnownPage) -> None:
        """Remember a page as it is now, with what came from it."""
        names = ("parser", "rank", "read_at", "due_at", "etag", "last_modified", "digest", "failures", "problem")
        key = {"source_id": source_id, "url": page.url}
        with self._writing() as connection:
            _put(connection, _PAGES, key, {name: getattr(page, name) for name in names})
            _forget(connection, _HOLDINGS, key)
            for holding in page.holdings:
                row = {"origin": holding.origin, "document_id": holding.document_id}
                connection.execute(_HOLDINGS.insert().values(**key, **row))

    def forget(self, source_id: str, url: str) -> None:
        """Remember a page no longer."""
        key = {"source_id": source_id, "url": url}
        with self._writing() as connection:
            _forget(connection, _HOLDINGS, key)
            _forget(connection, _PAGES, key)

    def is_held_elsewhere(self, holding: Holding, url: str) -> bool:
        """Whether another page gives the same document under the same origin."""
        table = _HOLDINGS.c
        query = sa.select(table.url).where(
            table.document_id == holding.document_id, table.origin == holding.origin, table.url != url
        )
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def _writing(self) -> AbstractContextManager[Connection]:
        return database.writing(self._engine).begin()


def _pages(connection: Connection, query: sa.Select[Any]) -> list[KnownPage]:
    found = []
    for row in connection.execute(query).mappings().all():
        where = (_HOLDINGS.c.source_id == row["source_id"], _HOLDINGS.c.url == row["url"])
        held = connection.execute(sa.select(_HOLDINGS.c.origin, _HOLDINGS.c.document_id).where(*where))
        holdings = tuple(sorted(Holding(one.origin, one.document_id) for one in held))
        found.append(KnownPage(**{name: row[name] for name in row if name != "source_id"}, holdings=holdings))
    return found


def _put(connection: Connection, table: sa.Table, key: dict[str, str], values: dict[str, Any]) -> None:
    statement = insert(table).values(**key, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def _forget(connection: Connection, table: sa.Table, key: dict[str, str]) -> None:
    connection.execute(table.delete().where(*(table.c[name] == value for name, value in key.items())))
