"""The catalogue's schema in steps (Alembic): `upgrade` brings a database to the newest one without losing anything.

The revisions in `versions/` are never changed once released. A database of the first release has no revision written
in it but `meta.schema = "1"`, and is taken for revision 1.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

NEWEST = "4"
VERSION_TABLE = "catalogue_version"  # its own name: the database may be shared with other parts of the program


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at, or None where it holds no catalogue."""
    tables = sa.inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        return _text(connection, f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - a constant of ours
    if "meta" in tables and "documents" in tables:
        return "1" if _text(connection, "SELECT value FROM meta WHERE name = 'schema'") == "1" else None
    return None


def upgrade(connection: Connection, *, to: str = "head") -> None:
    """Bring a database to a revision, within the caller's transaction."""
    from alembic import command  # only who upgrades waits for it to load
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    found = revision_of(connection)
    if found is not None and not sa.inspect(connection).has_table(VERSION_TABLE):
        command.stamp(config, found)
    command.upgrade(config, to)


def _text(connection: Connection, query: str) -> str | None:
    found: str | None = connection.execute(sa.text(query)).scalar()
    return found
