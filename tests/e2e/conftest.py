"""The real stack (Rasa model, encoder, FAISS) with fake platforms beside it, started once for all end-to-end tests."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from channels.testing import messenger_event, sign_messenger, sign_zalo, zalo_event
from channels.testing.signing import zalo_json
from channels.testing.zalo.events import Frame, event
from tools.stack import ROOT, Stack, free_port

ARRIVES_WITHIN_S = 60

ACCOUNTS = {
    "ZALO_APP_ID": "4100000000000000001",
    "ZALO_OA_ID": "9000000000000000001",
    "ZALO_OA_SECRET_KEY": "oaSecretDemo123",
    "ZALO_ACCESS_TOKEN": "zalo-token",
    "MESSENGER_APP_SECRET": "fbAppSecretDemo123",
    "MESSENGER_VERIFY_TOKEN": "verify-me",
    "MESSENGER_PAGE_ID": "100000000000001",
    "MESSENGER_PAGE_TOKEN": "EAAdemoPageToken",
}


@dataclass
class Platforms:
    """The fake platform servers, and what a person with a phone would do on them."""

    zalo_url: str
    graph_url: str
    gateway: httpx.Client = field(init=False)

    def write_on_zalo(self, person: str, text: str, *, message_id: str) -> httpx.Response:
        body = self.zalo_body(person, text, message_id=message_id)
        return self.post_zalo(body)

    def zalo_body(self, person: str, text: str, *, message_id: str) -> bytes:
        return zalo_event(
            text,
            app_id=ACCOUNTS["ZALO_APP_ID"],
            oa_id=ACCOUNTS["ZALO_OA_ID"],
            user_id=person,
            message_id=message_id,
            timestamp_ms=int(time.time() * 1000),
        )

    def withdraw_on_zalo(self, person: str) -> httpx.Response:
        frame = Frame(
            ACCOUNTS["ZALO_APP_ID"], ACCOUNTS["ZALO_OA_ID"], person, f"8{person[1:]}", int(time.time() * 1000)
        )
        return self.post_zalo(zalo_json(event("user_withdraw", frame)))

    def post_zalo(self, body: bytes) -> httpx.Response:
        headers = sign_zalo(body, app_id=ACCOUNTS["ZALO_APP_ID"], secret_key=ACCOUNTS["ZALO_OA_SECRET_KEY"])
        return self.gateway.post("/webhooks/zalo", content=body, headers=headers)

    def write_on_messenger(self, person: str, text: str, *, message_id: str) -> httpx.Response:
        body = messenger_event(
            text,
            page_id=ACCOUNTS["MESSENGER_PAGE_ID"],
            user_id=person,
            message_id=message_id,
            timestamp_ms=int(time.time() * 1000),
        )
        headers = sign_messenger(body, app_secret=ACCOUNTS["MESSENGER_APP_SECRET"])
        return self.gateway.post("/webhooks/messenger", content=body, headers=headers)

    def arrived_on_zalo(self, person: str) -> list[str]:
        return self._arrived(self.zalo_url, person)

    def arrived_on_messenger(self, person: str) -> list[str]:
        return self._arrived(self.graph_url, person)

    def _arrived(self, url: str, person: str) -> list[str]:
        rows = httpx.get(f"{url}/arrived", timeout=10).json()
        return [row["text"] for row in rows if row["person"] == person]


@contextmanager
def running_platforms(folder: Path) -> Iterator[Platforms]:
    zalo_port, graph_port = free_port(), free_port()
    ports = ["--phone-port", "0", "--zalo-port", str(zalo_port), "--graph-port", str(graph_port)]
    ports += ["--state", str(folder / "fake-zalo.json")]
    process = subprocess.Popen(
        [str(ROOT / ".venv/bin/python"), "-m", "channels.testing", *ports],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **{f"GOVCHAT_{name}": value for name, value in ACCOUNTS.items()}},
        stdout=subprocess.DEVNULL,
    )
    platforms = Platforms(f"http://127.0.0.1:{zalo_port}", f"http://127.0.0.1:{graph_port}")
    try:
        wait_until(lambda: _answers(f"{platforms.zalo_url}/arrived") and _answers(f"{platforms.graph_url}/arrived"))
        yield platforms
    finally:
        process.terminate()
        process.wait(timeout=10)


def settings_for(platforms: Platforms) -> dict[str, str]:
    return {**ACCOUNTS, "ZALO_API_URL": platforms.zalo_url, "MESSENGER_API_URL": platforms.graph_url}


def wait_until(is_so: Callable[[], object], *, within_s: float = ARRIVES_WITHIN_S) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > deadline:
            pytest.fail(f"did not happen within {within_s} s")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="session")
def platforms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platforms]:
    with running_platforms(tmp_path_factory.mktemp("platforms")) as platforms:
        yield platforms


@pytest.fixture(scope="session")
def stack(platforms: Platforms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder: Path = tmp_path_factory.mktemp("stack")
    with Stack(folder, settings_for(platforms)) as stack, httpx.Client(base_url=stack.url, timeout=30) as client:
        platforms.gateway = client
        yield stack
