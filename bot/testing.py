"""A bot for tests: answers by a script, fails as often as it is told, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from bot.reply import AnswerStatus, BotError, BotUnavailable, Reply, Turn, TurnResult

Script = Callable[[Turn], TurnResult]


def echo(turn: Turn) -> TurnResult:
    """Answer with the text of the turn itself."""
    return TurnResult((Reply(AnswerStatus.ANSWERED, f"echo: {turn.text}"),), intent="echo")


class ScriptedBot:
    """Stands in for `bot.client.RasaClient`."""

    def __init__(self, script: Script = echo, *, failures: Sequence[BotError] = (), delay_s: float = 0.0) -> None:
        self._script = script
        self._failures = list(failures)
        self._delay_s = delay_s
        self._busy: set[str] = set()
        self.turns: list[Turn] = []
        self.forgotten: list[str] = []  # conversations
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

    async def forget(self, conversation: str) -> None:
        """Remember that a conversation was to be forgotten. Raises BotUnavailable while it is down."""
        await self.check()
        self.forgotten.append(conversation)

    async def check(self) -> None:
        """Raise BotUnavailable while the bot is down."""
        if not self.is_up:
            raise BotUnavailable("switched off by the test")
