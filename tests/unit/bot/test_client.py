"""RasaClient: every way a turn can fail becomes one of two errors."""

import asyncio
import json
from datetime import date

import httpx
import pytest

from bot.client import RasaClient
from bot.reply import AnswerStatus, BotRefused, BotUnavailable, Button, Reply, Turn, TurnResult

TURN = Turn(
    conversation="api:1",
    message_id="m1",
    text="lương cơ sở?",
    channel="api",
    lang="en",
    as_of=date(2026, 7, 1),
    sources=("congbao.chinhphu.vn",),
)
REPLY = Reply(AnswerStatus.CHATTED, "Chào", buttons=(Button("Hỏi", "hỏi gì"),), lang="vi")


def client_on(answer) -> RasaClient:
    return RasaClient("http://bot.test", timeout_s=1.0, transport=httpx.MockTransport(answer))


async def test_a_turn_travels_with_its_language_day_and_scope_and_comes_back_as_replies():
    asked = []

    def answer(request):
        asked.append((request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"replies": [REPLY.to_wire()], "intent": "greet", "snapshot": "s1"})

    async with client_on(answer) as client:
        result = await client.ask(TURN)
    assert result == TurnResult(replies=(REPLY,), intent="greet", snapshot="s1")
    assert asked == [
        (
            "/webhooks/gateway/turn",
            {
                "conversation": "api:1",
                "message_id": "m1",
                "text": "lương cơ sở?",
                "channel": "api",
                "lang": "en",
                "as_of": "2026-07-01",
                "sources": ["congbao.chinhphu.vn"],
            },
        )
    ]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
async def test_a_bot_in_trouble_is_unavailable(status):
    async with client_on(lambda request: httpx.Response(status, json={"error": "down"})) as client:
        with pytest.raises(BotUnavailable):
            await client.ask(TURN)


@pytest.mark.parametrize("status", [400, 404, 413])
async def test_a_refused_request_is_not_worth_repeating(status):
    async with client_on(lambda request: httpx.Response(status, json={"error": "no"})) as client:
        with pytest.raises(BotRefused):
            await client.ask(TURN)


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
async def test_a_lost_connection_is_unavailable(error):
    def answer(request):
        raise error("gone")

    async with client_on(answer) as client:
        with pytest.raises(BotUnavailable):
            await client.ask(TURN)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"replies": []}',
        b'{"replies": ["text"]}',
        b'{"replies": [{"version": 99, "status": "chatted", "text": "x", "lang": "vi"}]}',
        b'{"replies": [{"version": 1, "status": "unheard of", "text": "x", "lang": "vi"}]}',
    ],
)
async def test_an_empty_or_unreadable_answer_is_a_failure(body):
    async with client_on(lambda request: httpx.Response(200, content=body)) as client:
        with pytest.raises(BotUnavailable):
            await client.ask(TURN)


async def test_the_wish_to_forget_travels_in_the_body_where_no_log_of_addresses_shows_it():
    asked = []

    def answer(request):
        asked.append((request.method, request.url.path, json.loads(request.content)))
        return httpx.Response(204)

    async with client_on(answer) as client:
        await client.forget("zalo:9:1")
    assert asked == [("POST", "/webhooks/gateway/forget", {"conversation": "zalo:9:1"})]


@pytest.mark.parametrize(("status", "error"), [(503, BotUnavailable), (400, BotRefused), (404, BotRefused)])
async def test_what_was_not_forgotten_is_a_failure(status, error):
    async with client_on(lambda request: httpx.Response(status, json={"error": "no"})) as client:
        with pytest.raises(error):
            await client.forget("zalo:9:1")


async def test_check_passes_when_a_model_is_loaded_and_fails_before():
    async with client_on(lambda request: httpx.Response(200, json={"status": "ok"})) as client:
        await client.check()
    async with client_on(lambda request: httpx.Response(503, json={"status": "no model"})) as client:
        with pytest.raises(BotUnavailable):
            await client.check()


async def test_a_proxy_of_the_environment_never_hears_what_people_write(monkeypatch):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with RasaClient(f"http://127.0.0.1:{port}") as bot:
            await bot.check()
