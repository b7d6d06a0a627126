"""Leases on rows of the inbox and the outbox: given, ended by their owner, taken away."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Literal

from channels.inbox.schema import LEASED, PENDING

Table = Literal["inbox", "outbox"]

_TABLES: dict[str, Table] = {"inbox": "inbox", "outbox": "outbox"}

DOUBT = "COALESCE(doubtful_since, leased_at)"
"""What `doubtful_since` of an outbox row becomes when its lease ends and nobody knows whether it was sent."""


def table(queue: str) -> Table:
    """Return the table of a queue. Raises ValueError for a name of none."""
    if queue not in _TABLES:
        raise ValueError("a queue is inbox or outbox")
    return _TABLES[queue]


def claim(table: Table, columns: str, *, also: str = "", only: str = "") -> str:
    """Return the statement that leases the oldest open row of each conversation with no row in flight.

    A row is ready when it is pending and due, or when its lease ran out. A newer row may be in flight while an older
    one waits: a dead letter that is offered again is older than what came after it. `also` is a further assignment,
    `only` a further condition on the row, there called ready.
    """
    return f"""
    UPDATE {table} SET state = 1, owner = :owner, lease_until = :lease_until, attempts = attempts + 1{also}
    WHERE id IN (
        SELECT id FROM {table} AS ready
        WHERE state < 2 AND ((state = 0 AND due_at <= :now) OR (state = 1 AND lease_until <= :now)){only}
          AND NOT EXISTS (SELECT 1 FROM {table} AS other
                          WHERE other.conversation = ready.conversation AND other.state < 2 AND other.id <> ready.id
                            AND (other.id < ready.id OR (other.state = 1 AND other.lease_until > :now)))
        ORDER BY id LIMIT :limit)
    RETURNING {columns}
    """  # noqa: S608 - all arguments are constants of this package


def end(
    connection: sqlite3.Connection,
    table: Table,
    row_id: int,
    owner: str,
    assignments: str,
    values: Mapping[str, object],
) -> bool:
    """End the lease of one row with `assignments`; False when it is no longer the owner's, and nothing has changed."""
    changed = connection.execute(
        f"UPDATE {table} SET {assignments}, owner = NULL, lease_until = NULL"  # noqa: S608 - constants of this package
        f" WHERE id = :row_id AND state = {LEASED} AND owner = :lease_owner",
        {**values, "row_id": row_id, "lease_owner": owner},
    ).rowcount
    return changed == 1


def release(connection: sqlite3.Connection) -> int:
    """End all leases and return how many; what was being sent is in doubt."""
    freed = f"state = {PENDING}, owner = NULL, lease_until = NULL"
    return sum(
        connection.execute(f"UPDATE {table} SET {freed}{also} WHERE state < 2 AND state = {LEASED}").rowcount  # noqa: S608
        for table, also in (("inbox", ""), ("outbox", f", doubtful_since = {DOUBT}"))
    )
