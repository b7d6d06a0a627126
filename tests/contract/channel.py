"""What every channel promises, whatever its platform."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import pytest

from bot.reply import AnswerStatus, Button, Reply
from channels.errors import Refused, RetryLater
from channels.event import OutboxMessage, TurnOutcome
from channels.ports import Channel


@dataclass
class Platform:
    """A channel together with what its (fake) platform saw."""

    channel: Channel
    texts: Callable[[], list[str]]  # texts that have arrived, in order


def message(channel: Channel, payload: str) -> OutboxMessage:
    return OutboxMessage(
        id=7, owner="o", channel=channel.name, account="100000000000001", person="7000000000000000001",
        in_reply_to="m1", payload=payload, attempts=1,
    )  # fmt: skip


class ChannelContract:
    """Subclasses open a channel on a platform that takes everything, one in trouble and one that refuses."""

    def healthy(self) -> AbstractAsyncContextManager[Platform]:
        raise NotImplementedError

    def busy(self) -> AbstractAsyncContextManager[Platform]:
        raise NotImplementedError

    def refusing(self) -> AbstractAsyncContextManager[Platform]:
        raise NotImplementedError

    async def test_what_is_rendered_can_be_sent_and_arrives_in_order(self) -> None:
        replies = (
            Reply(AnswerStatus.CHATTED, "một " * 1_500),
            Reply(
                AnswerStatus.CHATTED, "cuối", buttons=(Button("Điều 1", "điều 1"), Button("Một tên rất dài " * 4, "2"))
            ),
        )
        outcome = TurnOutcome(replies=replies, notices=("máy trả lời",))
        async with self.healthy() as platform:
            for payload in platform.channel.render(outcome):
                assert isinstance(await platform.channel.send(message(platform.channel, payload)), str)
            told = "\n".join(platform.texts())
            assert told.index("máy trả lời") < told.index("một") < told.index("cuối")

    async def test_rendering_is_repeatable_and_gives_json_objects(self) -> None:
        outcome = TurnOutcome(replies=(Reply(AnswerStatus.CHATTED, "chào"),))
        async with self.healthy() as platform:
            rendered = platform.channel.render(outcome)
            assert rendered == platform.channel.render(outcome)
            assert rendered
            assert all(isinstance(json.loads(payload), dict) for payload in rendered)

    async def test_a_platform_in_trouble_asks_for_another_attempt(self) -> None:
        async with self.busy() as platform:
            [payload] = platform.channel.render(TurnOutcome(replies=(Reply(AnswerStatus.CHATTED, "chào"),)))
            with pytest.raises(RetryLater):
                await platform.channel.send(message(platform.channel, payload))

    async def test_a_platform_that_refuses_the_person_ends_the_attempts(self) -> None:
        async with self.refusing() as platform:
            [payload] = platform.channel.render(TurnOutcome(replies=(Reply(AnswerStatus.CHATTED, "chào"),)))
            with pytest.raises(Refused):
                await platform.channel.send(message(platform.channel, payload))
