"""Load on loopback: closed loops for throughput, an open loop for latency at a constant rate, CPU from /proc."""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figures:
    """What one load showed."""

    requests: int
    failures: int
    seconds: float
    latencies_ms: list[float]  # sorted; from the moment a request was due, so waiting in line counts
    cpu_ms: float  # user and system time of the measured process

    @property
    def per_second(self) -> float:
        """Finished requests per second."""
        return self.requests / self.seconds

    @property
    def cpu_ms_each(self) -> float:
        """CPU milliseconds of the measured process per finished request."""
        return self.cpu_ms / max(self.requests, 1)

    def percentile(self, share: float) -> float:
        """Latency in ms below which `share` (0..1) of the requests stayed."""
        if not self.latencies_ms:
            return float("nan")
        return self.latencies_ms[min(len(self.latencies_ms) - 1, int(share * len(self.latencies_ms)))]

    @property
    def median(self) -> float:
        """Median latency in ms."""
        return statistics.median(self.latencies_ms) if self.latencies_ms else float("nan")


def cpu_seconds(pid: int) -> float:
    """Return user and system CPU seconds of a process so far, its threads included (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def closed_loop(ask: Callable[[int], Awaitable[bool]], *, count: int, at_once: int, pid: int) -> Figures:
    """Ask `count` times, `at_once` at a time; `ask` gets a running number and says whether the answer was right."""
    numbers = iter(range(count))
    latencies: list[float] = []
    failures = 0

    async def work() -> None:
        nonlocal failures
        for number in numbers:
            began = time.perf_counter()
            if not await ask(number):
                failures += 1
            latencies.append((time.perf_counter() - began) * 1000)

    cpu, began = cpu_seconds(pid), time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    seconds = time.perf_counter() - began
    return Figures(count, failures, seconds, sorted(latencies), (cpu_seconds(pid) - cpu) * 1000)


class RawClient:
    """A pool of keep-alive HTTP/1.1 connections that sends prepared requests; the generator must stay cheap."""

    def __init__(self, port: int, connections: int) -> None:
        self._port = port
        self._idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        self._connections = connections

    async def open(self) -> None:
        """Connect every connection of the pool."""
        for _ in range(self._connections):
            self._idle.put_nowait(await asyncio.open_connection("127.0.0.1", self._port))

    async def send(self, request: bytes) -> int:
        """Send one prepared request and return the status; the body is read and thrown away."""
        reader, writer = await self._idle.get()
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = 0
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if length:
                await reader.readexactly(length)
            return int(head[9:12])
        finally:
            self._idle.put_nowait((reader, writer))

    def close(self) -> None:
        """Close every connection."""
        while not self._idle.empty():
            self._idle.get_nowait()[1].close()


async def open_loop(
    client: RawClient, request: Callable[[int], bytes], *, rate: int, seconds: float, pid: int
) -> Figures:
    """Send at a constant rate whatever the answers do; latency counts from the moment a request was due."""
    latencies: list[float] = []
    failures = 0
    count = int(rate * seconds)

    async def one(number: int, due: float) -> None:
        nonlocal failures
        if await client.send(request(number)) != 200:
            failures += 1
        latencies.append((time.perf_counter() - due) * 1000)

    gc.disable()  # a pause of the generator would be counted as the gateway's: 50 ms are one request in a hundred
    cpu, began = cpu_seconds(pid), time.perf_counter()
    tasks = []
    for number in range(count):
        due = began + number / rate
        delay = due - time.perf_counter()
        if delay > 0:
            await asyncio.sleep(delay)
        tasks.append(asyncio.create_task(one(number, due)))
    await asyncio.gather(*tasks)
    gc.enable()
    return Figures(count, failures, time.perf_counter() - began, sorted(latencies), (cpu_seconds(pid) - cpu) * 1000)
