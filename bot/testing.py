"""A bot for tests: says what it is told to say, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.reply import AnswerStatus, Reply, Turn, TurnResult

Answer = TurnResult | Exception


class ScriptedBot:
    """Stands in for `bot.client.RasaClient`.

    `script` maps a text to its answer: a TurnResult to return or an exception to raise. Other texts are echoed with
    status `chatted`. A callable in place of the mapping decides turn by turn.
    """

    def __init__(self, script: Mapping[str, Answer] | Callable[[Turn], Answer] | None = None) -> None:
        self._script = script or {}
        self.asked: list[Turn] = []

    async def ask(self, turn: Turn) -> TurnResult:
        """Return or raise what the script says."""
        self.asked.append(turn)
        script = self._script
        answer = script(turn) if callable(script) else script.get(turn.text) or saying(turn.text)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def check(self) -> None:
        """Return at once: a scripted bot is always there."""


def saying(*texts: str, status: AnswerStatus = AnswerStatus.CHATTED, intent: str | None = None) -> TurnResult:
    """Return a turn's result with one reply for each text."""
    return TurnResult(replies=tuple(Reply(status=status, text=text) for text in texts), intent=intent)
