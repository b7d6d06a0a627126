"""When nobody knows whether a message reached its platform: what is certain, and what has to be found out."""

from __future__ import annotations

from datetime import timedelta

import httpx

from channels.errors import InDoubt, RetryLater

CLOCK_SKEW = timedelta(seconds=2)
"""How far a platform's clock, which may tell whole seconds, may be behind ours when a message is looked for."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def lost(platform: str, error: httpx.HTTPError) -> RetryLater:
    """Return the error for a call that brought no answer: in doubt unless nothing had left us yet."""
    reason = f"{platform} {type(error).__name__}"
    return RetryLater(reason) if isinstance(error, _NOT_SENT) else InDoubt(reason)
