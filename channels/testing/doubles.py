"""Doubles of the clock and of a channel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from channels.event import OutboxMessage, TurnOutcome

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the instant at which the clock was set."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        self._now += timedelta(seconds=seconds)


class RecordingSender:
    """A channel that keeps what it is given to send and fails as often as it is told."""

    def __init__(self, name: str, *, failures: Sequence[Exception] = ()) -> None:
        self.name = name
        self.sent: list[OutboxMessage] = []
        self._failures = list(failures)

    def render(self, outcome: TurnOutcome, *, account: str) -> tuple[str, ...]:  # noqa: ARG002
        """Return one message for each notice and reply, without limits."""
        texts = [*outcome.notices, *(reply.text for reply in outcome.replies)]
        return tuple(json.dumps({"text": text}, ensure_ascii=False) for text in texts)

    async def send(self, message: OutboxMessage) -> str:
        """Keep the message. Raises the failures first, one an attempt."""
        if self._failures:
            raise self._failures.pop(0)
        self.sent.append(message)
        return f"sent-{len(self.sent)}"

    async def find_sent(self, message: OutboxMessage) -> str | None:
        """Return the id of the message with this outbox id that was sent last, None when there is none."""
        places = [place for place, sent in enumerate(self.sent, start=1) if sent.id == message.id]
        return f"sent-{places[-1]}" if places else None
