"""A whole gateway without sockets between both fake platforms, under a clock that stands still until it is moved."""

from __future__ import annotations

import asyncio
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bot.reply import AnswerStatus, Reply, Turn, TurnResult
from bot.wording import Wording
from channels.agencies_file import Agencies
from channels.agency import Agency, MessengerPage, ZaloAccount
from channels.configuration import configure
from channels.event import EventKind, InboundEvent, Standing
from channels.places import Communes
from channels.settings import GatewaySettings
from channels.testing import FakeGraph, FakeZalo, ManualClock, MemoryInbox, PageIds, ScriptedBot, ZaloIds, in_process
from channels.testing.delivery import Post
from channels.testing.gateway import Assembled, assembled

MEMORY = Path("/dev/shm")
DATA = Path(__file__).parents[2] / "data"
WORDING, COMMUNES = Wording.load(DATA / "wording"), Communes.load(DATA)
MORNING = datetime(2026, 12, 1, 2, tzinfo=UTC)  # a Tuesday, 09:00 in Vietnam
OURS, PAGES = ZaloIds(), PageIds()
OA, PAGE = OURS.oa_id, PAGES.page_id
OTHER_OA, OTHER_PAGE = "9000000000000000002", "100000000000002"
AGENCY = Agency(id="hue", name="UBND thành phố Huế", has_officers=True)
PERSON = {"zalo": "7000000000000000001", "messenger": "200000000000002"}
NEIGHBOUR = {"zalo": "7000000000000000002", "messenger": "200000000000003"}
ACCOUNT = {"zalo": OA, "messenger": PAGE}
OTHER_ACCOUNT = {"zalo": OTHER_OA, "messenger": OTHER_PAGE}


def says(key: str, **values: str) -> str:
    """Return a sentence of the gateway."""
    return WORDING.text(f"gateway.{key}", "vi", **values)


def repeats(turn: Turn) -> TurnResult:
    """The bot repeats what it was asked."""
    return TurnResult((Reply(AnswerStatus.CHATTED, f"Về: {turn.text}"),))


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """The way to the platforms: remembers every call, and can spoil one, or its answer once the platform has acted."""

    way: httpx.AsyncBaseTransport
    calls: list[str] = field(default_factory=list)  # "POST /v3.0/oa/message/cs"
    instead: deque[httpx.Response | Exception] = field(default_factory=deque)
    afterwards: deque[httpx.Response | Exception] = field(default_factory=deque)
    lose_answer_to: str | None = None  # the end of a path, once

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(f"{request.method} {request.url.path}")
        if self.instead:
            return _given(self.instead.popleft())
        response = await self.way.handle_async_request(request)
        if self.lose_answer_to and request.url.path.endswith(self.lose_answer_to):
            self.lose_answer_to = None
            raise httpx.ReadTimeout("lost", request=request)
        return _given(self.afterwards.popleft()) if self.afterwards else response


def _given(outcome: httpx.Response | Exception) -> httpx.Response:
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


@dataclass
class Street:
    """The gateway, its people and its platforms."""

    whole: Assembled
    clock: ManualClock
    zalo: FakeZalo
    graph: FakeGraph
    wire: Wire
    bot: ScriptedBot
    _serial: int = 0

    async def deliver(self) -> None:
        """Let the platforms' webhooks arrive, and those that they bring about."""
        for platform in (self.zalo, self.graph):
            await platform.delivery.deliver_due()
            assert {attempt.status for attempt in platform.delivery.attempts} <= {200}

    async def answer(self) -> None:
        """Answer everything that waits for an answer now."""
        while claims := await self.whole.inbox.claim(owner="street", limit=16, lease_s=60):
            await asyncio.gather(*map(self.whole.gateway.worker.answer, claims))

    async def send(self, *, after_s: float = 0) -> None:
        """Send everything that may be sent after so many seconds."""
        self.clock.advance(after_s)
        while messages := await self.whole.inbox.claim_outbox(owner="street", limit=16, lease_s=60):
            await asyncio.gather(*map(self.whole.gateway.sender.deliver, messages))

    async def live(self, *, after_s: float = 0) -> None:
        """Let everything happen that happens after so many seconds."""
        self.clock.advance(after_s)
        await self.deliver()
        await self.answer()
        await self.send()
        await self.deliver()

    async def put(self, channel: str, *payloads: str, account: str | None = None, person: str | None = None) -> None:
        """Put messages for a person who has just written into the outbox."""
        account, person = account or ACCOUNT[channel], person or PERSON[channel]
        self._serial += 1
        key, now = f"put:{self._serial}", self.clock.now()
        await self.whole.inbox.accept(InboundEvent(channel, account, person, key, key, EventKind.TEXT, "hỏi", now))
        [claim] = await self.whole.inbox.claim(owner="street", limit=1, lease_s=60)
        await self.whole.inbox.finish(claim, messages=payloads, standing=Standing())
        if channel == "zalo":
            self.zalo.user(account, person).interacts(now)
        else:
            self.graph.user(account, person).acts(now)

    def arrived(self, channel: str, person: str | None = None, *, account: str | None = None) -> list[str]:
        """Return the texts that apps have sent to a person."""
        ledger = self.zalo.ledger if channel == "zalo" else self.graph.ledger
        lines = ledger.sent_to(person or PERSON[channel], account=account or ACCOUNT[channel])
        return [line.text for line in lines]

    def count(self, name: str, **labels: str) -> int:
        """Return a figure of the gateway's."""
        return int(self.whole.metrics.registry.get_sample_value(f"govchat_{name}_total", labels) or 0)

    def all_of(self, name: str, channel: str) -> dict[str, int]:
        """Return the figures of a counter by its second label, those that are not nought."""
        samples = [
            sample for metric in self.whole.metrics.registry.collect() for sample in metric.samples
            if sample.name == f"govchat_{name}_total" and sample.labels.get("channel") == channel and sample.value
        ]  # fmt: skip
        return {
            next(value for key, value in sample.labels.items() if key != "channel"): int(sample.value)
            for sample in samples
        }


