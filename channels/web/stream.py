"""Pages that wait for news: woken by this process, or by a look into the store, which another process may have written.

Nothing is ever handed over in memory: a page that is woken reads the store from where it stands. So nothing is lost or
told twice, whoever restarts.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Gauge

from channels.errors import BadRequest
from channels.ports import Inbox
from channels.thread import Cursor, Entry
from channels.web.limits import BATCH, MAX_STREAMS, MAX_STREAMS_OF_SESSION
from channels.web.session import CHANNEL

LOOK_S = 1.0
"""How often the store is looked into for what another process wrote: once for all pages together."""


class Follower:
    """A page that follows a conversation; `cursor` is where it stands."""

    __slots__ = ("_woken", "conversation", "cursor", "is_ended", "notice")

    def __init__(self, conversation: str, cursor: Cursor) -> None:
        self.conversation = conversation
        self.cursor = cursor
        self.notice: object = None  # the one shown to it
        self.is_ended = False
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be something new."""
        self._woken.set()

    def end(self) -> None:
        """The process stops."""
        self.is_ended = True
        self.wake()

    async def is_woken(self, within_s: float) -> bool:
        """Wait to be woken, at most so long."""
        try:
            async with asyncio.timeout(within_s):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True


class Streams:
    """The followers in this process; `gauge` shows how many there are."""

    def __init__(
        self,
        inbox: Inbox,
        *,
        gauge: Gauge,
        most: int = MAX_STREAMS,
        per_session: int = MAX_STREAMS_OF_SESSION,
    ) -> None:
        self._inbox = inbox
        self._gauge = gauge
        self._most = most
        self._per_session = per_session
        self._followers: dict[str, list[Follower]] = {}
        self._count = 0
        self._seen: Cursor | None = None
        self._is_ended = False

    @contextmanager
    def following(self, conversation: str, cursor: Cursor) -> Iterator[Follower]:
        """Give a follower, woken from now on. Raises BadRequest: 503 for too many, 429 in one conversation."""
        if self._is_ended or self._count >= self._most:
            raise BadRequest("too_many_streams", "too many pages wait here", http_status=503, retry_after_s=5)
        here = self._followers.setdefault(conversation, [])
        if len(here) >= self._per_session:
            raise BadRequest(
                "too_many_streams", "too many pages of one conversation", http_status=429, retry_after_s=15
            )
        follower = Follower(conversation, cursor)
        here.append(follower)
        self._change_count(+1)
        try:
            yield follower
        finally:
            here.remove(follower)
            self._change_count(-1)
            if not here:
                del self._followers[conversation]

    async def unread(self, follower: Follower) -> list[Entry]:
        """Return what a follower has not read, at most BATCH, and move it on. Raises StoreUnavailable."""
        entries = await self._inbox.entries_after(follower.conversation, follower.cursor, limit=BATCH)
        if entries:
            follower.cursor = entries[-1].cursor
        return entries

    def wake(self, conversation: str) -> None:
        """Something was stored in a conversation."""
        for follower in self._followers.get(conversation, ()):
            follower.wake()

    def end_of(self, conversation: str) -> None:
        """End the streams of a conversation that is no more."""
        for follower in self._followers.get(conversation, ()):
            follower.end()

    def wake_all(self) -> None:
        """Something changed that concerns everybody."""
        for followers in self._followers.values():
            for follower in followers:
                follower.wake()

    async def look(self) -> None:
        """Wake whoever stands behind what any process stored since the last look. Raises StoreUnavailable."""
        if not self._followers:
            self._seen = None
            return
        changes = await self._inbox.changes_after(CHANNEL, self._seen)
        if self._seen is None:  # followers came while nobody looked
            self.wake_all()
        self._seen = changes.cursor
        for conversation, cursor in changes.conversations.items():
            for follower in self._followers.get(conversation, ()):
                if follower.cursor.joined(cursor) != follower.cursor:
                    follower.wake()

    def end(self) -> None:
        """End every stream at once and take no more."""
        self._is_ended = True
        for followers in self._followers.values():
            for follower in followers:
                follower.end()

    @property
    def count(self) -> int:
        """How many pages wait."""
        return self._count

    def _change_count(self, by: int) -> None:
        self._count += by
        self._gauge.set(self._count)


def happening(entry: Entry) -> tuple[str, dict[str, object]]:
    """Return the name and the data of the event that tells of an entry."""
    at = entry.at.isoformat()
    if not entry.payload:
        return "message", {"id": entry.message_id, "text": entry.text, "at": at}
    return "reply", {**json.loads(entry.payload), "message_id": entry.message_id, "at": at}


def frame(name: str, data: object, *, cursor: Cursor | None = None) -> str:
    """Return one event of a stream (HTML Living Standard, server-sent events); JSON holds no line end."""
    position = "" if cursor is None else f"id: {cursor}\n"
    return f"{position}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
