"""What has to be done every so often while the gateway runs: each job on its own, none stops another or itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of upkeep; `work` runs at the start and then `every_s` seconds after each end."""

    name: str
    every_s: float
    work: Callable[[], Awaitable[object]]


async def keep_up(jobs: Sequence[Job]) -> None:
    """Run all jobs until cancelled. A job that fails is logged by the name of its error and tried again in its turn."""
    await asyncio.gather(*(_repeat(job) for job in jobs))


async def _repeat(job: Job) -> None:
    while True:
        try:
            await job.work()
        except Exception as error:  # noqa: BLE001 - upkeep must outlive a platform's bad day and our own bugs
            structlog.get_logger().error("upkeep_failed", job=job.name, error=type(error).__name__)
        await asyncio.sleep(job.every_s)
