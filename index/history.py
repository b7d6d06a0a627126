"""What each source says of a document and said before, and which fact comes from which source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from index.document import Document
from index.merging import merge, ranked
from index.rows import from_json
from index.schema import SOURCES, VERSIONS

FACTS = (
    *("type", "title", "issuing_body", "issued_on", "effective_on", "expires_on"),
    *("signer", "url", "evidence", "language", "place"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """What one source said about a document in one period."""

    origin: str  # kind of text and source: "official:vanban.chinhphu.vn"
    digest: str  # SHA-256 (hex) over the document and its passages as they came
    first_seen: date | None  # None: from before this was noted
    last_seen: date | None
    payload: Document
    is_current: bool  # the source still says so, as far as it was read


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as one source gives it."""

    name: str  # a field of `Document`, or "relation"
    value: str  # dates as "2026-07-01", relations as "replaces 73/2024/NĐ-CP"
    source: str
    digest: str  # of what that source said, as in `Version`
    checked_on: date | None  # when it was last read
    speaks: bool  # whether the catalogue goes by it; of several that say the same, by the first


def view_of(row: sa.Row[Any]) -> Document:
    """What a row of `SOURCES` says, as of its last reading."""
    return _as_of(row, row.checked_on)


def versions(connection: Connection, document_id: str) -> list[Version]:
    """Everything that was ever said about a document, oldest first; what is said now comes last."""
    earlier = sa.select(VERSIONS).where(VERSIONS.c.document_id == document_id).order_by(VERSIONS.c.id)
    current = sa.select(SOURCES).where(SOURCES.c.document_id == document_id).order_by(SOURCES.c.id)
    return [
        Version(row.origin, row.digest, row.first_seen, row.last_seen, _as_of(row, row.last_seen), is_current=False)
        for row in connection.execute(earlier)
    ] + [
        Version(row.origin, row.digest, row.first_seen, _last_seen(row), view_of(row), is_current=True)
        for row in connection.execute(current)
    ]


def facts(connection: Connection, document_id: str) -> list[Fact]:
    """Every fact of every source, by name in the order of `FACTS`, the better source first; relations come last."""
    rows = connection.execute(sa.select(SOURCES).where(SOURCES.c.document_id == document_id)).all()
    if not rows:
        return []
    said = [(view_of(row), row.digest) for row in rows]
    merged = merge([view for view, _ in said])
    order = ranked([view for view, _ in said])
    return list(_facts(merged, sorted(said, key=lambda one: order.index(one[0]))))


def keep(connection: Connection, document_id: str, rows: Sequence[sa.Row[Any]]) -> None:
    """Keep what rows of `SOURCES` say as earlier versions of a document."""
    if rows:
        kept = ("origin", "digest", "payload", "first_seen")
        values = [{name: getattr(row, name) for name in kept} | {"last_seen": _last_seen(row)} for row in rows]
        connection.execute(VERSIONS.insert(), [row | {"document_id": document_id} for row in values])


def move(connection: Connection, from_ids: Iterable[str], document_id: str) -> None:
    """Let earlier versions follow a document to its new id."""
    moved = VERSIONS.update().where(VERSIONS.c.document_id.in_(list(from_ids)))
    connection.execute(moved.values(document_id=document_id))


def _as_of(row: sa.Row[Any], checked_on: date | None) -> Document:
    return replace(from_json(row.payload), checked_on=checked_on)


def _last_seen(row: sa.Row[Any]) -> date | None:
    days = [day for day in (row.first_seen, row.checked_on) if day]
    return max(days, default=None)


def _facts(merged: Document, said: Sequence[tuple[Document, str]]) -> Iterator[Fact]:
    for name in FACTS:
        speaks_for = getattr(merged, name)
        for view, digest in said:
            value = getattr(view, name)
            if value:
                speaks = value == speaks_for
                speaks_for = None if speaks else speaks_for
                yield Fact(name, str(value), view.source, digest, view.checked_on, speaks)
    stated: set[str] = set()
    for view, digest in said:
        for value in dict.fromkeys(f"{relation.kind.value} {relation.number}" for relation in view.relations):
            yield Fact("relation", value, view.source, digest, view.checked_on, value not in stated)
            stated.add(value)
