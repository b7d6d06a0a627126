"""The real gateway in the caller's event loop: its store in a folder, any bot, platforms wherever the settings say."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx

from bot.wording import Wording
from channels.configuration import Configuration
from channels.inbox.sqlite import SqliteInbox
from channels.metrics import GatewayMetrics
from channels.places import Communes
from channels.ports import Bot, Clock, Inbox
from channels.runtime import Gateway, assemble
from channels.testing.serving import serve
from channels.web.limits import ANSWER_TIMEOUT_S
from channels.zalo.access import zalo_access
from channels.zalo.token import ZaloTokens

SECRET = b"a secret key of tests"


@dataclass(frozen=True, slots=True)
class Assembled:
    """A gateway and what it was made of, opened."""

    gateway: Gateway
    inbox: Inbox
    tokens: ZaloTokens
    metrics: GatewayMetrics


@asynccontextmanager
async def assembled(
    configuration: Configuration,
    *,
    folder: Path,
    bot: Bot,
    clock: Clock,
    http: httpx.AsyncClient,
    oauth_http: httpx.Client | None = None,
    inbox: Inbox | None = None,
    answer_timeout_s: float = ANSWER_TIMEOUT_S,
    jitter: Callable[[], float] = random.random,
    wording: Wording | None = None,
    communes: Communes | None = None,
) -> AsyncIterator[Assembled]:
    """Give a gateway whose stores in `folder` are open and which does not run yet.

    Data that is not given comes from `./data`, which takes a tenth of a second. `inbox` takes the place of the durable
    one, and is then opened and closed by whoever made it.
    """
    durable = SqliteInbox(folder / "govchat.db", clock=clock) if inbox is None else None
    used: Inbox | None = inbox or durable
    assert used is not None  # noqa: S101 - one of the two is there
    settings, metrics = configuration.settings, GatewayMetrics()
    with oauth_http or httpx.Client(timeout=10) as client:
        zalo = zalo_access(configuration, database=folder / "govchat.db", secrets=(SECRET,), http=client, clock=clock)
        tokens = zalo.tokens
        gateway = assemble(
            configuration,
            inbox=used,
            bot=bot,
            tokens=tokens,
            consent=zalo.consent,
            http=http,
            clock=clock,
            wording=wording or Wording.load(settings.wording_dir),
            communes=communes or Communes.load(settings.wording_dir.parent),
            metrics=metrics,
            secrets=(SECRET,),
            widget_dir=folder / "widget",
            owner=uuid4().hex,
            answer_timeout_s=answer_timeout_s,
            jitter=jitter,
            name=f"gateway-{uuid4().hex}",
        )
        if durable is not None:
            await durable.open()
        await tokens.open()
        try:
            yield Assembled(gateway, used, tokens, metrics)
        finally:
            await tokens.close()
            if durable is not None:
                await durable.close()


@asynccontextmanager
async def running(whole: Assembled, *, port: int = 0, alone: bool = False) -> AsyncIterator[str]:
    """Serve and run an assembled gateway while the block runs, and yield its address; see `serve`."""
    stop = asyncio.Event()
    task = asyncio.create_task(whole.gateway.run(stop))
    async with serve(whole.gateway.app, port=port, alone=alone) as url:
        yield url
    stop.set()
    await task
