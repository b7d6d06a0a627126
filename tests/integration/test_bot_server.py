"""The bot as a process: real Rasa, model, connector and client, and an action server that the test commands."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from bot.client import RasaClient
from bot.reply import AnswerStatus, BotRefused, BotUnavailable, Reply, Turn

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / "bot/.venv/bin/python"
START_S = 90


class Actions(ThreadingHTTPServer):
    """An action server that says which action it was and what the tracker held; or fails as told."""

    def __init__(self):
        self.mode = "answer"
        self.asked = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        call = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(call)
        reply = Reply(AnswerStatus.CLARIFY_VAGUE, call["next_action"]).to_wire()
        bodies = {
            "answer": {"events": [], "responses": [{"custom": {"reply": reply, "snapshot": "s1"}}]},
            "english": {
                "events": [{"event": "slot", "name": "lang", "value": "en"}],
                "responses": [{"custom": {"reply": reply, "snapshot": None}}],
            },
            "silent": {"events": [], "responses": []},
            "wrong": {"events": [], "responses": [{"custom": {"reply": {"version": 99}}}]},
            "malformed": {"events": "none", "responses": []},
        }
        self.server.may_answer.wait(10)
        self.send_response(200 if self.server.mode in bodies else 500)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(bodies.get(self.server.mode, {"error": "broken"})).encode())

    def log_message(self, *args):
        pass


@dataclass(frozen=True)
class Bot:
    url: str
    folder: Path

    def remembers(self, words):
        """Whether the words stand in any file of its memory, as bytes."""
        return any(words.encode() in file.read_bytes() for file in self.folder.glob("tracker.db*"))


@pytest.fixture(scope="module")
def actions():
    server = Actions()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def bot(actions, tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("run")
    log = (folder / "bot.log").open("w+")
    process = subprocess.Popen(
        [str(PYTHON), "-m", "bot"],
        cwd=ROOT,
        env={
            **os.environ,
            "GOVCHAT_BOT_PORT": str(port),
            "GOVCHAT_RUN_DIR": str(folder),
            "GOVCHAT_ACTIONS_URL": f"http://127.0.0.1:{actions.server_port}/webhook",
        },
        stdout=log,
        stderr=log,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, process, log)
        yield Bot(url, folder)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) in (0, -signal.SIGTERM)
        log.seek(0)
        logged = log.read()
        assert "lương cơ sở" not in logged, "message text must not be logged"
        assert "t:deleted" not in logged, "neither are the keys of conversations"
        assert (folder / "tracker.db").exists()
    finally:
        process.kill()
        process.wait()
        log.close()


def wait_until_ready(url, process, log):
    last_moment = time.monotonic() + START_S
    while time.monotonic() < last_moment and process.poll() is None:
        try:
            if httpx.get(f"{url}/webhooks/gateway/health").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    log.seek(0)
    pytest.fail(f"the bot did not start:\n{log.read()}")


@pytest.fixture
async def client(bot, actions):
    actions.mode = "answer"
    async with RasaClient(bot.url, timeout_s=20) as client:
        yield client


def turn(text, *, conversation, lang=None, sources=()):
    return Turn(conversation=conversation, message_id="m1", text=text, channel="web", lang=lang, sources=sources)


async def test_a_fixed_reply_comes_back_with_its_status_and_intent(client):
    await client.check()
    result = await client.ask(turn("xin chào", conversation="t:greet"))
    assert result.intent == "greet"
    assert [reply.status for reply in result.replies] == [AnswerStatus.CHATTED]
    assert result.snapshot is None


async def test_a_question_reaches_its_action_with_text_metadata_and_entities(client, actions):
    text, scope = "Nghị định 168/2024/NĐ-CP còn hiệu lực không?", ("congbao.chinhphu.vn",)
    result = await client.ask(turn(text, conversation="t:ask", lang="en", sources=scope))
    assert result.replies[0].text == "action_check_validity"
    assert result.snapshot == "s1"
    message = actions.asked[-1]["tracker"]["latest_message"]
    assert message["text"] == text
    assert message["metadata"] == {
        "channel": "web",
        "lang": "en",
        "as_of": None,
        "message_id": "m1",
        "sources": [*scope],
    }
    assert {"168/2024/NĐ-CP"} == {
        entity["value"] for entity in message["entities"] if entity["entity"] == "document_number"
    }


@pytest.mark.parametrize("mode", ["silent", "wrong", "malformed", "status 500"])
async def test_an_action_server_that_fails_is_a_failure_and_the_next_turn_works(client, actions, mode):
    actions.mode = mode
    with pytest.raises(BotUnavailable):
        await client.ask(turn("lương cơ sở là bao nhiêu", conversation=f"t:{mode}"))
    actions.mode = "answer"
    result = await client.ask(turn("lương cơ sở là bao nhiêu", conversation=f"t:{mode}"))
    assert result.replies[0].text == "action_answer_question"
    assert len(result.replies) == 1


@pytest.mark.parametrize("text", ["/greet", "/restart", "/session_start", ' /ask_policy{"place": "x"}'])
async def test_text_that_looks_like_a_command_changes_nothing(client, text):
    key = f"t:command{text}"
    await client.ask(turn("xin chào", conversation=key))
    result = await client.ask(turn(text, conversation=key))
    assert result.intent not in ("restart", "session_start")
    assert result.replies


async def test_a_chosen_language_lasts_and_the_channels_wish_goes_first(client, actions):
    actions.mode = "english"
    await client.ask(turn("nói tiếng anh đi", conversation="t:lang"))
    actions.mode = "answer"
    greeted = await client.ask(turn("xin chào", conversation="t:lang"))
    assert greeted.replies[0].lang == "en"
    greeted = await client.ask(turn("xin chào", conversation="t:lang", lang="zh"))
    assert greeted.replies[0].lang == "zh"
    greeted = await client.ask(turn("xin chào", conversation="t:another"))
    assert greeted.replies[0].lang == "vi"


async def test_many_conversations_at_once_get_each_its_own_answer(client):
    questions = {f"t:many:{number}": f"nghị định {number}/2025/NĐ-CP nói gì" for number in range(10, 30)}
    results = await asyncio.gather(*(client.ask(turn(text, conversation=key)) for key, text in questions.items()))
    assert {result.intent for result in results} == {"ask_document_by_number"}


async def test_what_is_forgotten_is_in_no_file_and_begins_anew(bot, client, actions):
    actions.mode = "english"
    await client.ask(turn("số của tôi là 0912345678, mức lương tối thiểu vùng?", conversation="t:deleted"))
    actions.mode = "answer"
    await client.ask(turn("xin chào", conversation="t:stays"))
    assert bot.remembers("0912345678")
    await client.forget("t:deleted")
    await client.forget("t:deleted")  # nothing is there any more
    assert not bot.remembers("0912345678")
    assert not bot.remembers("t:deleted")
    assert bot.remembers("t:stays")
    assert (await client.ask(turn("xin chào", conversation="t:deleted"))).replies[0].lang == "vi"


async def test_a_turn_under_way_does_not_bring_back_what_is_forgotten_meanwhile(bot, client, actions):
    actions.may_answer.clear()
    before = len(actions.asked)
    question = turn("tôi ở số nhà 4321, mức lương cơ sở?", conversation="t:deleted:under-way")
    asking = asyncio.create_task(client.ask(question))
    while len(actions.asked) == before:
        await asyncio.sleep(0.02)
    forgetting = asyncio.create_task(client.forget("t:deleted:under-way"))
    await asyncio.sleep(0.2)
    assert not forgetting.done()
    actions.may_answer.set()
    await asyncio.gather(asking, forgetting)
    assert not bot.remembers("4321")
    assert not bot.remembers("t:deleted:under-way")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"text": "x"}', b"[" * 50_000])
@pytest.mark.parametrize("route", ["turn", "forget"])
async def test_a_malformed_request_is_refused(bot, route, body):
    async with httpx.AsyncClient(base_url=bot.url) as http:
        response = await http.post(f"/webhooks/gateway/{route}", content=body)
    assert response.status_code == 400
    assert response.json()["error"]


async def test_too_long_a_text_is_refused_and_not_worth_repeating(client):
    with pytest.raises(BotRefused):
        await client.ask(turn("x" * 2001, conversation="t:long"))


@pytest.mark.parametrize(
    "path", ["/webhooks/rest/webhook", "/model/parse", "/conversations/t:greet/tracker", "/domain"]
)
async def test_nothing_else_of_rasa_is_open(bot, path):
    async with httpx.AsyncClient(base_url=bot.url) as http:
        assert (await http.get(path)).status_code in (404, 405)
        assert (await http.post(path, json={})).status_code in (404, 405)
