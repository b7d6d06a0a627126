"""The catalogue's reading side in SQL: filters, rows to nouns, and what acts upon a document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, RowMapping

from index.document import Document, Passage, Relation, TextKind
from index.passages import context_of
from index.schema import DOCUMENTS, PASSAGES, RELATIONS, SOURCES, document_of, folded_bodies, relation_of, topic_words
from index.text.number import number_key
from index.validity import PASSIVE, Act, Dated, Inverted, acts_upon, name_of_law

BUSY_TIMEOUT_MS = 5_000  # how long a writer waits for another one before SQLite gives up
AT_ONCE = 500  # values in one query: older builds of SQLite allow 999

TITLE_PATH = "trich-yeu"  # of the one passage of a document without shown text

PASSAGES_OF_DOCUMENTS = sa.select(
    PASSAGES, DOCUMENTS.c.id, DOCUMENTS.c.number, DOCUMENTS.c.type, DOCUMENTS.c.title, DOCUMENTS.c.aliases
).select_from(
    DOCUMENTS.outerjoin(
        SOURCES.join(PASSAGES, PASSAGES.c.source_id == SOURCES.c.id),
        sa.and_(SOURCES.c.document_id == DOCUMENTS.c.id, SOURCES.c.speaks),
    )
)
"""Every shown passage beside its document; without a path for a document that has none."""


def prepare_sqlite(engine: Engine) -> None:
    """Foreign keys on, readers beside one writer (WAL), and a writer that takes its lock when it begins."""

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        writes = connection.get_execution_options().get("takes_write_lock", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Filters(TypedDict, total=False):
    """What documents can be filtered by; a filter that is None or left out lets everything pass."""

    type: str | None  # the exact name: "Nghị định"
    issuing_body: str | None  # the name or its beginning, accents ignored: "Thủ tướng" finds "Thủ tướng Chính phủ"
    topic: str | None  # all its words stand in title, aliases or our summary, accents ignored
    issued_from: date | None  # both ends of the periods are included
    issued_to: date | None
    effective_from: date | None
    effective_to: date | None


def conditions_of(**filters: Unpack[Filters]) -> list[sa.ColumnElement[bool]]:
    """SQL conditions for the filters given."""
    conditions: list[sa.ColumnElement[bool]] = []
    if (type_ := filters.get("type")) is not None:
        conditions.append(DOCUMENTS.c.type == type_)
    if (issuing_body := filters.get("issuing_body")) is not None:
        body = folded_bodies(issuing_body)  # whole names or their beginning, never the inside of another name
        conditions.append(sa.or_(DOCUMENTS.c.bodies.contains(f"|{body}|"), DOCUMENTS.c.bodies.contains(f"|{body} ")))
    conditions += [DOCUMENTS.c.topic.contains(f" {word} ") for word in topic_words(filters.get("topic") or "")]
    for column, start, end in (
        (DOCUMENTS.c.issued_on, filters.get("issued_from"), filters.get("issued_to")),
        (DOCUMENTS.c.effective_on, filters.get("effective_from"), filters.get("effective_to")),
    ):
        if start is not None:
            conditions.append(column >= start)
        if end is not None:
            conditions.append(column <= end)
    return conditions


def newest_first(query: sa.Select[Any]) -> sa.Select[Any]:
    """Order by issue date, newest first, undated last, ties by id."""
    return query.order_by(DOCUMENTS.c.issued_on.desc().nulls_last(), DOCUMENTS.c.id)


def documents_of(connection: Connection, query: sa.Select[Any]) -> list[Document]:
    """The documents a query over `DOCUMENTS` gives, relations included, in its order."""
    rows = connection.execute(query).mappings().all()
    relations: dict[str, list[Relation]] = {row["id"]: [] for row in rows}
    ids = list(relations)
    for start in range(0, len(ids), AT_ONCE):
        few = ids[start : start + AT_ONCE]
        wanted = sa.select(RELATIONS).where(RELATIONS.c.document_id.in_(few)).order_by(RELATIONS.c.position)
        for row in connection.execute(wanted).mappings():
            relations[row["document_id"]].append(relation_of(row))
    return [document_of(row, tuple(relations[row["id"]])) for row in rows]


def passage_of(row: RowMapping) -> Passage:
    """The passage a row of `PASSAGES_OF_DOCUMENTS` holds, in the context of the whole document.

    A document without shown text has its title as its passage.
    """
    aliases = json.loads(row["aliases"])
    if row["path"] is None:
        return Passage(
            id=f"{row['id']}#{TITLE_PATH}",
            document_id=row["id"],
            location=None,
            headings=(),
            text=row["title"],
            text_kind=TextKind.TITLE,
            context=context_of(row["number"], row["type"], "", aliases),
        )
    return Passage(
        id=f"{row['id']}#{row['path']}",
        document_id=row["id"],
        location=row["location"],
        headings=tuple(json.loads(row["headings"])),
        text=row["text"],
        text_kind=TextKind(row["text_kind"]),
        context=context_of(row["number"], row["type"], row["title"], aliases),
        weight=row["weight"],
    )


def acts_of(connection: Connection, document: Document) -> tuple[list[Act], list[Inverted]]:
    """What acts upon a document as far as the catalogue knows, newest first, and the relations that cannot be right."""

    def named(number: str) -> Sequence[Dated]:
        query = sa.select(*_DATED).where(DOCUMENTS.c.key == number_key(number))
        return [_dated(row) for row in connection.execute(query).mappings()]

    reverse = (
        sa.select(
            *(column.label(f"by_{column.name}") for column in _DATED),
            RELATIONS,
        )
        .join(DOCUMENTS, DOCUMENTS.c.id == RELATIONS.c.document_id)
        .where(RELATIONS.c.key == number_key(document.number), RELATIONS.c.kind.in_([kind.value for kind in PASSIVE]))
    )
    return acts_upon(
        Dated(document.number, document.type, document.issued_on, document.effective_on),
        stated=document.relations,
        named=named,
        stated_by_others=[(_dated(row, "by_"), relation_of(row)) for row in connection.execute(reverse).mappings()],
    )


def namesake_of(connection: Connection, document: Document) -> Dated | None:
    """The first newer law of the same name and body with a known first day, or None."""
    name = name_of_law(document.type, document.title)
    if name is None or document.issued_on is None:
        return None
    newer = (
        sa.select(*_DATED, DOCUMENTS.c.title)
        .where(
            DOCUMENTS.c.type == document.type,
            DOCUMENTS.c.issuing_body == document.issuing_body,
            DOCUMENTS.c.issued_on > document.issued_on,
            DOCUMENTS.c.effective_on.is_not(None),
        )
        .order_by(DOCUMENTS.c.effective_on)
    )
    rows = connection.execute(newer).mappings()
    return next((_dated(row) for row in rows if name_of_law(row["type"], row["title"]) == name), None)


_DATED = (DOCUMENTS.c.number, DOCUMENTS.c.type, DOCUMENTS.c.issued_on, DOCUMENTS.c.effective_on)


def _dated(row: RowMapping, prefix: str = "") -> Dated:
    return Dated(*(row[f"{prefix}{column.name}"] for column in _DATED))
