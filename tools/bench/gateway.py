"""The gateway alone for the benchmark: a bot that answers at once, a platform that takes everything.

`python -m tools.bench.gateway PORT sqlite:FILE | memory`: the same process with the durable inbox or with a store in
memory, so that the difference is the store's.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot.wording import Wording
from channels.clock import SystemClock
from channels.event import Acceptance, Claim, InboundEvent, OutboxMessage
from channels.inbox.sqlite import SqliteInbox
from channels.ports import Clock, Inbox
from channels.runtime import assemble
from channels.settings import GatewaySettings
from channels.testing import MemoryInbox, ScriptedBot, serve

APP_ID, OA_ID, OA_SECRET = "4100000000000000001", "9000000000000000001", "oaSecretDemo123"


class VolatileInbox(MemoryInbox):
    """As little store as a gateway can do with: queues in memory, no leases, no order within a conversation."""

    def __init__(self, *, clock: Clock) -> None:
        super().__init__(clock=clock)
        self._seen: set[str] = set()
        self._events: deque[InboundEvent] = deque()
        self._messages: deque[OutboxMessage] = deque()
        self._ids = count(1)

    async def accept(self, event: InboundEvent) -> Acceptance:
        """Queue an event that was not seen before."""
        if event.dedup_key in self._seen:
            return Acceptance.DUPLICATE
        self._seen.add(event.dedup_key)
        self._events.append(event)
        return Acceptance.NEW

    async def claim(self, *, owner: str, limit: int, lease_s: float) -> list[Claim]:  # noqa: ARG002 - no leases
        """Take the oldest events off the queue."""
        taken = [self._events.popleft() for _ in range(min(limit, len(self._events)))]
        return [Claim(next(self._ids), owner, event, 1, is_first=True, choices=()) for event in taken]

    async def finish(self, claim: Claim, *, messages: Sequence[str], choices: Sequence[str] = ()) -> None:  # noqa: ARG002
        """Queue the answers."""
        event = claim.event
        for payload in messages:
            self._messages.append(
                OutboxMessage(
                    id=next(self._ids),
                    owner=claim.owner,
                    channel=event.channel,
                    account=event.account,
                    person=event.person,
                    in_reply_to=event.message_id,
                    payload=payload,
                    attempts=1,
                )
            )

    async def claim_outbox(self, *, owner: str, limit: int, lease_s: float) -> list[OutboxMessage]:  # noqa: ARG002
        """Take the oldest answers off the queue."""
        return [self._messages.popleft() for _ in range(min(limit, len(self._messages)))]

    async def mark_sent(self, message: OutboxMessage, *, platform_id: str) -> None:
        """Nothing is kept of what was sent."""


async def run(port: int, store: str) -> None:
    """Serve until the process is ended."""
    clock = SystemClock()
    durable = SqliteInbox(Path(store.removeprefix("sqlite:")), clock=clock) if store != "memory" else None
    inbox: Inbox = durable or VolatileInbox(clock=clock)
    if durable:
        await durable.open()
    settings = GatewaySettings(
        zalo_app_id=APP_ID,
        zalo_oa_id=OA_ID,
        zalo_oa_secret_key=SecretStr(OA_SECRET),
        zalo_access_token=SecretStr("token"),
    )
    taken = httpx.MockTransport(lambda _: httpx.Response(200, json={"error": 0, "data": {"message_id": "1"}}))
    gateway = assemble(
        settings,
        inbox=inbox,
        bot=ScriptedBot(),
        http=httpx.AsyncClient(transport=taken),
        clock=clock,
        wording=Wording.load(Path("data/wording")),
        secret=b"benchmark",
        owner="benchmark",
    )
    async with serve(gateway.app, port=port, alone=True):
        await gateway.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), sys.argv[2]))
