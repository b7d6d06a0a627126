"""How often a stranger may come: token buckets by name, as many as memory allows and no more."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from math import ceil

from channels.errors import BadRequest
from channels.rate import Rate

MAX_BUCKETS = 50_000
"""Beyond these the one that was not used for longest is forgotten, which is full again by then as a rule."""

_ROUNDING = 1e-6


class Buckets:
    """One bucket for each name."""

    def __init__(self, rate: Rate, *, most: int = MAX_BUCKETS) -> None:
        self._rate = rate
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def take(self, name: str, now: datetime) -> None:
        """Take one token. Raises BadRequest (429) with the seconds after which there is one."""
        tokens, since = self._buckets.pop(name, (float(self._rate.burst), now))
        tokens = min(self._rate.burst, tokens + max(0.0, (now - since).total_seconds()) * self._rate.per_s)
        is_enough = tokens >= 1 - _ROUNDING
        self._buckets[name] = (tokens - 1 if is_enough else tokens, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        if not is_enough:
            after_s = max(1, ceil((1 - tokens) / self._rate.per_s - _ROUNDING))
            raise BadRequest("too_many", "too many requests, please wait", http_status=429, retry_after_s=after_s)


def neighbourhood(address: str) -> str:
    """Return what counts as one address: of IPv6 the /64, which one household has, of IPv4 the address itself."""
    try:
        found = ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
