"""The fakes behind real sockets, and what a transport does with hosts that nobody plays."""

import asyncio

import httpx
import pytest

from channels.testing import FakeZalo, PlatformTransport, ZaloIds, in_process, serve
from channels.testing.exchange import Answer, Call

ZALO = ZaloIds()
HEADERS = {"access_token": ZALO.access_token}


async def test_a_served_fake_answers_and_shows_what_arrived(zalo: FakeZalo) -> None:
    zalo.phone(ZALO.oa_id, "7000000000000000001").sends_text("a")
    body = {"recipient": {"user_id": "7000000000000000001"}, "message": {"text": "chào"}}
    async with serve(zalo.app()) as url, httpx.AsyncClient(timeout=10) as http:
        answer = (await http.post(f"{url}/v3.0/oa/message/cs", json=body, headers=HEADERS)).json()
        [shown] = (await http.get(f"{url}/arrived")).json()
    assert (shown["id"], shown["message"]) == (answer["data"]["message_id"], {"text": "chào"})


async def test_a_served_fake_that_is_down_or_loses_answers_gives_none(zalo: FakeZalo) -> None:
    async with serve(zalo.app()) as url, httpx.AsyncClient(timeout=10) as http:
        zalo.api.is_down = True
        with pytest.raises(httpx.TransportError):
            await http.get(f"{url}/v2.0/oa/getoa", headers=HEADERS)
        zalo.api.is_down = False
        zalo.api.lose_next()
        with pytest.raises(httpx.ReadTimeout):
            await http.get(f"{url}/v2.0/oa/getoa", headers=HEADERS, timeout=0.2)
        assert (await http.get(f"{url}/v2.0/oa/getoa", headers=HEADERS)).json()["error"] == 0


async def test_a_host_that_nobody_plays_refuses_the_connection(zalo: FakeZalo) -> None:
    async with httpx.AsyncClient(transport=in_process(zalo)) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get("https://graph.facebook.com/")


class Slow:
    """A platform that has to wait for something."""

    async def handle(self, call: Call) -> Answer:
        await asyncio.sleep(0)
        return Answer(200, {})

    def arrived_as_json(self) -> list[dict[str, object]]:
        return []


def test_a_call_that_waits_is_no_call_for_a_client_that_blocks() -> None:
    with httpx.Client(transport=PlatformTransport({"slow": Slow()})) as http, pytest.raises(RuntimeError):
        http.get("https://slow/")
