"""The widget's interface at the whole gateway on loopback, with a scripted bot and a real SQLite inbox."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import structlog

from bot.reply import AnswerStatus, Reply, Turn, TurnResult
from bot.wording import Wording
from channels.agencies_file import Agencies
from channels.agency import Agency
from channels.clock import SystemClock
from channels.configuration import configure
from channels.event import Acceptance, EventKind, InboundEvent
from channels.inbox.sqlite import SqliteInbox
from channels.ports import Bot
from channels.settings import GatewaySettings
from channels.testing import ScriptedBot
from channels.testing.gateway import SECRET, assembled
from channels.testing.gateway import running as run_gateway
from channels.thread import Notice
from channels.web.limits import TOKEN_LIFE
from channels.web.session import Sessions
from tests.contract.disk import contents
from tests.contract.test_api import matches
from tests.integration.widget_page import API, Page

pytestmark = pytest.mark.integration

WORDING = Wording.load(Path(__file__).parents[2] / "data" / "wording")
PORTAL, HUE = "https://tinh.gov.vn", "https://hue.gov.vn"
NOTICE = "https://tinh.gov.vn/du-lieu"
AGREED = {"lang": "vi", "notice": NOTICE, "version": "2026-01"}


def echo(turn: Turn) -> TurnResult:
    return TurnResult((Reply(AnswerStatus.ANSWERED, f"Trả lời cho: {turn.text}"),), intent="ask_policy", snapshot="s1")


@dataclass
class Stack:
    http: httpx.AsyncClient
    url: str
    inbox: SqliteInbox

    def page(self, origin: str | None = PORTAL, **more: object) -> Page:
        return Page(self.http, self.url, origin, **more)


@contextlib.asynccontextmanager
async def running(folder: Path, bot: Bot | None = None, *, port: int = 0, **more: object) -> AsyncIterator[Stack]:
    settings = GatewaySettings(_env_file=None, actions_url="http://127.0.0.1:9", widget_origins=PORTAL, **more)
    hue = Agency(id="hue", name="UBND thành phố Huế", hotline="1900 1075", has_officers=True, origins=(HUE,))
    strict = Agency(
        id="strict", origins=(PORTAL,), privacy_url=NOTICE, privacy_version="2026-01", requires_consent=True
    )
    limits = httpx.Limits(max_connections=2_000)
    async with (
        httpx.AsyncClient(timeout=30, limits=limits) as http,
        assembled(
            configure(settings, Agencies((hue, strict))),
            folder=folder,
            bot=bot or ScriptedBot(echo),
            clock=SystemClock(),
            http=http,
        ) as whole,
        run_gateway(whole, port=port) as url,
    ):
        assert isinstance(whole.inbox, SqliteInbox)
        yield Stack(http, url, whole.inbox)


async def test_a_question_is_accepted_and_its_answer_comes_over_the_stream(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        page, key = stack.page(), str(uuid4())
        accepted = await page.post("lương cơ sở?", key=key)
        assert accepted.status_code == 202
        told = accepted.json()
        assert (told["id"], told["cursor"]) == (key, "0.0")
        [written, reply] = await page.until_replies(1)
        assert (written.name, written.data["id"], written.data["text"]) == ("message", key, "lương cơ sở?")
        assert reply.data["text"] == "Trả lời cho: lương cơ sở?"
        assert reply.data["notice"] is None  # the page says above the conversation that a machine answers
        assert (reply.data["message_id"], reply.data["status"]) == (key, "answered")


async def test_a_long_poll_waits_for_the_answer_and_goes_on_from_its_cursor(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(echo, delay_s=0.3)) as stack:
        page = stack.page()
        cursor = (await page.post("một")).json()["cursor"]
        first = (await page.poll(wait=10, after=cursor)).json()
        events = first["events"]
        if len(events) == 1:
            events += (await page.poll(wait=10, after=first["cursor"])).json()["events"]
        assert [event["event"] for event in events] == ["message", "reply"]
        rest = (await page.poll(after=events[-1]["id"])).json()
        assert rest["events"] == []


async def test_a_stream_that_is_open_hears_each_answer_once_and_resumes_where_it_stopped(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        page = stack.page()
        await page.post("một")
        async with page.stream() as events:
            assert [(await anext(events)).name for _ in range(2)] == ["message", "reply"]
            await page.post("hai")
            assert [(await anext(events)).name for _ in range(2)] == ["message", "reply"]
        await page.post("ba")
        resumed = await page.until_replies(1)
        assert [event.data["text"] for event in resumed] == ["ba", "Trả lời cho: ba"]
        page.cursor = None
        history = await page.until_replies(3)
        assert [event.data["text"] for event in history if event.name == "message"] == ["một", "hai", "ba"]


async def test_config_is_public_and_knows_the_agency(tmp_path: Path) -> None:
    async with running(tmp_path, privacy_url="https://tinh.gov.vn/du-lieu") as stack:
        response = await stack.http.get(f"{stack.url}{API}/config", params={"agency": "hue", "lang": "en"})
        assert response.headers["access-control-allow-origin"] == "*"
        assert response.headers["cache-control"] == "public, max-age=60"
        body = response.json()
        assert body["agency"] == {"id": "hue", "name": "UBND thành phố Huế", "hotline": "1900 1075"}
        assert (body["notice"], body["lang"], body["privacy_url"]) == (None, "en", None)
        assert body["words"]["validity_unknown"] == WORDING.text("gateway.validity_unknown", "en")
        default = (await stack.http.get(f"{stack.url}{API}/config")).json()
        assert (default["agency"]["id"], default["privacy_url"]) == ("default", "https://tinh.gov.vn/du-lieu")
        assert (await stack.http.get(f"{stack.url}{API}/config", params={"agency": "x"})).status_code == 404


async def test_shutting_down_ends_streams_at_once(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as exits:
        stack = await exits.enter_async_context(running(tmp_path))
        page = stack.page()
        await page.post("một")
        began = asyncio.get_running_loop().time()
        async with page.stream() as events:
            assert [(await anext(events)).name for _ in range(2)] == ["message", "reply"]
            closing = asyncio.create_task(exits.aclose())
            with pytest.raises((StopAsyncIteration, httpx.HTTPError)):
                await anext(events)
        await closing
        assert asyncio.get_running_loop().time() - began < 5


async def test_the_same_message_again_is_told_the_same_and_asked_once(tmp_path: Path) -> None:
    bot = ScriptedBot(echo)
    async with running(tmp_path, bot) as stack:
        first, again, key = stack.page(), stack.page(), str(uuid4())
        told = [(await first.post("một", key=key)).json(), (await again.post("một", key=key)).json()]
        assert told[0]["cursor"] == told[1]["cursor"]  # also without the token, which the page never received
        await again.until_replies(1)
        await first.post("hai", key=(second := str(uuid4())))
        await first.until_replies(2)
        repeated = (await first.post("hai", key=second)).json()
        rest = (await first.poll(after=repeated["cursor"])).json()["events"]
        assert [event["data"]["text"] for event in rest] == ["hai", "Trả lời cho: hai"]
        assert [turn.text for turn in bot.turns] == ["một", "hai"]


async def test_two_tabs_of_a_person_hear_each_other(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        one = stack.page()
        await one.post("một")
        await one.until_replies(1)
        two = Page(stack.http, stack.url, PORTAL, token=one.token, cursor=one.cursor)
        async with two.stream() as events:
            await one.post("hai")
            assert [(await anext(events)).data["text"] for _ in range(2)] == ["hai", "Trả lời cho: hai"]


async def test_what_another_process_wrote_into_the_store_is_told_too(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        page = stack.page()
        await page.post("một")
        await page.until_replies(1)
        async with page.stream() as events:
            other = SqliteInbox(tmp_path / "govchat.db", clock=SystemClock())
            await other.open()
            await asyncio.sleep(1.2)  # the first look has found nothing
            person = Sessions(SECRET).read(page.token or "", origin=PORTAL, now=SystemClock().now()).person
            await other.accept(
                InboundEvent("web", "default", person, "k", str(uuid4()), EventKind.TEXT, "từ xa", SystemClock().now())
            )
            await other.close()
            async with asyncio.timeout(5):
                assert (await anext(events)).data["text"] == "từ xa"


async def test_feedback_is_kept_for_answers_of_that_conversation_only(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        page, stranger = stack.page(), stack.page()
        await page.post("một")
        [_, reply] = await page.until_replies(1)
        await stranger.post("khác")
        message_id = reply.data["message_id"]
        assert (await page.feedback(message_id, useful=False, why=" thiếu mức phạt\x00 ")).status_code == 204
        assert (await stranger.feedback(message_id)).status_code == 404
        assert (await page.feedback(str(uuid4()))).status_code == 404
        assert (await stack.page().feedback(message_id)).status_code == 401
        for body, code in (
            ({"message_id": "7", "useful": True}, "invalid_message_id"),
            ({"message_id": message_id, "useful": "yes"}, "invalid_useful"),
            ({"message_id": message_id, "useful": True, "why": "x" * 501}, "invalid_why"),
        ):
            refused = await stack.http.post(f"{stack.url}{API}/feedback", json=body, headers=page.headers())
            assert (refused.status_code, refused.json()["error"]["code"]) == (400, code)
        [kept] = await stack.inbox.feedback()
        assert (kept.message_id, kept.is_useful, kept.why) == (message_id, False, "thiếu mức phạt")
        metrics = (await stack.http.get(f"{stack.url}/metrics")).text
        assert 'govchat_widget_feedback_total{useful="false"} 1.0' in metrics


async def test_a_deleted_conversation_is_empty_its_streams_end_and_its_token_is_void(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        page, key = stack.page(), str(uuid4())
        await page.post("số của tôi 0912345678", key=key)
        [_, reply] = await page.until_replies(1)
        await page.feedback(reply.data["message_id"], why="gọi 0912345678")
        async with page.stream() as events:
            assert (await page.delete()).status_code == 204
            with pytest.raises(StopAsyncIteration):
                await anext(events)
        for response in (await page.post("nữa"), await page.poll(), await page.feedback(key)):
            assert response.status_code in (401, 404)
        assert (await page.delete()).status_code == 204  # nothing is there any more
        fresh = stack.page()
        used = await fresh.post("số của tôi 0912345678", key=key)
        assert (used.status_code, used.json()["error"]["code"]) == (409, "used_id")
        assert "0912345678" not in "".join(contents(tmp_path / "govchat.db"))


async def test_a_conversation_that_is_deleted_while_the_bot_answers_stays_empty(tmp_path: Path) -> None:
    bot = ScriptedBot(echo, delay_s=0.5)
    async with running(tmp_path, bot) as stack:
        page = stack.page()
        await page.post("số của tôi 0912345678")
        await asyncio.sleep(0.2)
        assert (await page.delete()).status_code == 204
        await asyncio.sleep(0.6)
        assert (await page.poll()).status_code == 401
        assert "0912345678" not in "".join(contents(tmp_path / "govchat.db"))
        assert await stack.inbox.erasures() == []  # the bot forgets when no turn of it can be under way any more
        assert [turn.conversation in "".join(contents(tmp_path / "govchat.db")) for turn in bot.turns] == [True]


async def test_the_bot_forgets_what_was_deleted_before_the_gateway_was_killed(tmp_path: Path) -> None:
    bot = ScriptedBot(echo)
    async with running(tmp_path, bot) as stack:
        page, other = stack.page(), stack.page()
        await other.post("của người khác")
        await page.post("số của tôi 0912345678")
        await page.until_replies(1)
        await page.delete()
        assert bot.forgotten == []
    async with running(tmp_path, bot):
        async with asyncio.timeout(5):
            while not bot.forgotten:
                await asyncio.sleep(0.02)
    deleted = next(turn.conversation for turn in bot.turns if "0912345678" in turn.text)
    assert bot.forgotten == [deleted]
    assert deleted not in "".join(contents(tmp_path / "govchat.db"))


async def test_an_urgent_notice_reaches_open_streams_config_long_polls_and_the_form(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        page = stack.page()
        await page.post("một")
        await page.until_replies(1)
        storm = Notice("Bão <số 12>", "https://tinh.gov.vn/12", None)
        async with page.stream() as events:
            await stack.inbox.pin_notice("default", storm)  # as the command does in a process of its own
            async with asyncio.timeout(10):
                event = await anext(events)
                assert (event.id, event.name, event.data["text"]) == (None, "notice", "Bão <số 12>")
                await stack.inbox.pin_notice("default", None)
                assert (await anext(events)).data is None
            await stack.inbox.pin_notice("default", storm)
            assert (await anext(events)).data["url"] == "https://tinh.gov.vn/12"
        config = (await stack.http.get(f"{stack.url}{API}/config")).json()
        assert config["notice"] == {"text": "Bão <số 12>", "url": "https://tinh.gov.vn/12", "until": None}
        polled = (await page.poll()).json()["events"]
        assert [event["event"] for event in polled] == ["notice", "message", "reply"]
        assert "Bão &lt;số 12&gt;" in (await stack.http.get(f"{stack.url}/widget/v1/form")).text
        assert (await stack.http.get(f"{stack.url}{API}/config?agency=hue")).json()["notice"] is None


async def test_who_asks_for_an_officer_of_an_agency_may_leave_a_message(tmp_path: Path) -> None:
    def hand_over(turn: Turn) -> TurnResult:
        return TurnResult((Reply(AnswerStatus.HANDED_OVER, "gặp cán bộ"),))

    async with running(tmp_path, ScriptedBot(hand_over)) as stack:
        page = stack.page(HUE, agency="hue")
        await page.post("cho tôi gặp cán bộ")
        reply = (await page.until_replies(1))[-1].data
        leave = WORDING.text("gateway.leave_message", "vi")
        assert "1900 1075" in reply["text"]
        assert [button["text"] for button in reply["buttons"]] == [leave]
        await page.post(leave)
        await page.post("xin gọi lại cho tôi")
        await page.until_replies(2)
        [left] = await stack.inbox.left_messages()
        assert left.text == "xin gọi lại cho tôi"
        assert left.conversation.startswith("web:hue:")


async def test_each_session_and_each_address_has_its_measure(tmp_path: Path) -> None:
    async with running(tmp_path, proxy_count=1) as stack:
        page = stack.page()
        answers = [await page.post(str(number)) for number in range(21)]
        assert [answer.status_code for answer in answers] == [202] * 20 + [429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 3
        assert answers[-1].headers["access-control-allow-origin"] == PORTAL
        crowd = [stack.page() for _ in range(61)]
        given = {"x-forwarded-for": "6.6.6.6, 203.0.113.7"}  # the proxy adds the last one, people what they like
        statuses = []
        for one in crowd:
            body = {"id": str(uuid4()), "text": "x"}
            sent = await stack.http.post(f"{stack.url}{API}/messages", json=body, headers=one.headers(**given))
            statuses.append(sent.status_code)
        assert statuses == [202] * 60 + [429]
        other = stack.page()
        body = {"id": str(uuid4()), "text": "x"}
        given = {"x-forwarded-for": "203.0.113.7, 203.0.113.8"}
        sent = await stack.http.post(f"{stack.url}{API}/messages", json=body, headers=other.headers(**given))
        assert sent.status_code == 202


async def test_a_session_has_four_streams_and_the_fifth_is_told_to_wait(tmp_path: Path) -> None:
    async with running(tmp_path) as stack, contextlib.AsyncExitStack() as tabs:
        page = stack.page()
        await page.post("một")
        streams = []
        for _ in range(4):
            page.cursor = None
            streams.append(await tabs.enter_async_context(page.stream()))
            await anext(streams[-1])
        metrics = (await stack.http.get(f"{stack.url}/metrics")).text
        assert "govchat_widget_streams 4.0" in metrics
        refused = await page.poll()
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_streams")
        await tabs.aclose()
        for _ in range(100):
            if (await page.poll()).status_code == 200:
                break
            await asyncio.sleep(0.02)
        metrics = (await stack.http.get(f"{stack.url}/metrics")).text
        assert "govchat_widget_streams 0.0" in metrics


LOOK_ALIKES = [
    "null", "", "*", "https://tinh.gov.vn.evil.example", "https://evil.example/https://tinh.gov.vn", "http://tinh.gov.vn",
    "https://tinh.gov.vn:8443", "https://tinh.gov.vn:443", "https://TINH.gov.vn", "https://tinh.gov.vn.", "https://tinh.gov.vn/",
    "https://a.tinh.gov.vn", "https://gov.vn", "https://xtinh.gov.vn", "https://tinh-gov.vn", "https://tinh.gov.vn@evil.example",
    "https://tính.gov.vn", "https://tinh.gov.vn https://evil.example", "https://tinh.gov.vn, https://evil.example",
    "file://", "tinh.gov.vn", "//tinh.gov.vn", "https:tinh.gov.vn", "chrome-extension://abcdef",
]  # fmt: skip


async def test_an_origin_that_only_looks_like_that_of_an_agency_is_refused_everywhere(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        good = stack.page()
        await good.post("một")
        [written, _] = await good.until_replies(1)
        for origin in LOOK_ALIKES:
            evil = stack.page(origin)
            refused = [await evil.post("x")]
            evil.token = good.token  # stolen
            refused += [
                await evil.post("x"),
                await evil.poll(),
                await evil.feedback(written.data["id"]),
                await evil.delete(),
                await stack.http.request("OPTIONS", f"{stack.url}{API}/messages", headers=evil.headers()),
            ]
            for response in refused:
                assert response.status_code == 403, origin
                assert "access-control-allow-origin" not in response.headers, origin
        assert await stack.inbox.feedback() == []
        assert [event["event"] for event in (await good.poll()).json()["events"]] == ["message", "reply"]


@pytest.mark.parametrize("origin", [HUE, "https://chat.tinh.gov.vn"])
async def test_a_stolen_token_is_of_no_use_on_any_other_origin_that_is_allowed(tmp_path: Path, origin: str) -> None:
    """Neither on the page of another agency nor on the gateway's own."""
    async with running(tmp_path, public_url="https://chat.tinh.gov.vn") as stack:
        stack.http.headers["host"] = "chat.tinh.gov.vn"
        good = stack.page()
        await good.post("một")
        thief = stack.page(origin, token=good.token, agency="hue" if origin == HUE else None)
        for response in (await thief.post("x"), await thief.poll(), await thief.delete(), await thief.feedback("x")):
            assert response.status_code == 403
            assert response.json()["error"]["code"] == "foreign_token"


