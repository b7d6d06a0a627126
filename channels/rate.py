"""How fast we send, so that no platform has to tell us: a token bucket for each app or account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` messages at once, and `per_s` a second in the long run."""

    per_s: float
    burst: int


class RateLimiter:
    """Buckets by channel and by whoever the platform counts; a channel without a rate is not held back.

    `payer` maps (channel, account) to whose bucket it is: Zalo counts by app, Messenger by Page. Nothing waits in
    here, so that a clock set by hand works and one full bucket holds up no other account.
    """

    def __init__(self, rates: Mapping[str, Rate], payers: Mapping[tuple[str, str], str]) -> None:
        self._rates = rates
        self._payers = payers
        self._buckets: dict[tuple[str, str], tuple[float, datetime]] = {}

    def wait_s(self, channel: str, account: str, now: datetime) -> float:
        """Take one token and return 0, or take none and return the seconds after which there is one."""
        rate = self._rates.get(channel)
        if rate is None:
            return 0.0
        key = (channel, self._payers.get((channel, account), account))
        tokens, since = self._buckets.get(key, (float(rate.burst), now))
        tokens = min(rate.burst, tokens + max(0.0, (now - since).total_seconds()) * rate.per_s)
        if tokens < 1:
            self._buckets[key] = (tokens, now)
            return (1 - tokens) / rate.per_s
        self._buckets[key] = (tokens - 1, now)
        return 0.0
