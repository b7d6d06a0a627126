"""Pages that wait for answers at one gateway process: memory of each, and how soon an answer reaches its page.

`python -m tools.bench.widget PORT` is that process: a durable inbox, a bot that answers at once, and the gateway's own
accounts of when each answer was in the outbox (monotonic clock, which all processes of a machine share) on its stdout.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import httpx

from bot.reply import AnswerStatus, Citation, Reply, Turn, TurnResult
from channels.clock import SystemClock
from channels.configuration import configure
from channels.event import Claim, Standing
from channels.inbox.sqlite import SqliteInbox
from channels.settings import GatewaySettings
from channels.testing import ScriptedBot
from channels.testing.gateway import assembled, running
from tools.bench.load import cpu_seconds
from tools.stack import ROOT, free_port

CLIENTS, ASKING_S, PER_S = 2_000, 20.0, 50
ORIGIN = "https://portal.example.gov.vn"
PROXY = "203.0.113.{}"

_CITATION = Citation(
    number="161/2026/NĐ-CP", type="Nghị định", title="Quy định mức lương cơ sở", issuing_body="Chính phủ",
    issued_on=None, effective_on=None, validity="unknown", replaced_by=(), checked_on=None, text_kind="official",
    location="Điều 3", quote="Từ ngày 01 tháng 7 năm 2026, mức lương cơ sở là 2.530.000 đồng/tháng. " * 8,
    url="https://congbao.chinhphu.vn/161",
)  # fmt: skip


class TimedInbox(SqliteInbox):
    """Tells when each answer was in the outbox."""

    async def finish(
        self, claim: Claim, *, messages: Sequence[str], standing: Standing, left_message: str | None = None
    ) -> None:
        """See `Inbox.finish`."""
        await super().finish(claim, messages=messages, standing=standing, left_message=left_message)
        sys.stdout.write(f"{claim.event.message_id} {time.monotonic()}\n")


def _answer(turn: Turn) -> TurnResult:
    return TurnResult((Reply(AnswerStatus.ANSWERED, turn.text, (_CITATION,)),), "ask_policy", "s1")


async def run(port: int) -> None:
    """Serve until the process is ended."""
    clock = SystemClock()
    settings = GatewaySettings(widget_origins=ORIGIN, proxy_count=1)
    with tempfile.TemporaryDirectory() as folder:
        inbox = TimedInbox(Path(folder) / "govchat.db", clock=clock)
        await inbox.open()
        async with (
            httpx.AsyncClient() as http,
            assembled(
                configure(settings), folder=Path(folder), bot=ScriptedBot(_answer), clock=clock, http=http, inbox=inbox
            ) as whole,
            running(whole, port=port, alone=True),
        ):
            await asyncio.Event().wait()


def resident_kb(pid: int) -> int:
    """Return the resident memory of a process in kB (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1])


