"""The catalogue's reading side in SQL: filters, and rows to nouns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from index.document import Document, Passage, Relation, TextKind
from index.passages import context_of
from index.reckoning import AT_ONCE
from index.rows import document_of, folded_bodies, relation_of, topic_words
from index.schema import DOCUMENTS, PASSAGES, RELATIONS, SOURCES
from index.succession import Succession

TITLE_PATH = "trich-yeu"  # of the one passage of a document without shown text

PASSAGES_OF_DOCUMENTS = (
    sa.select(PASSAGES, DOCUMENTS.c.id, DOCUMENTS.c.number, DOCUMENTS.c.type, DOCUMENTS.c.title, DOCUMENTS.c.aliases)
    .select_from(DOCUMENTS)
    .outerjoin(SOURCES, sa.and_(SOURCES.c.document_id == DOCUMENTS.c.id, SOURCES.c.speaks))
    .outerjoin(PASSAGES, PASSAGES.c.source_id == SOURCES.c.id)
    .where(DOCUMENTS.c.is_withdrawn.is_(sa.false()))
    .order_by(DOCUMENTS.c.id, PASSAGES.c.source_id, PASSAGES.c.position)
)
"""Every shown passage beside its document, in order; a row without a path where a source or document has none."""


QUESTIONS_OF_DOCUMENTS = (
    sa.select(DOCUMENTS.c.id, DOCUMENTS.c.questions, DOCUMENTS.c.translated_titles)
    .where(DOCUMENTS.c.is_withdrawn.is_(sa.false()))
    .where(sa.or_(DOCUMENTS.c.questions != "[]", DOCUMENTS.c.translated_titles != "[]"))
    .order_by(DOCUMENTS.c.id)
)
"""What the documents that are shown are known to answer, in order."""


class Filters(TypedDict, total=False):
    """What documents can be filtered by; a filter that is None or left out lets everything pass."""

    type: str | None  # the exact name: "Nghị định"
    issuing_body: str | None  # the name or its beginning, accents ignored: "Thủ tướng" finds "Thủ tướng Chính phủ"
    with_related_bodies: bool  # documents of the body's predecessors and successors too
    topic: str | None  # all its words stand in title, aliases or our summary, accents ignored
    place: str | None  # only documents made for this province, as data/provinces.jsonl names it
    field: str | None  # one of the document's fields, accents ignored: "Tài chính"
    language: str | None  # "vi"
    source: str | None  # the source whose text, or else whose facts, the document has: "congbao.chinhphu.vn"
    sources: tuple[str, ...]  # any of these, as `source`; empty: all
    issued_from: date | None  # both ends of the periods are included
    issued_to: date | None
    effective_from: date | None
    effective_to: date | None


IS_SHOWN = DOCUMENTS.c.is_withdrawn.is_(sa.false())
"""Not taken down: stands in every look-up."""


def conditions_of(succession: Succession | None = None, **filters: Unpack[Filters]) -> list[sa.ColumnElement[bool]]:
    """SQL conditions for the filters given; documents taken down pass none. `succession` knows related bodies."""
    conditions: list[sa.ColumnElement[bool]] = [IS_SHOWN]
    for column, value in (
        (DOCUMENTS.c.type, filters.get("type")),
        (DOCUMENTS.c.place, filters.get("place")),
        (DOCUMENTS.c.language, filters.get("language")),
        (DOCUMENTS.c.source, filters.get("source")),
    ):
        if value is not None:
            conditions.append(column == value)
    if sources := filters.get("sources"):
        conditions.append(DOCUMENTS.c.source.in_(sources))
    if (issuing_body := filters.get("issuing_body")) is not None:
        is_wide = filters.get("with_related_bodies", False) and succession is not None
        names = succession.names(issuing_body) if succession and is_wide else (issuing_body,)
        conditions.append(sa.or_(*(_is_of_body(name) for name in names)))
    if (name := filters.get("field")) is not None:
        conditions.append(DOCUMENTS.c.folded_fields.contains(f"|{' '.join(topic_words(name))}|"))
    conditions += [DOCUMENTS.c.topic.contains(f" {word} ") for word in topic_words(filters.get("topic") or "")]
    for day, start, end in (
        (DOCUMENTS.c.issued_on, filters.get("issued_from"), filters.get("issued_to")),
        (DOCUMENTS.c.effective_on, filters.get("effective_from"), filters.get("effective_to")),
    ):
        if start is not None:
            conditions.append(day >= start)
        if end is not None:
            conditions.append(day <= end)
    return conditions


def _is_of_body(name: str) -> sa.ColumnElement[bool]:
    body = folded_bodies(name)  # whole names or their beginning, never the inside of another name
    return sa.or_(DOCUMENTS.c.bodies.contains(f"|{body}|"), DOCUMENTS.c.bodies.contains(f"|{body} "))


def newest_first(query: sa.Select[Any]) -> sa.Select[Any]:
    """Order by issue date, newest first, undated last, ties by id."""
    return query.order_by(DOCUMENTS.c.issued_on.desc().nulls_last(), DOCUMENTS.c.id)


def documents_of(connection: Connection, query: sa.Select[Any], **values: object) -> list[Document]:
    """The documents a query over `DOCUMENTS` gives, relations included, in its order; `values` are its parameters."""
    rows = connection.execute(query, values).mappings().all()
    relations: dict[str, list[Relation]] = {row["id"]: [] for row in rows}
    ids = list(relations)
    for start in range(0, len(ids), AT_ONCE):
        few = ids[start : start + AT_ONCE]
        for row in connection.execute(_RELATIONS_OF, {"ids": few}).mappings():
            relations[row["document_id"]].append(relation_of(row))
    return [document_of(row, tuple(relations[row["id"]])) for row in rows]


_RELATIONS_OF = (
    sa.select(RELATIONS)
    .where(RELATIONS.c.document_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(RELATIONS.c.position)
)


def passages_of(rows: Iterable[RowMapping]) -> Iterator[Passage]:
    """The passages that rows of `PASSAGES_OF_DOCUMENTS` hold, in their order.

    A document without shown text has its title, where it has one, as its only passage.
    """
    for _, alike in groupby(rows, key=itemgetter("id")):
        of_document = list(alike)
        shown = [row for row in of_document if row["path"] is not None]
        yield from map(passage_of, shown or ([of_document[0]] if of_document[0]["title"] else []))


def asked_of(row: RowMapping) -> list[str]:
    """What the document of a row of `QUESTIONS_OF_DOCUMENTS` is known to answer: questions, then translated titles."""
    return [*json.loads(row["questions"]), *(title for _, title in json.loads(row["translated_titles"]))]


def passage_of(row: RowMapping) -> Passage:
    """The passage a row of `PASSAGES_OF_DOCUMENTS` holds, in the context of the whole document.

    A row without a path is that of a document without shown text: its title is its passage.
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
