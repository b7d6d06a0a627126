"""Doctor and set-up against the running gateway and both fakes: what is missing is found, set, and then works."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.reply import AnswerStatus, Reply, Turn, TurnResult
from bot.wording import Wording
from channels.buttons import Buttons
from channels.clock import SystemClock
from channels.configuration import configure
from channels.doctor import Check, State, Tools, examine
from channels.messenger.subscription import NEEDED_FIELDS, WANTED_FIELDS
from channels.profile_setup import setup_messenger, setup_zalo
from channels.settings import GatewaySettings
from channels.testing import FakeGraph, FakeZalo, PageIds, ScriptedBot, ZaloIds, one_oa, one_page, serve, sign_messenger
from channels.testing.gateway import SECRET, assembled, running

pytestmark = pytest.mark.integration

WORDING = Wording.load(Path(__file__).parents[2] / "data" / "wording")
OURS, PAGES = ZaloIds(), PageIds()


@dataclass
class Stack:
    tools: Tools
    zalo: FakeZalo
    graph: FakeGraph
    asked: list[str]
    url: str

    async def failing(self) -> dict[str, Check]:
        checks = await examine(self.tools)
        return {f"{each.subject} {each.name}": each for each in checks if each.state is State.FAILS}

    async def set_up(self) -> tuple[int, list[str]]:
        said: list[str] = []
        status = await setup_messenger(
            self.tools.configuration.directory.messenger.values(), http=self.tools.http,
            api_url=self.tools.configuration.settings.messenger_api_url,
            wording=WORDING, buttons=self.tools.buttons, tell=said.append,
        )  # fmt: skip
        return status, said


@asynccontextmanager
async def stack(folder: Path) -> AsyncIterator[Stack]:
    zalo, graph, clock, asked = one_oa(), one_page(), SystemClock(), []

    def reply(turn: Turn) -> TurnResult:
        asked.append(turn.text)
        return TurnResult((Reply(AnswerStatus.ANSWERED, "Trả lời"),), intent="ask_policy", snapshot="s1")

    async with (
        httpx.AsyncClient(timeout=30) as http,
        serve(zalo.app()) as zalo_url,
        serve(graph.app()) as graph_url,
    ):
        configuration = configure(
            GatewaySettings(
                _env_file=None, zalo_api_url=zalo_url, zalo_oauth_url=zalo_url, messenger_api_url=graph_url,
                actions_url=zalo_url, operator_key="o" * 16,
                zalo_app_id=OURS.app_id, zalo_oa_id=OURS.oa_id, zalo_oa_secret_key=OURS.oa_secret_key,
                zalo_app_secret=OURS.app_secret, zalo_access_token=OURS.access_token,
                messenger_app_id=PAGES.app_id, messenger_app_secret=PAGES.app_secret,
                messenger_verify_token=PAGES.verify_token, messenger_page_id=PAGES.page_id,
                messenger_page_token=PAGES.page_token,
            )
        )  # fmt: skip

        async def access_token(account: object) -> str | None:
            return OURS.access_token

        async with (
            assembled(configuration, folder=folder, bot=ScriptedBot(reply), clock=clock, http=http) as whole,
            running(whole) as url,
        ):
            tools = Tools(
                configuration=configuration, http=http, clock=clock, wording=WORDING, buttons=Buttons(SECRET),
                access_token=access_token, gateway_url=url,
            )  # fmt: skip
            yield Stack(tools, zalo, graph, asked, url)


async def test_a_fresh_page_fails_for_its_profile_alone_and_is_whole_after_the_set_up(tmp_path: Path) -> None:
    async with stack(tmp_path) as made:
        assert list(await made.failing()) == [f"messenger:{PAGES.page_id} profile"]
        status, _ = await made.set_up()
        assert status == 0
        assert await made.failing() == {}
        _, said = await made.set_up()
        assert {line.partition(": ")[2] for line in said[1:]} == {"unchanged"}
        assert not made.asked, "nothing that the doctor sends is a question"


async def test_a_lost_subscription_is_found_and_comes_back_with_the_set_up(tmp_path: Path) -> None:
    async with stack(tmp_path) as made:
        made.graph.subscribe(PAGES.app_id, PAGES.page_id, frozenset())
        assert f"messenger:{PAGES.page_id} subscription" in await made.failing()
        await made.set_up()
        assert made.graph.subscription(PAGES.app_id, PAGES.page_id) >= WANTED_FIELDS > NEEDED_FIELDS
        assert await made.failing() == {}


async def test_a_tap_on_each_ice_breaker_and_menu_item_is_the_question_that_it_stands_for(tmp_path: Path) -> None:
    async with stack(tmp_path) as made:
        await made.set_up()
        profile = made.graph.pages[PAGES.page_id].profile
        taps = [
            (tap.get("title", tap.get("question")), tap["payload"])
            for name in ("ice_breakers", "persistent_menu")
            for entry in profile[name]
            if entry["locale"] == "default"
            for tap in entry["call_to_actions"]
        ]
        for number, (title, payload) in enumerate(taps):
            item = {
                "sender": {"id": f"2000000000000{number:02}"}, "recipient": {"id": PAGES.page_id},
                "timestamp": int(time.time() * 1000),
                "postback": {"mid": f"m_tap{number}", "title": title, "payload": payload},
            }  # fmt: skip
            await post(made, item)
        for _ in range(1000):
            if len(made.asked) == len(taps):
                break
            await asyncio.sleep(0.02)
        expected = [WORDING.text(f"profile.question_{number}") for number in range(1, 5)]
        expected += [WORDING.text(key) for key in WORDING.keys("profile") if key.endswith("_text")]
        assert sorted(made.asked) == sorted(expected)


async def post(made: Stack, item: dict[str, object]) -> None:
    body = json.dumps(
        {"object": "page", "entry": [{"id": PAGES.page_id, "time": item["timestamp"], "messaging": [item]}]}
    ).encode()
    headers = sign_messenger(body, app_secret=PAGES.app_secret)
    answer = await made.tools.http.post(f"{made.url}/webhooks/messenger", content=body, headers=headers)
    assert answer.status_code == 200


async def test_the_menu_of_the_oa_reaches_zalo_only_when_the_api_is_tried(tmp_path: Path) -> None:
    async with stack(tmp_path) as made:
        for tries_api in (False, True):
            status = await setup_zalo(
                made.tools.configuration.directory.zalo.values(), http=made.tools.http,
                api_url=made.tools.configuration.settings.zalo_api_url, wording=WORDING,
                access_token=made.tools.access_token, tell=lambda line: None, tries_api=tries_api,
            )  # fmt: skip
            assert status == 0
            assert (made.zalo.accounts[OURS.oa_id].menu is not None) is tries_api
