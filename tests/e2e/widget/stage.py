"""A gateway with a scripted bot that can stop and come back, and a portal of another origin that embeds the widget."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx

from bot.reply import AnswerStatus, Button, Citation, Reply, Turn, TurnResult
from channels.agencies_file import Agencies
from channels.agency import Agency
from channels.clock import SystemClock
from channels.configuration import configure
from channels.settings import GatewaySettings
from channels.testing.gateway import Assembled, assembled, running
from tools.stack import free_port

QUOTE = "Từ ngày 01 tháng 7 năm 2026, mức lương cơ sở là 2.530.000 đồng/tháng."
DECREE = Citation(
    number="161/2026/NĐ-CP", type="Nghị định", title="Quy định mức lương cơ sở và chế độ tiền thưởng",
    issuing_body="Chính phủ", issued_on=date(2026, 5, 15), effective_on=date(2026, 7, 1), validity="in_force",
    replaced_by=(), checked_on=date(2026, 11, 20), text_kind="official", location="Điều 3, khoản 2", quote=QUOTE,
    url="https://vanban.chinhphu.vn/?pageid=27160&docid=1",
)  # fmt: skip
OLD_DECREE = Citation(
    number="73/2024/NĐ-CP", type="Nghị định", title="Quy định mức lương cơ sở", issuing_body="Chính phủ",
    issued_on=date(2024, 6, 30), effective_on=date(2024, 7, 1), validity="expired", replaced_by=("161/2026/NĐ-CP",),
    checked_on=date(2026, 11, 20), text_kind="summary", location=None, quote=None, url="https://vanban.chinhphu.vn/2",
)  # fmt: skip
NOTICE = "https://example.gov.vn/du-lieu"
CHOICES = (
    Button("Lương tối thiểu vùng", "lương tối thiểu vùng"),
    Button("Xem thêm", "Cho tôi xem thêm", is_optional=True),
)


def says(turn: Turn) -> TurnResult:
    """The bot cites where it is asked about pay, and repeats everything else."""
    if "lương" in turn.text:
        text = f"Theo Nghị định 161/2026/NĐ-CP:\n\n{QUOTE}"
        return TurnResult((Reply(AnswerStatus.ANSWERED, text, (DECREE, OLD_DECREE), CHOICES),), intent="ask_policy")
    return TurnResult((Reply(AnswerStatus.CHATTED, f"Về: {turn.text}", lang=turn.lang or "vi"),))


@dataclass
class HeldBot:
    """Answers as `script` says, but not before the test lets it."""

    script: Callable[[Turn], TurnResult] = says
    turns: list[Turn] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_answer.set()

    async def ask(self, turn: Turn) -> TurnResult:
        self.turns.append(turn)
        while not self.may_answer.is_set():
            await asyncio.sleep(0.02)
        return self.script(turn)

    async def forget(self, conversation: str) -> None:
        """It remembers nothing."""

    async def check(self) -> None:
        """The bot is always up."""


class Gateway:
    """The real gateway in a thread with its own loop; it keeps its port and its store when it comes back."""

    def __init__(self, folder: Path, *, origins: str) -> None:
        self.bot = HeldBot()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder, self._origins = folder, origins
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._whole: Assembled | None = None

    def start(self) -> None:
        """Start unless it runs, and return when it serves."""
        if self._thread is not None:
            return
        is_up, failed = threading.Event(), []

        def work() -> None:
            try:
                asyncio.run(self._serve(is_up))
            except BaseException as error:  # noqa: BLE001 - raised again in the test
                failed.append(error)
                is_up.set()

        self._thread = threading.Thread(target=work)
        self._thread.start()
        assert is_up.wait(30)
        if failed:
            raise failed[0]

    def stop(self) -> None:
        """Stop as a restart does: connections end, nothing that is stored is lost."""
        if self._thread is None or self._loop is None or self._stop is None:
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        assert not self._thread.is_alive(), "the gateway did not stop"
        self._thread = None

    def do(self, act: Callable[[Assembled], object]) -> object:
        """Do something with the running gateway in its own loop, for example pin a notice."""
        assert self._loop is not None
        assert self._whole is not None
        return asyncio.run_coroutine_threadsafe(act(self._whole), self._loop).result(20)  # type: ignore[arg-type]

    async def _serve(self, is_up: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        settings = GatewaySettings(
            _env_file=None, port=self.port, actions_url="http://127.0.0.1:9", widget_origins=self._origins
        )
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
            strict = Agency(
                id="strict", origins=(self._origins,), privacy_url=NOTICE, privacy_version="2026-01",
                requires_consent=True,
            )  # fmt: skip
            agencies = Agencies((strict,))
            whole = assembled(
                configure(settings, agencies), folder=self.folder, bot=self.bot, clock=SystemClock(), http=http
            )
            self._whole = await stack.enter_async_context(whole)
            await stack.enter_async_context(running(self._whole, port=self.port))
            is_up.set()
            await self._stop.wait()


@dataclass
class Portal:
    """A site of an agency: pages by path, with the headers of each."""

    url: str = ""
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def put(self, path: str, html: str, *, policy: str = "") -> str:
        """Publish a page and return its address."""
        self.pages[path] = (html, {"Content-Security-Policy": policy} if policy else {})
        return f"{self.url}{path}"


@contextmanager
def running_portal() -> Iterator[Portal]:
    """Serve a portal on a port of its own, which makes it another origin than the gateway's."""
    portal = Portal()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html, headers = portal.pages.get(self.path.partition("?")[0], ("", {}))
            self.send_response(200 if html else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *arguments: object) -> None:
            """Keep silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        portal.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield portal
        finally:
            server.shutdown()
            thread.join()
