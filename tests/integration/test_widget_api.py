"""The widget's interface at the whole gateway on loopback, with a scripted bot and a real SQLite inbox."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from bot.reply import AnswerStatus, Reply, Turn, TurnResult
from bot.wording import Wording
from channels.agencies_file import Agencies
from channels.agency import Agency
from channels.clock import SystemClock
from channels.configuration import configure
from channels.inbox.sqlite import SqliteInbox
from channels.ports import Bot
from channels.settings import GatewaySettings
from channels.testing import ScriptedBot
from channels.testing.gateway import assembled
from channels.testing.gateway import running as run_gateway
from tests.integration.widget_page import API, Page

pytestmark = pytest.mark.integration

WORDING = Wording.load(Path(__file__).parents[2] / "data" / "wording")
PORTAL, HUE = "https://tinh.gov.vn", "https://hue.gov.vn"


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
    limits = httpx.Limits(max_connections=2_000)
    async with (
        httpx.AsyncClient(timeout=30, limits=limits) as http,
        assembled(
            configure(settings, Agencies((hue,))),
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
        assert reply.data["notice"] == WORDING.text("gateway.machine_notice", "vi")
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
