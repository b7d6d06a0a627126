"""The catalogue's writing side: one source's view of a document goes in, the merged document is written anew."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from index.acting import PASSIVE
from index.document import Document, Passage, TextKind
from index.history import keep, move, view_of
from index.merging import homes_of, merge, origin_of, speaking
from index.reckoning import AT_ONCE, Touched
from index.schema import DOCUMENTS, PASSAGES, RELATIONS, SOURCES, document_row, relation_row, to_json
from index.takedowns import Hidden
from index.text.number import number_key


class Change(str, Enum):
    """What taking in a document did."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"  # its last source is gone, and with it the document


_ACTIVE = [kind.value for kind in PASSIVE]
_INSERT_DOCUMENT, _INSERT_SOURCE = DOCUMENTS.insert(), SOURCES.insert()
_INSERT_RELATIONS, _INSERT_PASSAGES = RELATIONS.insert(), PASSAGES.insert()


@dataclass(slots=True)
class Writing:
    """One transaction that writes; the caller owns it, and reckons what was `touched` before it ends."""

    connection: Connection
    today: date
    hidden: Hidden  # what is taken down
    touched: Touched = field(default_factory=Touched)
    has_written: bool = False


def store(writing: Writing, document: Document, passages: Sequence[Passage]) -> Change:
    """Write one source's view of a document and its passages."""
    connection = writing.connection
    payload = to_json(replace(document, checked_on=None))  # that stands in a column of its own
    origin, digest = origin_of(document), _digest(payload, passages)
    homes = _homes(connection, document)
    rows = _sources(connection, homes)
    said_before = [row for row in rows if row.origin == origin]
    if [row.digest for row in said_before] == [digest]:
        if document.checked_on is not None:
            check(writing, origin, [said_before[0].document_id], document.checked_on)
        return Change.UNCHANGED
    writing.has_written = True
    kept = list({row.origin: row for row in rows if row.origin != origin}.values())  # the newest of each origin
    kept_ids = {row.id for row in kept}
    dropped = [row for row in rows if row.id not in kept_ids]
    views = [*map(view_of, kept), document]
    merged, shown = merge(views), speaking(views)
    first_seen = _first_seen(said_before, document) or document.checked_on or writing.today
    keep(connection, merged.id, [row for row in dropped if not _says(row, document)])
    if dropped:
        connection.execute(SOURCES.delete().where(SOURCES.c.id.in_([row.id for row in dropped])))
    _write(writing, merged, views, homes)
    source: dict[str, object] = {
        "document_id": merged.id,
        "origin": origin,
        "digest": digest,
        "payload": to_json(document),
    }
    source |= {"first_seen": first_seen, "checked_on": document.checked_on, "speaks": len(kept) in shown}
    inserted = connection.execute(_INSERT_SOURCE, source)
    _write_passages(connection, int((inserted.inserted_primary_key or (0,))[0]), passages)
    _settle(connection, merged.id, kept, shown, homes)
    return Change.UPDATED if homes else Change.CREATED


def remove(writing: Writing, origin: str, document_id: str) -> Change:
    """Forget what a source says about a document, and the document with its last source; versions stay."""
    connection = writing.connection
    rows = _sources(connection, [document_id])
    gone = [row for row in rows if row.origin == origin]
    if not gone:
        return Change.UNCHANGED
    writing.has_written = True
    keep(connection, document_id, gone)
    connection.execute(SOURCES.delete().where(SOURCES.c.id == gone[0].id))
    kept = [row for row in rows if row.origin != origin]
    if kept:
        _merge_again(writing, document_id, kept)
        return Change.UPDATED
    _touch_as_it_was(writing, document_id)
    connection.execute(DOCUMENTS.delete().where(DOCUMENTS.c.id == document_id))
    return Change.WITHDRAWN


def check(writing: Writing, origin: str, document_ids: Collection[str], on: date) -> None:
    """Note that a source was read on a day and says the same as before; of several days the newest counts."""
    connection, ids = writing.connection, sorted(document_ids)
    for few in (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)):
        is_older = sa.and_(
            SOURCES.c.document_id.in_(few),
            SOURCES.c.origin == origin,
            sa.or_(SOURCES.c.checked_on.is_(None), SOURCES.c.checked_on < on),
        )
        older = connection.execute(sa.select(SOURCES.c.document_id).where(is_older)).scalars().all()
        if not older:
            continue
        writing.has_written = True
        connection.execute(SOURCES.update().where(is_older).values(checked_on=on))
        is_one = DOCUMENTS.c.id.in_(older), sa.or_(DOCUMENTS.c.checked_on.is_(None), DOCUMENTS.c.checked_on < on)
        connection.execute(DOCUMENTS.update().where(*is_one).values(checked_on=on))
        several = sa.select(SOURCES.c.document_id).where(SOURCES.c.document_id.in_(older))
        several = several.group_by(SOURCES.c.document_id).having(sa.func.count() > 1)
        for document_id in connection.execute(several).scalars().all():  # the newer reading decides between equals
            _merge_again(writing, document_id, _sources(connection, [document_id]))


