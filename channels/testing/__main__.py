"""`python -m channels.testing --zalo-port P --graph-port P`: both fake platforms, for trying the channels by hand."""

from __future__ import annotations

import argparse
import asyncio
import os

from channels.testing.platforms import FakeApp, FakeGraph, FakeZalo
from channels.testing.serving import serve


async def _serve(zalo: FakeApp, zalo_port: int, graph: FakeApp, graph_port: int) -> None:
    async with serve(zalo, port=zalo_port) as zalo_url, serve(graph, port=graph_port) as graph_url:
        print(f"fake Zalo on {zalo_url}, fake Graph on {graph_url}; GET /arrived shows what came", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Run until interrupted; tokens are taken from the gateway's own settings, or are "demo"."""
    parser = argparse.ArgumentParser(prog="python -m channels.testing", description=__doc__)
    parser.add_argument("--zalo-port", type=int, required=True)
    parser.add_argument("--graph-port", type=int, required=True)
    ports = parser.parse_args()
    zalo = FakeZalo(access_token=_setting("ZALO_ACCESS_TOKEN"))
    graph = FakeGraph(
        page_id=_setting("MESSENGER_PAGE_ID"),
        page_token=_setting("MESSENGER_PAGE_TOKEN"),
        app_secret=_setting("MESSENGER_APP_SECRET"),
    )
    try:
        asyncio.run(_serve(zalo.app(), ports.zalo_port, graph.app(), ports.graph_port))
    except KeyboardInterrupt:
        return


def _setting(name: str) -> str:
    return os.environ.get(f"GOVCHAT_{name}", "demo")


if __name__ == "__main__":
    main()
