"""`python -m channels.testing --zalo-port P --graph-port P`: both fake platforms, for trying the channels by hand."""

from __future__ import annotations

import argparse
import asyncio
import os

from channels.testing.exchange import FakeApp
from channels.testing.platforms import PageIds, ZaloIds, one_oa, one_page
from channels.testing.serving import serve


async def _serve(zalo: FakeApp, zalo_port: int, graph: FakeApp, graph_port: int) -> None:
    async with serve(zalo, port=zalo_port) as zalo_url, serve(graph, port=graph_port) as graph_url:
        print(f"fake Zalo on {zalo_url}, fake Graph on {graph_url}; GET /arrived shows what came", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Run until interrupted; ids and tokens are taken from the gateway's own settings."""
    parser = argparse.ArgumentParser(prog="python -m channels.testing", description=__doc__)
    parser.add_argument("--zalo-port", type=int, required=True)
    parser.add_argument("--graph-port", type=int, required=True)
    ports = parser.parse_args()
    on_zalo, on_page = ZaloIds(), PageIds()
    zalo = one_oa(
        ZaloIds(
            app_id=_setting("ZALO_APP_ID", on_zalo.app_id),
            oa_id=_setting("ZALO_OA_ID", on_zalo.oa_id),
            oa_secret_key=_setting("ZALO_OA_SECRET_KEY", on_zalo.oa_secret_key),
            access_token=_setting("ZALO_ACCESS_TOKEN", on_zalo.access_token),
        )
    )
    graph = one_page(
        PageIds(
            page_id=_setting("MESSENGER_PAGE_ID", on_page.page_id),
            page_token=_setting("MESSENGER_PAGE_TOKEN", on_page.page_token),
            app_secret=_setting("MESSENGER_APP_SECRET", on_page.app_secret),
        )
    )
    try:
        asyncio.run(_serve(zalo.app(), ports.zalo_port, graph.app(), ports.graph_port))
    except KeyboardInterrupt:
        return


def _setting(name: str, default: str) -> str:
    return os.environ.get(f"GOVCHAT_{name}") or default


if __name__ == "__main__":
    main()
