"""The inbox and the outbox on one machine: SQLite in WAL mode, every commit on disk before anybody is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from channels.event import (
    Acceptance,
    Claim,
    Consent,
    DeadLetter,
    Depth,
    Erasure,
    InboundEvent,
    LeftMessage,
    OutboxMessage,
    Pause,
    Signal,
    Standing,
    conversation_key,
)
from channels.inbox import consents, events, leases, messages, standings, threads, upkeep
from channels.inbox.writer import GroupCommitWriter
from channels.ports import Clock
from channels.thread import Changes, Cursor, Entry, Feedback, Notice

PENDING_CAP = 50
"""Unanswered events a conversation may have: bounds the work one person can cause and the claim query's scan."""


class SqliteInbox:
    """The `Inbox` port over one SQLite file; exactly one gateway process may use it."""

    def __init__(self, path: Path, *, clock: Clock, pending_cap: int = PENDING_CAP) -> None:
        self._clock = clock
        self._pending_cap = pending_cap
        self._writer = GroupCommitWriter(path)

    async def open(self) -> None:
        """Open or create the file, bringing an older one up to date. Raises StoreUnavailable."""
        await self._writer.open()

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await self._writer.close()

    async def accept(self, event: InboundEvent, *, needs_consent: bool = False) -> Acceptance:
        """See `Inbox.accept`."""
        row = events.row_of(event) | {"now": self._now(), "pending_cap": self._pending_cap}
        return await self._writer.run(
            lambda connection: events.accept(connection, row, event.consent, needs_consent=needs_consent)
        )

    async def claim(self, *, owner: str, limit: int, lease_s: float) -> list[Claim]:
        """See `Inbox.claim`."""
        lease = self._lease(owner, limit, lease_s)
        return await self._writer.run(lambda connection: events.claim(connection, lease))

    async def finish(
        self, claim: Claim, *, messages: Sequence[str], standing: Standing, left_message: str | None = None
    ) -> None:
        """See `Inbox.finish`."""
        now = self._now()
        await self._writer.run(
            lambda connection: events.finish(
                connection, claim, messages=messages, standing=standing, left_message=left_message, now=now
            )
        )

    async def fail(self, claim: Claim, *, retry_at: datetime | None, reason: str) -> None:
        """See `Inbox.fail`."""
        now = self._now()
        await self._writer.run(
            lambda connection: events.fail(connection, claim, retry_at=retry_at, reason=reason, now=now)
        )

    async def claim_outbox(self, *, owner: str, limit: int, lease_s: float) -> list[OutboxMessage]:
        """See `Inbox.claim_outbox`."""
        lease = self._lease(owner, limit, lease_s)
        return await self._writer.run(lambda connection: messages.claim(connection, lease))

    async def mark_sent(self, message: OutboxMessage, *, platform_id: str) -> None:
        """See `Inbox.mark_sent`."""
        now = self._now()
        await self._writer.run(
            lambda connection: messages.mark_sent(connection, message, platform_id=platform_id, now=now)
        )

    async def mark_unsent(
        self, message: OutboxMessage, *, retry_at: datetime | None, reason: str, is_in_doubt: bool = False
    ) -> None:
        """See `Inbox.mark_unsent`."""
        now = self._now()
        await self._writer.run(
            lambda connection: messages.mark_unsent(
                connection, message, retry_at=retry_at, reason=reason, is_in_doubt=is_in_doubt, now=now
            )
        )

    async def settle_echo(self, echo: Signal) -> bool:
        """See `Inbox.settle_echo`."""
        now = self._now()
        return await self._writer.run(lambda connection: messages.settle_echo(connection, echo, now=now))

    async def note_interaction(self, channel: str, account: str, person: str, at: datetime) -> None:
        """See `Inbox.note_interaction`."""
        conversation, now = conversation_key(channel, account, person), self._now()
        await self._writer.run(lambda connection: standings.note_act(connection, conversation, at.timestamp(), now=now))

    async def forget(self, conversation: str, *, before: datetime) -> int:
        """See `Inbox.forget`."""
        limit, now = before.timestamp(), self._now()
        return await self._writer.run(
            lambda connection: upkeep.forget(connection, conversation, before=limit, now=now), is_deletion=True
        )

    async def erasures(self) -> list[Erasure]:
        """See `Inbox.erasures`."""
        now = self._now()
        return await self._writer.run(lambda connection: upkeep.erasures(connection, now=now))

    async def end_erasure(self, erasure: Erasure) -> None:
        """See `Inbox.end_erasure`."""
        await self._writer.run(lambda connection: upkeep.end_erasure(connection, erasure), is_deletion=True)

    async def consents(self, conversation: str | None = None) -> list[Consent]:
        """See `Inbox.consents`."""
        return await self._writer.run(lambda connection: consents.consents(connection, conversation))

    async def count_consents(self, conversation: str | None = None) -> tuple[int, int]:
        """See `Inbox.count_consents`."""
        return await self._writer.run(lambda connection: consents.count(connection, conversation))

    async def pause(self, pause: Pause) -> None:
        """See `Inbox.pause`."""
        now = self._now()
        await self._writer.run(lambda connection: upkeep.pause(connection, pause, now=now))

    async def pauses(self) -> list[Pause]:
        """See `Inbox.pauses`."""
        now = self._now()
        return await self._writer.run(lambda connection: upkeep.pauses(connection, now=now))

    async def replies_to(self, channel: str, message_id: str) -> list[str]:
        """See `Inbox.replies_to`."""
        query = "SELECT payload FROM outbox WHERE channel = ? AND in_reply_to = ? ORDER BY id"
        return await self._writer.run(
            lambda connection: [row[0] for row in connection.execute(query, (channel, message_id))]
        )

    async def release_leases(self) -> int:
        """See `Inbox.release_leases`."""
        return await self._writer.run(leases.release)

    async def purge(self, *, before: datetime) -> int:
        """See `Inbox.purge`."""
        limit, now = before.timestamp(), self._now()
        return await self._writer.run(
            lambda connection: upkeep.purge(connection, before=limit, now=now), is_deletion=True
        )

    async def depth(self) -> Depth:
        """See `Inbox.depth`."""
        return await self._writer.run(upkeep.depth)

    async def dead_letters(self) -> list[DeadLetter]:
        """See `Inbox.dead_letters`."""
        return await self._writer.run(upkeep.dead_letters)

    async def resend(self, queue: str, ids: Sequence[int]) -> int:
        """See `Inbox.resend`. Raises ValueError for a queue of another name."""
        table, now = leases.table(queue), self._now()
        return await self._writer.run(lambda connection: upkeep.resend(connection, table, ids, now=now))

    async def last_events(self, channel: str, account: str) -> dict[str, datetime]:
        """See `Inbox.last_events`."""
        return await self._writer.run(lambda connection: upkeep.last_events(connection, channel, account))

    async def left_messages(self) -> list[LeftMessage]:
        """See `Inbox.left_messages`."""
        return await self._writer.run(upkeep.left_messages)

    async def entries_after(self, conversation: str, cursor: Cursor, *, limit: int) -> list[Entry]:
        """See `Inbox.entries_after`."""
        return await self._writer.run(
            lambda connection: threads.entries_after(connection, conversation, cursor, limit=limit)
        )

    async def position(self, conversation: str) -> Cursor | None:
        """See `Inbox.position`."""
        return await self._writer.run(lambda connection: threads.position(connection, conversation))

    async def changes_after(self, channel: str, cursor: Cursor | None) -> Changes:
        """See `Inbox.changes_after`."""
        return await self._writer.run(lambda connection: threads.changes_after(connection, channel, cursor))

    async def give_feedback(self, feedback: Feedback) -> bool:
        """See `Inbox.give_feedback`."""
        return await self._writer.run(lambda connection: threads.give_feedback(connection, feedback))

    async def feedback(self) -> list[Feedback]:
        """See `Inbox.feedback`."""
        return await self._writer.run(threads.feedback)

    async def count_feedback(self) -> tuple[int, int]:
        """See `Inbox.count_feedback`."""
        return await self._writer.run(threads.count_feedback)

    async def pin_notice(self, agency: str, notice: Notice | None) -> None:
        """See `Inbox.pin_notice`."""
        await self._writer.run(lambda connection: threads.pin(connection, agency, notice))

    async def notices(self) -> dict[str, Notice]:
        """See `Inbox.notices`."""
        now = self._now()
        return await self._writer.run(lambda connection: threads.notices(connection, now=now))

    def _lease(self, owner: str, limit: int, lease_s: float) -> dict[str, object]:
        now = self._now()
        return {"owner": owner, "limit": limit, "now": now, "lease_until": now + lease_s}

    def _now(self) -> float:
        return self._clock.now().timestamp()
