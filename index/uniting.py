"""Which rows of the catalogue belong together: the sources of one document, found by number, date and origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from index.document import Document, IdParts
from index.history import view_of
from index.merging import Known, merge, origin_of
from index.schema import DOCUMENTS, SOURCES
from index.text.number import number_key


@dataclass(frozen=True, slots=True)
class Union:
    """What the sources of some documents say together, which are one document."""

    homes: list[str]  # ids of the documents as they are
    kept: list[sa.Row[Any]]  # rows of `SOURCES`, the newest of each origin
    dropped: list[sa.Row[Any]]  # the others, and what the new source said before
    views: list[Document]  # of `kept`, and the new source where there is one
    document: Document


def unite(connection: Connection, homes: list[str], known: Sequence[Known], new: Document | None = None) -> Union:
    """Merge the sources of some documents, and a new one. Where that gives the id of yet another, that is one too."""
    while True:
        rows = sources_of(connection, homes)
        origin = origin_of(new) if new else None
        kept = {row.origin: row for row in rows if row.origin != origin}
        views = [*map(view_of, kept.values()), *([new] if new else [])]
        merged = merge(views)
        if merged.id in homes or merged.id not in {name for name, *_ in known}:
            dropped = [row for row in rows if kept.get(row.origin) is not row]
            return Union(homes, list(kept.values()), dropped, views, merged)
        homes = [*homes, merged.id]


_SOURCES_OF = (
    sa.select(SOURCES).where(SOURCES.c.document_id.in_(sa.bindparam("homes", expanding=True))).order_by(SOURCES.c.id)
)
_HOME = sa.select(SOURCES.c.document_id).where(
    SOURCES.c.document_id == sa.bindparam("id"), SOURCES.c.origin == sa.bindparam("origin")
)
_OF_ORIGIN = (
    sa.select(SOURCES)
    .join(DOCUMENTS, DOCUMENTS.c.id == SOURCES.c.document_id)
    .where(DOCUMENTS.c.key == sa.bindparam("key"), SOURCES.c.origin == sa.bindparam("origin"))
    .order_by(SOURCES.c.id)
)
_OF_NUMBER = sa.select(DOCUMENTS.c.id, DOCUMENTS.c.type, DOCUMENTS.c.issued_on).where(
    DOCUMENTS.c.key == sa.bindparam("key")
)


def sources_of(connection: Connection, homes: Sequence[str]) -> Sequence[sa.Row[Any]]:
    """Rows of `SOURCES` of these documents, those written last at the end."""
    return connection.execute(_SOURCES_OF, {"homes": homes}).all() if homes else []


def home_of(connection: Connection, origin: str, document_id: str) -> str | None:
    """The document that what a source says stands under: other sources may have given it another date."""
    found: str | None = connection.execute(_HOME, {"id": document_id, "origin": origin}).scalar()
    if found is not None:
        return found
    key = number_key(IdParts.of(document_id).number)
    rows = connection.execute(_OF_ORIGIN, {"key": key, "origin": origin})
    return next((row.document_id for row in rows if view_of(row).id == document_id), None)


def known_of(connection: Connection, key: str) -> list[Known]:
    """Every document of a number."""
    return [(row.id, row.type, row.issued_on) for row in connection.execute(_OF_NUMBER, {"key": key})]
