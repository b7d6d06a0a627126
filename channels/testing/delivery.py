"""Webhooks on their way: signed, posted, tried again on the platform's schedule, given up in the end."""

from __future__ import annotations

import asyncio
import heapq
import random
import zlib
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeAlias

import httpx

from channels.ports import Clock

Post: TypeAlias = Callable[[bytes, Mapping[str, str]], Awaitable[int]]
"""Hands one request to the gateway and returns the HTTP status; httpx errors and OSError count as no answer."""

Sent: TypeAlias = tuple[bytes, dict[str, str]]
"""Body and headers."""


@dataclass(slots=True)
class Parcel:
    """One event for one app."""

    app_id: str
    account: str
    person: str  # "" where it is about nobody
    event: Mapping[str, Any]
    due_at: datetime
    serial: int = 0
    tries: int = 0
    first_tried_at: datetime | None = None

    def __lt__(self, other: Parcel) -> bool:
        return (self.due_at, self.serial) < (other.due_at, other.serial)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that was posted."""

    at: datetime
    app_id: str
    events: int
    retry: int  # 0: the first time
    status: int | None  # None: no answer in time


class Courier(Protocol):
    """How one platform delivers."""

    @property
    def deadline_s(self) -> float:
        """Seconds within which the answer has to come."""

    def cut(self, parcels: Sequence[Parcel]) -> list[list[Parcel]]:
        """Divide what is due for one app into requests, in order."""

    def pack(self, parcels: Sequence[Parcel]) -> Sent:
        """Return the signed request that holds these parcels."""

    def next_try(self, parcel: Parcel, *, tried_at: datetime, failing_since: datetime) -> datetime | None:
        """Return when a parcel that failed goes out again; None: the app is unsubscribed from the account."""


@dataclass(slots=True)
class Disturbance:
    """How unruly the way is. Probabilities from 0 to 1, drawn from `rng`."""

    rng: random.Random
    duplicated: float = 0.0
    delayed: float = 0.0
    delayed_up_to_s: float = 60.0


@dataclass(slots=True)
class Delivery:
    """The queue of one platform's webhooks. Lanes run side by side, and a person's events stay in one lane."""

    clock: Clock
    courier: Courier
    disturbance: Disturbance | None = None
    lanes: int = 16
    is_held: bool = False  # nothing goes out while the platform itself is in trouble
    unsubscribed: set[tuple[str, str]] = field(default_factory=set)  # (app, account)
    lost: list[Parcel] = field(default_factory=list)  # events that an app was never told
    attempts: list[Attempt] = field(default_factory=list)
    _posts: dict[str, Post] = field(default_factory=dict)
    _heap: list[Parcel] = field(default_factory=list)
    _failing_since: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _serial: int = 0
    _delays: deque[float] = field(default_factory=deque)
    _duplicates: int = 0
    _added: asyncio.Event = field(default_factory=asyncio.Event)

    def connect(self, app_id: str, post: Post) -> None:
        """Name the address of an app's webhooks; events of apps without one are let go."""
        self._posts[app_id] = post

    def resubscribe(self, app_id: str, account: str) -> None:
        """Do by hand what the operator does after an app was unsubscribed."""
        self.unsubscribed.discard((app_id, account))
        self._failing_since.pop((app_id, account), None)

    def delay_next(self, *seconds: float) -> None:
        """The next events wait so long, one each: that is how they come out of order."""
        self._delays.extend(seconds)

    def duplicate_next(self, count: int = 1) -> None:
        """The next `count` events are delivered twice although the first copy was answered in time."""
        self._duplicates += count

    def add(self, app_id: str, account: str, person: str, event: Mapping[str, Any]) -> list[Parcel]:
        """Queue an event for an app and return it, with its duplicate if it has one; nothing without an address."""
        if app_id not in self._posts:
            return []
        parcels = [self._parcel(app_id, account, person, event) for _ in range(1 + self._is_duplicated())]
        if (app_id, account) in self.unsubscribed:
            self.lost += parcels
            return []
        for parcel in parcels:
            heapq.heappush(self._heap, parcel)
        self._added.set()
        return parcels

    def lose(self, app_id: str, account: str, person: str, event: Mapping[str, Any]) -> None:
        """Write down an event that the app is not told."""
        self.lost.append(self._parcel(app_id, account, person, event))

    def next_due(self) -> datetime | None:
        """Return when the next event goes out; None while nothing waits or everything is held."""
        return self._heap[0].due_at if self._heap and not self.is_held else None

    async def deliver_due(self) -> int:
        """Post everything that is due by the clock, and what becomes due meanwhile; return how many requests."""
        count = 0
        while parcels := self._take_due():
            count += await self._post_all(parcels)
        return count

    async def deliver_now(self, parcels: Sequence[Parcel]) -> None:
        """Post these before anything else that waits; what fails is queued again."""
        chosen = {parcel.serial for parcel in parcels}
        self._heap = [parcel for parcel in self._heap if parcel.serial not in chosen]
        heapq.heapify(self._heap)
        await self._post_all(parcels)

    async def keep_delivering(self) -> None:
        """Deliver by the real clock until cancelled."""
        while True:
            self._added.clear()
            await self.deliver_due()
            due = self.next_due()
            wait_s = None if due is None else max(0.0, (due - self.clock.now()).total_seconds())
            try:
                await asyncio.wait_for(self._added.wait(), timeout=wait_s)
            except TimeoutError:
                continue

    def _parcel(self, app_id: str, account: str, person: str, event: Mapping[str, Any]) -> Parcel:
        self._serial += 1
        due_at = self.clock.now() + timedelta(seconds=self._delay_s())
        return Parcel(app_id, account, person, event, due_at, self._serial)

    def _delay_s(self) -> float:
        if self._delays:
            return self._delays.popleft()
        unruly = self.disturbance
        if unruly is not None and unruly.rng.random() < unruly.delayed:
            return unruly.rng.uniform(0.0, unruly.delayed_up_to_s)
        return 0.0

    def _is_duplicated(self) -> bool:
        if self._duplicates:
            self._duplicates -= 1
            return True
        unruly = self.disturbance
        return unruly is not None and unruly.rng.random() < unruly.duplicated

    def _take_due(self) -> list[Parcel]:
        now = self.clock.now()
        due: list[Parcel] = []
        while self._heap and not self.is_held and self._heap[0].due_at <= now:
            due.append(heapq.heappop(self._heap))
        return due

    async def _post_all(self, parcels: Sequence[Parcel]) -> int:
        lanes: defaultdict[tuple[str, int], list[Parcel]] = defaultdict(list)
        for parcel in parcels:
            lane = zlib.crc32(f"{parcel.account}:{parcel.person}".encode()) % self.lanes
            lanes[parcel.app_id, lane].append(parcel)
        requests = [self.courier.cut(lane) for lane in lanes.values()]
        await asyncio.gather(*(self._run_lane(lane) for lane in requests))
        return sum(map(len, requests))

    async def _run_lane(self, requests: Sequence[Sequence[Parcel]]) -> None:
        for request in requests:
            await self._post(request)

    async def _post(self, parcels: Sequence[Parcel]) -> None:
        app_id, started_at = parcels[0].app_id, self.clock.now()
        body, headers = self.courier.pack(parcels)
        status: int | None
        try:
            status = await self._posts[app_id](body, headers)
        except (httpx.HTTPError, OSError):
            status = None
        if (self.clock.now() - started_at).total_seconds() > self.courier.deadline_s:
            status = None
        self.attempts.append(Attempt(started_at, app_id, len(parcels), parcels[0].tries, status))
        for parcel in parcels:
            parcel.tries += 1
            parcel.first_tried_at = parcel.first_tried_at or started_at
            if status == 200:
                self._failing_since.pop((app_id, parcel.account), None)
            else:
                self._failed(parcel, started_at)

    def _failed(self, parcel: Parcel, at: datetime) -> None:
        key = (parcel.app_id, parcel.account)
        since = self._failing_since.setdefault(key, at)
        next_try = self.courier.next_try(parcel, tried_at=at, failing_since=since)
        if next_try is None or key in self.unsubscribed:
            self._unsubscribe(key)
            self.lost.append(parcel)
            return
        parcel.due_at = next_try
        heapq.heappush(self._heap, parcel)

    def _unsubscribe(self, key: tuple[str, str]) -> None:
        self.unsubscribed.add(key)
        gone = [parcel for parcel in self._heap if (parcel.app_id, parcel.account) == key]
        self.lost += gone
        self._heap = [parcel for parcel in self._heap if (parcel.app_id, parcel.account) != key]
        heapq.heapify(self._heap)


def http_post(http: httpx.AsyncClient, url: str, *, timeout_s: float) -> Post:
    """Return a `Post` to a real address."""

    async def post(body: bytes, headers: Mapping[str, str]) -> int:
        return (await http.post(url, content=body, headers=dict(headers), timeout=timeout_s)).status_code

    return post
