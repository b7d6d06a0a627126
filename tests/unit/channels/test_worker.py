"""How turns end: answered, tried again, or with an honest sentence."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.reply import BotRefused, BotUnavailable, Turn, TurnResult
from bot.wording import Wording
from channels.agency import Agency, Directory, ZaloAccount
from channels.event import Depth, EventKind, InboundEvent
from channels.metrics import GatewayMetrics
from channels.places import Communes
from channels.privacy import Pseudonyms
from channels.retry import RetryPolicy
from channels.testing import ManualClock, MemoryInbox, RecordingSender, ScriptedBot
from channels.turn import Planner
from channels.worker import Worker

DATA = Path(__file__).parents[3] / "data"
WORDING = Wording.load(DATA / "wording")
PLANNER = Planner(wording=WORDING, communes=Communes.load(DATA), answer_within=timedelta(hours=2))
NOW = ManualClock().now()
STAFFED = Agency(id="staffed", has_officers=True)
DIRECTORY = Directory(
    [ZaloAccount(agency=STAFFED, app_id="1", oa_id="8", oa_secret_key="x")], default=Agency(id="default")
)


class Workplace:
    """A worker with everything it needs, one event accepted."""

    def __init__(self, bot: ScriptedBot, *, turn_timeout_s: float = 5.0) -> None:
        self.clock = ManualClock()
        self.inbox = MemoryInbox(clock=self.clock)
        self.metrics = GatewayMetrics()
        self.finished = 0
        self.worker = Worker(
            inbox=self.inbox, bot=bot, channels={"zalo": RecordingSender("zalo")}, planner=PLANNER,
            directory=DIRECTORY, wording=WORDING, clock=self.clock,
            pseudonyms=Pseudonyms(b"s"), metrics=self.metrics, owner="o", on_finished=self.on_finished,
            policy=RetryPolicy(first_s=1, cap_s=4, max_attempts=3), turn_timeout_s=turn_timeout_s,
        )  # fmt: skip

    def on_finished(self) -> None:
        self.finished += 1

    async def attempt(self) -> None:
        """Accept the event once, claim it when it is due and work on it."""
        event = InboundEvent("zalo", "9", "7", "k", "m", EventKind.TEXT, "hỏi", NOW)
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
    event = InboundEvent("zalo", "9", "7", "k", "m", EventKind.TEXT, "hỏi", NOW)
    await place.inbox.accept(event)
    [late] = await place.inbox.claim(owner="o", limit=1, lease_s=1)
    place.clock.advance(2)
    await place.inbox.claim(owner="other", limit=1, lease_s=60)
    await place.worker.answer(late)
    await place.worker.answer(late)
    assert await place.texts() == []
    assert place.finished == 0


async def test_an_officer_who_steps_in_is_announced_once_and_the_question_after_it_is_left_to_them() -> None:
    place = Workplace(ScriptedBot())
    kinds = [EventKind.OFFICER_SPOKE, EventKind.OFFICER_SPOKE, EventKind.TEXT]
    for number, kind in enumerate(kinds):
        await place.inbox.accept(InboundEvent("zalo", "8", "7", f"k{number}", f"m{number}", kind, "", NOW))
    for _ in kinds:
        for claim in await place.inbox.claim(owner="o", limit=1, lease_s=60):
            await place.worker.answer(claim)
    sent = [await place.inbox.replies_to("zalo", f"m{number}") for number in range(3)]
    assert [len(messages) for messages in sent] == [1, 0, 0]
    assert place.metrics.registry.get_sample_value("govchat_turns_total", {"channel": "zalo", "status": "silent"}) == 2


async def test_a_left_message_is_kept_for_the_officers() -> None:
    place = Workplace(ScriptedBot())
    for number, text in enumerate([WORDING.text("gateway.leave_message"), "gọi lại cho tôi"]):
        event = InboundEvent("zalo", "8", "7", f"k{number}", f"m{number}", EventKind.TEXT, text, NOW)
        await place.inbox.accept(event)
        [claim] = await place.inbox.claim(owner="o", limit=1, lease_s=60)
        await place.worker.answer(claim)
    [left] = await place.inbox.left_messages()
    assert (left.conversation, left.text) == ("zalo:8:7", "gọi lại cho tôi")
