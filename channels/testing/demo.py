"""Both fake platforms and their page on loopback, and the settings with which a gateway serves them."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from channels.testing.delivery import http_post
from channels.testing.phone import phone_app
from channels.testing.phone.acts import Stage
from channels.testing.platforms import PageIds, ZaloIds, one_oa, one_page
from channels.testing.serving import serve
from channels.testing.zalo import Grant

STATE = Path("var/fake-zalo.json")
"""Where the newest pair of tokens is kept: the gateway remembers its own, and both may be started again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPorts:
    """Loopback ports of the demo; 0 is any."""

    phone: int = 9000
    zalo: int = 9001
    graph: int = 9002


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoUrls:
    """Where the demo is."""

    phone: str
    zalo: str
    graph: str


def demo_settings(
    ports: DemoPorts | None = None, *, state: Path = STATE, environment: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the GOVCHAT_ settings under which a gateway serves the demo's accounts.

    What `environment` (or the process's own) sets already is left as it is there. Raises OSError or ValueError for a
    state file that cannot be read.
    """
    ports = ports or DemoPorts()
    zalo, page = _ids(environment, state)
    return {
        "GOVCHAT_ZALO_API_URL": f"http://127.0.0.1:{ports.zalo}",
        "GOVCHAT_ZALO_OAUTH_URL": f"http://127.0.0.1:{ports.zalo}",
        "GOVCHAT_ZALO_APP_ID": zalo.app_id,
        "GOVCHAT_ZALO_APP_SECRET": zalo.app_secret,
        "GOVCHAT_ZALO_OA_ID": zalo.oa_id,
        "GOVCHAT_ZALO_OA_SECRET_KEY": zalo.oa_secret_key,
        "GOVCHAT_ZALO_ACCESS_TOKEN": zalo.access_token,
        "GOVCHAT_ZALO_REFRESH_TOKEN": zalo.refresh_token,
        "GOVCHAT_MESSENGER_API_URL": f"http://127.0.0.1:{ports.graph}",
        "GOVCHAT_MESSENGER_APP_ID": page.app_id,
        "GOVCHAT_MESSENGER_APP_SECRET": page.app_secret,
        "GOVCHAT_MESSENGER_VERIFY_TOKEN": page.verify_token,
        "GOVCHAT_MESSENGER_PAGE_ID": page.page_id,
        "GOVCHAT_MESSENGER_PAGE_TOKEN": page.page_token,
    }


@asynccontextmanager
async def running_demo(
    ports: DemoPorts | None = None,
    *,
    gateway_url: str,
    state: Path = STATE,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[DemoUrls]:
    """Serve both fakes and the page while the block runs, and deliver their webhooks to the gateway."""
    ports = ports or DemoPorts()
    zalo_ids, page_ids = _ids(environment, state)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        zalo = one_oa(zalo_ids, post=http_post(http, f"{gateway_url}/webhooks/zalo", timeout_s=2.0))
        graph = one_page(page_ids, post=http_post(http, f"{gateway_url}/webhooks/messenger", timeout_s=5.0))
        graph.apps[page_ids.app_id].callback_url = f"{gateway_url}/webhooks/messenger"
        zalo.grants.on_change = lambda grant: _keep(state, grant)
        apps = {
            "phone": (phone_app(Stage(zalo, graph)), ports.phone),
            "zalo": (zalo.app(), ports.zalo),
            "graph": (graph.app(), ports.graph),
        }
        urls = {name: await stack.enter_async_context(serve(app, port=port)) for name, (app, port) in apps.items()}
        deliveries = [asyncio.create_task(fake.delivery.keep_delivering()) for fake in (zalo, graph)]
        try:
            yield DemoUrls(**urls)
        finally:
            for task in deliveries:
                task.cancel()
            await asyncio.gather(*deliveries, return_exceptions=True)


def _ids(environment: Mapping[str, str] | None, state: Path) -> tuple[ZaloIds, PageIds]:
    """Return the demo's accounts: named by settings where there are any, with the pair of tokens that is good now."""
    given = os.environ if environment is None else environment

    def named(prefix: str, default: ZaloIds | PageIds) -> dict[str, str]:
        names = [name for name in type(default).__dataclass_fields__ if given.get(f"GOVCHAT_{prefix}_{name.upper()}")]
        return {name: given[f"GOVCHAT_{prefix}_{name.upper()}"] for name in names}

    zalo = replace(ZaloIds(), **named("ZALO", ZaloIds()))
    page = replace(PageIds(), **named("MESSENGER", PageIds()))
    if state.exists():
        kept = json.loads(state.read_text(encoding="utf-8"))
        if kept["oa_id"] == zalo.oa_id and kept["app_id"] == zalo.app_id:
            zalo = replace(zalo, access_token=kept["access_token"], refresh_token=kept["refresh_token"])
    return zalo, page


def _keep(state: Path, grant: Grant) -> None:
    state.parent.mkdir(parents=True, exist_ok=True)
    fresh = state.with_suffix(".new")
    names = ("app_id", "oa_id", "access_token", "refresh_token")
    fresh.write_text(json.dumps({name: getattr(grant, name) for name in names}), encoding="utf-8")
    fresh.replace(state)
