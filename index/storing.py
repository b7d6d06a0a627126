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
from index.document import Document, IdParts, Passage, TextKind
from index.history import keep, move, view_of
from index.merging import homes_of, origin_of, speaking
from index.reckoning import AT_ONCE, Touched
from index.rows import document_row, relation_row, to_json
from index.schema import DOCUMENTS, PASSAGES, RELATIONS, SOURCES
from index.takedowns import Hidden
from index.text.number import number_key
from index.uniting import Union, home_of, known_of, sources_of, unite


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
    known = known_of(connection, number_key(document.number))
    union = unite(connection, homes_of(document, known), known, document)
    if [row.digest for row in union.dropped] == [digest]:
        if document.checked_on is not None:
            check(writing, origin, [union.dropped[0].document_id], document.checked_on)
        return Change.UNCHANGED
    said_the_same = [row for row in union.dropped if row.origin == origin and _says(row, document)]
    first_seen = min((row.first_seen for row in said_the_same if row.first_seen), default=None)
    shown = _write(writing, union, but=said_the_same)
    source: dict[str, object] = {"document_id": union.document.id, "origin": origin, "digest": digest}
    source |= {"payload": payload, "checked_on": document.checked_on, "speaks": len(union.kept) in shown}
    source |= {"first_seen": first_seen or document.checked_on or writing.today}
    inserted = connection.execute(_INSERT_SOURCE, source)
    _write_passages(connection, int((inserted.inserted_primary_key or (0,))[0]), passages)
    return Change.UPDATED if union.homes else Change.CREATED


def remove(writing: Writing, origin: str, document_id: str) -> Change:
    """Forget what a source says about a document, and the document with its last source; versions stay.

    `document_id` is that of the catalogue, or that of the document as the source gave it.
    """
    connection = writing.connection
    document_id = home_of(connection, origin, document_id) or document_id
    rows = sources_of(connection, [document_id])
    gone = [row for row in rows if row.origin == origin]
    if not gone:
        return Change.UNCHANGED
    writing.has_written = True
    keep(connection, document_id, gone)
    connection.execute(SOURCES.delete().where(SOURCES.c.id == gone[0].id))
    if len(rows) > len(gone):
        _merge_again(writing, document_id)
        return Change.UPDATED
    _touch_as_it_was(writing, document_id)
    connection.execute(DOCUMENTS.delete().where(DOCUMENTS.c.id == document_id))
    return Change.WITHDRAWN


def check(writing: Writing, origin: str, document_ids: Collection[str], on: date) -> None:
    """Note that a source was read on a day and says the same as before; of several days the newest counts.

    The ids are those of the catalogue, or those of the documents as the source gave them.
    """
    connection = writing.connection
    ids = sorted({home_of(connection, origin, document_id) or document_id for document_id in document_ids})
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
            _merge_again(writing, document_id)


def _merge_again(writing: Writing, document_id: str) -> None:
    key = number_key(IdParts.of(document_id).number)
    _write(writing, unite(writing.connection, [document_id], known_of(writing.connection, key)))


def _digest(payload: str, passages: Sequence[Passage]) -> str:
    """Over all that a source says, but not over when it was read."""
    parts = [payload, *(f"{passage.digest} {passage.weight}" for passage in passages)]
    return sha256("\0".join(parts).encode()).hexdigest()


def _says(row: sa.Row[Any], document: Document) -> bool:
    return replace(view_of(row), checked_on=None) == replace(document, checked_on=None)


def _touch_as_it_was(writing: Writing, document_id: str) -> None:
    own = DOCUMENTS.c.id == document_id
    row = writing.connection.execute(sa.select(DOCUMENTS.c.key, DOCUMENTS.c.law_name).where(own)).one()
    is_act = RELATIONS.c.document_id == document_id, RELATIONS.c.kind.in_(_ACTIVE)
    writing.touched.add(
        row.key, row.law_name, writing.connection.execute(sa.select(RELATIONS.c.key).where(*is_act)).scalars()
    )


def _write(writing: Writing, union: Union, *, but: Sequence[sa.Row[Any]] = ()) -> set[int]:
    """Write the merged document in the place of those it was; positions of the views whose passages are shown.

    What is dropped becomes an earlier version, `but` for rows that say the same as the new source.
    """
    writing.has_written = True
    connection, document, shown = writing.connection, union.document, speaking(union.views)
    keep(connection, document.id, [row for row in union.dropped if row not in but])
    if union.dropped:
        connection.execute(SOURCES.delete().where(SOURCES.c.id.in_([row.id for row in union.dropped])))
    for home in union.homes:
        _touch_as_it_was(writing, home)
    _write_document(writing, union)
    for position, row in enumerate(union.kept):
        if (row.document_id, row.speaks) != (document.id, position in shown):
            moved = SOURCES.update().where(SOURCES.c.id == row.id)
            connection.execute(moved.values(document_id=document.id, speaks=position in shown))
    left = [home for home in union.homes if home != document.id]
    if left:
        move(connection, left, document.id)
        connection.execute(DOCUMENTS.delete().where(DOCUMENTS.c.id.in_(left)))
    return shown


def _write_document(writing: Writing, union: Union) -> None:
    connection, document = writing.connection, union.document
    summary = " ".join(view.text for view in union.views if view.text_kind is TextKind.SUMMARY)
    row = document_row(document, summary=summary) | {"is_withdrawn": writing.hidden.covers(document)}
    relations: list[dict[str, Any]] = [
        {"document_id": document.id, "position": position} | relation_row(relation)
        for position, relation in enumerate(document.relations)
    ]
    writing.touched.add(row["key"], row["law_name"], (one["key"] for one in relations if one["kind"] in _ACTIVE))
    if document.id in union.homes:
        connection.execute(RELATIONS.delete().where(RELATIONS.c.document_id == document.id))
        connection.execute(DOCUMENTS.update().where(DOCUMENTS.c.id == document.id).values(row))
    else:
        connection.execute(_INSERT_DOCUMENT, row)
    if relations:
        connection.execute(_INSERT_RELATIONS, relations)


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
