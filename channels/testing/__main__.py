"""`python -m channels.testing`: both fake platforms on loopback, and a page that shows what a phone would show.

They serve the accounts that the gateway's own settings name, or those of the demo. `--settings` prints settings for a
gateway, one NAME=value a line, and starts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from channels.testing.demo import STATE, DemoPorts, demo_settings, running_demo


def main() -> None:
    """Run until interrupted."""
    default = DemoPorts()
    parser = argparse.ArgumentParser(prog="python -m channels.testing", description=__doc__)
    parser.add_argument("--phone-port", type=int, default=default.phone)
    parser.add_argument("--zalo-port", type=int, default=default.zalo)
    parser.add_argument("--graph-port", type=int, default=default.graph)
    parser.add_argument("--gateway", default=f"http://127.0.0.1:{os.environ.get('GOVCHAT_PORT') or 8080}")
    parser.add_argument("--state", type=Path, default=STATE, help="where the newest pair of tokens is kept")
    parser.add_argument("--settings", action="store_true", help="print the gateway's settings and stop")
    asked = parser.parse_args()
    ports = DemoPorts(phone=asked.phone_port, zalo=asked.zalo_port, graph=asked.graph_port)
    if asked.settings:
        print("\n".join(f"{name}={value}" for name, value in demo_settings(ports, state=asked.state).items()))
        return
    try:
        asyncio.run(_run(ports, gateway_url=asked.gateway.rstrip("/"), state=asked.state))
    except KeyboardInterrupt:
        return


async def _run(ports: DemoPorts, *, gateway_url: str, state: Path) -> None:
    async with running_demo(ports, gateway_url=gateway_url, state=state) as urls:
        print(f"phone on {urls.phone}, fake Zalo on {urls.zalo}, fake Graph on {urls.graph}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
