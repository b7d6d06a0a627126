"""Revision 3: the series of numbers that a local document belongs to (`index.series`), of documents and take-downs.

The series, and with it the ids of local documents, is reckoned by `Catalogue.open` after an upgrade. What was one
document before because two bodies use one number stays one until its sources are read again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Add the columns; every row is kept."""
    op.add_column("documents", sa.Column("series", sa.String, nullable=False, server_default=""))
    op.add_column("take_downs", sa.Column("series", sa.String))
