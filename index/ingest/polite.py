"""Manners towards other people's servers: robots.txt is kept, and each host is asked slowly, one thing at a time.

Rules of robots.txt after RFC 9309: a missing file allows everything, one that cannot be read now forbids everything for
now, and what was read holds for a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from protego import Protego

from index.ingest.address import host_of
from index.ingest.errors import Refused, RetryLater

ROBOTS_HOLDS_S = 24 * 3600.0
"""Seconds for which a robots.txt is believed (RFC 9309, section 2.4)."""

LONGEST_DELAY_S = 120.0
"""A delay that robots.txt asks for is kept up to this many seconds."""


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: Protego
    read_at: float


class Manners:
    """Says when an address may be asked for; safe to use from several threads."""

    def __init__(
        self,
        *,
        product: str,
        delay_s: float,
        longest_wait_s: float,
        read_robots: Callable[[str], str | None],
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        """`product` is our name in robots.txt; `read_robots` gives a file's text, None where there is none.
        A host that wants to be left alone for longer than `longest_wait_s` is not waited for.

        `read_robots` raises `RetryLater` where the file cannot be read now and `Refused` where it may not be.
        """
        self._product, self._delay_s, self._read_robots = product, delay_s, read_robots
        self._longest_wait_s = longest_wait_s
        self._clock, self._sleep = clock, sleep
        self._rules: dict[str, _Rules] = {}
        self._free_at: dict[str, float] = {}
        self._closed_until: dict[str, float] = {}
        self._lock = Lock()
        self._asking: defaultdict[str, Lock] = defaultdict(Lock)

    def alone(self, host: str) -> Lock:
        """To be held while a host is asked: whoever else wants something from it waits until it has answered."""
        with self._lock:
            return self._asking[host]

    def before(self, url: str) -> None:
        """Wait until it is polite to ask for a checked address; raises `Refused` where robots.txt asks not to."""
        host = host_of(url)
        rules = self._rules_of(host)
        if not rules.can_fetch(url, self._product):
            raise Refused(url, "robots.txt asks programs not to read it")
        self.wait(host, self._delay_of(rules))

    def wait(self, host: str, delay_s: float | None = None) -> None:
        """Wait for the host's turn and take it; the next one may come `delay_s` later (None: the usual delay).

        Raises `RetryLater` where the host asked to be left alone for longer than we wait.
        """
        closed_s = self.closed_s(host)
        if closed_s > self._longest_wait_s:
            raise RetryLater(f"https://{host}", "the server asked to be left alone", after_s=closed_s)
        with self._lock:
            now = self._clock()
            turn = max(now + closed_s, self._free_at.get(host, now))
            self._free_at[host] = turn + (self._delay_s if delay_s is None else delay_s)
        if turn > now:
            self._sleep(turn - now)

    def leave_alone(self, host: str, seconds: float) -> None:
        """Ask a host nothing for a while, because it said so."""
        with self._lock:
            self._closed_until[host] = self._clock() + seconds

    def closed_s(self, host: str) -> float:
        """For how many seconds more the host wants to be left alone; 0 where it said nothing of the kind."""
        with self._lock:
            return max(0.0, self._closed_until.get(host, 0.0) - self._clock())

    def _rules_of(self, host: str) -> Protego:
        known = self._rules.get(host)
        if known is None or self._clock() - known.read_at > ROBOTS_HOLDS_S:
            known = _Rules(Protego.parse(self._read_robots(f"https://{host}/robots.txt") or ""), self._clock())
            self._rules[host] = known
        return known.rules

    def _delay_of(self, rules: Protego) -> float:
        asked = rules.crawl_delay(self._product) or 0.0
        rate = rules.request_rate(self._product)
        paced = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(self._delay_s, min(max(asked, paced), LONGEST_DELAY_S))
