"""Revision 2: language, place and fields; the whole of a relation; earlier versions; acts and spans; take-downs.

What can be reckoned from the rest (names of laws, acts, spans) is left empty; `Catalogue.open` reckons it after an
upgrade. The digests of the first release were made otherwise, so the next ingestion reads every source as updated
once; its passages keep their digests, and nothing is embedded again.
"""

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add what the second release needs; every row of the first is kept."""
    op.add_column("documents", sa.Column("language", sa.String, nullable=False, server_default="vi"))
    op.add_column("documents", sa.Column("place", sa.String))
    op.add_column("documents", sa.Column("fields", sa.Text, nullable=False, server_default="[]"))
    op.add_column("documents", sa.Column("folded_fields", sa.Text, nullable=False, server_default="||"))
    op.add_column("documents", sa.Column("law_name", sa.Text))
    op.add_column("documents", sa.Column("is_withdrawn", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("documents_law_name", "documents", ["law_name"])
    op.create_index("documents_checked_on", "documents", ["checked_on"])
    filters = ["type", "issued_on", "effective_on", "bodies", "place", "language", "folded_fields", "source"]
    op.create_index("documents_filters", "documents", [*filters, "is_withdrawn", "id"])
    op.add_column("relations", sa.Column("ends_on", sa.Date))
    op.add_column("relations", sa.Column("scope", sa.Text))
    op.add_column("relations", sa.Column("location", sa.Text))
    op.add_column("relations", sa.Column("is_extracted", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("passages", sa.Column("weight", sa.Float, nullable=False, server_default="1"))
    op.add_column("sources", sa.Column("first_seen", sa.Date))
    op.add_column("sources", sa.Column("checked_on", sa.Date))
    _date_sources()
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document_id", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("first_seen", sa.Date),
        sa.Column("last_seen", sa.Date),
    )
    op.create_index("versions_document_id", "versions", ["document_id"])
    op.create_table(
        "acts",
        sa.Column("document_id", sa.String, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("issued_on", sa.Date),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("scope", sa.Text),
        sa.Column("is_applied", sa.Boolean, nullable=False),
    )
    op.create_table(
        "spans",
        sa.Column("document_id", sa.String, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("starts_on", sa.Date, primary_key=True),
        sa.Column("ends_on", sa.Date, nullable=False),
    )
    op.create_index("spans_days", "spans", ["ends_on", "starts_on", "document_id"])
    op.create_table(
        "take_downs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("issued_on", sa.Date),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    meta = sa.table("meta", sa.column("name", sa.String), sa.column("value", sa.String))
    op.execute(meta.delete().where(meta.c.name == "schema"))  # the revision stands in Alembic's own table now
    op.bulk_insert(meta, [{"name": "revision", "value": "0"}])


def _date_sources() -> None:
    """When a source was read stands in what it said."""
    sources = sa.table(
        "sources",
        sa.column("id", sa.Integer),
        sa.column("payload", sa.Text),
        sa.column("first_seen", sa.Date),
        sa.column("checked_on", sa.Date),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(sources.c.id, sources.c.payload)).all():
        day = json.loads(row.payload).get("checked_on")
        if day:
            read_on = {"first_seen": date.fromisoformat(day), "checked_on": date.fromisoformat(day)}
            connection.execute(sources.update().where(sources.c.id == row.id).values(read_on))
