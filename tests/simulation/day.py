"""The day itself: a clock that stands still while everything that is due is done, and then goes on to what is next."""

from __future__ import annotations

import asyncio
import math
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from channels import sender, worker
from channels.testing import FakeGraph, FakeZalo, ManualClock, ScriptedBot, in_process
from channels.testing.gateway import Assembled, assembled
from channels.testing.ledger import Author, Line
from channels.tokens.oauth import challenge_of, new_verifier
from tests.simulation.cast import (
    DANANG_OA,
    HANOI_OA,
    HANOI_PAGE,
    HUE_OA,
    META_APPS,
    START,
    ZALO_APPS,
    Script,
    at,
    channel_of,
    configuration,
    fake_graph,
    fake_zalo,
    is_zalo,
)
from tests.simulation.plan import Act, What
from tests.simulation.weather import WayIn, WayOut

CONCURRENCY = 16
"""Of worker and sender, as they are set by default."""

END = at(20, day=4)

_OFFICERS = frozenset({What.OFFICER_WRITES, What.OFFICER_TAKES, What.OFFICER_RETURNS})

_NEXT_DUE = """
SELECT MIN(due) FROM (
    SELECT MIN(id), due_at AS due FROM inbox WHERE state < 2 GROUP BY conversation
    UNION ALL
    SELECT MIN(outbox.id), MAX(due_at, COALESCE(until, 0)) FROM outbox
    LEFT JOIN pauses ON pauses.channel = outbox.channel AND pauses.account = outbox.account
    WHERE state < 2 GROUP BY conversation)
"""


@dataclass(frozen=True, slots=True)
class Written:
    """Something that a person did, and what the platform could tell the gateway of it."""

    act: Act
    at: datetime
    message_id: str  # "" where there is no message
    is_deaf: bool  # the OA had taken its consent back, so that nobody was told
    is_standby: bool  # the conversation was the officers'

    @property
    def conversation(self) -> str:
        return f"{channel_of(self.act.account)}:{self.act.account}:{self.act.person}"