class Tab:
    """One page: a raw connection with a stream, cheap enough that thousands fit beside the gateway."""

    def __init__(self, port: int, number: int) -> None:
        self._port = port
        self._head = f"Host: localhost\r\nOrigin: {ORIGIN}\r\nX-Forwarded-For: {PROXY.format(number % 250)}\r\n"
        self._token = ""
        self.heard: dict[str, float] = {}
        self.sent: dict[str, float] = {}

    async def ask(self, text: str) -> None:
        """Send a message over a connection of its own."""
        key = str(uuid4())
        body = json.dumps({"id": key, "text": text}).encode()
        token = f"Authorization: Bearer {self._token}\r\n" if self._token else ""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self.sent[key] = time.monotonic()
        writer.write(
            f"POST /api/v1/widget/messages HTTP/1.1\r\n{self._head}{token}Connection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        answer = await reader.read()
        writer.close()
        status, _, content = answer.partition(b"\r\n\r\n")
        if b" 202 " not in status.split(b"\r\n")[0]:
            raise RuntimeError(status.decode())
        self._token = json.loads(content)["token"]

    async def follow(self, opened: asyncio.Semaphore) -> None:
        """Read the stream and note when each answer came; ends with the task."""
        async with opened:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(
                f"GET /api/v1/widget/events HTTP/1.1\r\n{self._head}Authorization: Bearer {self._token}\r\n"
                "Accept: text/event-stream\r\n\r\n".encode()
            )
            status = await reader.readline()
        if b" 200 " not in status:
            raise RuntimeError(status.decode())
        mark, kept = b'"message_id": "', b""
        while chunk := await reader.read(4096):
            kept += chunk
            while (at := kept.find(mark)) >= 0 and len(kept) >= at + len(mark) + 36:
                start = at + len(mark)
                self.heard.setdefault(kept[start : start + 36].decode(), time.monotonic())
                kept = kept[start + 36 :]
            kept = kept[-60:] if mark not in kept else kept


async def load(port: int, pid: int, outbox: dict[str, float]) -> None:
    """Open the streams, ask at a steady rate, and print the figures."""
    tabs = [Tab(port, number) for number in range(CLIENTS)]
    gate = asyncio.Semaphore(20)

    async def begin(tab: Tab) -> None:
        async with gate:
            await tab.ask("xin chào")

    warm = Tab(port, 250)  # what the first request alone loads is no memory of a page
    await warm.ask("làm nóng")
    fresh = resident_kb(pid)
    await asyncio.gather(*(begin(tab) for tab in tabs))
    await asyncio.sleep(3)
    before = resident_kb(pid)
    streams = [asyncio.create_task(tab.follow(gate)) for tab in tabs]
    while sum(bool(tab.heard) for tab in tabs) < CLIENTS:
        for stream in streams:
            if stream.done():
                stream.result()
        await asyncio.sleep(0.2)
    await asyncio.sleep(3)
    after = resident_kb(pid)
    cpu, began = cpu_seconds(pid), time.monotonic()
    asked = [tabs[number % CLIENTS] for number in range(int(ASKING_S * PER_S))]
    for tab in asked:
        tab.sent.clear()
    tasks = []
    for number, tab in enumerate(asked):
        await asyncio.sleep(max(0.0, began + number / PER_S - time.monotonic()))
        tasks.append(asyncio.create_task(tab.ask(f"câu {number}")))
    await asyncio.gather(*tasks)
    await asyncio.sleep(2)
    used = cpu_seconds(pid) - cpu
    sent = {key: (tab, at) for tab in asked for key, at in tab.sent.items()}
    reached = {key: tab.heard[key] for key, (tab, _) in sent.items() if key in tab.heard}
    from_outbox = sorted(1000 * (at - outbox[key]) for key, at in reached.items() if key in outbox)
    from_page = sorted(1000 * (at - sent[key][1]) for key, at in reached.items())
    print(f"\n{CLIENTS} pages with open streams at one gateway process, then {PER_S} questions/s for {ASKING_S:.0f} s")
    print(
        f"memory of each page: {(after - before) / CLIENTS:.1f} kB, {(after - fresh) / CLIENTS:.1f} kB with what its"
        f" first question left ({fresh} kB at first, {before} kB before the streams, {after} kB with them)"
    )
    for name, found in (("outbox to page", from_outbox), ("page to page, the whole road", from_page)):
        middle, late = found[len(found) // 2], found[int(len(found) * 0.99)]
        print(f"{name:<34}p50 {middle:>7.1f} ms, p99 {late:>7.1f} ms, most {found[-1]:>7.1f} ms")
    print(
        f"answers that did not come: {len(asked) - len(reached)}; CPU of the gateway: {used / ASKING_S:.0%} of a core"
    )
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)


def bench() -> None:
    """Start the gateway, put the load on it and print the figures."""
    port = free_port()
    with tempfile.TemporaryFile("w+") as told:
        command = [sys.executable, "-u", "-m", "tools.bench.widget", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=subprocess.DEVNULL)
        try:
            outbox = _Told(told.fileno())
            while not _is_live(port):
                time.sleep(0.2)
            asyncio.run(load(port, process.pid, outbox))
        finally:
            process.terminate()
            process.wait(timeout=30)


class _Told(dict[str, float]):
    """When answers were in the outbox, read from the file when one is asked for that is not known yet."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._path = Path(f"/proc/self/fd/{number}")

    def __contains__(self, key: object) -> bool:
        if not super().__contains__(key):
            lines = (line.split(" ") for line in self._path.read_text().splitlines())
            self.update({words[0]: float(words[1]) for words in lines if len(words) == 2 and len(words[0]) == 36})
        return super().__contains__(key)


def _is_live(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1])))
