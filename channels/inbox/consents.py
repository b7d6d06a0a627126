"""What people agreed to, and when they withdrew it: kept longer than their words, without a word or a name.

A conversation is known here by the digest of its key. Whoever holds the key finds what was agreed to; the table names
nobody.
"""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import timedelta

from channels.event import Consent
from channels.inbox.standings import instant

KEPT = timedelta(days=730)
"""How long a consent can be shown after it was withdrawn, or given where it never was (adr/0018-consent.md)."""

MAX_LISTED = 1_000


def record(connection: sqlite3.Connection, conversation: str, consent: Consent) -> None:
    """Keep a consent, once for each notice that a person agreed to in a conversation and has not withdrawn."""
    connection.execute(
        "INSERT INTO consents (mark, agency, given_at, lang, notice, version)"
        " SELECT :mark, :agency, :given_at, :lang, :notice, :version WHERE NOT EXISTS (SELECT 1 FROM consents"
        " WHERE mark = :mark AND withdrawn_at IS NULL AND notice IS :notice AND version IS :version)",
        {
            "mark": _mark(conversation),
            "agency": consent.agency,
            "given_at": consent.given_at.timestamp(),
            "lang": consent.lang,
            "notice": consent.notice,
            "version": consent.version,
        },
    )


def withdraw(connection: sqlite3.Connection, conversation: str, *, before: float, now: float) -> None:
    """The person of a conversation withdrew what they had agreed to before."""
    connection.execute(
        "UPDATE consents SET withdrawn_at = ? WHERE mark = ? AND withdrawn_at IS NULL AND given_at < ?",
        (now, _mark(conversation), before),
    )


def stands(connection: sqlite3.Connection, conversation: str) -> bool:
    """Tell whether somebody agreed in a conversation, and has not withdrawn it."""
    query = "SELECT 1 FROM consents WHERE mark = ? AND withdrawn_at IS NULL LIMIT 1"
    return connection.execute(query, (_mark(conversation),)).fetchone() is not None


def consents(connection: sqlite3.Connection, conversation: str | None) -> list[Consent]:
    """Return what was agreed to, newest first; see `Inbox.consents`."""
    of_one, mark = _of(conversation)
    rows = connection.execute(
        f"SELECT agency, given_at, lang, notice, version, withdrawn_at FROM consents{of_one}"  # noqa: S608 - constants
        " ORDER BY given_at DESC, id DESC LIMIT ?",
        (*mark, MAX_LISTED),
    )
    return [
        Consent(row[0], instant(row[1]), row[2], row[3], row[4], None if row[5] is None else instant(row[5]))
        for row in rows
    ]


def count(connection: sqlite3.Connection, conversation: str | None) -> tuple[int, int]:
    """Count what was agreed to, and what of it was withdrawn; see `Inbox.count_consents`."""
    of_one, mark = _of(conversation)
    given, withdrawn = connection.execute(
        f"SELECT COUNT(*), COUNT(withdrawn_at) FROM consents{of_one}",  # noqa: S608 - constants
        mark,
    ).fetchone()
    return given, withdrawn


def purge(connection: sqlite3.Connection, *, now: float) -> int:
    """Delete what need not be shown any more; return how many rows."""
    limit = now - KEPT.total_seconds()
    return connection.execute("DELETE FROM consents WHERE COALESCE(withdrawn_at, given_at) < ?", (limit,)).rowcount


def _of(conversation: str | None) -> tuple[str, tuple[str, ...]]:
    """Return the condition of a conversation, or of any, and its value."""
    return ("", ()) if conversation is None else (" WHERE mark = ?", (_mark(conversation),))


def _mark(conversation: str) -> str:
    return hashlib.sha256(conversation.encode()).hexdigest()
