"""What every channel promises, whatever its platform."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from bot.reply import AnswerStatus, Button, Citation, Reply
from channels.errors import InDoubt, Reaction, Refused, RetryLater
from channels.event import OutboxMessage, TurnOutcome
from channels.ports import Channel
from channels.testing import ManualClock

WORDS = "chuyện riêng của tôi"
PLAIN = TurnOutcome(replies=(Reply(AnswerStatus.CHATTED, WORDS),))


@dataclass
class Platform:
    """A channel together with what its (fake) platform saw."""

    channel: Channel
    arrived: Callable[[], list[str]]  # what a person can read of each message that has arrived, in order
    clock: ManualClock
    account: str
    person: str
    goes_down: Callable[[], None] = lambda: None  # the platform answers no more calls

    def message(
        self, payload: str, *, account: str | None = None, last_user_at: datetime | None = None
    ) -> OutboxMessage:
        """The message that the sender would hand over, to somebody who has just written unless told otherwise."""
        return OutboxMessage(
            id=7, owner="o", channel=self.channel.name, account=account or self.account, person=self.person,
            in_reply_to="m1", payload=payload, attempts=1, last_user_at=last_user_at or self.clock.now(),
        )  # fmt: skip

    def rendered(self, outcome: TurnOutcome) -> list[OutboxMessage]:
        return [self.message(payload) for payload in self.channel.render(outcome, account=self.account)]

    def plain(self) -> OutboxMessage:
        [message] = self.rendered(PLAIN)
        return message


def citation(number: str) -> Citation:
    return Citation(
        number=number, type="Nghị định", title="Mức lương cơ sở", issuing_body="Chính phủ",
        issued_on=date(2026, 5, 15), effective_on=date(2026, 7, 1), validity="in_force", replaced_by=(),
        checked_on=date(2026, 7, 1), text_kind="official", location=None, quote=None,
        url=f"https://vanban.chinhphu.vn/{number}".replace("Đ", "D"),
    )  # fmt: skip


SHORT = (Button("Điều 1", "điều 1"), Button("Điều 2", "điều 2"))
LONG = (Button("Điều 1", "điều 1"), Button("Một tên rất dài " * 4, "hai"))
MANY = tuple(Button(f"Số {number}", f"số {number}") for number in range(1, 16))
OPTIONAL = (Button("Nguồn", "nguồn", is_optional=True), Button("Toàn văn", "toàn văn", is_optional=True))
ENDINGS = {
    "short choices": Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "cuối", buttons=SHORT),
    "long choices": Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "cuối", buttons=LONG),
    "many choices": Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "cuối", buttons=MANY),
    "one source": Reply(AnswerStatus.ANSWERED, "cuối", (citation("161/2026/NĐ-CP"),), OPTIONAL),
    "a list": Reply(AnswerStatus.LISTED, "cuối", (citation("161/2026/NĐ-CP"), citation("2/2026/NĐ-CP")), OPTIONAL),
}


class ChannelContract:
    """Subclasses open a channel on a platform that takes everything, is in trouble, refuses, or loses its answers."""

    has_history = True  # the platform can be asked what became of a message, or tells it by an echo

    def healthy(self) -> AbstractAsyncContextManager[Platform]:
        raise NotImplementedError

    def busy(self) -> AbstractAsyncContextManager[Platform]:
        raise NotImplementedError

    def refusing(self) -> AbstractAsyncContextManager[Platform]:
        raise NotImplementedError

    def losing(self) -> AbstractAsyncContextManager[Platform]:
        """The answer to the first send is lost, and only that."""
        raise NotImplementedError

    @pytest.mark.parametrize("last", ENDINGS.values(), ids=ENDINGS)
    @pytest.mark.parametrize("hands_over", [False, True])
    async def test_what_is_rendered_can_be_sent_and_arrives_in_order(self, last: Reply, hands_over: bool) -> None:
        first = Reply(AnswerStatus.CHATTED, "một " * 1_500)
        outcome = TurnOutcome(replies=(first, last), notices=("máy trả lời",), hands_over=hands_over)
        async with self.healthy() as platform:
            for message in platform.rendered(outcome):
                assert isinstance(await platform.channel.send(message), str)
            told = "\n".join(platform.arrived())
            assert told.index("máy trả lời") < told.index("một") < told.index("cuối")
            assert all(cited.number in told for cited in last.citations)

    async def test_rendering_is_repeatable_and_gives_json_objects(self) -> None:
        async with self.healthy() as platform:
            rendered = platform.channel.render(PLAIN, account=platform.account)
            assert rendered == platform.channel.render(PLAIN, account=platform.account)
            assert rendered
            assert all(isinstance(json.loads(payload), dict) for payload in rendered)

    async def test_a_platform_in_trouble_asks_for_another_attempt(self) -> None:
        async with self.busy() as platform:
            with pytest.raises(RetryLater) as caught:
                await platform.channel.send(platform.plain())
            assert not isinstance(caught.value, InDoubt)
            assert WORDS not in str(caught.value)

    async def test_a_platform_that_refuses_the_person_ends_the_attempts(self) -> None:
        async with self.refusing() as platform:
            with pytest.raises(Refused) as caught:
                await platform.channel.send(platform.plain())
            assert caught.value.reaction is Reaction.STOP_PERSON
            assert WORDS not in str(caught.value)

    async def test_a_message_of_an_account_that_is_not_served_waits_for_the_operator(self) -> None:
        async with self.healthy() as platform:
            [payload] = platform.channel.render(PLAIN, account=platform.account)
            with pytest.raises(RetryLater) as caught:
                await platform.channel.send(platform.message(payload, account="404"))
            assert caught.value.reaction is Reaction.STOP_CHANNEL
            assert platform.arrived() == []

    async def test_a_lost_answer_leaves_a_doubt_and_the_message_is_not_taken_for_lost(self) -> None:
        async with self.losing() as platform:
            message = platform.plain()
            with pytest.raises(InDoubt):
                await platform.channel.send(message)
            assert len(platform.arrived()) == 1
            with suppress(RetryLater):  # where no history tells, the echo will
                found = await platform.channel.find_sent(message)
                assert found or not self.has_history

    async def test_while_the_platform_cannot_tell_a_message_in_doubt_stays_in_doubt(self) -> None:
        async with self.losing() as platform:
            message = platform.plain()
            with pytest.raises(InDoubt):
                await platform.channel.send(message)
            platform.goes_down()
            if self.has_history:
                with pytest.raises(RetryLater):
                    await platform.channel.find_sent(message)
            else:  # nobody will ever know, so it goes out again
                assert await platform.channel.find_sent(message) is None

    async def test_a_message_that_never_left_is_not_found(self) -> None:
        async with self.healthy() as platform:
            with suppress(RetryLater):
                assert await platform.channel.find_sent(platform.plain()) is None


class WindowedChannelContract(ChannelContract):
    """A channel whose platform closes a window some time after the person's last action."""

    window: timedelta  # without paying

    async def test_inside_its_window_a_message_goes_out(self) -> None:
        async with self.healthy() as platform:
            message = platform.plain()
            platform.clock.advance(self.window.total_seconds() - 60)
            await platform.channel.send(message)
            assert platform.arrived() == [WORDS]

    async def test_outside_its_window_nothing_is_sent(self) -> None:
        async with self.healthy() as platform:
            message = platform.plain()
            platform.clock.advance(self.window.total_seconds())
            with pytest.raises(Refused) as caught:
                await platform.channel.send(message)
            assert caught.value.reaction is Reaction.STOP_PERSON
            assert platform.arrived() == []

    async def test_outside_its_window_a_message_of_an_account_that_is_not_served_any_more_is_let_go(self) -> None:
        async with self.healthy() as platform:
            message = platform.message(platform.plain().payload, account="404")
            platform.clock.advance(timedelta(days=8).total_seconds())
            with pytest.raises(Refused):
                await platform.channel.send(message)