@asynccontextmanager
async def street(
    folder: Path,
    *,
    clock: ManualClock | None = None,
    bot: ScriptedBot | None = None,
    is_durable: bool = False,
    on_graph: Callable[[FakeGraph], None] = lambda _: None,
) -> AsyncIterator[Street]:
    """Open a street with one agency that has two OAs of one app and two Pages of one app.

    Where it is not `is_durable`, nothing is written to the disk: the inbox is the one in memory, which keeps the same
    promises, and the tokens are in a folder in memory where the system has one.
    """
    clock, bot = clock or ManualClock(MORNING), bot or ScriptedBot(repeats)
    zalo, graph = FakeZalo(clock=clock), FakeGraph(clock=clock)
    zalo.add_app(OURS.app_id, secret=OURS.app_secret, oa_secret_key=OURS.oa_secret_key)
    graph.add_app(PAGES.app_id, secret=PAGES.app_secret)
    for oa in (OA, OTHER_OA):
        zalo.add_account(oa)
        zalo.grant(OURS.app_id, oa, access_token=f"access-{oa}", refresh_token=f"refresh-{oa}")
    for page in (PAGE, OTHER_PAGE):
        graph.add_page(page, default_app=PAGES.app_id)
        graph.connect(PAGES.app_id, page, token=f"EAA{page}")
    on_graph(graph)
    oas = [
        ZaloAccount(
            agency=AGENCY, app_id=OURS.app_id, oa_id=oa, oa_secret_key=OURS.oa_secret_key, app_secret=OURS.app_secret,
            access_token=f"access-{oa}", refresh_token=f"refresh-{oa}",
        )
        for oa in (OA, OTHER_OA)
    ]  # fmt: skip
    pages = [
        MessengerPage(
            agency=AGENCY, page_id=page, page_token=f"EAA{page}", app_secrets=(PAGES.app_secret,),
            verify_token=PAGES.verify_token, app_id=PAGES.app_id,
        )
        for page in (PAGE, OTHER_PAGE)
    ]  # fmt: skip
    configuration = configure(GatewaySettings(_env_file=None), Agencies((AGENCY,), (*oas, *pages)))
    way = in_process(zalo, graph)
    wire = Wire(way)
    async with AsyncExitStack() as exits:
        if not is_durable:
            memory = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else folder)
            folder = Path(exits.enter_context(memory))
        http = await exits.enter_async_context(httpx.AsyncClient(transport=wire))
        gateway = assembled(
            configuration, folder=folder, bot=bot, clock=clock, http=http, oauth_http=httpx.Client(transport=way),
            inbox=None if is_durable else MemoryInbox(clock=clock), jitter=lambda: 0.5, wording=WORDING,
            communes=COMMUNES,
        )  # fmt: skip
        whole = await exits.enter_async_context(gateway)
        zalo.delivery.connect(OURS.app_id, webhook(whole, "zalo"))
        graph.delivery.connect(PAGES.app_id, webhook(whole, "messenger"))
        yield Street(whole, clock, zalo, graph, wire, bot)


def webhook(whole: Assembled, channel: str) -> Post:
    """Return the gateway's address for one platform, without HTTP."""

    async def post(body: bytes, headers: Mapping[str, str]) -> int:
        named = {name.lower(): [value] for name, value in headers.items()}
        taken = await whole.gateway.reception.take(whole.gateway.platforms[channel], body, named)
        return taken.status

    return post
