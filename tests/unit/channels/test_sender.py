"""How sends end: sent, tried again, or kept as dead letters; an operator hears of what needs one."""

import asyncio
from datetime import UTC, datetime

import pytest

from channels.errors import InDoubt, NotOurs, Reaction, Refused, RetryLater, StoreUnavailable
from channels.event import EventKind, InboundEvent, OutboxMessage, Standing
from channels.metrics import GatewayMetrics
from channels.rate import Rate, RateLimiter
from channels.retry import RetryPolicy
from channels.sender import DOUBT_S, LEASE_S, PAUSE, SEND_TIMEOUT_S, Sender
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


async def test_where_another_app_keeps_the_conversation_the_machine_learns_that_it_was_taken() -> None:
    office = Office(NotOurs("not the owner", Reaction.STOP_PERSON))
    await office.prepare()
    await office.attempt()
    [letter] = await office.inbox.dead_letters()
    assert letter.reason == "not the owner"
    [claim] = await office.inbox.claim(owner="w", limit=2, lease_s=60)
    assert (claim.event.kind, claim.event.conversation) == (EventKind.TAKEN_OVER, "zalo:9:7")
    assert claim.event.occurred_at == office.clock.now()


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


async def put(office: Office, *texts: str, account: str = "9", person: str = "7") -> None:
    """Put messages of one conversation into the outbox, in this order."""
    key = f"{account}:{person}:{texts[0]}"
    event = InboundEvent("zalo", account, person, key, key, EventKind.TEXT, "hỏi", office.clock.now())
    await office.inbox.accept(event)
    [claim] = await office.inbox.claim(owner="w", limit=1, lease_s=60)
    await office.inbox.finish(claim, messages=texts, standing=Standing())


async def send_all(office: Office, *, after_s: float = 0) -> None:
    """Send whatever is ready after so many seconds, round after round."""
    office.clock.advance(after_s)
    while messages := await office.inbox.claim_outbox(owner="s", limit=16, lease_s=60):
        await asyncio.gather(*map(office.sender.deliver, messages))


def sent(office: Office) -> list[str]:
    return [message.payload for message in office.channel.sent]


async def test_while_the_first_message_of_a_conversation_waits_none_overtakes_it_and_others_go_on() -> None:
    office = Office(RetryLater("busy"))
    await put(office, "một", "hai", "ba")
    await put(office, "khác", person="8")
    await send_all(office)
    assert sent(office) == ["khác"]
    await send_all(office, after_s=5)
    assert sent(office) == ["khác", "một", "hai", "ba"]


async def test_after_a_message_that_was_given_up_the_next_of_its_conversation_goes() -> None:
    office = Office(Refused("too long"))
    await put(office, "một", "hai")
    await send_all(office)
    assert sent(office) == ["hai"]


async def test_a_paused_account_leaves_the_others_alone_and_keeps_its_order() -> None:
    office = Office(RetryLater("disabled", Reaction.STOP_CHANNEL))
    await put(office, "một", "hai")
    await put(office, "cùng tài khoản", person="8")
    office.clock.advance(1)
    [first] = await office.inbox.claim_outbox(owner="s", limit=1, lease_s=60)
    await office.sender.deliver(first)
    await put(office, "tài khoản khác", account="8")
    await send_all(office, after_s=PAUSE.total_seconds() - 2)
    assert sent(office) == ["tài khoản khác"]
    await send_all(office, after_s=2)
    assert sorted(sent(office)[1:]) == sorted(["một", "hai", "cùng tài khoản"])
    assert sent(office).index("một") < sent(office).index("hai")


async def test_our_own_rate_limit_spaces_those_who_wait() -> None:
    office = Office()
    office.sender = Sender(
        inbox=office.inbox, channels={"zalo": office.channel}, limiter=RateLimiter({"zalo": Rate(1, 2)}, {}),
        clock=office.clock, metrics=office.metrics, owner="s",
    )  # fmt: skip
    for person in "1234567":
        await put(office, person, person=person)
    arrived = []
    for _ in range(7):
        await send_all(office)
        arrived.append(len(office.channel.sent))
        office.clock.advance(1)
    assert arrived == [2, 3, 4, 5, 6, 7, 7]
    assert office.count("govchat_sends_total", channel="zalo", outcome="retried") == 5  # nobody was turned away twice


