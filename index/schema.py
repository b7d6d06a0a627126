"""The catalogue's tables (SQLite and PostgreSQL) and how a document is written into a row and read back."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import RowMapping

from index.acting import year_in
from index.document import Document, Relation, RelationKind, TextKind
from index.text.number import number_key
from index.text.unicode import fold
from index.validity import name_of_law

METADATA = MetaData()

META = Table("meta", METADATA, Column("name", String, primary_key=True), Column("value", String, nullable=False))

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False),
    Column("key", String, nullable=False),  # folded number, exact look-up
    Column("bare", String, nullable=False),  # the number before the first stroke: "161", "66.17"
    Column("year", Integer),  # in the number, else of issue
    Column("type", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("issuing_body", String, nullable=False),
    Column("bodies", String, nullable=False),  # folded names between strokes: "|chinh phu|"
    Column("issued_on", Date),
    Column("effective_on", Date),
    Column("expires_on", Date),
    Column("text_kind", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("source", String, nullable=False),
    Column("checked_on", Date),
    Column("url", String),
    Column("signer", String),
    Column("evidence", String),
    Column("aliases", Text, nullable=False),  # JSON list
    Column("language", String, nullable=False),
    Column("place", String),
    Column("fields", Text, nullable=False),  # JSON list
    Column("folded_fields", Text, nullable=False),  # folded names between strokes: "|tai chinh|"
    Column("law_name", Text),  # of a law with a name of its own (`index.validity.name_of_law`)
    Column("is_withdrawn", Boolean, nullable=False),  # taken down: in no list and no look-up
    Column("topic", Text, nullable=False),  # folded words of title, aliases and summary between blanks
    Index("documents_key", "key"),
    Index("documents_bare", "bare", "year"),
    Index("documents_issued_on", "issued_on"),
    Index("documents_law_name", "law_name"),
    Index("documents_checked_on", "checked_on"),
    Index(  # what documents are filtered by, so that filtering reads no text
        "documents_filters",
        *("type", "issued_on", "effective_on", "bodies", "place", "language", "folded_fields", "source"),
        *("is_withdrawn", "id"),
    ),
)

SOURCES = Table(
    "sources",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
    Column("origin", String, nullable=False),
    Column("digest", String, nullable=False),  # SHA-256 over the document and its passages as they came
    Column("payload", Text, nullable=False),  # the document as this source gave it, JSON
    Column("speaks", Boolean, nullable=False),  # whether its passages are shown
    Column("first_seen", Date),  # when it was first read as it is now
    Column("checked_on", Date),  # when it was last read
    UniqueConstraint("document_id", "origin"),
)

RELATIONS = Table(
    "relations",
    METADATA,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("number", String, nullable=False),
    Column("key", String, nullable=False),
    Column("title", Text),
    Column("issued_on", Date),
    Column("effective_on", Date),
    Column("ends_on", Date),
    Column("scope", Text),
    Column("location", Text),
    Column("is_extracted", Boolean, nullable=False),
    Index("relations_key", "key", "kind"),
)

PASSAGES = Table(
    "passages",
    METADATA,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("path", String, primary_key=True),  # what follows "#" in a passage's id
    Column("position", Integer, nullable=False),
    Column("location", String),
    Column("headings", Text, nullable=False),  # JSON list
    Column("text", Text, nullable=False),
    Column("text_kind", String, nullable=False),
    Column("weight", Float, nullable=False),
)

VERSIONS = Table(  # what sources said before; survives the document
    "versions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("document_id", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("payload", Text, nullable=False),
    Column("first_seen", Date),
    Column("last_seen", Date),
    Index("versions_document_id", "document_id"),
)

ACTS = Table(  # relations resolved, from both sides; reckoned anew on every write that touches them (index.reckoning)
    "acts",
    METADATA,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # of a relation, or NAMESAKE
    Column("number", String, nullable=False),
    Column("issued_on", Date),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("scope", Text),
    Column("is_applied", Boolean, nullable=False),  # not where the relation is inverted
)
NAMESAKE = "namesake"

SPANS = Table(  # in which a document is out of force, both days included; reckoned with `ACTS`
    "spans",
    METADATA,
    Column("document_id", ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("starts_on", Date, primary_key=True),
    Column("ends_on", Date, nullable=False),
    Index("spans_days", "ends_on", "starts_on", "document_id"),
)

TAKE_DOWNS = Table(
    "take_downs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False),
    Column("issued_on", Date),  # of the document meant; every document of the number where it is not given
    Column("reason", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),  # UTC
)

_LISTS = ("aliases", "fields")
_OF_DOCUMENT = tuple(field.name for field in fields(Document))
_PLAIN = tuple(name for name in _OF_DOCUMENT if name not in ("text_kind", "relations", *_LISTS))
_OF_RELATION = tuple(field.name for field in fields(Relation) if field.name != "kind")


def document_row(document: Document, *, summary: str = "") -> dict[str, Any]:
    """The row of `DOCUMENTS` for a document, with its columns for searching; `summary` is ours, if there is one."""
    key = number_key(document.number)
    bare = re.match(r"\d+(?:\.\d+)?[a-z]?", key)
    return {name: getattr(document, name) for name in _PLAIN} | {
        "id": document.id,
        "key": key,
        "bare": bare.group() if bare else key,
        "year": year_in(document.number) or (document.issued_on.year if document.issued_on else None),
        "bodies": f"|{folded_bodies(document.issuing_body)}|",
        "folded_fields": f"|{'|'.join(' '.join(topic_words(name)) for name in document.fields)}|",
        "law_name": name_of_law(document.type, document.title),
        "text_kind": document.text_kind.value,
        **{name: json.dumps(getattr(document, name), ensure_ascii=False) for name in _LISTS},
        "topic": f" {' '.join(topic_words(' '.join((document.title, *document.aliases, summary))))} ",
    }


def document_of(row: RowMapping, relations: tuple[Relation, ...]) -> Document:
    """The document a row of `DOCUMENTS` holds."""
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    values |= {name: tuple(json.loads(row[name])) for name in _LISTS}
    return Document(**values | {"text_kind": TextKind(row["text_kind"])}, relations=relations)


def relation_row(relation: Relation) -> dict[str, Any]:
    """The row of `RELATIONS` for a relation, without its place in the table."""
    return {name: getattr(relation, name) for name in _OF_RELATION} | {
        "kind": relation.kind.value,
        "key": number_key(relation.number),
    }


def relation_of(row: RowMapping) -> Relation:
    """The relation a row of `RELATIONS` holds."""
    return Relation(RelationKind(row["kind"]), **{name: row[name] for name in _OF_RELATION})


def folded_bodies(name: str) -> str:
    """A body's name for comparison; joint issuers ("Bộ Y tế - Bộ Tài chính") stand between strokes."""
    return "|".join(" ".join(topic_words(part)) for part in name.split(" - "))


def topic_words(text: str) -> list[str]:
    """Folded words of a text, in order."""
    return re.findall(r"[a-z0-9]+", fold(text))


def to_json(document: Document) -> str:
    """A document as one line of JSON; equal documents give equal lines."""
    values = {name: getattr(document, name) for name in _OF_DOCUMENT}
    values["relations"] = [
        {name: getattr(relation, name) for name in ("kind", *_OF_RELATION)} for relation in document.relations
    ]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain)


def from_json(line: str) -> Document:
    """The document `to_json` wrote, also before a field of today was known."""
    values = json.loads(line)
    relations = tuple(
        Relation(**_with_dates(row) | {"kind": RelationKind(row["kind"])}) for row in values.pop("relations")
    )
    values = _with_dates(values) | {name: tuple(values[name]) for name in _LISTS if name in values}
    return Document(**values | {"text_kind": TextKind(values["text_kind"])}, relations=relations)


def _with_dates(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name.endswith("_on") and value else value for name, value in values.items()
    }


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
