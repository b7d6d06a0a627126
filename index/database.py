"""The catalogue's database (SQLite or PostgreSQL): how it is reached, upgraded, and written to by one at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from index import migrations
from index.errors import CatalogueUnavailable

BUSY_TIMEOUT_MS = 5_000  # how long a writer waits for another one before SQLite gives up
WRITERS = 0x60C0_CA7A  # number of PostgreSQL's advisory lock that a writer holds for its transaction


def connect(url: str, *, must_exist: bool) -> Engine:
    """An engine for "sqlite:///var/catalogue.db" or "postgresql://…" (psycopg 3); folders of a file are made.

    Raises `CatalogueUnavailable`, one line without the password, where there is no way to such a database.
    """
    try:
        address = make_url(url)
    except SQLAlchemyError as error:
        raise CatalogueUnavailable(f"{url!r} is no database address, such as sqlite:///var/catalogue.db") from error
    path = Path(address.database or "")
    is_file = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
    if is_file and must_exist and not path.exists():
        raise CatalogueUnavailable(f"no catalogue at {path}: run `python -m index ingest` first")
    try:
        if is_file:
            path.parent.mkdir(parents=True, exist_ok=True)
        return _engine(address)
    except (OSError, ImportError, SQLAlchemyError) as error:
        raise CatalogueUnavailable(f"{shown(url)}: {first_line(error)}") from error


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write: one writer at a time, who sees what the one before committed."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(takes_write_lock=True)
    return engine.execution_options(takes_write_lock=True, isolation_level="READ COMMITTED")


def is_newest(connection: Connection) -> bool:
    """Whether the schema is this program's."""
    return migrations.revision_of(connection) == migrations.NEWEST


def upgrade(connection: Connection) -> None:
    """Make the tables, or bring them to this program's schema; nothing happens where they are.

    `connection` is of `writing`. Raises `CatalogueUnavailable` for a schema that this program does not know.
    """
    found = migrations.revision_of(connection)
    if found != migrations.NEWEST:
        _refuse_unknown(found)
        migrations.upgrade(connection)


def require_newest(connection: Connection) -> None:
    """Raise `CatalogueUnavailable`, saying what to do, where the schema is not this program's; changes nothing."""
    found = migrations.revision_of(connection)
    if found == migrations.NEWEST:
        return
    _refuse_unknown(found)
    state = "is empty" if found is None else f"has the older schema {found}"
    raise CatalogueUnavailable(f"the catalogue {state}: run `python -m index ingest`, which brings it up to date")


def shown(url: str) -> str:
    """An address fit for a message: without its password."""
    return make_url(url).render_as_string(hide_password=True)


def first_line(error: Exception) -> str:
    """What went wrong, without the statement and its parameters, which SQLAlchemy adds and which hold document text."""
    return str(error).partition("\n")[0]


def _refuse_unknown(found: str | None) -> None:
    if found is not None and not (found.isdecimal() and int(found) < int(migrations.NEWEST)):
        raise CatalogueUnavailable(
            f"the catalogue has schema {found}, this program knows those up to {migrations.NEWEST}: use the newer one"
        )


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(address)
        _prepare_sqlite(engine)
        return engine
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address, isolation_level="REPEATABLE READ", pool_pre_ping=True)
    sa.event.listen(engine, "begin", _wait_for_other_writers)
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    """Foreign keys on, readers beside one writer (WAL), and a writer that takes its lock when it begins."""

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _wait_for_other_writers(connection: Connection) -> None:
    if _writes(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS})")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("takes_write_lock", False))
