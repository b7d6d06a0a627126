"""Is everything that an answer needs there? Each collaborator by name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

Check = Callable[[], Awaitable[object]]
"""Returns when the collaborator is ready and raises otherwise."""

CHECK_TIMEOUT_S = 2.0
"""A collaborator that takes longer counts as down."""


async def readiness(checks: Mapping[str, Check]) -> dict[str, dict[str, str]]:
    """Run all checks side by side and return {"name": {"state": "ready"} or {"state": "down", "reason": …}}."""
    states = await asyncio.gather(*(_state(check) for check in checks.values()))
    return dict(zip(checks, states, strict=True))


async def _state(check: Check) -> dict[str, str]:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await check()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is not ready
        return {"state": "down", "reason": type(error).__name__}
    return {"state": "ready"}
