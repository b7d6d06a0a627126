"""The outbox table: messages claimed, sent, not sent, in doubt, and proved by their echoes."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from channels.errors import LeaseLost
from channels.event import OutboxMessage, Signal
from channels.inbox import echo as echoes
from channels.inbox import leases, standings
from channels.inbox.schema import DEAD, DONE, PENDING
from channels.inbox.standings import instant

_CLAIM = leases.claim(
    "outbox",
    "id, attempts, channel, account, person, in_reply_to, payload, conversation, doubtful_since",
    also=f", leased_at = :now, doubtful_since = CASE state WHEN 1 THEN {leases.DOUBT} ELSE doubtful_since END",
    only=" AND NOT EXISTS (SELECT 1 FROM pauses WHERE pauses.channel = ready.channel"
    " AND pauses.account = ready.account AND pauses.until > :now)",
)

_MAX_ID_DIGITS = 18
"""Longer numbers are not ids of this store and may not fit SQLite's integers."""

_SAME_PLACE = "channel = :channel AND account = :account AND conversation IN (:conversation, '')"
"""Of the conversation of an echo, or of one that was forgotten since: an emptied row is ours still."""


def claim(connection: sqlite3.Connection, lease: dict[str, object]) -> list[OutboxMessage]:
    """Lease messages; `lease` holds owner, limit, now and lease_until."""
    return [
        OutboxMessage(
            id=row[0], owner=str(lease["owner"]), attempts=row[1], channel=row[2], account=row[3], person=row[4],
            in_reply_to=row[5], payload=row[6], last_user_at=standings.last_act(connection, row[7]),
            doubtful_since=None if row[8] is None else instant(row[8]),
        )
        for row in sorted(connection.execute(_CLAIM, lease).fetchall())
    ]  # fmt: skip


def mark_sent(connection: sqlite3.Connection, message: OutboxMessage, *, platform_id: str, now: float) -> None:
    """Settle a message that the platform took; of one forgotten meanwhile only the platform's id. Raises LeaseLost."""
    values: dict[str, object] = {"state": DONE, "platform_id": platform_id, "now": now, "id": message.id}
    forgotten = "id = :id AND conversation = '' AND platform_id IS NULL"
    if connection.execute(f"UPDATE outbox SET platform_id = :platform_id WHERE {forgotten}", values).rowcount:  # noqa: S608
        return
    assignments = "state = :state, platform_id = :platform_id, doubtful_since = NULL, changed_at = :now"
    _end(connection, message, assignments, values)


def mark_unsent(
    connection: sqlite3.Connection,
    message: OutboxMessage,
    *,
    retry_at: datetime | None,
    reason: str,
    is_in_doubt: bool,
    now: float,
) -> None:
    """Offer a message again, or give it up. Raises LeaseLost."""
    assignments = "state = :state, due_at = COALESCE(:due_at, due_at), reason = :reason, changed_at = :now"
    values: dict[str, object] = {
        "state": DEAD if retry_at is None else PENDING,
        "due_at": None if retry_at is None else retry_at.timestamp(),
        "reason": reason,
        "now": now,
    }
    doubt = leases.DOUBT if is_in_doubt else "NULL"
    _end(connection, message, f"{assignments}, doubtful_since = {doubt}", values)


def _end(connection: sqlite3.Connection, message: OutboxMessage, assignments: str, values: dict[str, object]) -> None:
    if leases.end(connection, "outbox", message.id, message.owner, assignments, values):
        return
    if not connection.execute("SELECT 1 FROM outbox WHERE id = ? AND is_proved", (message.id,)).fetchone():
        raise LeaseLost(f"message {message.id} is not leased by {message.owner}")


def settle_echo(connection: sqlite3.Connection, echo: Signal, *, now: float) -> bool:
    """Tell whether an echo is of one of our messages, and settle that message.

    One that was sent already is only marked as proved: when it is purged depends on when it was sent.
    """
    row_id = _by_outbox_id(connection, echo)
    row_id = _by_platform_id(connection, echo) if row_id is None else row_id
    row_id = _by_text(connection, echo, now=now) if row_id is None else row_id
    if row_id is None:
        return False
    values = {"done": DONE, "message_id": echo.message_id, "now": now, "row_id": row_id}
    connection.execute(
        "UPDATE outbox SET state = :done, platform_id = COALESCE(NULLIF(:message_id, ''), platform_id), is_proved = 1,"
        " doubtful_since = NULL, reason = NULL, owner = NULL, lease_until = NULL, changed_at = :now"
        " WHERE id = :row_id AND state <> :done",
        values,
    )
    connection.execute("UPDATE outbox SET is_proved = 1 WHERE id = :row_id AND NOT is_proved", values)
    return True


def _by_outbox_id(connection: sqlite3.Connection, echo: Signal) -> int | None:
    """What was never tried cannot have an echo, whatever another app writes into its metadata."""
    text = echo.outbox_id
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_ID_DIGITS):
        return None
    return _first(
        connection, f"id = :key AND (attempts > 0 OR doubtful_since IS NOT NULL) AND {_SAME_PLACE}", echo, int(text)
    )


def _by_platform_id(connection: sqlite3.Connection, echo: Signal) -> int | None:
    return (
        _first(connection, f"platform_id = :key AND {_SAME_PLACE}", echo, echo.message_id) if echo.message_id else None
    )


def _first(connection: sqlite3.Connection, condition: str, echo: Signal, key: object) -> int | None:
    row = connection.execute(
        f"SELECT id FROM outbox WHERE {condition} ORDER BY id LIMIT 1",  # noqa: S608 - conditions of this module
        {"key": key, "channel": echo.channel, "account": echo.account, "conversation": echo.conversation},
    ).fetchone()
    return None if row is None else int(row[0])


def _by_text(connection: sqlite3.Connection, echo: Signal, *, now: float) -> int | None:
    """The oldest message with that text that is being sent or is in doubt, else one that was sent just now."""
    rows = connection.execute(
        "SELECT id, payload, 0 AS is_sent FROM outbox WHERE conversation = :conversation AND state < 2"
        " AND (state = 1 OR doubtful_since IS NOT NULL)"
        " UNION ALL SELECT id, payload, doubtful_since IS NULL FROM outbox WHERE conversation = :conversation"
        " AND state >= 2 AND (doubtful_since IS NOT NULL OR (state = 2 AND changed_at >= :recent))"
        " ORDER BY is_sent, id",
        {"conversation": echo.conversation, "recent": now - echoes.RECENT_S},
    )
    return next((row_id for row_id, payload, _ in rows if echo.text in echoes.texts_of(payload)), None)
