"""The channels keep the same promises; the API, whose platform is the waiting request, has its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from bot.reply import AnswerStatus, Reply
from bot.wording import Wording
from channels.agency import Agency, MessengerPage, ZaloAccount
from channels.buttons import Buttons
from channels.errors import InDoubt, Reaction, RetryLater
from channels.event import OutboxMessage, TurnOutcome
from channels.messenger import MessengerChannel
from channels.messenger.limits import WINDOW
from channels.testing import (
    FakeGraph,
    FakeZalo,
    Line,
    ManualClock,
    PageIds,
    PlatformTransport,
    ZaloIds,
    in_process,
    one_oa,
    one_page,
)
from channels.tokens.oauth import ZaloOAuth
from channels.tokens.store import TokenStore
from channels.vault import Vault
from channels.web import WebChannel
from channels.zalo import ZaloChannel
from channels.zalo.limits import FREE_WINDOW
from channels.zalo.token import ZaloTokens
from tests.contract.channel import ENDINGS, WORDS, Platform, WindowedChannelContract

WORDING = Wording.load(Path(__file__).parents[2] / "data" / "wording")
BUTTONS = Buttons(b"a secret of sixteen bytes")
AGENCY = Agency(id="a", name="UBND")
ZALO, PAGE = ZaloIds(), PageIds()
USER, PSID = "7000000000000000001", "200000000000002"
ZALO_API, ZALO_OAUTH, GRAPH_API = "https://openapi.zalo.me", "https://oauth.zaloapp.com", "https://graph.facebook.com"
OA = ZaloAccount(
    agency=AGENCY, app_id=ZALO.app_id, oa_id=ZALO.oa_id, oa_secret_key=ZALO.oa_secret_key, app_secret=ZALO.app_secret,
    access_token=ZALO.access_token, refresh_token=ZALO.refresh_token,
)  # fmt: skip
FACEBOOK_PAGE = MessengerPage(
    agency=AGENCY, page_id=PAGE.page_id, page_token=PAGE.page_token, app_secrets=(PAGE.app_secret,),
    verify_token=PAGE.verify_token, app_id=PAGE.app_id,
)  # fmt: skip


def readable(line: Line) -> str:
    """What a phone shows of a message: its text, or the lines of its cards."""
    payload = (line.message.get("attachment") or {}).get("payload") or {}
    cards = [f"{card['title']} {card.get('subtitle', '')}" for card in payload.get("elements", [])]
    return "\n".join([line.text, *cards]).strip()


@asynccontextmanager
async def zalo_channel(
    transport: PlatformTransport | httpx.MockTransport, clock: ManualClock
) -> AsyncIterator[ZaloChannel]:
    with TemporaryDirectory() as folder, httpx.Client(transport=transport) as oauth_http:
        tokens = ZaloTokens(
            [OA], store=TokenStore(Path(folder, "govchat.db"), vault=Vault(b"s" * 32)),
            oauth=ZaloOAuth(oauth_http, oauth_url=ZALO_OAUTH, api_url=ZALO_API), clock=clock,
        )  # fmt: skip
        await tokens.open()
        async with httpx.AsyncClient(transport=transport) as http:
            yield ZaloChannel(
                accounts={OA.oa_id: OA}, tokens=tokens, buttons=BUTTONS, wording=WORDING, http=http, api_url=ZALO_API,
                clock=clock,
            )  # fmt: skip
        await tokens.close()


@asynccontextmanager
async def messenger_channel(transport: httpx.AsyncBaseTransport, clock: ManualClock) -> AsyncIterator[MessengerChannel]:
    async with httpx.AsyncClient(transport=transport) as http:
        yield MessengerChannel(
            pages={PAGE.page_id: FACEBOOK_PAGE}, buttons=BUTTONS, wording=WORDING, http=http, api_url=GRAPH_API,
            clock=clock,
        )  # fmt: skip


class TestZalo(WindowedChannelContract):
    window = FREE_WINDOW

    @asynccontextmanager
    async def platform(self, prepare: Callable[[FakeZalo], None] = lambda _: None) -> AsyncIterator[Platform]:
        clock = ManualClock()
        fake = one_oa(clock=clock, knows_everybody=False)
        fake.phone(ZALO.oa_id, USER).sends_text("Cho tôi hỏi")
        prepare(fake)
        async with zalo_channel(in_process(fake), clock) as channel:
            yield Platform(channel, lambda: [readable(line) for line in fake.arrived], clock, ZALO.oa_id, USER)

    def healthy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform()

    def busy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.fail_next(-32))

    def refusing(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.fail_next(-230))

    def losing(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.lose_next())

    async def test_a_refused_card_goes_as_numbered_text(self) -> None:
        async with self.platform(lambda fake: fake.api.fail_next(-201)) as platform:
            [message] = platform.rendered(TurnOutcome((ENDINGS["short choices"],)))
            await platform.channel.send(message)
            [text] = platform.arrived()
            assert text.endswith("1. Điều 1\n2. Điều 2")

    @pytest.mark.parametrize("code", [-124, -216, -220])
    async def test_a_token_that_is_no_longer_good_is_renewed_once(self, code: int) -> None:
        async with self.platform(lambda fake: fake.api.fail_next(code)) as platform:
            await platform.channel.send(platform.plain())
            assert platform.arrived() == [WORDS]
        async with self.platform(lambda fake: fake.api.fail_next(code, times=2)) as platform:
            with pytest.raises(RetryLater) as caught:
                await platform.channel.send(platform.plain())
            assert caught.value.reaction is Reaction.RENEW_TOKEN


class TestMessenger(WindowedChannelContract):
    window = WINDOW

    @asynccontextmanager
    async def platform(self, prepare: Callable[[FakeGraph], None] = lambda _: None) -> AsyncIterator[Platform]:
        clock = ManualClock()
        fake = one_page(clock=clock, knows_everybody=False)
        fake.phone(PAGE.page_id, PSID).sends_text("Cho tôi hỏi")
        prepare(fake)
        async with messenger_channel(in_process(graph=fake), clock) as channel:
            yield Platform(channel, lambda: [readable(line) for line in fake.arrived], clock, PAGE.page_id, PSID)

    def healthy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform()

    def busy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.fail_next((613, None)))

    def refusing(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.fail_next((10, 2018278)))

    def losing(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.lose_next())


@asynccontextmanager
async def answering(name: str, answer: Callable[[httpx.Request], httpx.Response]) -> AsyncIterator[Platform]:
    """A channel whose platform says one thing, whatever it is asked."""
    clock, transport = ManualClock(), httpx.MockTransport(answer)
    if name == "zalo":
        async with zalo_channel(transport, clock) as zalo:
            yield Platform(zalo, list, clock, ZALO.oa_id, USER)
    else:
        async with messenger_channel(transport, clock) as messenger:
            yield Platform(messenger, list, clock, PAGE.page_id, PSID)


@pytest.mark.parametrize("name", ["zalo", "messenger"])
async def test_an_unreachable_platform_asks_for_another_attempt_and_leaves_no_doubt(name: str) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)

    async with answering(name, refuse) as platform:
        with pytest.raises(RetryLater) as caught:
            await platform.channel.send(platform.plain())
        assert not isinstance(caught.value, InDoubt)


@pytest.mark.parametrize("content", [b"<html>", b"[]", b"{}", b'{"error": "x"}', b""])
@pytest.mark.parametrize("name", ["zalo", "messenger"])
async def test_an_answer_that_is_no_answer_leaves_a_doubt(name: str, content: bytes) -> None:
    async with answering(name, lambda request: httpx.Response(502, content=content)) as platform:
        with pytest.raises(InDoubt):
            await platform.channel.send(platform.plain())


def to_the_api(payload: str) -> OutboxMessage:
    return OutboxMessage(
        id=7, owner="o", channel="api", account="", person="c1", in_reply_to="m1", payload=payload, attempts=1
    )


async def test_the_api_channel_wakes_the_request_that_waits_and_shrugs_when_nobody_does() -> None:
    channel = WebChannel()
    [payload] = channel.render(TurnOutcome((Reply(AnswerStatus.CHATTED, "chào"),)), account="")
    await channel.send(to_the_api(payload))
    channel.waiting.expect("m1")

    async def nothing() -> list[str]:
        return []

    waiting = asyncio.create_task(channel.waiting.wait("m1", timeout_s=5, look_up=nothing))
    await asyncio.sleep(0)
    await channel.send(to_the_api(payload))
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
