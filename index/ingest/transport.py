"""Connections to checked addresses only, within a budget of time and bytes; used by `index.ingest.fetch` alone.

The name is resolved, the answers are checked and one of them is dialled in one step: nobody can give another answer in
between. TLS then speaks to the name, not to the number, so certificate and virtual host are the site's own. Everything
the server sends, headers too, comes out of one budget.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool, Retry
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from index.ingest.address import is_public
from index.ingest.errors import Refused, RetryLater

Resolve = Callable[[str], Sequence[str]]
"""Host name → its network addresses; OSError when there are none."""

Dial = Callable[[str, int, float], socket.socket]
"""Network address, port, seconds → a connected socket; OSError when nobody answers."""

PORT = 443


def resolve(host: str) -> list[str]:
    """All addresses of a host, as the system's resolver gives them."""
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


def dial(address: str, port: int, timeout_s: float) -> socket.socket:
    """A TCP connection to a network address."""
    return socket.create_connection((address, port), timeout_s)


class Budget:
    """What one request may cost: seconds from first contact to last byte, and bytes on the wire, headers included."""

    def __init__(self, url: str, *, seconds: float, wire_bytes: int, clock: Callable[[], float]) -> None:
        self._url, self._bytes_left, self._clock = url, wire_bytes, clock
        self._seconds, self._deadline = seconds, clock() + seconds

    def seconds_left(self) -> float:
        """Time that is left; raises `RetryLater` when there is none."""
        left = self._deadline - self._clock()
        if left <= 0:
            raise RetryLater(self._url, f"the transfer took longer than {self._seconds:g} s")
        return left

    def spend(self, count: int) -> None:
        """Take received bytes off; raises `Refused` when there are more than allowed, `RetryLater` when out of time."""
        self.seconds_left()
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise Refused(self._url, "the answer is larger than allowed")


class GuardedAdapter(HTTPAdapter):
    """Requests' transport for one request: refuses private addresses, keeps to the budget, shares no connection."""

    def __init__(self, *, resolve: Resolve, dial: Dial, budget: Budget, connect_s: float, retries: Retry) -> None:
        self._connection = partial(_Connection, resolve=resolve, dial=dial, budget=budget, connect_s=connect_s)
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=retries)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make pools of guarded connections, and none for anything but https."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": partial(_Pool, connection=self._connection)}


class _Pool(HTTPSConnectionPool):
    def __init__(self, *args: Any, connection: Callable[..., HTTPSConnection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ConnectionCls = connection  # type: ignore[assignment]


class _Connection(HTTPSConnection):
    def __init__(
        self, *args: Any, resolve: Resolve, dial: Dial, budget: Budget, connect_s: float, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._resolve, self._dial, self._budget, self._connect_s = resolve, dial, budget, connect_s

    def _new_conn(self) -> socket.socket:
        try:
            addresses = self._resolve(self.host)
        except OSError as error:
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error
        if not addresses or not all(is_public(address) for address in addresses):
            raise Refused(f"https://{self.host}", "its name leads to an address that is not public")
        for address in addresses:
            try:
                return self._dial(address, PORT, min(self._connect_s, self._budget.seconds_left()))
            except OSError as error:
                problem = error
        raise NewConnectionError(self, f"no address answers: {problem}") from problem

    def connect(self) -> None:
        super().connect()
        self.sock = _GuardedSocket(self.sock, self._budget)


class _GuardedSocket:
    """A socket whose every received byte comes out of the budget."""

    def __init__(self, inner: Any, budget: Budget) -> None:
        self._inner, self._budget = inner, budget

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_GuardedReader(self._inner, self._budget))


class _GuardedReader(io.RawIOBase):
    def __init__(self, inner: Any, budget: Budget) -> None:
        self._timeout_s = inner.gettimeout()
        self._inner, self._file, self._budget = inner, inner.makefile("rb", buffering=0), budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._inner.settimeout(min(self._timeout_s, self._budget.seconds_left()))
        count: int | None = self._file.readinto(buffer)
        self._budget.spend(count or 0)
        return count

    def close(self) -> None:
        self._file.close()
        super().close()
