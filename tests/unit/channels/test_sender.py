"""How sends end: sent, tried again, or kept as dead letters; an operator hears of what needs one."""

from datetime import UTC, datetime

import pytest

from channels.errors import Reaction, Refused, RetryLater
from channels.event import EventKind, InboundEvent
from channels.metrics import GatewayMetrics
from channels.retry import RetryPolicy
from channels.sender import Sender
from channels.testing import ManualClock, MemoryInbox, RecordingSender


class Office:
    """A sender with one message in the outbox."""

    def __init__(self, *failures: Exception) -> None:
        self.clock = ManualClock()
        self.inbox = MemoryInbox(clock=self.clock)
        self.channel = RecordingSender("zalo", failures=failures)
        self.metrics = GatewayMetrics()
        self.sender = Sender(
            inbox=self.inbox, channels={"zalo": self.channel}, clock=self.clock, metrics=self.metrics, owner="s",
            policy=RetryPolicy(first_s=1, cap_s=4, max_attempts=3),
        )  # fmt: skip

    async def prepare(self) -> None:
        event = InboundEvent("zalo", "9", "7", "k", "m", EventKind.TEXT, "hỏi", datetime(2026, 7, 1, tzinfo=UTC))
        await self.inbox.accept(event)
        [claim] = await self.inbox.claim(owner="w", limit=1, lease_s=60)
        await self.inbox.finish(claim, messages=["một"])

    async def attempt(self) -> None:
        self.clock.advance(10)
        for message in await self.inbox.claim_outbox(owner="s", limit=1, lease_s=60):
            await self.sender.deliver(message)

    def count(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, labels)


@pytest.mark.parametrize("failures", [[], [RetryLater("busy")], [RetryLater("busy"), OSError("a bug")]])
async def test_a_message_is_sent_in_the_end(failures: list[Exception]) -> None:
    office = Office(*failures)
    await office.prepare()
    for _ in range(len(failures) + 2):
        await office.attempt()
    assert [message.payload for message in office.channel.sent] == ["một"]
    assert (await office.inbox.depth()).outbox_open == 0


async def test_a_refused_message_is_kept_as_a_dead_letter_at_once() -> None:
    office = Office(Refused("window closed", Reaction.STOP_PERSON))
    await office.prepare()
    await office.attempt()
    [letter] = await office.inbox.dead_letters()
    assert (letter.reason, letter.attempts) == ("window closed", 1)


async def test_after_the_last_attempt_a_message_is_a_dead_letter() -> None:
    office = Office(*[RetryLater("busy")] * 5)
    await office.prepare()
    for _ in range(5):
        await office.attempt()
    [letter] = await office.inbox.dead_letters()
    assert letter.attempts == 3
    assert office.count("govchat_sends_total", channel="zalo", outcome="dead") == 1


async def test_a_bad_token_alerts_the_operator_and_the_message_waits() -> None:
    office = Office(RetryLater("zalo error -216", Reaction.RENEW_TOKEN))
    await office.prepare()
    await office.attempt()
    assert office.count("govchat_send_alerts_total", channel="zalo", reaction="renew_token") == 1
    assert (await office.inbox.depth()).outbox_open == 1
