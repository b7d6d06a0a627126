"""Hands an answer to the request that waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from channels.event import OutboxMessage

POLL_S = 1.0
"""How often a waiting request looks into the store itself: the answer may have been sent by another process."""


class WaitingRequests:
    """Requests of this process that wait for their answers, by message id."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[str]] = {}

    def deliver(self, message: OutboxMessage) -> None:
        """Wake the request that waits for this answer; nothing happens when it has gone."""
        future = self._waiting.get(message.in_reply_to)
        if future is not None and not future.done():
            future.set_result(message.payload)

    def expect(self, message_id: str) -> None:
        """Announce a request before its event is accepted, so that no answer can come too early."""
        self._waiting[message_id] = asyncio.get_running_loop().create_future()

    def forget(self, message_id: str) -> None:
        """End the wait."""
        self._waiting.pop(message_id, None)

    async def wait(
        self, message_id: str, *, timeout_s: float, look_up: Callable[[], Awaitable[list[str]]]
    ) -> str | None:
        """Return the payload of the answer to an announced request, or None after `timeout_s` seconds."""
        future = self._waiting[message_id]
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while (left := deadline - loop.time()) > 0:
            await asyncio.wait({future}, timeout=min(POLL_S, left))
            if future.done():
                return future.result()
            if stored := await look_up():
                return stored[0]
        return None
