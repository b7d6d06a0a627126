"""How turns end: answered, tried again, or with an honest sentence."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.reply import BotRefused, BotUnavailable, Turn, TurnResult
from bot.wording import Wording
from channels.event import Depth, EventKind, InboundEvent
from channels.metrics import GatewayMetrics
from channels.privacy import Pseudonyms
from channels.retry import RetryPolicy
from channels.testing import ManualClock, MemoryInbox, RecordingSender, ScriptedBot
from channels.worker import Worker

WORDING = Wording.load(Path(__file__).parents[3] / "data" / "wording")


class Workplace:
    """A worker with everything it needs, one event accepted."""

    def __init__(self, bot: ScriptedBot, *, turn_timeout_s: float = 5.0) -> None:
        self.clock = ManualClock()
        self.inbox = MemoryInbox(clock=self.clock)
        self.metrics = GatewayMetrics()
        self.finished = 0
        self.worker = Worker(
            inbox=self.inbox, bot=bot, channels={"zalo": RecordingSender("zalo")}, wording=WORDING, clock=self.clock,
            pseudonyms=Pseudonyms(b"s"), metrics=self.metrics, owner="o", on_finished=self.on_finished,
            policy=RetryPolicy(first_s=1, cap_s=4, max_attempts=3), turn_timeout_s=turn_timeout_s,
        )  # fmt: skip

    def on_finished(self) -> None:
        self.finished += 1

    async def attempt(self) -> None:
        """Accept the event once, claim it when it is due and work on it."""
        event = InboundEvent("zalo", "9", "7", "k", "m", EventKind.TEXT, "hỏi", datetime(2026, 7, 1, tzinfo=UTC))
        await self.inbox.accept(event)
        self.clock.advance(10)
        for claim in await self.inbox.claim(owner="o", limit=1, lease_s=60):
            await self.worker.answer(claim)

    async def texts(self) -> list[str]:
        return [json.loads(payload)["text"] for payload in await self.inbox.replies_to("zalo", "m")]


async def test_an_answer_follows_the_machine_notice_and_is_announced_to_the_sender() -> None:
    place = Workplace(ScriptedBot())
    await place.attempt()
    assert await place.texts() == [WORDING.text("gateway.machine_notice"), "echo: hỏi"]
    assert place.finished == 1


async def test_an_unavailable_bot_is_asked_again_and_at_last_excused() -> None:
    bot = ScriptedBot()
    bot.is_up = False
    place = Workplace(bot)
    await place.attempt()
    await place.attempt()
    assert await place.texts() == []
    await place.attempt()
    assert (await place.texts())[-1] == WORDING.text("gateway.error_bot")
    assert len(bot.turns) == 3
    assert await place.inbox.depth() == Depth(inbox_open=0, outbox_open=2, dead=0)


async def test_a_turn_that_takes_too_long_ends_with_its_own_sentence() -> None:
    place = Workplace(ScriptedBot(delay_s=1.0), turn_timeout_s=0.01)
    for _ in range(3):
        await place.attempt()
    assert (await place.texts())[-1] == WORDING.text("gateway.error_timeout")


@pytest.mark.parametrize("error", [BotRefused("a bug"), KeyError("a bug")])
async def test_a_bug_is_not_tried_again(error: Exception) -> None:
    def broken(turn: Turn) -> TurnResult:
        raise error

    bot = ScriptedBot(broken)
    place = Workplace(bot)
    await place.attempt()
    assert (await place.texts())[-1] == WORDING.text("gateway.error_bot")
    assert len(bot.turns) == 1


async def test_a_late_answer_is_dropped() -> None:
    place = Workplace(ScriptedBot(failures=[BotUnavailable("slow")]))
    event = InboundEvent("zalo", "9", "7", "k", "m", EventKind.TEXT, "hỏi", datetime(2026, 7, 1, tzinfo=UTC))
    await place.inbox.accept(event)
    [late] = await place.inbox.claim(owner="o", limit=1, lease_s=1)
    place.clock.advance(2)
    await place.inbox.claim(owner="other", limit=1, lease_s=60)
    await place.worker.answer(late)
    await place.worker.answer(late)
    assert await place.texts() == []
    assert place.finished == 0
