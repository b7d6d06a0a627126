"""The channels keep the same promises; the API, whose platform is the waiting request, has its own."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.reply import AnswerStatus, Reply
from bot.wording import Wording
from channels.errors import Reaction, RetryLater
from channels.event import TurnOutcome
from channels.messenger import MessengerChannel
from channels.testing import FakeGraph, FakeZalo, serve
from channels.web import WebChannel
from channels.zalo import ZaloChannel
from tests.contract.channel import ChannelContract, Platform, message

WORDING = Wording.load(Path(__file__).parents[2] / "data" / "wording")
PAGE = "100000000000001"


class TestZalo(ChannelContract):
    @asynccontextmanager
    async def platform(self, errors: list[int], *, token: str = "good") -> AsyncIterator[Platform]:
        fake = FakeZalo(access_token="good", errors=errors)
        async with serve(fake.app()) as url, httpx.AsyncClient() as http:
            channel = ZaloChannel(wording=WORDING, http=http, api_url=url, access_token=token)
            yield Platform(channel, lambda: [arrival.text for arrival in fake.arrived])

    def healthy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform([])

    def busy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform([-32])

    def refusing(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform([-230])

    async def test_a_wrong_token_waits_for_the_operator(self) -> None:
        async with self.platform([], token="old") as platform:
            with pytest.raises(RetryLater) as caught:
                await platform.channel.send(message(platform.channel, '{"text": "chào"}'))
            assert caught.value.reaction is Reaction.RENEW_TOKEN


class TestMessenger(ChannelContract):
    @asynccontextmanager
    async def platform(self, errors: list[tuple[int, int | None]]) -> AsyncIterator[Platform]:
        fake = FakeGraph(page_id=PAGE, page_token="token", app_secret="secret", errors=errors)
        async with serve(fake.app()) as url, httpx.AsyncClient() as http:
            channel = MessengerChannel(
                wording=WORDING, http=http, api_url=url, page_id=PAGE, page_token="token", app_secret="secret"
            )
            yield Platform(channel, lambda: [arrival.text for arrival in fake.arrived])

    def healthy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform([])

    def busy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform([(613, None)])

    def refusing(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform([(10, 2018278)])


@pytest.mark.parametrize("build", ["zalo", "messenger"])
async def test_an_unreachable_platform_asks_for_another_attempt(build: str) -> None:
    async with httpx.AsyncClient() as http:
        nowhere = "http://127.0.0.1:9"
        channel = (
            ZaloChannel(wording=WORDING, http=http, api_url=nowhere)
            if build == "zalo"
            else MessengerChannel(wording=WORDING, http=http, api_url=nowhere, page_id=PAGE)
        )
        with pytest.raises(RetryLater):
            await channel.send(message(channel, '{"text": "chào"}'))


@pytest.mark.parametrize("content", [b"<html>", b"[]", b"{}", b'{"error": "x"}', b""])
@pytest.mark.parametrize("build", ["zalo", "messenger"])
async def test_an_answer_that_is_no_answer_asks_for_another_attempt(build: str, content: bytes) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(502, content=content))
    async with httpx.AsyncClient(transport=transport) as http:
        channel = (
            ZaloChannel(wording=WORDING, http=http, api_url="http://x")
            if build == "zalo"
            else MessengerChannel(wording=WORDING, http=http, api_url="http://x", page_id=PAGE)
        )
        with pytest.raises(RetryLater):
            await channel.send(message(channel, '{"text": "chào"}'))


async def test_the_api_channel_wakes_the_request_that_waits_and_shrugs_when_nobody_does() -> None:
    channel = WebChannel()
    [payload] = channel.render(TurnOutcome((Reply(AnswerStatus.CHATTED, "chào"),)))
    await channel.send(message(channel, payload))
    channel.waiting.expect("m1")

    async def nothing() -> list[str]:
        return []

    waiting = asyncio.create_task(channel.waiting.wait("m1", timeout_s=5, look_up=nothing))
    await asyncio.sleep(0)
    await channel.send(message(channel, payload))
    answer = await waiting
    assert answer is not None
    assert json.loads(answer)["text"] == "chào"


async def test_an_answer_that_another_process_sent_is_found_in_the_store() -> None:
    channel = WebChannel()
    channel.waiting.expect("m1")

    async def stored() -> list[str]:
        return ["{}"]

    assert await channel.waiting.wait("m1", timeout_s=5, look_up=stored) == "{}"
    assert await channel.waiting.wait("m1", timeout_s=0, look_up=stored) is None
