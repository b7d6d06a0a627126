"""The gateway alone for the benchmark: a bot that answers at once, a platform that takes everything.

`python -m tools.bench.gateway PORT sqlite:FILE | memory`: the same process with the durable inbox or with a store in
memory, so that the difference is the store's.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import httpx

from bot.wording import Wording
from channels.clock import SystemClock
from channels.inbox.sqlite import SqliteInbox
from channels.ports import Inbox
from channels.runtime import assemble
from channels.settings import GatewaySettings
from channels.testing import MemoryInbox, ScriptedBot, serve

APP_ID, OA_ID, OA_SECRET = "4100000000000000001", "9000000000000000001", "oaSecretDemo123"


async def run(port: int, store: str) -> None:
    """Serve until the process is ended."""
    clock = SystemClock()
    durable = SqliteInbox(Path(store.removeprefix("sqlite:")), clock=clock) if store != "memory" else None
    inbox: Inbox = durable or MemoryInbox(clock=clock)
    if durable:
        await durable.open()
    settings = GatewaySettings(
        zalo_app_id=APP_ID, zalo_oa_id=OA_ID, zalo_oa_secret_key=OA_SECRET, zalo_access_token="token"
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
