"""What the inbox in memory knows of what people agreed to, and does when they want to be forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from channels.event import Consent, Erasure, InboundEvent
from channels.inbox.upkeep import MAX_LISTED
from channels.ports import Clock
from channels.testing.tables import Tables


class MemoryForgetting:
    """The part of `MemoryInbox` that keeps consents and forgets."""

    _clock: Clock
    _tables: Tables
    _last_id: int

    async def forget(self, conversation: str, *, before: datetime) -> int:
        """See `Inbox.forget`."""
        tables, now = self._tables, self._clock.now()
        rows = [
            row for row in [*tables.inbox, *tables.outbox] if row.conversation == conversation and row.came_at < before
        ]
        in_hand = [row.lease_until for row in rows if row.lease_until and not row.answers]
        self._last_id += 1
        tables.erasures.append((max([now, *in_hand]), Erasure(self._last_id, conversation)))
        tables.consents = [
            (key, replace(one, withdrawn_at=now))
            if key == conversation and one.withdrawn_at is None and one.given_at < before
            else (key, one)
            for key, one in tables.consents
        ]
        for row in rows:
            row.event = replace(row.event, person="", message_id="", text="", lang=None, as_of=None, place=None)
            row.conversation, row.payload, row.reason, row.doubtful_since = "", "", "", None
            row.settle("done", now)
        gone = [
            (at, one) for at, one in tables.left if one.conversation == conversation and min(at, one.left_at) < before
        ]
        left = [each for each in tables.left if each not in gone]
        given = {key: one for key, one in tables.feedback.items() if key[0] != conversation or one.given_at >= before}
        count = len(rows) + len(tables.left) - len(left) + len(tables.feedback) - len(given)
        tables.left, tables.feedback = left, given
        known = tables.conversations.get(conversation)
        if known and (known.came_at is None or known.came_at < before):
            if known.last_user_at is None or known.last_user_at < before:
                del tables.conversations[conversation]
                count += 1
            elif known.came_at:
                known.standing, known.came_at = None, None
                count += 1
        return count

    async def consents(self, conversation: str | None = None) -> list[Consent]:
        """See `Inbox.consents`."""
        newest = reversed([one for key, one in self._tables.consents if conversation in (None, key)])
        return sorted(newest, key=lambda one: one.given_at, reverse=True)[:MAX_LISTED]

    async def count_consents(self, conversation: str | None = None) -> tuple[int, int]:
        """See `Inbox.count_consents`."""
        found = [one for key, one in self._tables.consents if conversation in (None, key)]
        return len(found), sum(one.withdrawn_at is not None for one in found)

    def _is_agreed(self, conversation: str) -> bool:
        """Tell whether a consent stands in a conversation."""
        return any(key == conversation and one.withdrawn_at is None for key, one in self._tables.consents)

    def _agree(self, event: InboundEvent) -> None:
        """Keep the consent that came with an event, unless the same one stands."""
        given = event.consent
        if given is not None and not any(
            key == event.conversation
            and one.withdrawn_at is None
            and (one.notice, one.version) == (given.notice, given.version)
            for key, one in self._tables.consents
        ):
            self._tables.consents.append((event.conversation, given))

    async def erasures(self) -> list[Erasure]:
        """See `Inbox.erasures`."""
        now = self._clock.now()
        return [erasure for due_at, erasure in self._tables.erasures if due_at <= now][:MAX_LISTED]

    async def end_erasure(self, erasure: Erasure) -> None:
        """See `Inbox.end_erasure`."""
        self._tables.erasures = [each for each in self._tables.erasures if each[1] != erasure]
