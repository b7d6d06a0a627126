"""How conversations stand: a row each, made by the first answer or the first act of a person."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime

from channels.event import BY_PERSON, Standing


def read(connection: sqlite3.Connection, conversation: str) -> Standing | None:
    """Return how a conversation stands; None while nothing has been answered in it."""
    row = connection.execute(
        "SELECT choices, silent_until, is_leaving_message FROM conversations"
        " WHERE conversation = ? AND choices IS NOT NULL",
        (conversation,),
    ).fetchone()
    if row is None:
        return None
    return Standing(
        choices=tuple(json.loads(row[0])),
        silent_until=instant(row[1]) if row[1] else None,
        is_leaving_message=bool(row[2]),
    )


def write(connection: sqlite3.Connection, conversation: str, standing: Standing, *, came_at: float, now: float) -> None:
    """Record how a conversation stands after the answer to an event that came at `came_at`."""
    connection.execute(
        "INSERT INTO conversations (conversation, choices, silent_until, is_leaving_message, came_at, changed_at)"
        " VALUES (:conversation, :choices, :silent_until, :is_leaving_message, :came_at, :now)"
        " ON CONFLICT (conversation) DO UPDATE SET choices = :choices, silent_until = :silent_until,"
        " is_leaving_message = :is_leaving_message, came_at = :came_at, changed_at = :now",
        {
            "conversation": conversation,
            "choices": json.dumps(standing.choices),
            "silent_until": standing.silent_until.timestamp() if standing.silent_until else None,
            "is_leaving_message": standing.is_leaving_message,
            "came_at": came_at,
            "now": now,
        },
    )


def note_act(connection: sqlite3.Connection, conversation: str, at: float, *, now: float) -> None:
    """The person did something at `at` that opens the window; a later time on record stays."""
    connection.execute(
        "INSERT INTO conversations (conversation, last_user_at, changed_at) VALUES (:conversation, :at, :now)"
        " ON CONFLICT (conversation) DO UPDATE SET last_user_at = MAX(COALESCE(last_user_at, :at), :at),"
        " changed_at = :now",
        {"conversation": conversation, "at": at, "now": now},
    )


_KINDS = ", ".join(f"'{kind.value}'" for kind in sorted(BY_PERSON))

_LAST_ACT = f"""
SELECT MAX(at) FROM (
    SELECT last_user_at AS at FROM conversations WHERE conversation = :conversation
    UNION ALL
    SELECT MAX(occurred_at) FROM inbox WHERE conversation = :conversation AND state < 2 AND kind IN ({_KINDS}))
"""  # noqa: S608 - constants


def last_act(connection: sqlite3.Connection, conversation: str) -> datetime | None:
    """Return when the person last did something that opens the window, what waits for its answer included."""
    at = connection.execute(_LAST_ACT, {"conversation": conversation}).fetchone()[0]
    return None if at is None else instant(at)


def instant(seconds: float) -> datetime:
    """Return the instant that the store writes as seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