async def test_a_page_speaks_for_its_own_agency_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        assert (await stack.page(HUE).post("x")).status_code == 403  # for the default agency
        assert (await stack.page(PORTAL, agency="hue").post("x")).status_code == 403
        assert (await stack.page(HUE, agency="nobody").post("x")).status_code == 404
        page = stack.page(HUE, agency="hue")
        assert (await page.post("x")).status_code == 202
        page.agency = "default"
        swapped = await page.post("x")
        assert (swapped.status_code, swapped.json()["error"]["code"]) == (403, "foreign_token")


async def test_swapped_altered_and_expired_tokens_are_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        one, two = stack.page(), stack.page()
        await one.post("một")
        await two.post("hai")
        assert one.token and two.token
        (version, payload, signature), (_, other, _) = one.token.split("."), two.token.split(".")
        now = SystemClock().now()
        person = Sessions(SECRET).read(one.token, origin=PORTAL, now=now).person
        bad = [
            f"{version}.{other}.{signature}", f"{version}.{payload}.{signature[:-2]}AA", f"v2.{payload}.{signature}",
            f"{version}.{payload}", f"{version}.{payload}.", payload, "x", "v1..", "v1.….", f"{one.token}.{signature}",
            f"{version}.{payload}A.{signature}", "v1." + "A" * 5_000 + "." + signature, f"{one.token}\u00e9",
            Sessions(b"another secret key").issue("default", person, PORTAL, now)[0],
            Sessions(SECRET).issue("default", person, PORTAL, now - timedelta(hours=12))[0],
            Sessions(SECRET).issue("default", person, PORTAL, now + timedelta(hours=1))[0],
        ]  # fmt: skip
        for token in bad:
            page = stack.page(token=token)
            for response in (await page.post("x"), await page.poll(), await page.delete()):
                assert response.status_code == 401, token
                assert token not in response.text
        unknown = stack.page(token=Sessions(SECRET).issue("default", "somebody", PORTAL, now)[0])
        assert (await unknown.poll()).json()["error"]["code"] == "ended"
        renewed = stack.page(token=Sessions(SECRET).issue("default", person, PORTAL, now - timedelta(hours=11))[0])
        assert (await renewed.poll()).json()["token"] != renewed.token