def _merge_again(writing: Writing, document_id: str, rows: Sequence[sa.Row[Any]]) -> None:
    views = [view_of(row) for row in rows]
    merged = merge(views)
    _write(writing, merged, views, [document_id])
    _settle(writing.connection, merged.id, rows, speaking(views), [document_id])


_SOURCES_OF = (
    sa.select(SOURCES).where(SOURCES.c.document_id.in_(sa.bindparam("homes", expanding=True))).order_by(SOURCES.c.id)
)
_OF_NUMBER = sa.select(DOCUMENTS.c.id, DOCUMENTS.c.type, DOCUMENTS.c.issued_on).where(
    DOCUMENTS.c.key == sa.bindparam("key")
)


def _sources(connection: Connection, homes: Sequence[str]) -> Sequence[sa.Row[Any]]:
    return connection.execute(_SOURCES_OF, {"homes": homes}).all() if homes else []


def _homes(connection: Connection, document: Document) -> list[str]:
    known = connection.execute(_OF_NUMBER, {"key": number_key(document.number)}).all()
    return homes_of(document, [(row.id, row.type, row.issued_on) for row in known])


def _digest(payload: str, passages: Sequence[Passage]) -> str:
    """Over all that a source says, but not over when it was read."""
    parts = [payload, *(f"{passage.digest} {passage.weight}" for passage in passages)]
    return sha256("\0".join(parts).encode()).hexdigest()


def _says(row: sa.Row[Any], document: Document) -> bool:
    return replace(view_of(row), checked_on=None) == replace(document, checked_on=None)


def _first_seen(said_before: Sequence[sa.Row[Any]], document: Document) -> date | None:
    """Where only the passages are divided otherwise, the source has not changed."""
    return min((row.first_seen for row in said_before if row.first_seen and _says(row, document)), default=None)


def _touch_as_it_was(writing: Writing, document_id: str) -> None:
    own = DOCUMENTS.c.id == document_id
    row = writing.connection.execute(sa.select(DOCUMENTS.c.key, DOCUMENTS.c.law_name).where(own)).one()
    is_act = RELATIONS.c.document_id == document_id, RELATIONS.c.kind.in_(_ACTIVE)
    writing.touched.add(
        row.key, row.law_name, writing.connection.execute(sa.select(RELATIONS.c.key).where(*is_act)).scalars()
    )


def _write(writing: Writing, document: Document, views: Sequence[Document], homes: Sequence[str]) -> None:
    connection = writing.connection
    for home in homes:
        _touch_as_it_was(writing, home)
    summaries = [view.text for view in views if view.text_kind is TextKind.SUMMARY]
    row = document_row(document, summary=" ".join(summaries)) | {"is_withdrawn": writing.hidden.covers(document)}
    relations: list[dict[str, Any]] = [
        {"document_id": document.id, "position": position} | relation_row(relation)
        for position, relation in enumerate(document.relations)
    ]
    writing.touched.add(row["key"], row["law_name"], (one["key"] for one in relations if one["kind"] in _ACTIVE))
    if document.id in homes:
        connection.execute(RELATIONS.delete().where(RELATIONS.c.document_id == document.id))
        connection.execute(DOCUMENTS.update().where(DOCUMENTS.c.id == document.id).values(row))
    else:
        connection.execute(_INSERT_DOCUMENT, row)
    if relations:
        connection.execute(_INSERT_RELATIONS, relations)


def _settle(
    connection: Connection, document_id: str, rows: Sequence[sa.Row[Any]], shown: set[int], homes: Sequence[str]
) -> None:
    """Move sources to the document they are merged into, and delete what it was before."""
    for position, row in enumerate(rows):
        if (row.document_id, row.speaks) != (document_id, position in shown):
            moved = SOURCES.update().where(SOURCES.c.id == row.id)
            connection.execute(moved.values(document_id=document_id, speaks=position in shown))
    left = [home for home in homes if home != document_id]
    if left:
        move(connection, left, document_id)
        connection.execute(DOCUMENTS.delete().where(DOCUMENTS.c.id.in_(left)))


def _write_passages(connection: Connection, source_id: int, passages: Sequence[Passage]) -> None:
    if not passages:
        return
    connection.execute(
        _INSERT_PASSAGES,
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
