"""How Alembic reaches the catalogue: over the connection that `index.migrations.upgrade` hands in."""

from __future__ import annotations

from alembic import context

from index.migrations import VERSION_TABLE
from index.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
