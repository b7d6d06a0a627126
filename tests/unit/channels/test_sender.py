"""How sends end: sent, tried again, or kept as dead letters; an operator hears of what needs one."""

from datetime import UTC, datetime

import pytest

from channels.errors import InDoubt, Reaction, Refused, RetryLater
from channels.event import EventKind, InboundEvent, OutboxMessage, Standing
from channels.metrics import GatewayMetrics
from channels.rate import Rate, RateLimiter
from channels.retry import RetryPolicy
from channels.sender import DOUBT_S, PAUSE, Sender
from channels.testing import ManualClock, MemoryInbox, RecordingSender


class Office:
    """A sender with one message in the outbox."""

    def __init__(self, *failures: Exception) -> None:
        self.clock = ManualClock()
        self.inbox = MemoryInbox(clock=self.clock)
        self.channel = RecordingSender("zalo", failures=failures)
        self.metrics = GatewayMetrics()
        self.sender = Sender(
            inbox=self.inbox, channels={"zalo": self.channel}, limiter=RateLimiter({}, {}), clock=self.clock,
            metrics=self.metrics, owner="s", policy=RetryPolicy(first_s=1, cap_s=4, max_attempts=3),
        )  # fmt: skip

    async def prepare(self) -> None:
        event = InboundEvent("zalo", "9", "7", "k", "m", EventKind.TEXT, "hỏi", datetime(2026, 7, 1, tzinfo=UTC))
        await self.inbox.accept(event)
        [claim] = await self.inbox.claim(owner="w", limit=1, lease_s=60)
        await self.inbox.finish(claim, messages=["một"], standing=Standing())

    async def attempt(self, *, after_s: float = 10) -> None:
        self.clock.advance(after_s)
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


@pytest.mark.parametrize("reaction", [Reaction.RENEW_TOKEN, Reaction.STOP_CHANNEL])
async def test_what_concerns_a_whole_account_alerts_the_operator_and_its_messages_rest(reaction: Reaction) -> None:
    office = Office(RetryLater("no permission", reaction))
    await office.prepare()
    await office.attempt()
    assert office.count("govchat_send_alerts_total", channel="zalo", reaction=reaction.value) == 1
    assert [pause.account for pause in await office.inbox.pauses()] == ["9"]
    await office.attempt()
    assert office.channel.sent == []
    await office.attempt(after_s=PAUSE.total_seconds())
    assert len(office.channel.sent) == 1


class ForgetfulChannel(RecordingSender):
    """A channel whose platform takes the first message and loses the answer; `finds` is what its history says."""

    def __init__(self, *finds: str | Exception | None) -> None:
        super().__init__("zalo", failures=[InDoubt("time out")])
        self.finds = list(finds)

    async def find_sent(self, message: OutboxMessage) -> str | None:
        assert message.doubtful_since is not None
        found = self.finds.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def doubtful(*finds: str | Exception | None) -> Office:
    office = Office()
    office.channel = ForgetfulChannel(*finds)
    office.sender = Sender(
        inbox=office.inbox, channels={"zalo": office.channel}, limiter=RateLimiter({}, {}), clock=office.clock,
        metrics=office.metrics, owner="s",
    )  # fmt: skip
    return office


async def test_a_message_whose_answer_was_lost_is_not_sent_again_when_the_platform_has_it() -> None:
    office = doubtful("m1")
    await office.prepare()
    await office.attempt()
    await office.attempt()
    assert office.channel.sent == []
    assert (await office.inbox.depth()).outbox_open == 0


async def test_it_is_sent_again_when_the_platform_does_not_have_it_and_stays_in_doubt_while_nobody_can_tell() -> None:
    office = doubtful(RetryLater("history down"), None)
    await office.prepare()
    await office.attempt()
    await office.attempt(after_s=1)
    assert (await office.inbox.depth()).outbox_open == 1  # it waits: its echo may come
    await office.attempt(after_s=DOUBT_S)
    assert office.channel.sent == []
    await office.attempt(after_s=60)
    assert len(office.channel.sent) == 1


async def test_our_own_rate_limit_holds_a_message_back_without_spending_an_attempt_at_the_platform() -> None:
    office = Office()
    office.sender = Sender(
        inbox=office.inbox, channels={"zalo": office.channel}, limiter=RateLimiter({"zalo": Rate(0.5, 1)}, {}),
        clock=office.clock, metrics=office.metrics, owner="s",
    )  # fmt: skip
    for person in "12":
        event = InboundEvent("zalo", "9", person, person, person, EventKind.TEXT, "hỏi", office.clock.now())
        await office.inbox.accept(event)
        [claim] = await office.inbox.claim(owner="w", limit=1, lease_s=60)
        await office.inbox.finish(claim, messages=["một"], standing=Standing())
    for message in await office.inbox.claim_outbox(owner="s", limit=2, lease_s=60):
        await office.sender.deliver(message)
    assert len(office.channel.sent) == 1
    await office.attempt(after_s=2)
    assert len(office.channel.sent) == 2