@dataclass
class Day:
    """Platforms, gateway, the way between them, and everything that was done."""

    clock: ManualClock
    zalo: FakeZalo
    graph: FakeGraph
    way_in: WayIn
    way_out: WayOut
    bot: ScriptedBot
    script: Script
    whole: Assembled
    store: sqlite3.Connection  # reads what the gateway writes
    written: list[Written] = field(default_factory=list)
    officers: list[Written] = field(default_factory=list)
    steps: int = 0
    notes: Counter[str] = field(default_factory=Counter)  # what only a look at the right moment shows

    def seconds(self) -> float:
        return (self.clock.now() - START).total_seconds()

    async def live(self, acts: list[Act]) -> None:
        """Let it all happen."""
        pending = sorted([*((act.at_s, act) for act in acts), *self._turns_of_the_day()], key=lambda each: each[0])
        jobs = [(job, 0.0) for job in self.whole.gateway.jobs]
        position = 0
        while True:
            now = self.seconds()
            for number, (job, due) in enumerate(jobs):
                if due <= now:
                    await job.work()
                    jobs[number] = job, now + job.every_s
            while position < len(pending) and pending[position][0] <= now:
                happens = pending[position][1]
                position += 1
                if isinstance(happens, Act):
                    self._perform(happens)
                else:
                    await _awaited(happens())
            await self._settle()
            self.steps += 1
            planned = [pending[position][0]] if position < len(pending) else []
            due = [*planned, *self._due()]
            if not due or now >= END:
                return
            due += [due for _, due in jobs]
            self.clock.advance(max(1.0, math.ceil(min(due) - now)))

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Read from the gateway's store."""
        return [dict(row) for row in self.store.execute(query)]

    def line(self, account: str, message_id: str) -> Line | None:
        return (self.zalo if is_zalo(account) else self.graph).ledger.find(message_id)

    def _due(self) -> list[float]:
        """Return when webhooks and the store's work are due, in seconds."""
        instants = [self.zalo.delivery.next_due(), self.graph.delivery.next_due()]
        [stored] = self.store.execute(_NEXT_DUE).fetchone()
        instants += [datetime.fromtimestamp(stored, UTC) if stored is not None else None]
        return [(instant - START).total_seconds() for instant in instants if instant is not None]

    async def _settle(self) -> None:
        """Deliver, answer and send until nothing more can be done at this instant."""
        while True:
            posted = await asyncio.gather(self.zalo.delivery.deliver_due(), self.graph.delivery.deliver_due())
            done = sum(posted)
            gateway, inbox = self.whole.gateway, self.whole.inbox
            while claims := await inbox.claim(owner="day", limit=CONCURRENCY, lease_s=worker.LEASE_S):
                await asyncio.gather(*map(gateway.worker.answer, claims))
                done += len(claims)
            while messages := await inbox.claim_outbox(owner="day", limit=CONCURRENCY, lease_s=sender.LEASE_S):
                await asyncio.gather(*map(gateway.sender.deliver, messages))
                done += len(messages)
            if not done:
                return

    def _perform(self, act: Act) -> None:
        platform = self.zalo if is_zalo(act.account) else self.graph
        grant = self.zalo.grants.get(ZALO_APPS.get(act.account, ""), act.account)
        is_deaf = grant is not None and grant.is_revoked
        owner = None if is_zalo(act.account) else self.graph.user(act.account, act.person).owner
        is_standby = owner not in (None, META_APPS.get(act.account))
        if not is_deaf and (act.delayed_s or act.doubled_s is not None):
            delays = [float(act.delayed_s)]
            if act.doubled_s is not None:
                platform.delivery.duplicate_next()
                delays.append(float(act.doubled_s))
            platform.delivery.delay_next(*delays)
        message_id = self._on_zalo(act) if is_zalo(act.account) else self._on_messenger(act)
        done = Written(act, self.clock.now(), message_id or "", is_deaf, is_standby)
        (self.officers if act.what in _OFFICERS else self.written).append(done)

    def _on_zalo(self, act: Act) -> str | None:
        phone, user = self.zalo.phone(act.account, act.person), self.zalo.user(act.account, act.person)
        match act.what:
            case What.OPENS:
                phone.follows()
                return None
            case What.PRESSES:
                buttons = self._buttons(self.zalo.ledger.conversation(act.account, act.person))
                return phone.presses(buttons[0]["payload"]) if buttons else phone.sends_text(act.text)
            case What.SENDS_IMAGE:
                return phone.sends_image("https://f1-zpc.zdn.vn/jpg/1")
            case What.SENDS_STICKER:
                return phone.sends_sticker()
            case What.SENDS_PLACE:
                return phone.sends_location(16.46, 107.59)
            case What.SENDS_OTHER:
                return phone.sends_file("https://f1-zpc.zdn.vn/a.pdf")
            case What.READS:
                return self._after_last(self.zalo.ledger.conversation(act.account, act.person), phone.sees)
            case What.REACTS:
                return self._after_last(self.zalo.ledger.conversation(act.account, act.person), phone.reacts)
            case What.BLOCKS:
                user.send_error = -217
                return None
            case What.WITHDRAWS:
                return phone.withdraws()
            case What.OFFICER_WRITES:
                return self.zalo.officer().sends_text(user, act.text)
            case What.OFFICER_TAKES | What.OFFICER_RETURNS:
                return None
            case What.NUMBERS:
                return phone.sends_text("1")
            case What.ASKS:
                return phone.sends_text(act.text)

    def _on_messenger(self, act: Act) -> str | None:
        phone, user = self.graph.phone(act.account, act.person), self.graph.user(act.account, act.person)
        match act.what:
            case What.OPENS:
                return phone.gets_started()
            case What.PRESSES:
                buttons = self._buttons(self.graph.ledger.conversation(act.account, act.person))
                if not buttons:
                    return phone.sends_text(act.text)
                press = phone.taps_quick_reply if "content_type" in buttons[0] else phone.presses
                return press(buttons[0]["title"], buttons[0]["payload"])
            case What.SENDS_IMAGE:
                return phone.sends_image()
            case What.SENDS_STICKER:
                return phone.sends_sticker()
            case What.SENDS_PLACE:
                return phone.sends_location(21.03, 105.85)
            case What.SENDS_OTHER:
                return phone.sends("file")
            case What.READS:
                phone.reads(int(self.clock.now().timestamp() * 1000))
                return None
            case What.REACTS:
                return self._after_last(self.graph.ledger.conversation(act.account, act.person), phone.reacts)
            case What.BLOCKS:
                user.send_error = (551, 1545041)
                return None
            case What.WITHDRAWS:
                return None
            case What.OFFICER_WRITES:
                return self.graph.officer().sends_text(user, act.text)
            case What.OFFICER_TAKES:
                return self.graph.officer().takes_over(user)
            case What.OFFICER_RETURNS:
                return self.graph.officer().gives_back(user, META_APPS[act.account]) if user.owner else None
            case What.NUMBERS:
                return phone.sends_text("1")
            case What.ASKS:
                return phone.sends_text(act.text)

    def _buttons(self, lines: list[Line]) -> list[dict[str, str]]:
        """Return what can be pressed under the last message of the machine."""
        last = next((line for line in reversed(lines) if line.author is Author.APP), None)
        if last is None:
            return []
        payload = (last.message.get("attachment") or {}).get("payload") or {}
        buttons = [*last.message.get("quick_replies", ()), *payload.get("buttons", ())]
        return [button for button in buttons if isinstance(button.get("payload"), str)]

    def _after_last(self, lines: list[Line], act: Callable[[str], None]) -> None:
        last = next((line for line in reversed(lines) if line.author is Author.APP), None)
        if last is not None:
            act(last.id)

    def _turns_of_the_day(self) -> list[tuple[int, Callable[[], object]]]:
        """What happens to platforms, gateway and bot, beside what people do."""
        zalo, graph = self.zalo, self.graph

        def sets(holder: object, name: str, value: object) -> Callable[[], object]:
            return lambda: setattr(holder, name, value)

        def down(is_down: bool) -> Callable[[Any], object]:
            return lambda platform: setattr(platform.api, "is_down", is_down)

        return [
            # Zalo's hour: first its API, then its webhooks too.
            (at(9), lambda: down(True)(zalo)),
            (at(9, 4), sets(zalo.delivery, "is_held", True)),
            (at(10), lambda: down(False)(zalo)),
            (at(10, 4), sets(zalo.delivery, "is_held", False)),
            # Somebody else uses up the calls of the first app; in the midst of it Đà Nẵng takes its consent back.
            (at(10, 30), sets(zalo.rate, "limit", 6)),
            (at(10, 50), lambda: zalo.grants.revoke(ZALO_APPS[DANANG_OA], DANANG_OA)),
            (at(10, 54), sets(zalo.rate, "limit", 4_000)),
            (at(13, 30), self._consent_again),
            (at(11), lambda: (setattr(graph.limits.light, "limit", 1), setattr(graph, "regain_minutes", 3))),
            (at(11, 10), lambda: (setattr(graph.limits.light, "limit", 300), setattr(graph, "regain_minutes", None))),
            # Huế's token is over before its time; all three end on the next day, while nobody can renew them.
            (at(11, 30), lambda: setattr(zalo.grants.get(ZALO_APPS[HUE_OA], HUE_OA), "access_until", self.clock.now())),
            (at(0, day=2), sets(zalo.oauth, "is_down", True)),
            (at(14, 59, day=2), self._look_at_tokens),
            (at(15, day=2), sets(zalo.oauth, "is_down", False)),
            (at(12, 10), sets(self.way_in, "is_closed", True)),
            (at(12, 14), sets(self.way_in, "is_closed", False)),
            (at(14, 30), lambda: down(True)(graph)),
            (at(14, 34), sets(graph.delivery, "is_held", True)),
            (at(15, 30), lambda: down(False)(graph)),
            (at(15, 34), sets(graph.delivery, "is_held", False)),
            (at(16, 20), sets(self.bot, "is_up", False)),
            (at(16, 25), sets(self.bot, "is_up", True)),
            # Sanctions that outlast the windows.
            (at(21, 40), sets(graph.pages[HANOI_PAGE], "send_error", (368, None))),
            (at(22, 30, day=2), sets(graph.pages[HANOI_PAGE], "send_error", None)),
            (at(21, 20), sets(zalo.accounts[HANOI_OA], "send_error", -204)),
            (at(22, day=3), sets(zalo.accounts[HANOI_OA], "send_error", None)),
            (at(17, 30), sets(zalo, "echo_first", True)),
        ]

    async def _look_at_tokens(self) -> None:
        for status in await self.whole.tokens.status():
            is_over = status.expires_at is not None and status.expires_at < self.clock.now()
            self.notes["tokens that ended unrenewed"] += is_over
        waiting = "SELECT 1 FROM outbox WHERE state = 0 AND channel = 'zalo' AND reason LIKE 'token request%'"
        self.notes["messages that waited for a token"] = len(self.rows(waiting))

    async def _consent_again(self) -> None:
        """Đà Nẵng's administrator agrees anew."""
        verifier = new_verifier()
        now = self.clock.now()
        code = self.zalo.grants.code(ZALO_APPS[DANANG_OA], DANANG_OA, now, challenge=challenge_of(verifier))
        waiting = "SELECT 1 FROM outbox WHERE state = 0 AND account = " + DANANG_OA
        self.notes["messages that waited for consent"] = len(self.rows(waiting))
        await self.whole.tokens.connect(DANANG_OA, code=code, verifier=verifier)


