"""kill -9 of the real gateway process: nothing accepted is lost, nobody is answered twice."""

import asyncio
import contextlib
import os
import signal
import socket
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sanic import Sanic
from sanic.response import json as json_response

from bot.reply import AnswerStatus, Reply
from channels.testing import ZaloIds, one_oa, serve, sign_zalo, zalo_event

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
OURS = ZaloIds()
APP, OA, SECRET, TOKEN = OURS.app_id, OURS.oa_id, OURS.oa_secret_key, OURS.access_token
CONVERSATIONS = 200
MESSAGES = 400
ANSWERED_WITHIN_S = 60


def stub_bot() -> Sanic:
    """Stands in for Rasa's connector and takes its time."""
    app = Sanic(f"stub-{uuid4().hex}", configure_logging=False)

    @app.post("/webhooks/gateway/turn")
    async def turn(request):
        await asyncio.sleep(0.05)
        reply = Reply(AnswerStatus.ANSWERED, f"answer to {request.json['text']}")
        return json_response({"replies": [reply.to_wire()], "intent": "x", "snapshot": None})

    return app


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def gateway(environment: dict[str, str], http: httpx.AsyncClient) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `python -m channels` until it is live; it is killed when the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "channels", cwd=ROOT, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        live = f"http://127.0.0.1:{environment['GOVCHAT_PORT']}/health/live"
        for _ in range(400):
            with contextlib.suppress(httpx.HTTPError):
                if (await http.get(live)).status_code == 200:
                    break
            await asyncio.sleep(0.05)
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_killed_four_times_it_answers_every_accepted_message_once(tmp_path: Path) -> None:
    zalo = one_oa(OURS)
    database = tmp_path / "govchat.db"
    async with serve(stub_bot()) as bot_url, serve(zalo.app()) as zalo_url, httpx.AsyncClient(timeout=5) as http:
        port = free_port()
        environment = {
            **os.environ, "GOVCHAT_PORT": str(port), "GOVCHAT_DATABASE_URL": f"sqlite:///{database}",
            "GOVCHAT_BOT_URL": bot_url, "GOVCHAT_ZALO_API_URL": zalo_url, "GOVCHAT_ZALO_APP_ID": APP,
            "GOVCHAT_ZALO_OA_ID": OA, "GOVCHAT_ZALO_OA_SECRET_KEY": SECRET, "GOVCHAT_ZALO_ACCESS_TOKEN": TOKEN,
            "GOVCHAT_SECRET_KEY": "0123456789abcdef",
        }  # fmt: skip
        accepted: set[str] = set()

        async def post(number: int) -> None:
            """Send as Zalo does: again and again until 200, the same bytes each time."""
            body = zalo_event(
                f"q{number}", app_id=APP, oa_id=OA, user_id=str(7_000 + number % CONVERSATIONS),
                message_id=f"m{number}", timestamp_ms=int(time.time() * 1000),
            )  # fmt: skip
            headers = sign_zalo(body, app_id=APP, secret_key=SECRET)
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    response = await http.post(f"http://127.0.0.1:{port}/webhooks/zalo", content=body, headers=headers)
                    if response.status_code == 200:
                        accepted.add(f"m{number}")
                        return
                await asyncio.sleep(0.1)

        posting = [asyncio.create_task(post(number)) for number in range(MESSAGES)]
        for pause_s in (0.3, 0.6, 0.9, 1.2):
            async with gateway(environment, http):
                await asyncio.sleep(pause_s)
        killed_at = time.monotonic()
        async with gateway(environment, http):
            await asyncio.gather(*posting)
            expected = {f"answer to q{number}" for number in range(MESSAGES)}
            while not expected <= {arrival.text for arrival in zalo.arrived}:
                assert time.monotonic() - killed_at < ANSWERED_WITHIN_S, "not all were answered in time"
                await asyncio.sleep(0.1)
        assert len(accepted) == MESSAGES
        assert set(Counter(line.text for line in zalo.arrived if line.text.startswith("answer")).values()) == {1}
    assert database.stat().st_mode & 0o077 == 0
    with contextlib.closing(sqlite3.connect(database)) as store:
        answers = Counter(
            row[0] for row in store.execute("SELECT payload FROM outbox WHERE payload LIKE '%answer to%'")
        )
        notices = store.execute("SELECT COUNT(*) FROM outbox WHERE payload NOT LIKE '%answer to%'").fetchone()[0]
    assert len(answers) == MESSAGES
    assert set(answers.values()) == {1}
    assert notices == CONVERSATIONS


async def test_a_second_gateway_on_the_same_store_is_refused(tmp_path: Path) -> None:
    environment = {**os.environ, "GOVCHAT_DATABASE_URL": f"sqlite:///{tmp_path / 'govchat.db'}"}
    async with httpx.AsyncClient(timeout=5) as http, gateway({**environment, "GOVCHAT_PORT": str(free_port())}, http):
        second = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "channels", cwd=ROOT, env={**environment, "GOVCHAT_PORT": str(free_port())},
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, told = await second.communicate()
    assert second.returncode == 1
    assert b"another gateway uses" in told
