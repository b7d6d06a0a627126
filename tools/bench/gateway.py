"""The gateway alone for the benchmark: a bot whose every answer takes a second, a platform that takes everything.

`python -m tools.bench.gateway PORT sqlite | memory`: the same process with the durable inbox or with a store in
memory, so that the difference is the store's.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import deque
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import httpx
from pydantic import SecretStr

from channels.clock import SystemClock
from channels.configuration import configure
from channels.event import Acceptance, Claim, InboundEvent, OutboxMessage, Standing
from channels.ports import Clock, Inbox
from channels.settings import GatewaySettings
from channels.testing import MemoryInbox, ScriptedBot, ZaloIds
from channels.testing.gateway import assembled, running

IDS = ZaloIds()

ANSWER_S = 1.0


class VolatileInbox(MemoryInbox):
    """As little store as a gateway can do with: queues in memory, no leases, no order within a conversation."""

    def __init__(self, *, clock: Clock) -> None:
        super().__init__(clock=clock)
        self._seen: set[str] = set()
        self._events: deque[InboundEvent] = deque()
        self._messages: deque[OutboxMessage] = deque()
        self._ids = count(1)

    async def accept(self, event: InboundEvent, *, needs_consent: bool = False) -> Acceptance:  # noqa: ARG002 - asks nobody
        """Queue an event that was not seen before."""
        if event.dedup_key in self._seen:
            return Acceptance.DUPLICATE
        self._seen.add(event.dedup_key)
        self._events.append(event)
        return Acceptance.NEW

    async def claim(self, *, owner: str, limit: int, lease_s: float) -> list[Claim]:  # noqa: ARG002 - no leases
        """Take the oldest events off the queue."""
        taken = [self._events.popleft() for _ in range(min(limit, len(self._events)))]
        return [Claim(next(self._ids), owner, event, 1, standing=None) for event in taken]

    async def finish(
        self,
        claim: Claim,
        *,
        messages: Sequence[str],
        standing: Standing,  # noqa: ARG002 - nobody asks for it
        left_message: str | None = None,  # noqa: ARG002
    ) -> None:
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
                    last_user_at=event.occurred_at,
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
    volatile: Inbox | None = VolatileInbox(clock=clock) if store == "memory" else None
    settings = GatewaySettings(
        zalo_app_id=IDS.app_id,
        zalo_oa_id=IDS.oa_id,
        zalo_oa_secret_key=SecretStr(IDS.oa_secret_key),
        zalo_access_token=SecretStr(IDS.access_token),
    )
    taken = httpx.MockTransport(lambda _: httpx.Response(200, json={"error": 0, "data": {"message_id": "1"}}))
    with tempfile.TemporaryDirectory() as folder:
        async with (
            httpx.AsyncClient(transport=taken) as http,
            assembled(
                configure(settings),
                folder=Path(folder),
                bot=ScriptedBot(delay_s=ANSWER_S),
                clock=clock,
                http=http,
                inbox=volatile,
            ) as whole,
            running(whole, port=port, alone=True),
        ):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), sys.argv[2]))
