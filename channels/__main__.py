"""`python -m channels`: gateway, worker and sender in one process, and the commands of its operators."""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import httpx
import structlog
from sanic import Sanic

from bot.client import RasaClient
from bot.wording import Wording, WordingError
from channels.clock import SystemClock
from channels.commands import COMMANDS, add_commands, desk
from channels.configuration import Configuration, load
from channels.errors import StoreUnavailable
from channels.inbox.sqlite import SqliteInbox
from channels.metrics import GatewayMetrics
from channels.places import Communes
from channels.privacy import DiscreetFormatter
from channels.publishing.publishers import PublishersUnreadable, new_key
from channels.runtime import STOP_TIMEOUT_S, Gateway, assemble
from channels.settings import SettingsFault, secret_keys
from channels.worker import TURN_TIMEOUT_S
from channels.zalo.access import zalo_access

Step = Callable[[], Awaitable[None]]

HOST = "127.0.0.1"
"""A reverse proxy with TLS stands in front; nothing listens on other addresses."""

HTTP_TIMEOUT_S = 10.0


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m channels", description=__doc__)
    add_commands(parser)
    chosen = parser.parse_args(arguments)
    if chosen.command == "new-publisher-key":
        key, digest = new_key()
        print(f'key, for the publisher, shown this once: {key}\nline for publishers.toml: key_sha256 = "{digest}"')
        return 0
    os.umask(0o077)  # what people wrote is nobody else's to read on this machine
    _log_json(sys.stdout if chosen.command == "run" else sys.stderr)
    try:
        configuration = load()
    except SettingsFault as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 2
    for warning in configuration.warnings:
        structlog.get_logger().warning("configuration", sentence=warning)
    try:
        if chosen.command != "run":
            return asyncio.run(_command(configuration, chosen))
        with _alone(configuration.settings.database_path):
            _run(configuration)
    except (OSError, WordingError, PublishersUnreadable, StoreUnavailable, ValueError) as error:
        print(f"{chosen.command}: {error}", file=sys.stderr)
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


def _run(configuration: Configuration) -> None:
    settings, clock, metrics = configuration.settings, SystemClock(), GatewayMetrics()
    secrets = secret_keys(settings)
    inbox = SqliteInbox(settings.database_path, clock=clock)
    http = httpx.AsyncClient(timeout=HTTP_TIMEOUT_S)
    oauth_http = httpx.Client(timeout=HTTP_TIMEOUT_S)
    zalo = zalo_access(
        configuration,
        database=settings.database_path,
        secrets=secrets,
        http=oauth_http,
        clock=clock,
        on_alarm=lambda alarm: metrics.alerts.labels("zalo", alarm).inc(),
    )
    # The client waits a little longer than the worker, so that a slow turn is told apart from a bot that is down.
    bot = RasaClient(settings.bot_url, timeout_s=TURN_TIMEOUT_S + 1)
    gateway = assemble(
        configuration,
        inbox=inbox,
        bot=bot,
        tokens=zalo.tokens,
        consent=zalo.consent,
        http=http,
        clock=clock,
        wording=Wording.load(settings.wording_dir),
        communes=Communes.load(settings.wording_dir.parent),
        metrics=metrics,
        secrets=secrets,
        widget_dir=settings.database_path.with_name("widget"),
        owner=f"{os.getpid()}-{clock.now():%Y%m%dT%H%M%S.%f}",
    )
    running = _attach(
        gateway, opened=[inbox.open, zalo.tokens.open], closed=[zalo.tokens.close, inbox.close, bot.aclose, http.aclose]
    )
    gateway.app.config.GRACEFUL_SHUTDOWN_TIMEOUT = STOP_TIMEOUT_S
    with oauth_http:
        gateway.app.run(
            host=HOST,
            port=settings.port,
            single_process=True,
            access_log=False,
            auto_reload=False,
            motd=False,
            debug=False,
        )
    for task in running:
        if error := task.exception():
            raise OSError(f"stopped, because nothing is answered or sent any more: {type(error).__name__}")


def _attach(gateway: Gateway, *, opened: Sequence[Step], closed: Sequence[Step]) -> list[asyncio.Task[None]]:
    """Start and stop the worker, the sender and the upkeep with the server, between `opened` and `closed`.

    Returns where their task will stand. The server stops when they do: a gateway that takes events and answers none
    must not look alive to its supervisor.
    """
    stop = asyncio.Event()
    running: list[asyncio.Task[None]] = []

    async def start(app: Sanic) -> None:  # type: ignore[type-arg]  # noqa: ARG001
        for step in opened:
            await step()
        running.append(asyncio.create_task(gateway.run(stop)))
        running[0].add_done_callback(ended)

    def ended(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            structlog.get_logger().error("gateway_failed", error=type(error).__name__)
            gateway.app.stop()

    async def finish(app: Sanic) -> None:  # type: ignore[type-arg]  # noqa: ARG001
        stop.set()
        await asyncio.gather(*running, return_exceptions=True)  # `ended` has told
        for step in closed:
            await step()

    gateway.app.before_server_start(start)
    gateway.app.after_server_stop(finish)
    return running


async def _command(configuration: Configuration, chosen: argparse.Namespace) -> int:
    async with desk(configuration, tell=print) as at:
        return await COMMANDS[chosen.command](at, chosen)


def _log_json(stream: TextIO) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(DiscreetFormatter("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )


if __name__ == "__main__":
    sys.exit(main())
