"""When nobody knows whether a message reached its platform: what is certain, and what has to be found out."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx

from channels.errors import InDoubt, RetryLater

CLOCK_SKEW = timedelta(seconds=2)
"""How far a platform's clock, which may tell whole seconds, may be behind ours when a message is looked for."""

ECHO_PATIENCE = timedelta(minutes=10)
"""How long the echo of a message is waited for where no history tells of it. Nobody promises more: then it counts as
not arrived, for a person who gets an answer twice is better off than one who gets none."""

_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def lost(platform: str, error: httpx.HTTPError) -> RetryLater:
    """Return the error for a call that brought no answer: in doubt unless nothing had left us yet."""
    reason = f"{platform} {type(error).__name__}"
    return RetryLater(reason) if isinstance(error, _NOT_SENT) else InDoubt(reason)


def await_echo(reason: str, *, since: datetime, now: datetime) -> None:
    """Return once the echo of a message in doubt `since` then has had its time. Raises RetryLater before."""
    left = ECHO_PATIENCE - (now - since)
    if left > timedelta(0):
        raise RetryLater(f"{reason}: waiting for the echo", after_s=left.total_seconds())
