"""The channels keep the same promises; the API, whose platform is the waiting request, has its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

import channels
from bot.reply import AnswerStatus, Reply
from bot.wording import Wording
from channels.agency import Agency, MessengerPage, ViberBot, ZaloAccount
from channels.buttons import Buttons
from channels.errors import InDoubt, Reaction, RetryLater
from channels.event import OutboxMessage, TurnOutcome
from channels.messenger import MessengerChannel
from channels.messenger.limits import WINDOW
from channels.messenger.render import render as render_messenger
from channels.testing import (
    FakeGraph,
    FakeViber,
    FakeZalo,
    Line,
    ManualClock,
    PageIds,
    PlatformTransport,
    ViberIds,
    ZaloIds,
    in_process,
    messenger_event,
    one_bot,
    one_oa,
    one_page,
    sign_messenger,
    sign_viber,
    sign_zalo,
    viber_event,
    zalo_event,
)
from channels.tokens.oauth import ZaloOAuth
from channels.tokens.store import TokenStore
from channels.vault import Vault
from channels.viber import ViberChannel
from channels.viber.limits import SESSION
from channels.viber.render import render as render_viber
from channels.web import WebChannel
from channels.zalo import ZaloChannel
from channels.zalo.limits import FREE_WINDOW
from channels.zalo.render import render as render_zalo
from channels.zalo.token import ZaloTokens
from tests.contract.channel import ENDINGS, WORDS, Platform, WindowedChannelContract
from tests.contract.rendering import RenderContract
from tests.contract.webhook import WebhookContract

WORDING = Wording.load(Path(__file__).parents[2] / "data" / "wording")
BUTTONS = Buttons(b"a secret of sixteen bytes")
AGENCY = Agency(id="a", name="UBND")
ZALO, PAGE, VIBER = ZaloIds(), PageIds(), ViberIds()
USER, PSID, SUBSCRIBER = "7000000000000000001", "200000000000002", "jc9HsWTZ2Yf2NkRZ8KcNug=="
ZALO_API, ZALO_OAUTH, GRAPH_API = "https://openapi.zalo.me", "https://oauth.zaloapp.com", "https://graph.facebook.com"
VIBER_API = "https://chatapi.viber.com"
NOW_MS = 1_795_316_400_000  # in November 2026
OA = ZaloAccount(
    agency=AGENCY, app_id=ZALO.app_id, oa_id=ZALO.oa_id, oa_secret_key=ZALO.oa_secret_key, app_secret=ZALO.app_secret,
    access_token=ZALO.access_token, refresh_token=ZALO.refresh_token,
)  # fmt: skip
FACEBOOK_PAGE = MessengerPage(
    agency=AGENCY, page_id=PAGE.page_id, page_token=PAGE.page_token, app_secrets=(PAGE.app_secret,),
    verify_token=PAGE.verify_token, app_id=PAGE.app_id,
)  # fmt: skip
VIBER_BOT = ViberBot(agency=AGENCY, account="a", auth_token=VIBER.auth_token, name=VIBER.name)


def phone(fake: FakeZalo | FakeGraph | FakeViber) -> list[str]:
    return [readable(line) for line in fake.arrived]


def down(fake: FakeZalo | FakeGraph | FakeViber) -> None:
    fake.api.is_down = True


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


@asynccontextmanager
async def viber_channel(transport: httpx.AsyncBaseTransport, clock: ManualClock) -> AsyncIterator[ViberChannel]:
    async with httpx.AsyncClient(transport=transport) as http:
        yield viber_of(http, clock)


def viber_of(http: httpx.AsyncClient, clock: ManualClock) -> ViberChannel:
    return ViberChannel(
        bots={"a": VIBER_BOT}, buttons=BUTTONS, wording=WORDING, http=http, api_url=VIBER_API, clock=clock
    )


class TestZalo(WindowedChannelContract):
    window = FREE_WINDOW

    @asynccontextmanager
    async def platform(self, prepare: Callable[[FakeZalo], None] = lambda _: None) -> AsyncIterator[Platform]:
        clock = ManualClock()
        fake = one_oa(clock=clock, knows_everybody=False)
        fake.phone(ZALO.oa_id, USER).sends_text("Cho tôi hỏi")
        prepare(fake)
        async with zalo_channel(in_process(fake), clock) as channel:
            yield Platform(channel, lambda: phone(fake), clock, ZALO.oa_id, USER, lambda: down(fake))

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
            yield Platform(channel, lambda: phone(fake), clock, PAGE.page_id, PSID, lambda: down(fake))

    def healthy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform()

    def busy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.fail_next((613, None)))

    def refusing(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.fail_next((10, 2018278)))

    def losing(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.lose_next())


class TestViber(WindowedChannelContract):
    window = SESSION
    has_history = False

    @asynccontextmanager
    async def platform(self, prepare: Callable[[FakeViber], None] = lambda _: None) -> AsyncIterator[Platform]:
        clock = ManualClock()
        fake = one_bot(clock=clock, knows_everybody=False)
        [bot] = fake.bots.values()
        fake.phone(bot, SUBSCRIBER).sends_text("Cho tôi hỏi")
        prepare(fake)
        async with viber_channel(in_process(viber=fake), clock) as channel:
            yield Platform(channel, lambda: phone(fake), clock, "a", SUBSCRIBER, lambda: down(fake))

    def healthy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform()

    def busy(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.fail_next(12))

    def refusing(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.fail_next(6))

    def losing(self) -> AbstractAsyncContextManager[Platform]:
        return self.platform(lambda fake: fake.api.lose_next())


class TestZaloRendering(RenderContract):
    def render(self, outcome: TurnOutcome) -> tuple[str, ...]:
        return render_zalo(outcome, WORDING, account=ZALO.oa_id, buttons=BUTTONS)

    def read(self, payload: str) -> str:
        return str(json.loads(payload)["message"]["text"])


class TestMessengerRendering(RenderContract):
    def render(self, outcome: TurnOutcome) -> tuple[str, ...]:
        return render_messenger(outcome, WORDING, account=PAGE.page_id, buttons=BUTTONS)

    def read(self, payload: str) -> str:
        message = json.loads(payload).get("message", {})
        shown = (message.get("attachment") or {}).get("payload") or {}
        cards = [f"{card['title']} {card.get('subtitle', '')}" for card in shown.get("elements", [])]
        return "\n".join([message.get("text", ""), shown.get("text", ""), *cards])


class TestViberRendering(RenderContract):
    def render(self, outcome: TurnOutcome) -> tuple[str, ...]:
        return render_viber(outcome, WORDING, account="a", buttons=BUTTONS)

    def read(self, payload: str) -> str:
        return str(json.loads(payload)["message"]["text"])


class TestApiRendering(RenderContract):
    numbers_choices = False

    def render(self, outcome: TurnOutcome) -> tuple[str, ...]:
        return WebChannel().render(outcome, account="")

    def read(self, payload: str) -> str:
        answer = json.loads(payload)
        return "\n".join([answer["notice"] or "", answer["text"], *(each["number"] for each in answer["citations"])])


class Served:
    """Channels of one account, and ones without any, that call nobody."""

    http = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(500)))
    clock = ManualClock()


class TestZaloWebhook(Served, WebhookContract):
    account, person = ZALO.oa_id, USER

    def served(self) -> ZaloChannel:
        return self._channel({OA.oa_id: OA}, ())

    def off(self) -> ZaloChannel:
        return self._channel({}, ("GOVCHAT_ZALO_OA_ID",))

    def request(self, text: str, *, message_id: int) -> bytes:
        return zalo_event(
            text, app_id=ZALO.app_id, oa_id=ZALO.oa_id, user_id=USER, message_id=f"m{message_id}", timestamp_ms=NOW_MS
        )

    def unknown(self) -> bytes:
        return self.request("", message_id=1).replace(b"user_send_text", b"user_send_a_dream")

    def headers(self, body: bytes, *, secret: str | None = None) -> dict[str, str]:
        return sign_zalo(body, app_id=ZALO.app_id, secret_key=secret or ZALO.oa_secret_key)

    def button(self, text: str) -> str:
        return BUTTONS.sign("zalo", ZALO.oa_id, text)

    def _channel(self, accounts: dict[str, ZaloAccount], missing: tuple[str, ...]) -> ZaloChannel:
        tokens = ZaloTokens(
            accounts.values(), store=TokenStore(Path("nowhere.db"), vault=Vault(b"s" * 32)),
            oauth=ZaloOAuth(httpx.Client(), oauth_url=ZALO_OAUTH, api_url=ZALO_API), clock=self.clock,
        )  # fmt: skip
        return ZaloChannel(
            accounts=accounts, tokens=tokens, buttons=BUTTONS, wording=WORDING, http=self.http, api_url=ZALO_API,
            clock=self.clock, missing=missing,
        )  # fmt: skip


class TestMessengerWebhook(Served, WebhookContract):
    account, person = PAGE.page_id, PSID

    def served(self) -> MessengerChannel:
        return self._channel({PAGE.page_id: FACEBOOK_PAGE}, ())

    def off(self) -> MessengerChannel:
        return self._channel({}, ("GOVCHAT_MESSENGER_PAGE_ID",))

    def request(self, text: str, *, message_id: int) -> bytes:
        body = messenger_event(
            text, page_id=PAGE.page_id, user_id=PSID, message_id=f"m_{message_id}", timestamp_ms=NOW_MS
        )
        if not text.startswith("#btn:"):
            return body
        fields = json.loads(body)  # a payload comes beside the title of its button
        fields["entry"][0]["messaging"][0]["message"]["quick_reply"] = {"payload": text}
        return json.dumps(fields).encode()

    def unknown(self) -> bytes:
        return self.request("", message_id=1).replace(b'"message"', b'"dream"')

    def headers(self, body: bytes, *, secret: str | None = None) -> dict[str, str]:
        return sign_messenger(body, app_secret=secret or PAGE.app_secret)

    def button(self, text: str) -> str:
        return BUTTONS.sign("messenger", PAGE.page_id, text)

    def _channel(self, pages: dict[str, MessengerPage], missing: tuple[str, ...]) -> MessengerChannel:
        return MessengerChannel(
            pages=pages, buttons=BUTTONS, wording=WORDING, http=self.http, api_url=GRAPH_API, clock=self.clock,
            missing=missing,
        )  # fmt: skip


class TestViberWebhook(Served, WebhookContract):
    account, person = "a", SUBSCRIBER

    def served(self) -> ViberChannel:
        return viber_of(self.http, self.clock)

    def off(self) -> ViberChannel:
        return replace(self.served(), bots={}, missing=("GOVCHAT_VIBER_TOKEN",))

    def request(self, text: str, *, message_id: int) -> bytes:
        return viber_event(text, user_id=SUBSCRIBER, message_token=message_id, timestamp_ms=NOW_MS)

    def unknown(self) -> bytes:
        return self.request("", message_id=1).replace(b'"event": "message"', b'"event": "dream"')

    def headers(self, body: bytes, *, secret: str | None = None) -> dict[str, str]:
        return sign_viber(body, auth_token=secret or VIBER.auth_token)

    def button(self, text: str) -> str:
        return BUTTONS.sign("viber", "a", text)


@pytest.mark.parametrize("name", ["zalo", "messenger", "viber", "web"])
def test_every_channel_shows_the_same_five_files(name: str) -> None:
    folder = Path(channels.__path__[0]) / name
    assert {f"{each}.py" for each in ("verify", "parse", "render", "send", "limits")} <= {
        path.name for path in folder.iterdir()
    }


@asynccontextmanager
async def answering(name: str, answer: Callable[[httpx.Request], httpx.Response]) -> AsyncIterator[Platform]:
    """A channel whose platform says one thing, whatever it is asked."""
    clock, transport = ManualClock(), httpx.MockTransport(answer)
    if name == "zalo":
        async with zalo_channel(transport, clock) as zalo:
            yield Platform(zalo, list, clock, ZALO.oa_id, USER)
    elif name == "viber":
        async with viber_channel(transport, clock) as viber:
            yield Platform(viber, list, clock, "a", SUBSCRIBER)
    else:
        async with messenger_channel(transport, clock) as messenger:
            yield Platform(messenger, list, clock, PAGE.page_id, PSID)


@pytest.mark.parametrize("name", ["zalo", "messenger", "viber"])
async def test_an_unreachable_platform_asks_for_another_attempt_and_leaves_no_doubt(name: str) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there", request=request)

    async with answering(name, refuse) as platform:
        with pytest.raises(RetryLater) as caught:
            await platform.channel.send(platform.plain())
        assert not isinstance(caught.value, InDoubt)


@pytest.mark.parametrize("content", [b"<html>", b"[]", b"{}", b'{"error": "x"}', b""])
@pytest.mark.parametrize("name", ["zalo", "messenger", "viber"])
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
