"""The gateway is stopped, and killed, while people write and wait: nothing is lost, and nothing told twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections import Counter
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from channels.testing import ScriptedBot, serve
from tests.integration.test_gateway_crash import free_port, gateway, stub_bot
from tests.integration.test_widget_api import PORTAL, echo, running
from tests.integration.widget_page import Page

pytestmark = pytest.mark.integration

MESSAGES = 4
PATIENCE_S = 120


class Client:
    """A page as the widget's script behaves: sends until it is told 202, reads on wherever its stream broke."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.breaks = 0  # of its stream, before all was told
        self.texts = [f"câu {number} {uuid4().hex[:6]}" for number in range(MESSAGES)]

    async def write(self) -> None:
        for text in self.texts:
            key = str(uuid4())
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    response = await self.page.post(text, key=key)
                    if response.status_code == 202:
                        break
                    assert response.status_code in (429, 503), response.text
                await asyncio.sleep(0.1)
            await asyncio.sleep(random.random() * 0.5)

    async def follow(self) -> None:
        while self.page.token is None:
            await asyncio.sleep(0.02)
        while not self.is_told:
            with contextlib.suppress(httpx.HTTPError, AssertionError):
                async with self.page.stream() as events:
                    async for _ in events:
                        if self.is_told:
                            return
            self.breaks += 1
            await asyncio.sleep(0.1)

    @property
    def is_told(self) -> bool:
        return sum(event.name == "reply" for event in self.page.read) >= len(self.texts)

    def check(self, answer: str) -> None:
        written = [event.data["text"] for event in self.page.read if event.name == "message"]
        told = [event.data["text"] for event in self.page.read if event.name == "reply"]
        assert written == self.texts
        assert told == [f"{answer} {text}" for text in self.texts]


async def test_a_gateway_that_is_stopped_under_load_loses_no_message_and_tells_none_twice(tmp_path: Path) -> None:
    port = free_port()
    limits = httpx.Limits(max_connections=500)
    async with httpx.AsyncClient(timeout=20, limits=limits) as http:
        clients = [Client(Page(http, f"http://127.0.0.1:{port}", PORTAL)) for _ in range(60)]
        work: list[asyncio.Task[None]] = []
        for begin in range(3):
            async with running(tmp_path, ScriptedBot(echo, delay_s=0.05), port=port):
                if begin == 0:
                    work = [
                        asyncio.create_task(each) for client in clients for each in (client.write(), client.follow())
                    ]
                    async with asyncio.timeout(PATIENCE_S):
                        while not all(client.page.token for client in clients):  # each has a stream, which will break
                            await asyncio.sleep(0.02)
                await asyncio.sleep(1.0)
        async with running(tmp_path, ScriptedBot(echo, delay_s=0.05), port=port) as stack, asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*work)
            for client in clients:
                client.check("Trả lời cho:")
            assert all(client.breaks for client in clients)
            await asyncio.sleep(1.5)
            again = Page(http, stack.url, PORTAL, token=clients[0].page.token)
            history = await again.until_replies(MESSAGES)
            assert Counter(event.name for event in history) == {"message": MESSAGES, "reply": MESSAGES}


async def test_a_gateway_that_is_killed_under_load_loses_no_message_and_tells_none_twice(tmp_path: Path) -> None:
    port = free_port()
    limits = httpx.Limits(max_connections=500)
    async with serve(stub_bot()) as bot_url, httpx.AsyncClient(timeout=20, limits=limits) as http:
        environment = {
            **os.environ, "GOVCHAT_PORT": str(port), "GOVCHAT_DATABASE_URL": f"sqlite:///{tmp_path / 'govchat.db'}",
            "GOVCHAT_BOT_URL": bot_url, "GOVCHAT_SECRET_KEY": "0123456789abcdef", "GOVCHAT_WIDGET_ORIGINS": PORTAL,
        }  # fmt: skip
        clients = [Client(Page(http, f"http://127.0.0.1:{port}", PORTAL)) for _ in range(40)]
        work = [asyncio.create_task(each) for client in clients for each in (client.write(), client.follow())]
        for pause_s in (0.5, 1.0):
            async with gateway(environment, http):
                await asyncio.sleep(pause_s)
        async with gateway(environment, http), asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*work)
        for client in clients:
            client.check("answer to")
        assert any(client.breaks for client in clients)
