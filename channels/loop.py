"""The loop that worker and sender share: claim what is ready, work on it side by side, stop gracefully."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog

from channels.errors import StoreUnavailable

T = TypeVar("T")

_IDLE_S = 0.25
"""Longest sleep with nothing to do: retries become due without anybody ringing."""

_STORE_PAUSE_S = 1.0


class ClaimLoop(Generic[T]):
    """Keeps up to `concurrency` claimed items in work; `ring` says that there may be more."""

    def __init__(
        self,
        *,
        name: str,
        claim: Callable[[int], Awaitable[Sequence[T]]],
        work: Callable[[T], Awaitable[None]],
        concurrency: int,
    ) -> None:
        self._name = name
        self._claim = claim
        self._work = work
        self._concurrency = concurrency
        self._running: set[asyncio.Task[None]] = set()
        self._bell = asyncio.Event()
        self._stopping = False

    def ring(self) -> None:
        """Look for work now instead of at the next turn of the clock."""
        self._bell.set()

    async def run(self) -> None:
        """Work until `stop` is called, then finish what was claimed."""
        while not self._stopping:
            self._bell.clear()
            try:
                await self._fill()
            except StoreUnavailable as error:
                structlog.get_logger().error("store_unavailable", loop=self._name, reason=str(error))
                await asyncio.sleep(_STORE_PAUSE_S)
            await self._wait()
        if self._running:
            await asyncio.wait(self._running)

    def stop(self) -> None:
        """Claim nothing more; `run` returns when the work in hand is done."""
        self._stopping = True
        self._bell.set()

    async def _fill(self) -> None:
        free = self._concurrency - len(self._running)
        if free <= 0:
            return
        for item in await self._claim(free):
            task = asyncio.create_task(self._guard(item))
            self._running.add(task)
            task.add_done_callback(self._done)

    async def _guard(self, item: T) -> None:
        try:
            await self._work(item)
        except StoreUnavailable as error:  # the lease runs out and the item is offered again
            structlog.get_logger().error("store_unavailable", loop=self._name, reason=str(error))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._bell.set()
        if not task.cancelled() and task.exception() is not None:
            structlog.get_logger().error("work_failed", loop=self._name, error=type(task.exception()).__name__)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_IDLE_S):
                await self._bell.wait()
        except TimeoutError:
            return