async def test_errors_that_are_worth_few_attempts_are_counted_apart_from_an_outage() -> None:
    once = RetryLater("send failed", at_most=2)
    office = Office(*[RetryLater("down")] * 9, once, RetryLater("down"), once)
    office.sender = Sender(
        inbox=office.inbox, channels={"zalo": office.channel}, limiter=RateLimiter({}, {}), clock=office.clock,
        metrics=office.metrics, owner="s",
    )  # fmt: skip
    await office.prepare()
    for _ in range(11):
        await office.attempt(after_s=400)
        assert await office.inbox.dead_letters() == []
    await office.attempt(after_s=400)
    [letter] = await office.inbox.dead_letters()
    assert (letter.reason, letter.attempts) == ("send failed", 12)


@pytest.mark.parametrize("bug", [KeyError("text"), ValueError("x"), Refused("no"), StoreUnavailable("locked")])
async def test_a_bug_in_looking_for_a_message_in_doubt_does_not_send_it_again(bug: Exception) -> None:
    office = doubtful(bug, bug, "m1")
    await office.prepare()
    for _ in range(3):
        await office.attempt(after_s=60)
        assert office.channel.sent == []
    await office.attempt(after_s=60)
    assert office.channel.sent == []
    assert (await office.inbox.depth()).outbox_open == 0


async def test_after_a_bug_in_sending_nobody_knows_how_far_it_came() -> None:
    office = Office(TypeError("after the answer"))
    await office.prepare()
    await office.attempt()
    office.clock.advance(DOUBT_S + 5)
    [message] = await office.inbox.claim_outbox(owner="s", limit=1, lease_s=60)
    assert message.doubtful_since is not None


async def test_without_the_store_of_tokens_nothing_was_sent_and_nothing_is_in_doubt() -> None:
    office = Office(StoreUnavailable("disk full"))
    await office.prepare()
    await office.attempt()
    office.clock.advance(2)
    [message] = await office.inbox.claim_outbox(owner="s", limit=1, lease_s=60)
    assert message.doubtful_since is None


class HangingChannel(RecordingSender):
    """A channel whose platform never answers the first message, and took it."""

    async def send(self, message: OutboxMessage) -> str:
        if not self.sent:
            self.sent.append(message)
            await asyncio.Event().wait()
        return await super().send(message)


async def test_an_attempt_ends_before_its_lease_and_leaves_a_doubt() -> None:
    office = Office()
    office.channel = HangingChannel("zalo")
    office.sender = Sender(
        inbox=office.inbox, channels={"zalo": office.channel}, limiter=RateLimiter({}, {}), clock=office.clock,
        metrics=office.metrics, owner="s", timeout_s=0.01,
    )  # fmt: skip
    assert SEND_TIMEOUT_S < LEASE_S
    await office.prepare()
    await office.attempt()
    assert (await office.inbox.depth()).outbox_open == 1
    await office.attempt()
    assert len(office.channel.sent) == 1  # found, not sent again
    assert (await office.inbox.depth()).outbox_open == 0


async def test_a_token_that_fails_while_a_message_is_looked_for_rests_the_account_and_keeps_the_doubt() -> None:
    office = doubtful(RetryLater("token", Reaction.RENEW_TOKEN), "m1")
    await office.prepare()
    await office.attempt()
    await office.attempt()
    assert office.count("govchat_send_alerts_total", channel="zalo", reaction="renew_token") == 1
    await office.attempt(after_s=PAUSE.total_seconds() - 1)
    assert (await office.inbox.depth()).outbox_open == 1
    await office.attempt(after_s=2)
    assert (await office.inbox.depth()).outbox_open == 0
    assert office.channel.sent == []


async def test_the_time_that_a_history_names_is_kept() -> None:
    office = doubtful(RetryLater("limit", after_s=600), "m1")
    await office.prepare()
    await office.attempt()
    await office.attempt()
    await office.attempt(after_s=598)
    assert (await office.inbox.depth()).outbox_open == 1
    await office.attempt(after_s=3)
    assert (await office.inbox.depth()).outbox_open == 0
