"""`python -m channels`: gateway, worker and sender in one process; `dead-letters` lists what was given up.

`new-publisher-key` makes a key for a portal that announces documents.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import logging
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import structlog
from sanic import Sanic

from bot.client import RasaClient
from bot.wording import Wording, WordingError
from channels import settings as configuration
from channels.clock import SystemClock
from channels.errors import StoreUnavailable
from channels.inbox.sqlite import SqliteInbox
from channels.privacy import DiscreetFormatter
from channels.publishing.publishers import PublishersUnreadable, new_key
from channels.runtime import STOP_TIMEOUT_S, Gateway, assemble
from channels.settings import GatewaySettings, SettingsFault
from channels.worker import TURN_TIMEOUT_S

HOST = "127.0.0.1"
"""A reverse proxy with TLS stands in front; nothing listens on other addresses."""

HTTP_TIMEOUT_S = 10.0


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m channels", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["run", "dead-letters", "new-publisher-key"], default="run")
    command = parser.parse_args(arguments).command
    if command == "new-publisher-key":
        key, digest = new_key()
        print(f'key, for the publisher, shown this once: {key}\nline for publishers.toml: key_sha256 = "{digest}"')
        return 0
    os.umask(0o077)  # what people wrote is nobody else's to read on this machine
    _log_json()
    try:
        settings = configuration.load()
    except SettingsFault as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 2
    if command == "dead-letters":
        return asyncio.run(_dead_letters(settings))
    try:
        with _alone(settings.database_path):
            _run(settings)
    except (OSError, WordingError, PublishersUnreadable) as error:
        print(f"the gateway cannot run: {error}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Hold the store for this process, because a gateway that starts ends all leases it finds. Raises OSError."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with database.with_name(f"{database.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(f"another gateway uses {database}") from None
        yield


def _run(settings: GatewaySettings) -> None:
    clock = SystemClock()
    inbox = SqliteInbox(settings.database_path, clock=clock)
    http = httpx.AsyncClient(timeout=HTTP_TIMEOUT_S)
    # The client waits a little longer than the worker, so that a slow turn is told apart from a bot that is down.
    bot = RasaClient(settings.bot_url, timeout_s=TURN_TIMEOUT_S + 1)
    gateway = assemble(
        settings,
        inbox=inbox,
        bot=bot,
        http=http,
        clock=clock,
        wording=Wording.load(settings.wording_dir),
        secret=configuration.secret_key(settings),
        owner=f"{os.getpid()}-{clock.now():%Y%m%dT%H%M%S.%f}",
    )
    _attach(gateway, inbox, [bot.aclose, http.aclose])
    gateway.app.config.GRACEFUL_SHUTDOWN_TIMEOUT = STOP_TIMEOUT_S
    gateway.app.run(
        host=HOST, port=settings.port, single_process=True, access_log=False, auto_reload=False, motd=False, debug=False
    )


def _attach(gateway: Gateway, inbox: SqliteInbox, close: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Start and stop the worker and the sender with the server; `close` ends the connections at last."""
    stop = asyncio.Event()
    running: list[asyncio.Task[None]] = []

    async def start(app: Sanic) -> None:  # type: ignore[type-arg]  # noqa: ARG001
        await inbox.open()
        running.append(asyncio.create_task(gateway.run(stop)))

    async def finish(app: Sanic) -> None:  # type: ignore[type-arg]  # noqa: ARG001
        stop.set()
        await asyncio.gather(*running)
        await inbox.close()
        for connections in close:
            await connections()

    gateway.app.before_server_start(start)
    gateway.app.after_server_stop(finish)


async def _dead_letters(settings: GatewaySettings) -> int:
    inbox = SqliteInbox(settings.database_path, clock=SystemClock())
    try:
        await inbox.open()
        letters = await inbox.dead_letters()
    except StoreUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        await inbox.close()
    for channel, count in sorted(Counter(letter.channel for letter in letters).items()):
        print(f"{channel}: {count}")
    for letter in letters:
        print(f"{letter.died_at:%Y-%m-%dT%H:%M:%SZ} {letter.channel} #{letter.id} ({letter.attempts}) {letter.reason}")
    return 0


def _log_json() -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(DiscreetFormatter("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


if __name__ == "__main__":
    sys.exit(main())
