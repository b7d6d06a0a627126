"""The `Inbox` port in memory: the plainest statement of its contract, and a store for tests that need no disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from channels.errors import LeaseLost
from channels.event import Acceptance, Claim, DeadLetter, Depth, InboundEvent, OutboxMessage
from channels.ports import Clock


@dataclass(slots=True)
class _Row:
    id: int
    conversation: str
    due_at: datetime
    changed_at: datetime
    event: InboundEvent
    payload: str = ""
    state: str = "pending"  # pending | leased | done | dead
    attempts: int = 0
    owner: str | None = None
    lease_until: datetime | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in ("pending", "leased")


@dataclass(slots=True)
class _Conversation:
    choices: tuple[str, ...]
    answered_at: datetime


@dataclass(slots=True)
class _Tables:
    inbox: list[_Row] = field(default_factory=list)
    outbox: list[_Row] = field(default_factory=list)
    conversations: dict[str, _Conversation] = field(default_factory=dict)


class MemoryInbox:
    """Lists instead of tables; nothing survives the process."""

    def __init__(self, *, clock: Clock, pending_cap: int = 50) -> None:
        self._clock = clock
        self._pending_cap = pending_cap
        self._tables = _Tables()
        self._last_id = 0

    async def accept(self, event: InboundEvent) -> Acceptance:
        """See `Inbox.accept`."""
        rows = self._tables.inbox
        if any((row.event.channel, row.event.dedup_key) == (event.channel, event.dedup_key) for row in rows):
            return Acceptance.DUPLICATE
        if sum(row.is_open and row.conversation == event.conversation for row in rows) >= self._pending_cap:
            return Acceptance.FULL
        rows.append(self._row(event))
        return Acceptance.NEW

    async def claim(self, *, owner: str, limit: int, lease_s: float) -> list[Claim]:
        """See `Inbox.claim`."""
        claims = []
        for row in self._lease(self._tables.inbox, owner, limit, lease_s):
            known = self._tables.conversations.get(row.conversation)
            choices = known.choices if known else ()
            claims.append(Claim(row.id, owner, row.event, row.attempts, is_first=known is None, choices=choices))
        return claims

    async def finish(self, claim: Claim, *, messages: Sequence[str], choices: Sequence[str] = ()) -> None:
        """See `Inbox.finish`."""
        row = self._leased(self._tables.inbox, claim.id, claim.owner)
        self._settle(row, "done")
        for payload in messages:
            answer = self._row(claim.event)
            answer.payload = payload
            self._tables.outbox.append(answer)
        self._tables.conversations[row.conversation] = _Conversation(tuple(choices), self._clock.now())

    async def fail(self, claim: Claim, *, retry_at: datetime | None, reason: str) -> None:
        """See `Inbox.fail`."""
        self._give_back(self._leased(self._tables.inbox, claim.id, claim.owner), retry_at, reason)

    async def claim_outbox(self, *, owner: str, limit: int, lease_s: float) -> list[OutboxMessage]:
        """See `Inbox.claim_outbox`."""
        return [
            OutboxMessage(
                id=row.id,
                owner=owner,
                channel=row.event.channel,
                account=row.event.account,
                person=row.event.person,
                in_reply_to=row.event.message_id,
                payload=row.payload,
                attempts=row.attempts,
            )
            for row in self._lease(self._tables.outbox, owner, limit, lease_s)
        ]

    async def mark_sent(self, message: OutboxMessage, *, platform_id: str) -> None:  # noqa: ARG002 - nobody asks for it
        """See `Inbox.mark_sent`."""
        self._settle(self._leased(self._tables.outbox, message.id, message.owner), "done")

    async def mark_unsent(self, message: OutboxMessage, *, retry_at: datetime | None, reason: str) -> None:
        """See `Inbox.mark_unsent`."""
        self._give_back(self._leased(self._tables.outbox, message.id, message.owner), retry_at, reason)

    async def replies_to(self, channel: str, message_id: str) -> list[str]:
        """See `Inbox.replies_to`."""
        return [
            row.payload
            for row in self._tables.outbox
            if (row.event.channel, row.event.message_id) == (channel, message_id)
        ]

    async def release_leases(self) -> int:
        """See `Inbox.release_leases`."""
        leased = [row for row in [*self._tables.inbox, *self._tables.outbox] if row.state == "leased"]
        for row in leased:
            row.state, row.owner, row.lease_until = "pending", None, None
        return len(leased)

    async def purge(self, *, before: datetime) -> int:
        """See `Inbox.purge`."""
        tables = self._tables
        kept_inbox = [row for row in tables.inbox if row.is_open or row.changed_at >= before]
        kept_outbox = [row for row in tables.outbox if row.is_open or row.changed_at >= before]
        kept = {key: value for key, value in tables.conversations.items() if value.answered_at >= before}
        count = sum(map(len, (tables.inbox, tables.outbox, tables.conversations)))
        self._tables = _Tables(kept_inbox, kept_outbox, kept)
        return count - sum(map(len, (kept_inbox, kept_outbox, kept)))

    async def depth(self) -> Depth:
        """See `Inbox.depth`."""
        inbox, outbox = self._tables.inbox, self._tables.outbox
        return Depth(
            inbox_open=sum(row.is_open for row in inbox),
            outbox_open=sum(row.is_open for row in outbox),
            dead=sum(row.state == "dead" for row in [*inbox, *outbox]),
        )

    async def dead_letters(self) -> list[DeadLetter]:
        """See `Inbox.dead_letters`."""
        dead = [row for row in [*self._tables.inbox, *self._tables.outbox] if row.state == "dead"]
        dead.sort(key=lambda row: row.changed_at, reverse=True)
        return [DeadLetter(row.id, row.event.channel, row.reason, row.attempts, row.changed_at) for row in dead]

    def _row(self, event: InboundEvent) -> _Row:
        self._last_id += 1
        now = self._clock.now()
        return _Row(id=self._last_id, conversation=event.conversation, due_at=now, changed_at=now, event=event)

    def _lease(self, rows: list[_Row], owner: str, limit: int, lease_s: float) -> list[_Row]:
        now = self._clock.now()
        heads: dict[str, _Row] = {}
        for row in rows:
            if row.is_open:
                heads.setdefault(row.conversation, row)
        ready = [
            row
            for row in heads.values()
            if (row.state == "pending" and row.due_at <= now)
            or (row.state == "leased" and row.lease_until is not None and row.lease_until <= now)
        ][:limit]
        for row in ready:
            row.state, row.owner, row.lease_until = "leased", owner, now + timedelta(seconds=lease_s)
            row.attempts += 1
        return ready

    def _leased(self, rows: list[_Row], row_id: int, owner: str) -> _Row:
        for row in rows:
            if row.id == row_id and row.state == "leased" and row.owner == owner:
                return row
        raise LeaseLost(f"row {row_id} is not leased by {owner}")

    def _give_back(self, row: _Row, retry_at: datetime | None, reason: str) -> None:
        row.reason = reason
        if retry_at is None:
            self._settle(row, "dead")
        else:
            self._settle(row, "pending")
            row.due_at = retry_at

    def _settle(self, row: _Row, state: str) -> None:
        row.state, row.owner, row.lease_until, row.changed_at = state, None, None, self._clock.now()
