"""The `Inbox` port in memory: the plainest statement of its contract, and a store for tests that need no disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from channels.errors import LeaseLost
from channels.event import (
    BY_PERSON,
    Acceptance,
    Claim,
    DeadLetter,
    Depth,
    InboundEvent,
    LeftMessage,
    OutboxMessage,
    Pause,
    Signal,
    Standing,
    conversation_key,
)
from channels.inbox.consents import KEPT
from channels.inbox.leases import table
from channels.inbox.upkeep import LEFT_MESSAGES_KEPT, MAX_LISTED
from channels.ports import Clock
from channels.testing.forgetting import MemoryForgetting
from channels.testing.tables import Conversation, Row, Tables
from channels.testing.threads import MemoryThreads


class MemoryInbox(MemoryForgetting, MemoryThreads):
    """Lists instead of tables; nothing survives the process."""

    def __init__(self, *, clock: Clock, pending_cap: int = 50) -> None:
        self._clock = clock
        self._pending_cap = pending_cap
        self._tables = Tables()
        self._last_id = 0

    async def accept(self, event: InboundEvent, *, needs_consent: bool = False) -> Acceptance:
        """See `Inbox.accept`."""
        rows = self._tables.inbox
        if any((row.event.channel, row.event.dedup_key) == (event.channel, event.dedup_key) for row in rows):
            return Acceptance.DUPLICATE
        if needs_consent and event.consent is None and not self._is_agreed(event.conversation):
            return Acceptance.UNAGREED
        if sum(row.is_open and row.conversation == event.conversation for row in rows) >= self._pending_cap:
            return Acceptance.FULL
        self._agree(event)
        rows.append(self._row(replace(event, consent=None), self._clock.now()))
        return Acceptance.NEW

    async def claim(self, *, owner: str, limit: int, lease_s: float) -> list[Claim]:
        """See `Inbox.claim`."""
        claims = []
        for row in self._lease(self._tables.inbox, owner, limit, lease_s):
            known = self._tables.conversations.get(row.conversation)
            claims.append(Claim(row.id, owner, row.event, row.attempts, standing=known.standing if known else None))
        return claims

    async def finish(
        self, claim: Claim, *, messages: Sequence[str], standing: Standing, left_message: str | None = None
    ) -> None:
        """See `Inbox.finish`."""
        row = self._leased(self._tables.inbox, claim.id, claim.owner)
        event = row.event
        row.settle("done", self._clock.now())
        for payload in messages:
            answer = self._row(event, row.came_at)
            answer.payload, answer.answers = payload, row.id
            self._tables.outbox.append(answer)
        if left_message is not None:
            self._last_id += 1
            left = LeftMessage(self._last_id, event.conversation, left_message, event.occurred_at)
            self._tables.left.append((row.accepted_at, left))
        conversation = self._conversation(event.conversation)
        conversation.standing, conversation.came_at = standing, row.came_at
        self._note_act(event)

    async def fail(self, claim: Claim, *, retry_at: datetime | None, reason: str) -> None:
        """See `Inbox.fail`."""
        row = self._leased(self._tables.inbox, claim.id, claim.owner)
        self._give_back(row, retry_at, reason)
        if retry_at is None:
            self._note_act(row.event)

    async def claim_outbox(self, *, owner: str, limit: int, lease_s: float) -> list[OutboxMessage]:
        """See `Inbox.claim_outbox`."""
        paused = {(pause.channel, pause.account) for pause in await self.pauses()}
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
                last_user_at=self._tables.last_act(row.conversation),
                doubtful_since=row.doubtful_since,
            )
            for row in self._lease(
                self._tables.outbox, owner, limit, lease_s,
                may=lambda row: (row.event.channel, row.event.account) not in paused,
            )
        ]  # fmt: skip

    async def mark_sent(self, message: OutboxMessage, *, platform_id: str) -> None:
        """See `Inbox.mark_sent`."""
        for row in self._tables.outbox:
            if row.id == message.id and not (row.conversation or row.platform_id):
                row.platform_id = platform_id  # forgotten meanwhile, but its echo will come
                return
        if sent := self._being_sent(message):
            sent.settle("done", self._clock.now())
            sent.platform_id, sent.doubtful_since = platform_id, None

    async def mark_unsent(
        self, message: OutboxMessage, *, retry_at: datetime | None, reason: str, is_in_doubt: bool = False
    ) -> None:
        """See `Inbox.mark_unsent`."""
        if row := self._being_sent(message):
            self._give_back(row, retry_at, reason)
            row.doubtful_since = (row.doubtful_since or row.leased_at) if is_in_doubt else None

    async def settle_echo(self, echo: Signal) -> bool:
        """See `Inbox.settle_echo`."""
        row = self._tables.row_of(echo, self._clock.now())
        if row is None:
            return False
        if row.state != "done":
            row.settle("done", self._clock.now())
            row.platform_id = echo.message_id or row.platform_id
            row.doubtful_since, row.reason = None, ""
        row.is_proved = True
        return True

    async def note_interaction(self, channel: str, account: str, person: str, at: datetime) -> None:
        """See `Inbox.note_interaction`."""
        conversation = self._conversation(conversation_key(channel, account, person))
        conversation.last_user_at = max(conversation.last_user_at or at, at)

    async def pause(self, pause: Pause) -> None:
        """See `Inbox.pause`."""
        self._tables.pauses.pop((pause.channel, pause.account), None)
        if pause.until > self._clock.now():
            self._tables.pauses[pause.channel, pause.account] = pause

    async def pauses(self) -> list[Pause]:
        """See `Inbox.pauses`."""
        now = self._clock.now()
        return [pause for _, pause in sorted(self._tables.pauses.items()) if pause.until > now]

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
            row.doubt()
        return len(leased)

    async def purge(self, *, before: datetime) -> int:
        """See `Inbox.purge`."""
        old, now = self._tables, self._clock.now()
        self._tables = Tables(
            inbox=[row for row in old.inbox if row.is_open or row.changed_at >= before],
            outbox=[row for row in old.outbox if row.is_open or row.changed_at >= before],
            conversations={key: value for key, value in old.conversations.items() if value.changed_at >= before},
            left=[(at, left) for at, left in old.left if at >= now - LEFT_MESSAGES_KEPT],
            pauses={key: pause for key, pause in old.pauses.items() if pause.until > now},
            feedback={key: one for key, one in old.feedback.items() if one.given_at >= now - LEFT_MESSAGES_KEPT},
            notices=await self.notices(),
            erasures=old.erasures,
            consents=[(key, one) for key, one in old.consents if (one.withdrawn_at or one.given_at) >= now - KEPT],
        )
        return old.count() - self._tables.count()

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
        letters = [
            DeadLetter(row.id, row.event.channel, row.reason, row.attempts, row.changed_at, queue)
            for queue, rows in (("inbox", self._tables.inbox), ("outbox", self._tables.outbox))
            for row in reversed(rows)
            if row.state == "dead"
        ]
        return sorted(letters, key=lambda letter: letter.died_at, reverse=True)[:MAX_LISTED]

    async def resend(self, queue: str, ids: Sequence[int]) -> int:
        """See `Inbox.resend`. Raises ValueError for a queue of another name."""
        rows = self._tables.inbox if table(queue) == "inbox" else self._tables.outbox
        dead = [row for row in rows if row.state == "dead" and row.id in ids]
        for row in dead:
            row.settle("pending", self._clock.now())
            row.attempts, row.due_at, row.reason = 0, self._clock.now(), ""
        return len(dead)

    async def last_events(self, channel: str, account: str) -> dict[str, datetime]:
        """See `Inbox.last_events`."""
        return self._tables.last_events(channel, account)

    async def left_messages(self) -> list[LeftMessage]:
        """See `Inbox.left_messages`."""
        return [left for _, left in self._tables.left][:MAX_LISTED]

    def _row(self, event: InboundEvent, accepted_at: datetime) -> Row:
        self._last_id += 1
        now = self._clock.now()
        return Row(self._last_id, event.conversation, accepted_at, due_at=now, changed_at=now, event=event)

    def _conversation(self, key: str) -> Conversation:
        now = self._clock.now()
        conversation = self._tables.conversations.setdefault(key, Conversation(now))
        conversation.changed_at = now
        return conversation

    def _note_act(self, event: InboundEvent) -> None:
        if event.kind in BY_PERSON:
            conversation = self._conversation(event.conversation)
            conversation.last_user_at = max(conversation.last_user_at or event.occurred_at, event.occurred_at)

    def _lease(
        self,
        rows: list[Row],
        owner: str,
        limit: int,
        lease_s: float,
        may: Callable[[Row], bool] = lambda row: True,  # noqa: ARG005 - every row may
    ) -> list[Row]:
        now = self._clock.now()
        heads: dict[str, Row] = {}
        for row in rows:
            if row.is_open:
                heads.setdefault(row.conversation, row)
        busy = {row.conversation for row in rows if row.is_in_flight(now)}
        ready = [row for row in heads.values() if row.is_ready(now) and row.conversation not in busy and may(row)]
        ready = sorted(ready, key=lambda row: row.id)[:limit]
        for row in ready:
            if row.state == "leased":
                row.doubt()
            row.state, row.owner, row.leased_at = "leased", owner, now
            row.lease_until = now + timedelta(seconds=lease_s)
            row.attempts += 1
        return ready

    def _leased(self, rows: list[Row], row_id: int, owner: str) -> Row:
        for row in rows:
            if row.id == row_id and row.state == "leased" and row.owner == owner:
                return row
        raise LeaseLost(f"row {row_id} is not leased by {owner}")

    def _being_sent(self, message: OutboxMessage) -> Row | None:
        """The row under this lease, or None when an echo has settled it. Raises LeaseLost."""
        if any(row.id == message.id and row.is_proved for row in self._tables.outbox):
            return None
        return self._leased(self._tables.outbox, message.id, message.owner)

    def _give_back(self, row: Row, retry_at: datetime | None, reason: str) -> None:
        row.reason = reason
        row.settle("dead" if retry_at is None else "pending", self._clock.now())
        row.due_at = retry_at or row.due_at
