"""The catalogue's tables (SQLite and PostgreSQL), as the newest migration leaves them."""

from __future__ import annotations

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

METADATA = MetaData()

META = Table("meta", METADATA, Column("name", String, primary_key=True), Column("value", String, nullable=False))

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False),
    Column("series", String, nullable=False),  # of local documents (`index.series`), else empty
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
    Column("questions", Text, nullable=False),  # JSON list
    Column("translated_titles", Text, nullable=False),  # JSON list of [language, title]
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

SPANS = Table(  # in which a document is out of force or taken down, both days included; reckoned with `ACTS`
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
    Column("series", String),  # of the document meant; every series where it is not given
    Column("reason", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),  # UTC
)
