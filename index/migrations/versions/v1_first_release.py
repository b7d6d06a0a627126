"""Revision 1: documents, what their sources say, relations and passages, as the first release made them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make the tables of the first release."""
    op.create_table(
        "meta",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("bare", sa.String, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("issuing_body", sa.String, nullable=False),
        sa.Column("bodies", sa.String, nullable=False),
        sa.Column("issued_on", sa.Date),
        sa.Column("effective_on", sa.Date),
        sa.Column("expires_on", sa.Date),
        sa.Column("text_kind", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("checked_on", sa.Date),
        sa.Column("url", sa.String),
        sa.Column("signer", sa.String),
        sa.Column("evidence", sa.String),
        sa.Column("aliases", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
    )
    op.create_index("documents_key", "documents", ["key"])
    op.create_index("documents_bare", "documents", ["bare", "year"])
    op.create_index("documents_issued_on", "documents", ["issued_on"])
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document_id", sa.String, sa.ForeignKey("documents.id", ondelete="CASCADE"), nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("speaks", sa.Boolean, nullable=False),
        sa.UniqueConstraint("document_id", "origin"),
    )
    op.create_table(
        "relations",
        sa.Column("document_id", sa.String, sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("issued_on", sa.Date),
        sa.Column("effective_on", sa.Date),
    )
    op.create_index("relations_key", "relations", ["key", "kind"])
    op.create_table(
        "passages",
        sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("path", sa.String, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("location", sa.String),
        sa.Column("headings", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_kind", sa.String, nullable=False),
    )