async def _awaited(result: object) -> None:
    if isinstance(result, Awaitable):
        await result


@asynccontextmanager
async def a_day(folder: Path) -> AsyncIterator[Day]:
    """Give a day that has not begun; the gateway's store is in `folder`."""
    # Tokens are read in threads: with one thread sends leave in the order in which they were claimed, in every run.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    clock, way_in, script = ManualClock(START), WayIn(), Script()
    bot = ScriptedBot(script)
    days: list[Day] = []  # the gateway is not there before the platforms are

    def post_to(channel: str) -> Callable[[bytes, Mapping[str, str]], Awaitable[int]]:
        async def post(body: bytes, headers: Mapping[str, str]) -> int:
            gateway = days[0].whole.gateway

            async def take(body: bytes, headers: Mapping[str, list[str]]) -> Any:
                return await gateway.reception.take(gateway.platforms[channel], body, headers)

            return await way_in.post(take, body, headers)

        return post

    zalo, graph = fake_zalo(clock, post_to("zalo")), fake_graph(clock, post_to("messenger"))
    way_out = WayOut(in_process(zalo, graph), way_in)
    async with (
        httpx.AsyncClient(transport=way_out) as http,
        assembled(
            configuration(), folder=folder, bot=bot, clock=clock, http=http,
            oauth_http=httpx.Client(transport=in_process(zalo, graph)), jitter=lambda: 0.5,
        ) as whole,
    ):  # fmt: skip
        store = sqlite3.connect(folder / "govchat.db", isolation_level=None)
        store.row_factory = sqlite3.Row
        days.append(Day(clock, zalo, graph, way_in, way_out, bot, script, whole, store))
        yield days[0]
        store.close()
