"""The catalogue's schema in steps (Alembic): `upgrade` brings a database to the newest one without losing anything.

The revisions in `versions/` are never changed once released. A database of the first release has no revision written
in it but `meta.schema = "1"`, and is taken for revision 1.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection

NEWEST = "2"
VERSION_TABLE = "catalogue_version"  # its own name: the database may be shared with other parts of the program


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at, or None where it holds no catalogue."""
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return context.get_current_revision() or _of_first_release(connection)


def upgrade(connection: Connection, *, to: str = "head") -> None:
    """Bring a database to a revision, within the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    first_release = _of_first_release(connection)
    if first_release is not None:
        command.stamp(config, first_release)
    command.upgrade(config, to)


def _of_first_release(connection: Connection) -> str | None:
    tables = sa.inspect(connection).get_table_names()
    if "meta" not in tables or "documents" not in tables or VERSION_TABLE in tables:
        return None
    schema = sa.text("SELECT value FROM meta WHERE name = 'schema'")
    return "1" if connection.execute(schema).scalar() == "1" else None
