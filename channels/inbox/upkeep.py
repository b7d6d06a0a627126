"""What is done to the store as a whole: counting, purging, forgetting, dead letters, left messages, pauses."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from channels.event import DeadLetter, Depth, Erasure, LeftMessage, Pause, SignalKind
from channels.inbox import consents
from channels.inbox.leases import Table
from channels.inbox.schema import DONE
from channels.inbox.standings import instant

LEFT_MESSAGES_KEPT = timedelta(days=30)
"""Messages left for the officers outlive the rest, and so does feedback: the offices may be closed for the nine days of
Tết, and somebody has to work through them then. They name what people need, so no longer."""

MAX_LISTED = 1_000

_NOTE_ERASURE = """
INSERT INTO erasures (conversation, due_at)
SELECT :conversation, MAX(:now, COALESCE(MAX(lease_until), 0)) FROM inbox
WHERE conversation = :conversation AND state < 2 AND MIN(accepted_at, occurred_at) < :before
"""
"""Before the leases are taken away. Only rows in hand have a `lease_until`."""

_EMPTIED = (
    (
        "inbox",
        "message_id = '', text = '', lang = NULL, as_of = NULL, latitude = NULL, longitude = NULL",
        "MIN(accepted_at, occurred_at)",
    ),
    ("outbox", "in_reply_to = '', payload = '', doubtful_since = NULL", "accepted_at"),
)
"""What is emptied in rows that came before a withdrawal, and when they came: what an outage held up was written before
it and accepted after it."""


def purge(connection: sqlite3.Connection, *, before: float, now: float) -> int:
    """Delete what is over; see `Inbox.purge`."""
    left_before = now - LEFT_MESSAGES_KEPT.total_seconds()
    return consents.purge(connection, now=now) + sum(
        connection.execute(statement, (limit,)).rowcount
        for statement, limit in (
            ("DELETE FROM inbox WHERE state >= 2 AND changed_at < ?", before),
            ("DELETE FROM outbox WHERE state >= 2 AND changed_at < ?", before),
            ("DELETE FROM conversations WHERE changed_at < ?", before),
            ("DELETE FROM left_messages WHERE accepted_at < ?", left_before),
            ("DELETE FROM pauses WHERE until <= ?", now),
            ("DELETE FROM feedback WHERE given_at < ?", left_before),
            ("DELETE FROM notices WHERE until <= ?", now),
        )
    )


def forget(connection: sqlite3.Connection, conversation: str, *, before: float, now: float) -> int:
    """Empty the rows of a conversation that came before; see `Inbox.forget`.

    Events and messages stay behind without a word of anybody and without the person's id, so that the platform's
    retries and echoes are known for what they are; the purge takes them in time.
    """
    values = {"conversation": conversation, "before": before, "now": now, "done": DONE}
    connection.execute(_NOTE_ERASURE, values)
    consents.withdraw(connection, conversation, before=before, now=now)
    count = sum(
        connection.execute(
            f"UPDATE {table} SET person = '', conversation = '', {emptied}, state = :done, owner = NULL,"  # noqa: S608
            " lease_until = NULL, reason = NULL, changed_at = :now"
            f" WHERE conversation = :conversation AND {came_at} < :before AND state {states}",
            values,
        ).rowcount
        for table, emptied, came_at in _EMPTIED
        for states in ("< 2", ">= 2")  # an index each
    )
    for statement in (
        "DELETE FROM left_messages WHERE conversation = :conversation AND MIN(accepted_at, left_at) < :before",
        "DELETE FROM feedback WHERE conversation = :conversation AND given_at < :before",
        "DELETE FROM conversations WHERE conversation = :conversation AND COALESCE(came_at, 0) < :before"
        " AND COALESCE(last_user_at, 0) < :before",
        "UPDATE conversations SET choices = NULL, silent_until = NULL, is_leaving_message = 0, came_at = NULL"
        " WHERE conversation = :conversation AND came_at < :before",
    ):
        count += connection.execute(statement, values).rowcount
    return count


def erasures(connection: sqlite3.Connection, *, now: float) -> list[Erasure]:
    """Return what the bot has still to forget and may; see `Inbox.erasures`."""
    rows = connection.execute(
        "SELECT id, conversation FROM erasures WHERE due_at <= ? ORDER BY id LIMIT ?", (now, MAX_LISTED)
    )
    return [Erasure(*row) for row in rows]


def end_erasure(connection: sqlite3.Connection, erasure: Erasure) -> None:
    """The bot has forgotten it; one that was noted meanwhile stays."""
    connection.execute("DELETE FROM erasures WHERE id = ?", (erasure.id,))


def depth(connection: sqlite3.Connection) -> Depth:
    """Count the work that waits."""
    inbox, outbox, dead = connection.execute(
        "SELECT (SELECT COUNT(*) FROM inbox WHERE state < 2), (SELECT COUNT(*) FROM outbox WHERE state < 2),"
        " (SELECT COUNT(*) FROM inbox WHERE state = 3) + (SELECT COUNT(*) FROM outbox WHERE state = 3)"
    ).fetchone()
    return Depth(inbox_open=inbox, outbox_open=outbox, dead=dead)


def dead_letters(connection: sqlite3.Connection) -> list[DeadLetter]:
    """Return what was given up, newest first."""
    rows = connection.execute(
        "SELECT id, channel, reason, attempts, changed_at, 'inbox' AS queue FROM inbox WHERE state = 3"
        " UNION ALL SELECT id, channel, reason, attempts, changed_at, 'outbox' FROM outbox WHERE state = 3"
        " ORDER BY changed_at DESC, queue, id DESC LIMIT ?",
        (MAX_LISTED,),
    )
    return [DeadLetter(row[0], row[1], row[2] or "", row[3], instant(row[4]), row[5]) for row in rows]


def resend(connection: sqlite3.Connection, queue: Table, ids: Sequence[int], *, now: float) -> int:
    """Make pending what was dead."""
    return connection.executemany(
        f"UPDATE {queue} SET state = 0, attempts = 0, due_at = ?, changed_at = ?, reason = NULL"  # noqa: S608
        " WHERE id = ? AND state = 3",
        [(now, now, row_id) for row_id in ids],
    ).rowcount


def last_events(connection: sqlite3.Connection, channel: str, account: str) -> dict[str, datetime]:
    """Return when each kind of event of an account last came, of those that are kept; see `Inbox.last_events`."""
    rows = connection.execute(
        "SELECT kind, MAX(occurred_at) FROM inbox WHERE channel = :channel AND account = :account GROUP BY kind"
        " UNION ALL SELECT :echo, MAX(leased_at) FROM outbox"
        " WHERE channel = :channel AND account = :account AND is_proved",
        {"channel": channel, "account": account, "echo": SignalKind.ECHO.value},
    )
    return {kind: instant(at) for kind, at in rows if at is not None}


def left_messages(connection: sqlite3.Connection) -> list[LeftMessage]:
    """Return what was left for the officers, oldest first."""
    rows = connection.execute(
        "SELECT id, conversation, text, left_at FROM left_messages ORDER BY id LIMIT ?", (MAX_LISTED,)
    )
    return [LeftMessage(row[0], row[1], row[2], instant(row[3])) for row in rows]


def pause(connection: sqlite3.Connection, pause: Pause, *, now: float) -> None:
    """Record a pause, or end one."""
    values = (pause.channel, pause.account, pause.until.timestamp(), pause.reason)
    connection.execute("DELETE FROM pauses WHERE channel = ? AND account = ?", values[:2])
    if values[2] > now:
        connection.execute("INSERT INTO pauses (channel, account, until, reason) VALUES (?, ?, ?, ?)", values)


def pauses(connection: sqlite3.Connection, *, now: float) -> list[Pause]:
    """Return the pauses that are not over."""
    rows = connection.execute(
        "SELECT channel, account, until, reason FROM pauses WHERE until > ? ORDER BY channel, account", (now,)
    )
    return [Pause(row[0], row[1], instant(row[2]), row[3]) for row in rows]
