"""Doubles of the clock, the bot and a channel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.reply import AnswerStatus, BotError, BotUnavailable, Reply, Turn, TurnResult
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


Script = Callable[[Turn], TurnResult]


def echo(turn: Turn) -> TurnResult:
    """Answer with the text of the turn itself."""
    return TurnResult((Reply(AnswerStatus.ANSWERED, f"echo: {turn.text}"),), intent="echo")


class ScriptedBot:
    """Answers by a script, fails as often as it is told, and keeps every turn it was asked."""

    def __init__(self, script: Script = echo, *, failures: Sequence[BotError] = (), delay_s: float = 0.0) -> None:
        self._script = script
        self._failures = list(failures)
        self._delay_s = delay_s
        self._busy: set[str] = set()
        self.turns: list[Turn] = []
        self.overlaps = 0  # turns that began while another of the same conversation was under way
        self.is_up = True

    async def ask(self, turn: Turn) -> TurnResult:
        """Return what the script says. Raises the failures first, one a turn, and BotUnavailable while it is down."""
        self.turns.append(turn)
        self.overlaps += turn.conversation in self._busy
        self._busy.add(turn.conversation)
        try:
            await asyncio.sleep(self._delay_s)
        finally:
            self._busy.discard(turn.conversation)
        if self._failures:
            raise self._failures.pop(0)
        await self.check()
        return self._script(turn)

    async def check(self) -> None:
        """Raise BotUnavailable while the bot is down."""
        if not self.is_up:
            raise BotUnavailable("switched off by the test")


class RecordingSender:
    """A channel that keeps what it is given to send and fails as often as it is told."""

    def __init__(self, name: str, *, failures: Sequence[Exception] = ()) -> None:
        self.name = name
        self.sent: list[OutboxMessage] = []
        self._failures = list(failures)

    def render(self, outcome: TurnOutcome) -> tuple[str, ...]:
        """Return one message for each notice and reply, without limits."""
        texts = [*outcome.notices, *(reply.text for reply in outcome.replies)]
        return tuple(json.dumps({"text": text}, ensure_ascii=False) for text in texts)

    async def send(self, message: OutboxMessage) -> str:
        """Keep the message. Raises the failures first, one an attempt."""
        if self._failures:
            raise self._failures.pop(0)
        self.sent.append(message)
        return f"sent-{len(self.sent)}"
