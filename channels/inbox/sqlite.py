"""The inbox and the outbox on one machine: SQLite in WAL mode, every commit on disk before anybody is told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from channels.errors import LeaseLost
from channels.event import Acceptance, Claim, DeadLetter, Depth, EventKind, InboundEvent, OutboxMessage
from channels.inbox import schema
from channels.inbox.schema import DEAD, DONE, LEASED, PENDING
from channels.inbox.writer import GroupCommitWriter
from channels.ports import Clock

PENDING_CAP = 50
"""Unanswered events a conversation may have: bounds the work one person can cause and the claim query's scan."""

_CLAIM_INBOX = schema.claim(
    "inbox",
    "id, attempts, channel, account, person, conversation, dedup_key, message_id, kind, text, occurred_at, lang, as_of",
)
_CLAIM_OUTBOX = schema.claim("outbox", "id, attempts, channel, account, person, in_reply_to, payload")


class SqliteInbox:
    """The `Inbox` port over one SQLite file; exactly one gateway process may use it."""

    def __init__(self, path: Path, *, clock: Clock, pending_cap: int = PENDING_CAP) -> None:
        self._clock = clock
        self._pending_cap = pending_cap
        self._writer = GroupCommitWriter(path)

    async def open(self) -> None:
        """Open or create the file. Raises StoreUnavailable."""
        await self._writer.open()

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await self._writer.close()

    async def accept(self, event: InboundEvent) -> Acceptance:
        """See `Inbox.accept`."""
        row = _row_of(event) | {"now": self._now(), "pending_cap": self._pending_cap}

        def work(connection: sqlite3.Connection) -> Acceptance:
            if connection.execute(schema.ACCEPT, row).rowcount == 1:
                return Acceptance.NEW
            known = connection.execute(
                "SELECT 1 FROM inbox WHERE channel = :channel AND dedup_key = :dedup_key", row
            ).fetchone()
            return Acceptance.DUPLICATE if known else Acceptance.FULL

        return await self._writer.run(work)

    async def claim(self, *, owner: str, limit: int, lease_s: float) -> list[Claim]:
        """See `Inbox.claim`."""
        lease = self._lease(owner, limit, lease_s)

        def work(connection: sqlite3.Connection) -> list[Claim]:
            rows = sorted(connection.execute(_CLAIM_INBOX, lease).fetchall())
            return [_claim_of(connection, owner, row) for row in rows]

        return await self._writer.run(work)

    async def finish(self, claim: Claim, *, messages: Sequence[str], choices: Sequence[str] = ()) -> None:
        """See `Inbox.finish`."""
        now = self._now()
        event = claim.event

        def work(connection: sqlite3.Connection) -> None:
            _settle(connection, "inbox", claim.id, claim.owner, {"state": DONE, "changed_at": now})
            connection.executemany(
                "INSERT INTO outbox (event_id, position, channel, account, person, conversation, in_reply_to, payload,"
                " due_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (claim.id, position, event.channel, event.account, event.person, event.conversation,
                     event.message_id, payload, now, now)
                    for position, payload in enumerate(messages)
                ],
            )  # fmt: skip
            connection.execute(
                "INSERT INTO conversations VALUES (:conversation, :choices, :now) ON CONFLICT (conversation)"
                " DO UPDATE SET choices = :choices, answered_at = :now",
                {"conversation": event.conversation, "choices": json.dumps(list(choices)), "now": now},
            )

        await self._writer.run(work)

    async def fail(self, claim: Claim, *, retry_at: datetime | None, reason: str) -> None:
        """See `Inbox.fail`."""
        await self._give_back("inbox", claim.id, claim.owner, retry_at, reason)

    async def claim_outbox(self, *, owner: str, limit: int, lease_s: float) -> list[OutboxMessage]:
        """See `Inbox.claim_outbox`."""
        lease = self._lease(owner, limit, lease_s)

        def work(connection: sqlite3.Connection) -> list[OutboxMessage]:
            rows = sorted(connection.execute(_CLAIM_OUTBOX, lease).fetchall())
            return [
                OutboxMessage(
                    id=row[0], owner=owner, attempts=row[1], channel=row[2], account=row[3], person=row[4],
                    in_reply_to=row[5], payload=row[6],
                )
                for row in rows
            ]  # fmt: skip

        return await self._writer.run(work)

    async def mark_sent(self, message: OutboxMessage, *, platform_id: str) -> None:
        """See `Inbox.mark_sent`."""
        values = {"state": DONE, "platform_id": platform_id, "changed_at": self._now()}
        await self._writer.run(lambda connection: _settle(connection, "outbox", message.id, message.owner, values))

    async def mark_unsent(self, message: OutboxMessage, *, retry_at: datetime | None, reason: str) -> None:
        """See `Inbox.mark_unsent`."""
        await self._give_back("outbox", message.id, message.owner, retry_at, reason)

    async def replies_to(self, channel: str, message_id: str) -> list[str]:
        """See `Inbox.replies_to`."""
        query = "SELECT payload FROM outbox WHERE channel = ? AND in_reply_to = ? ORDER BY id"
        return await self._writer.run(
            lambda connection: [row[0] for row in connection.execute(query, (channel, message_id))]
        )

    async def release_leases(self) -> int:
        """See `Inbox.release_leases`."""

        def work(connection: sqlite3.Connection) -> int:
            return sum(
                connection.execute(
                    f"UPDATE {table} SET state = {PENDING}, owner = NULL, lease_until = NULL"  # noqa: S608
                    f" WHERE state < 2 AND state = {LEASED}"
                ).rowcount
                for table in ("inbox", "outbox")
            )

        return await self._writer.run(work)

    async def purge(self, *, before: datetime) -> int:
        """See `Inbox.purge`."""
        limit = (before.timestamp(),)

        def work(connection: sqlite3.Connection) -> int:
            return sum(
                connection.execute(statement, limit).rowcount
                for statement in (
                    "DELETE FROM inbox WHERE state >= 2 AND changed_at < ?",
                    "DELETE FROM outbox WHERE state >= 2 AND changed_at < ?",
                    "DELETE FROM conversations WHERE answered_at < ?",
                )
            )

        return await self._writer.run(work)

    async def depth(self) -> Depth:
        """See `Inbox.depth`."""

        def work(connection: sqlite3.Connection) -> Depth:
            inbox, outbox, dead = connection.execute(
                "SELECT (SELECT COUNT(*) FROM inbox WHERE state < 2), (SELECT COUNT(*) FROM outbox WHERE state < 2),"
                " (SELECT COUNT(*) FROM inbox WHERE state = 3) + (SELECT COUNT(*) FROM outbox WHERE state = 3)"
            ).fetchone()
            return Depth(inbox_open=inbox, outbox_open=outbox, dead=dead)

        return await self._writer.run(work)

    async def dead_letters(self) -> list[DeadLetter]:
        """See `Inbox.dead_letters`."""

        def work(connection: sqlite3.Connection) -> list[DeadLetter]:
            rows = connection.execute(
                "SELECT id, channel, reason, attempts, changed_at FROM inbox WHERE state = 3"
                " UNION ALL SELECT id, channel, reason, attempts, changed_at FROM outbox WHERE state = 3"
                " ORDER BY changed_at DESC LIMIT 1000"
            )
            return [DeadLetter(row[0], row[1], row[2] or "", row[3], _instant(row[4])) for row in rows]

        return await self._writer.run(work)

    async def _give_back(self, table: str, row_id: int, owner: str, retry_at: datetime | None, reason: str) -> None:
        values: dict[str, object] = {"reason": reason, "changed_at": self._now()}
        values |= {"state": DEAD} if retry_at is None else {"state": PENDING, "due_at": retry_at.timestamp()}
        await self._writer.run(lambda connection: _settle(connection, table, row_id, owner, values))

    def _lease(self, owner: str, limit: int, lease_s: float) -> dict[str, object]:
        now = self._now()
        return {"owner": owner, "limit": limit, "now": now, "lease_until": now + lease_s}

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _settle(connection: sqlite3.Connection, table: str, row_id: int, owner: str, values: Mapping[str, object]) -> None:
    """End the lease of one row by writing `values`; refused when it is no longer the owner's."""
    assignments = ", ".join(f"{column} = :{column}" for column in values)
    changed = connection.execute(
        f"UPDATE {table} SET {assignments}, owner = NULL, lease_until = NULL"  # noqa: S608 - names of this module
        f" WHERE id = :row_id AND state = {LEASED} AND owner = :lease_owner",
        {**values, "row_id": row_id, "lease_owner": owner},
    ).rowcount
    if changed != 1:
        raise LeaseLost(f"{table} row {row_id} is not leased by {owner}")


def _row_of(event: InboundEvent) -> dict[str, object]:
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
    }


def _claim_of(connection: sqlite3.Connection, owner: str, row: Sequence[object]) -> Claim:
    (row_id, attempts, channel, account, person, conversation, dedup_key, message_id, kind, text, occurred_at, lang,
     as_of) = row  # fmt: skip
    known = connection.execute("SELECT choices FROM conversations WHERE conversation = ?", (conversation,)).fetchone()
    event = InboundEvent(
        channel=str(channel),
        account=str(account),
        person=str(person),
        dedup_key=str(dedup_key),
        message_id=str(message_id),
        kind=EventKind(kind),
        text=str(text),
        occurred_at=_instant(occurred_at),
        lang=None if lang is None else str(lang),
        as_of=None if as_of is None else date.fromisoformat(str(as_of)),
    )
    return Claim(
        id=int(str(row_id)),
        owner=owner,
        event=event,
        attempts=int(str(attempts)),
        is_first=known is None,
        choices=() if known is None else tuple(json.loads(known[0])),
    )


def _instant(seconds: object) -> datetime:
    return datetime.fromtimestamp(float(str(seconds)), UTC)
