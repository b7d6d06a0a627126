"""What can go wrong when an address is fetched, named by what the caller does next.

IndexProblem
├── FetchProblem        an address could not be fetched; `where` is the address, `reason` one sentence
│   ├── Refused         hostile, not allowed or over a limit: never ask again as long as it says the same
│   ├── Gone            the server says that it is gone (404, 410): withdraw what came from it
│   └── RetryLater      the network or the server failed: ask again, `after_s` seconds from now at the earliest
└── BadInput
    └── FaultyFile      a file of settings has faults; all of them are listed
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.errors import BadInput, IndexProblem


class FetchProblem(IndexProblem):
    """An address could not be fetched."""

    def __init__(self, where: str, reason: str) -> None:
        where = where if where.isprintable() and len(where) <= LONGEST_SHOWN else ascii(where)[:LONGEST_SHOWN]
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class Refused(FetchProblem):
    """The address, an address on the way, or the answer is not allowed."""


class Gone(FetchProblem):
    """There was something once, or there never was; there is nothing now."""


class RetryLater(FetchProblem):
    """The address is in order; `after_s` is how long the server wants to be left alone, in seconds (0: unsaid)."""

    def __init__(self, where: str, reason: str, *, after_s: float = 0.0) -> None:
        super().__init__(where, reason)
        self.after_s = after_s


class FaultyFile(BadInput):
    """A file of settings has faults, each with the name of the entry it is in."""

    def __init__(self, path: Path, faults: Sequence[str]) -> None:
        super().__init__("\n".join(f"{path}: {fault}" for fault in faults))
        self.faults = tuple(faults)


LONGEST_SHOWN = 300
"""Characters of an address that a message repeats; longer ones and ones with control characters are cut and escaped."""
