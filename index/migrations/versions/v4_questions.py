"""Revision 4: what people ask that a document answers, and its title in other languages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Add the columns, empty: they fill when the sources are read again. Every row is kept."""
    op.add_column("documents", sa.Column("questions", sa.Text, nullable=False, server_default="[]"))
    op.add_column("documents", sa.Column("translated_titles", sa.Text, nullable=False, server_default="[]"))
