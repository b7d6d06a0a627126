"""How fast we send, so that no platform has to tell us: a token bucket for each app or account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(minutes=1)
"""Whoever is turned away comes again within this, also after a clock was set back."""

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` messages at once, and `per_s` a second in the long run."""

    per_s: float
    burst: int


class RateLimiter:
    """Buckets by channel and by whoever the platform counts; a channel without a rate is not held back.

    `payer` maps (channel, account) to whose bucket it is: Zalo counts by app, Messenger by Page. Nothing waits in
    here, so that a clock set by hand works and one full bucket holds up no other account. Those who find it empty are
    told to come one after another: if all came back with the next token, a thousand would be turned away for each one.
    """

    def __init__(self, rates: Mapping[str, Rate], payers: Mapping[tuple[str, str], str]) -> None:
        self._rates = rates
        self._payers = payers
        self._buckets: dict[tuple[str, str], tuple[float, datetime]] = {}
        self._turns: dict[tuple[str, str], datetime] = {}  # when the last of those who were turned away comes again

    def wait_s(self, channel: str, account: str, now: datetime) -> float:
        """Take one token and return 0, or take none and return the seconds after which to come again."""
        rate = self._rates.get(channel)
        if rate is None:
            return 0.0
        key = (channel, self._payers.get((channel, account), account))
        tokens, since = self._buckets.get(key, (float(rate.burst), now))
        tokens = min(rate.burst, tokens + max(0.0, (now - since).total_seconds()) * rate.per_s)
        if tokens < 1 - _ROUNDING:
            self._buckets[key] = (tokens, now)
            next_token = now + timedelta(seconds=(1 - tokens) / rate.per_s)
            after_others = self._turns.get(key, now) + timedelta(seconds=1 / rate.per_s)
            self._turns[key] = turn = max(next_token, min(after_others, now + LONGEST_WAIT))
            return (turn - now).total_seconds()
        self._buckets[key] = (tokens - 1, now)
        return 0.0