@pytest.mark.parametrize(
    "key",
    ["1", "2", "", "00000000-0000-0000-0000-000000000001", "a" * 32, "12345678-1234-1234-1234-12345678901", 7, None,
     "0123456789abcdef0123456789abcdef\n", "../../etc/passwd", "01234567-89ab-cdef-0123-456789abcdeg"],
)  # fmt: skip
async def test_ids_that_could_be_guessed_or_counted_are_refused(tmp_path: Path, key: object) -> None:
    async with running(tmp_path) as stack:
        body = {"id": key, "text": "x"}
        response = await stack.http.post(f"{stack.url}{API}/messages", json=body, headers=stack.page().headers())
        assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_id")


async def test_cursors_of_others_and_odd_ones_tell_nothing_of_others(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        mine, other = stack.page(), stack.page()
        await other.post("của người khác")
        await mine.post("của tôi")
        await other.until_replies(1)
        await mine.until_replies(1)
        for after in ("0.0", "0.1", "1.0", other.cursor):
            assert "của người khác" not in (await mine.poll(after=after)).text
        for after in ("x", "1", "1.-1", "-1.0", "1.2.3", "9" * 30 + ".0", "١.٢", "1.0 OR 1=1"):
            assert (await mine.poll(after=after)).status_code == 400


async def test_a_preflight_allows_exactly_what_a_route_takes(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        for route, method in (
            ("messages", "POST"),
            ("events", "GET"),
            ("feedback", "POST"),
            ("conversation", "DELETE"),
        ):
            response = await stack.http.request(
                "OPTIONS", f"{stack.url}{API}/{route}",
                headers={"origin": HUE, "access-control-request-method": method},
            )  # fmt: skip
            assert response.status_code == 204
            allowed = {name: value for name, value in response.headers.items() if name.startswith("access-control-")}
            assert allowed == {
                "access-control-allow-origin": HUE,
                "access-control-allow-methods": method,
                "access-control-allow-headers": "authorization, content-type, last-event-id",
                "access-control-expose-headers": "retry-after",
                "access-control-max-age": "600",
            }
            assert response.headers["vary"] == "origin"
        unknown = await stack.http.request("OPTIONS", f"{stack.url}{API}/config", headers={"origin": HUE})
        assert "access-control-allow-methods" not in unknown.headers


async def test_the_gateways_own_page_reads_without_an_origin_and_writes_with_one(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        page = stack.page(stack.url)
        assert (await page.post("một")).status_code == 202
        page.origin = None  # browsers name none when a page reads from its own origin
        assert (await page.poll()).status_code == 200
        assert (await page.delete()).status_code == 403
        assert (await page.post("hai")).status_code == 403
        foreign = page.headers(**{"sec-fetch-site": "cross-site", "accept": "application/json"})
        assert (await stack.http.get(f"{stack.url}{API}/events", headers=foreign)).status_code == 403
        portal = stack.page()
        await portal.post("ba")
        portal.origin = None
        assert (await portal.poll()).status_code == 403  # its token is of the portal, not of the gateway's page


async def test_under_the_public_host_only_the_public_scheme_counts(tmp_path: Path) -> None:
    async with running(tmp_path, public_url="https://chat.tinh.gov.vn") as stack:
        stack.http.headers["host"] = "chat.tinh.gov.vn"
        assert (await stack.page("https://chat.tinh.gov.vn").post("x")).status_code == 202
        assert (await stack.page("http://chat.tinh.gov.vn").post("x")).status_code == 403


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


async def test_where_consent_is_required_no_message_is_taken_or_kept_before_it(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        facts = (await stack.http.get(f"{stack.url}{API}/config", params={"agency": "strict"})).json()
        assert (facts["requires_consent"], facts["privacy_version"], facts["privacy_url"]) == (True, "2026-01", NOTICE)
        page, key = stack.page(agency="strict"), str(uuid4())
        refused = await page.post("số của tôi 0912345678", key=key)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "consent_required")
        assert refused.headers["access-control-allow-origin"] == PORTAL
        assert page.token is None
        assert "0912345678" not in "".join(contents(tmp_path / "govchat.db"))
        assert await stack.inbox.consents() == []
        assert (await page.post("một", key=key, consent=AGREED)).status_code == 202
        again = stack.page(agency="strict")
        assert (await again.post("một", key=key)).status_code == 202  # its answer was lost: the same conversation
        assert (await page.post("hai")).status_code == 202  # asked once
        [reply] = [event for event in await page.until_replies(2) if event.data.get("text") == "Trả lời cho: hai"]
        [kept] = await stack.inbox.consents()
        assert (kept.agency, kept.lang, kept.notice, kept.version) == ("strict", "vi", NOTICE, "2026-01")
        assert reply.data["at"] > kept.given_at.isoformat()


async def test_of_a_deleted_conversation_stays_only_that_somebody_agreed_and_withdrew(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        page = stack.page(agency="strict")
        await page.post("một", consent=AGREED)
        await page.until_replies(1)  # else the bot is told when the turn is over
        person = Sessions(SECRET).read(page.token or "", origin=PORTAL, now=SystemClock().now()).person
        await page.delete()
        [kept] = await stack.inbox.consents(f"web:strict:{person}")
        assert kept.withdrawn_at is not None
    async with running(tmp_path), asyncio.timeout(20):  # the bot forgets at the start
        while person in "".join(contents(tmp_path / "govchat.db")):
            await asyncio.sleep(0.1)


async def test_a_message_that_a_deletion_overtakes_is_not_taken_on_the_consent_that_it_withdrew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = SqliteInbox.accept

    async def after_a_deletion(self: SqliteInbox, event: InboundEvent, **more: bool) -> Acceptance:
        await self.forget(event.conversation, before=SystemClock().now() + timedelta(seconds=1))
        return await accept(self, event, **more)

    async with running(tmp_path) as stack:
        page = stack.page(agency="strict")
        await page.post("một", consent=AGREED)
        monkeypatch.setattr(SqliteInbox, "accept", after_a_deletion)
        refused = await page.post("số của tôi 0912345678")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "consent_required")
        assert "0912345678" not in "".join(contents(tmp_path / "govchat.db"))


async def test_a_conversation_from_before_the_requirement_is_asked_for_consent_too(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        page = stack.page()
        await page.post("một", consent={"lang": "vi"})
        other = stack.page()
        await other.post("một")
        await other.until_replies(1)
    async with running(tmp_path, require_consent=True, privacy_url=NOTICE) as stack:
        page.http = other.http = stack.http
        page.url = other.url = stack.url
        assert (await page.post("hai")).status_code == 202
        assert (await other.post("hai")).status_code == 409
        assert (await other.poll()).status_code == 200  # what was said can be read, and deleted
        assert (await other.post("hai", consent=AGREED)).status_code == 202


async def test_where_consent_is_required_the_plain_chat_of_the_first_page_takes_no_question_either(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, require_consent=True, privacy_url=NOTICE) as stack:
        address, body = f"{stack.url}/api/v1/answers", {"question": "một"}
        refused = await stack.http.post(address, json=body, headers={"origin": stack.url})
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "consent_required")
        assert (await stack.http.post(address, json=body)).status_code == 200  # a server asks its people itself
        shown = (await stack.http.get(f"{stack.url}/")).text
        assert 'aria-labelledby="log-title" hidden>' in shown
        assert "<gov-chat" in shown
    async with running(tmp_path) as stack:
        assert 'aria-labelledby="log-title">' in (await stack.http.get(f"{stack.url}/")).text


async def test_the_form_asks_for_consent_says_when_it_is_missing_and_loses_no_word(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        address = f"{stack.url}/widget/v1/form"
        shown = (await stack.http.get(address, params={"agency": "strict"})).text
        names = ("id", "agency", "lang", "token", "notice", "version")
        fields = {name: hidden(shown, name) for name in names}
        assert (fields["notice"], fields["version"]) == (NOTICE, "2026-01")
        refused = await stack.http.post(address, data={**fields, "text": "một <b>"})
        assert refused.status_code == 409
        assert html.escape(WORDING.text("widget.consent_missing", "vi")) in refused.text
        assert ">một &lt;b&gt;</textarea>" in refused.text
        assert 'name="consent" value="yes" required>' in refused.text
        assert await stack.inbox.consents() == []
        fields = {name: hidden(refused.text, name) for name in names}
        blank = await stack.http.post(address, data={**fields, "text": " ", "consent": "yes"})
        assert 'name="consent" value="yes" required checked>' in blank.text
        sent = await stack.http.post(address, data={**fields, "text": "một", "consent": "yes"})
        assert "Trả lời cho: một" in sent.text
        assert "checkbox" not in sent.text
        [kept] = await stack.inbox.consents()
        assert (kept.notice, kept.version, kept.lang) == (NOTICE, "2026-01", "vi")
        fields = {name: hidden(sent.text, name) for name in ("id", "agency", "lang", "token")}
        assert "Trả lời cho: hai" in (await stack.http.post(address, data={**fields, "text": "hai"})).text
        over = await stack.http.post(address, data={**fields, "token": "x", "text": "ba"})
        assert (over.status_code, hidden(over.text, "token")) == (401, "")
        assert 'name="consent" value="yes" required>' in over.text  # what is sent next begins a conversation
        forged = {**fields, "text": "x", "consent": "yes", "notice": "javascript:alert(1)"}
        assert (await stack.http.post(address, data=forged)).status_code == 400


async def test_a_conversation_can_be_deleted_from_the_form(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        address = f"{stack.url}/widget/v1/form"
        fields = {"id": str(uuid4()), "agency": "", "lang": "vi", "token": "", "text": "số của tôi 0912345678"}
        sent = await stack.http.post(address, data=fields)
        fields = {name: hidden(sent.text, name) for name in ("id", "agency", "lang", "token")}
        deleted = await stack.http.post(address, data={**fields, "text": "một nửa câu", "delete": "yes"})
        assert deleted.status_code == 200
        assert html.escape(WORDING.text("widget.deleted", "vi")) in deleted.text
        assert (hidden(deleted.text, "token"), "0912345678" in deleted.text) == ("", False)
        assert "0912345678" not in "".join(contents(tmp_path / "govchat.db"))


async def test_a_form_that_lay_too_long_to_delete_says_when_the_conversation_goes(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        address = f"{stack.url}/widget/v1/form"
        old = Sessions(SECRET).issue("strict", "somebody", stack.url, SystemClock().now() - TOKEN_LIFE)[0]
        fields = {"id": str(uuid4()), "agency": "strict", "lang": "vi", "token": old, "text": "", "delete": "yes"}
        late = await stack.http.post(address, data=fields, headers={"origin": stack.url})
        assert (late.status_code, late.headers["content-type"].partition(";")[0]) == (401, "text/html")
        assert html.escape(WORDING.text("widget.delete_expired", "vi")) in late.text
        assert hidden(late.text, "token") == ""
        assert 'name="consent" value="yes" required>' in late.text


async def test_the_form_answers_without_script_and_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        address = f"{stack.url}/widget/v1/form"
        shown = await stack.http.get(address, params={"agency": "hue", "lang": "en"})
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert "script" not in shown.headers["content-security-policy"] + shown.text
        assert shown.headers["referrer-policy"] == "same-origin"  # no-referrer would send the form with Origin: null
        fields = {name: hidden(shown.text, name) for name in ("id", "agency", "lang", "token")}
        assert (fields["agency"], fields["lang"], fields["token"]) == ("hue", "en", "")
        sent = await stack.http.post(address, data={**fields, "text": "<b>một</b>"}, headers={"origin": stack.url})
        assert sent.status_code == 200
        assert "Trả lời cho: &lt;b&gt;một&lt;/b&gt;" in sent.text
        assert "<b>" not in sent.text
        assert WORDING.text("widget.machine", "en") in html.unescape(sent.text)
        again = await stack.http.post(address, data={**fields, "text": "<b>một</b>"})  # sent twice, no origin
        assert again.text.count("Trả lời cho:") == 1
        fields = {name: hidden(sent.text, name) for name in ("id", "agency", "lang", "token")}
        more = await stack.http.post(address, data={**fields, "text": "hai"}, headers={"origin": stack.url})
        assert more.text.count("Trả lời cho:") == 2


async def test_only_the_form_itself_can_be_sent(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        address = f"{stack.url}/widget/v1/form"
        fields = {"id": str(uuid4()), "agency": "", "lang": "vi", "token": "", "text": "x"}
        foreign = [{"origin": origin} for origin in ("null", PORTAL, "https://evil.example")]
        for headers in (*foreign, {"sec-fetch-site": "cross-site"}):
            assert (await stack.http.post(address, data=fields, headers=headers)).status_code == 403
        stolen = stack.page()
        await stolen.post("một")
        taken = await stack.http.post(address, data={**fields, "token": stolen.token or ""})
        assert (taken.status_code, hidden(taken.text, "token")) == (403, "")
        assert "một" not in taken.text
        assert (await stack.http.post(address, data={**fields, "id": "1"})).status_code == 400
        assert (await stack.http.post(address, data={**fields, "agency": "nobody"})).status_code == 404
        blank = await stack.http.post(address, data={**fields, "text": " \u200b"})
        assert html.escape(WORDING.text("gateway.empty_text", "vi")) in blank.text
        assert (await stack.http.post(address, content=b"\xff\xfe=%zz&&&text=%00")).status_code == 400
        assert (await stack.http.get(address, params={"agency": "nobody"})).status_code == 404


async def test_files_are_compressed_tagged_and_kept_where_their_names_hold_a_hash(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        base = f"{stack.url}/widget/v1"
        digests = (await stack.http.get(f"{base}/integrity.json")).json()
        for name, digest in digests.items():
            plain = await stack.http.get(f"{base}/{name}", headers={"accept-encoding": "identity"})
            packed = await stack.http.get(f"{base}/{name}", headers={"accept-encoding": "gzip"})
            assert packed.headers["content-encoding"] == "gzip"
            assert packed.content == plain.content
            assert f"sha384-{base64.b64encode(hashlib.sha384(plain.content).digest()).decode()}" == digest
            assert plain.headers["access-control-allow-origin"] == "*"
            assert plain.headers["cross-origin-resource-policy"] == "cross-origin"
            tag = packed.headers["etag"]
            same = await stack.http.get(f"{base}/{name}", headers={"if-none-match": tag, "accept-encoding": "gzip"})
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
            is_hashed = re.search(r"-[0-9a-f]{12}\.", name) is not None
            assert ("immutable" in plain.headers["cache-control"]) == is_hashed
        for name in ("../web/desk.py", "..%2fdesk.py", "__init__.py", "nothing.js"):
            assert (await stack.http.get(f"{base}/{name}")).status_code == 404


async def test_no_log_holds_a_text_a_token_a_conversation_or_an_address(tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as logs:
        async with running(tmp_path) as stack:
            page = stack.page()
            await page.post("số của tôi 0912345678")
            [_, reply] = await page.until_replies(1)
            await page.feedback(reply.data["message_id"], useful=False, why="lý do riêng")
            async with page.stream() as events:
                await anext(events) if page.cursor is None else None
                await stack.inbox.close()
                assert (await page.post("mất kho")).status_code == 503
                await stack.inbox.open()
            await page.delete()
            person = Sessions(SECRET).read(page.token or "", origin=PORTAL, now=SystemClock().now()).person
    told = str(logs)
    assert {"turn_finished", "conversation_forgotten"} <= {log["event"] for log in logs}
    for secret in ("0912345678", "lý do riêng", "mất kho", page.token, person, reply.data["message_id"], "127.0.0.1"):
        assert secret and secret not in told


async def test_answers_are_as_documented(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        page = stack.page()
        matches("WidgetAccepted", (await page.post("một")).json())
        for event in await page.until_replies(1):
            matches({"message": "WidgetWritten", "reply": "WidgetReply"}[event.name], event.data)
        await stack.inbox.pin_notice("default", Notice("Bão", None, SystemClock().now() + timedelta(hours=1)))
        await asyncio.sleep(2.1)
        matches("WidgetEvents", (await page.poll()).json())
        matches("WidgetConfig", (await stack.http.get(f"{stack.url}{API}/config")).json())
        matches("Error", (await page.poll(after="x")).json())
        matches("Readiness", (await stack.http.get(f"{stack.url}/health/ready")).json())
