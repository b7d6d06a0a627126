"""The inbox table: events accepted, claimed, finished and given up."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from channels.errors import LeaseLost
from channels.event import BY_PERSON, Acceptance, Claim, Consent, EventKind, InboundEvent, Place, Standing
from channels.inbox import consents, leases, standings
from channels.inbox.schema import DEAD, DONE, PENDING
from channels.inbox.standings import instant

_ACCEPT = """
INSERT INTO inbox (channel, account, person, conversation, dedup_key, message_id, kind, text, occurred_at, lang, as_of,
                   latitude, longitude, due_at, changed_at, accepted_at)
SELECT :channel, :account, :person, :conversation, :dedup_key, :message_id, :kind, :text, :occurred_at, :lang, :as_of,
       :latitude, :longitude, :now, :now, :now
WHERE (SELECT COUNT(*) FROM inbox WHERE conversation = :conversation AND state < 2) < :pending_cap
ON CONFLICT (channel, dedup_key) DO NOTHING
"""

_CLAIM = leases.claim(
    "inbox",
    "id, attempts, channel, account, person, dedup_key, message_id, kind, text, occurred_at, lang, as_of, latitude,"
    " longitude",
)


def row_of(event: InboundEvent) -> dict[str, object]:
    """Return the columns of an event."""
    return {
        "channel": event.channel,
        "account": event.account,
        "person": event.person,
        "conversation": event.conversation,
        "dedup_key": event.dedup_key,
        "message_id": event.message_id,
        "kind": event.kind.value,
        "text": event.text,
        "occurred_at": event.occurred_at.timestamp(),
        "lang": event.lang,
        "as_of": event.as_of.isoformat() if event.as_of else None,
        "latitude": event.place.latitude if event.place else None,
        "longitude": event.place.longitude if event.place else None,
    }


def accept(
    connection: sqlite3.Connection, row: dict[str, object], consent: Consent | None, *, needs_consent: bool
) -> Acceptance:
    """Store the columns of an event, with `now` and `pending_cap` beside them, and what its person agreed to."""
    conversation = str(row["conversation"])
    is_agreed = not needs_consent or consent is not None or consents.stands(connection, conversation)
    if is_agreed and connection.execute(_ACCEPT, row).rowcount == 1:
        if consent is not None:
            consents.record(connection, conversation, consent)
        return Acceptance.NEW
    known = connection.execute(
        "SELECT 1 FROM inbox WHERE channel = :channel AND dedup_key = :dedup_key", row
    ).fetchone()
    if known:
        return Acceptance.DUPLICATE
    return Acceptance.FULL if is_agreed else Acceptance.UNAGREED


def claim(connection: sqlite3.Connection, lease: dict[str, object]) -> list[Claim]:
    """Lease events; `lease` holds owner, limit, now and lease_until."""
    claims = []
    for row in sorted(connection.execute(_CLAIM, lease).fetchall()):
        event = _event_of(row[2:])
        standing = standings.read(connection, event.conversation)
        claims.append(Claim(id=row[0], owner=str(lease["owner"]), event=event, attempts=row[1], standing=standing))
    return claims


def finish(
    connection: sqlite3.Connection,
    claim: Claim,
    *,
    messages: Sequence[str],
    standing: Standing,
    left_message: str | None,
    now: float,
) -> None:
    """Settle an event with its answers. Raises LeaseLost."""
    event = claim.event
    _end(connection, claim, "state = :state, changed_at = :now", {"state": DONE, "now": now})
    accepted_at = connection.execute("SELECT accepted_at FROM inbox WHERE id = ?", (claim.id,)).fetchone()[0]
    came_at = min(accepted_at, event.occurred_at.timestamp())
    connection.executemany(
        "INSERT INTO outbox (event_id, position, channel, account, person, conversation, in_reply_to, payload, due_at,"
        " changed_at, accepted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (claim.id, position, event.channel, event.account, event.person, event.conversation, event.message_id,
             payload, now, now, came_at)
            for position, payload in enumerate(messages)
        ],
    )  # fmt: skip
    if left_message is not None:
        connection.execute(
            "INSERT INTO left_messages (conversation, text, left_at, accepted_at) VALUES (?, ?, ?, ?)",
            (event.conversation, left_message, event.occurred_at.timestamp(), accepted_at),
        )
    standings.write(connection, event.conversation, standing, came_at=came_at, now=now)
    _note_act(connection, event, now)


def fail(connection: sqlite3.Connection, claim: Claim, *, retry_at: datetime | None, reason: str, now: float) -> None:
    """Offer an event again, or give it up: what the person did counts all the same. Raises LeaseLost."""
    values: dict[str, object] = {"reason": reason, "now": now}
    if retry_at is not None:
        values |= {"state": PENDING, "due_at": retry_at.timestamp()}
        _end(connection, claim, "state = :state, reason = :reason, changed_at = :now, due_at = :due_at", values)
        return
    _end(connection, claim, "state = :state, reason = :reason, changed_at = :now", values | {"state": DEAD})
    _note_act(connection, claim.event, now)


def _end(connection: sqlite3.Connection, claim: Claim, assignments: str, values: dict[str, object]) -> None:
    if not leases.end(connection, "inbox", claim.id, claim.owner, assignments, values):
        raise LeaseLost(f"event {claim.id} is not leased by {claim.owner}")


def _note_act(connection: sqlite3.Connection, event: InboundEvent, now: float) -> None:
    if event.kind in BY_PERSON:
        standings.note_act(connection, event.conversation, event.occurred_at.timestamp(), now=now)


def _event_of(row: Sequence[Any]) -> InboundEvent:
    (channel, account, person, dedup_key, message_id, kind, text, occurred_at, lang, as_of, latitude, longitude) = row
    return InboundEvent(
        channel=channel,
        account=account,
        person=person,
        dedup_key=dedup_key,
        message_id=message_id,
        kind=EventKind(kind),
        text=text,
        occurred_at=instant(occurred_at),
        lang=lang,
        as_of=None if as_of is None else date.fromisoformat(as_of),
        place=None if latitude is None else Place(latitude, longitude),
    )
