"""The catalogue's writing side: one source's view of a document goes in, the merged document is written anew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from index.document import Document, Passage, TextKind
from index.merging import homes_of, merge, origin_of, speaking
from index.schema import DOCUMENTS, PASSAGES, RELATIONS, SOURCES, document_row, from_json, relation_row, to_json
from index.text.number import number_key


class Change(str, Enum):
    """What taking in a document did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def store(connection: Connection, document: Document, passages: Sequence[Passage]) -> Change:
    """Write one source's view of a document and its passages; the caller owns the transaction."""
    origin, digest = origin_of(document), _digest(document, passages)
    homes = _homes(connection, document)
    rows = _sources(connection, homes) if homes else []
    if [row.digest for row in rows if row.origin == origin] == [digest]:
        return Change.UNCHANGED
    others = {row.origin: row for row in rows if row.origin != origin}  # the newest of each origin
    kept = [row.id for row in others.values()]
    views = [from_json(row.payload) for row in others.values()] + [document]
    merged = merge(views)
    if homes:
        connection.execute(SOURCES.delete().where(SOURCES.c.id.in_([row.id for row in rows if row.id not in kept])))
    _write_document(connection, merged, views, is_known=merged.id in homes)
    source = {"document_id": merged.id, "origin": origin, "digest": digest, "payload": to_json(document)}
    shown = speaking(views)
    inserted = connection.execute(SOURCES.insert(), source | {"speaks": len(kept) in shown})
    _write_passages(connection, int((inserted.inserted_primary_key or (0,))[0]), passages)
    for position, source_id in enumerate(kept):
        moved = SOURCES.update().where(SOURCES.c.id == source_id)
        connection.execute(moved.values(document_id=merged.id, speaks=position in shown))
    left = [home for home in homes if home != merged.id]
    if left:
        connection.execute(DOCUMENTS.delete().where(DOCUMENTS.c.id.in_(left)))
    return Change.UPDATED if homes else Change.CREATED


def _sources(connection: Connection, homes: Sequence[str]) -> Sequence[sa.Row[Any]]:
    return connection.execute(sa.select(SOURCES).where(SOURCES.c.document_id.in_(homes)).order_by(SOURCES.c.id)).all()


def _homes(connection: Connection, document: Document) -> list[str]:
    query = sa.select(DOCUMENTS.c.id, DOCUMENTS.c.type, DOCUMENTS.c.issued_on)
    known = connection.execute(query.where(DOCUMENTS.c.key == number_key(document.number))).all()
    return homes_of(document, [(row.id, row.type, row.issued_on) for row in known])


def _digest(document: Document, passages: Sequence[Passage]) -> str:
    return sha256("\0".join([to_json(document), *(passage.digest for passage in passages)]).encode()).hexdigest()


def _write_document(connection: Connection, document: Document, views: Sequence[Document], *, is_known: bool) -> None:
    summaries = [view.text for view in views if view.text_kind is TextKind.SUMMARY]
    row = document_row(document, summary=" ".join(summaries))
    if is_known:
        connection.execute(RELATIONS.delete().where(RELATIONS.c.document_id == document.id))
        connection.execute(DOCUMENTS.update().where(DOCUMENTS.c.id == document.id).values(row))
    else:
        connection.execute(DOCUMENTS.insert(), row)
    if document.relations:
        connection.execute(
            RELATIONS.insert(),
            [
                {"document_id": document.id, "position": position} | relation_row(relation)
                for position, relation in enumerate(document.relations)
            ],
        )


def _write_passages(connection: Connection, source_id: int, passages: Sequence[Passage]) -> None:
    if not passages:
        return
    connection.execute(
        PASSAGES.insert(),
        [
            {
                "source_id": source_id,
                "path": passage.id.rpartition("#")[2],
                "position": position,
                "location": passage.location,
                "headings": json.dumps(passage.headings, ensure_ascii=False),
                "text": passage.text,
                "text_kind": passage.text_kind.value,
                "weight": passage.weight,
            }
            for position, passage in enumerate(passages)
        ],
    )
