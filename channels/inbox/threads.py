"""Conversations as their people see them: entries, what is new, feedback, and the notices pinned over them."""

from __future__ import annotations

import sqlite3

from channels.inbox.standings import instant
from channels.thread import Changes, Cursor, Entry, Feedback, Notice, merged

MAX_LISTED = 1_000

_OPEN_AND_SETTLED = ("< 2", ">= 2")  # an index each

_WRITTEN = " UNION ALL ".join(
    "SELECT id, message_id, text, occurred_at FROM inbox"  # noqa: S608 - constants
    f" WHERE conversation = :conversation AND state {states} AND id > :event AND kind = 'text'"
    for states in _OPEN_AND_SETTLED
)
_ANSWERS = " UNION ALL ".join(
    "SELECT id, event_id, in_reply_to, payload, changed_at FROM outbox"  # noqa: S608 - constants
    f" WHERE conversation = :conversation AND state {states} AND id > :answer"
    for states in _OPEN_AND_SETTLED
)
_LAST = "SELECT MAX(id) FROM {table} WHERE conversation = :conversation AND state {states}"
_POSITION = (
    "SELECT "
    + ", ".join(
        "MAX("
        + ", ".join(f"COALESCE(({_LAST.format(table=table, states=states)}), 0)" for states in _OPEN_AND_SETTLED)
        + ")"
        for table in ("inbox", "outbox")
    )
)  # fmt: skip


def entries_after(connection: sqlite3.Connection, conversation: str, cursor: Cursor, *, limit: int) -> list[Entry]:
    """Return what a reader at `cursor` has not read; see `Inbox.entries_after`."""
    values = {"conversation": conversation, "event": cursor.event, "answer": cursor.answer, "limit": limit}
    written = [
        Entry(Cursor(event=row[0]), row[1], instant(row[3]), text=row[2])
        for row in connection.execute(f"{_WRITTEN} ORDER BY id LIMIT :limit", values)
    ]
    answers = [
        (row[1], Entry(Cursor(answer=row[0]), row[2], instant(row[4]), payload=row[3]))
        for row in connection.execute(f"{_ANSWERS} ORDER BY id LIMIT :limit", values)
    ]
    return merged(written, answers, since=cursor, limit=limit)


def position(connection: sqlite3.Connection, conversation: str) -> Cursor | None:
    """Return the cursor of who has read everything; None where nothing of the conversation is kept."""
    event, answer = connection.execute(_POSITION, {"conversation": conversation}).fetchone()
    return Cursor(event, answer) if event or answer else None


def changes_after(connection: sqlite3.Connection, channel: str, cursor: Cursor | None) -> Changes:
    """Return what came into a channel after `cursor`; None only says where everything ends."""
    end = Cursor(*connection.execute("SELECT (SELECT MAX(id) FROM inbox), (SELECT MAX(id) FROM outbox)").fetchone())
    end = Cursor(end.event or 0, end.answer or 0)
    if cursor is None:
        return Changes(end)
    found: dict[str, Cursor] = {}
    for table, after in (("inbox", cursor.event), ("outbox", cursor.answer)):
        for row_id, conversation in connection.execute(
            f"SELECT id, conversation FROM {table} WHERE id > ? AND channel = ? AND conversation <> ''",  # noqa: S608
            (after, channel),
        ):
            here = Cursor(event=row_id) if table == "inbox" else Cursor(answer=row_id)
            found[conversation] = found.get(conversation, Cursor()).joined(here)
    return Changes(end.joined(cursor), found)


def give_feedback(connection: sqlite3.Connection, feedback: Feedback) -> bool:
    """Keep what a person thinks of an answer of that conversation, in place of what they thought before."""
    return bool(
        connection.execute(
            "INSERT INTO feedback (conversation, message_id, is_useful, why, given_at)"
            " SELECT :conversation, :message_id, :is_useful, :why, :given_at WHERE EXISTS"
            " (SELECT 1 FROM outbox WHERE in_reply_to = :message_id AND conversation = :conversation"
            " AND channel = substr(:conversation, 1, instr(:conversation, ':') - 1))"
            " ON CONFLICT (conversation, message_id) DO UPDATE SET is_useful = :is_useful, why = :why,"
            " given_at = :given_at",
            {
                "conversation": feedback.conversation,
                "message_id": feedback.message_id,
                "is_useful": feedback.is_useful,
                "why": feedback.why,
                "given_at": feedback.given_at.timestamp(),
            },
        ).rowcount
    )


def feedback(connection: sqlite3.Connection) -> list[Feedback]:
    """Return what people think of answers, newest first."""
    rows = connection.execute(
        "SELECT conversation, message_id, is_useful, why, given_at FROM feedback"
        " ORDER BY given_at DESC, conversation, message_id LIMIT ?",
        (MAX_LISTED,),
    )
    return [Feedback(row[0], row[1], bool(row[2]), row[3], instant(row[4])) for row in rows]


def count_feedback(connection: sqlite3.Connection) -> tuple[int, int]:
    """Count the answers that people found useful and those that they did not; see `Inbox.count_feedback`."""
    useful, other = connection.execute(
        "SELECT COUNT(*) FILTER (WHERE is_useful), COUNT(*) FILTER (WHERE NOT is_useful) FROM feedback"
    ).fetchone()
    return useful, other


def pin(connection: sqlite3.Connection, agency: str, notice: Notice | None) -> None:
    """Put a notice over every conversation of an agency in place of the one before; None takes it off."""
    connection.execute("DELETE FROM notices WHERE agency = ?", (agency,))
    if notice is not None:
        until = None if notice.until is None else notice.until.timestamp()
        connection.execute(
            "INSERT INTO notices (agency, text, url, until) VALUES (?, ?, ?, ?)",
            (agency, notice.text, notice.url, until),
        )


def notices(connection: sqlite3.Connection, *, now: float) -> dict[str, Notice]:
    """Return the notices that are not over, by agency."""
    rows = connection.execute(
        "SELECT agency, text, url, until FROM notices WHERE until IS NULL OR until > ? ORDER BY agency", (now,)
    )
    return {row[0]: Notice(row[1], row[2], None if row[3] is None else instant(row[3])) for row in rows}
