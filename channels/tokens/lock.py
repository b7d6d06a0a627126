"""One at a time among all processes of this machine: an advisory lock on a file."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from channels.errors import RetryLater, StoreUnavailable

_LOOK_AGAIN_S = 0.02


@contextmanager
def exclusive(path: Path, *, patience_s: float) -> Iterator[None]:
    """Hold `path` against everybody else while the block runs; made where it is missing, and never removed.

    The system releases it when its holder dies. Blocks the thread. Raises RetryLater after `patience_s` seconds, and
    StoreUnavailable when the file cannot be made. It must not lie on a network share, where flock may hold nobody back.
    """
    with _opened(path) as file:
        for _ in range(max(1, round(patience_s / _LOOK_AGAIN_S))):
            if _take(file):
                yield
                return
            time.sleep(_LOOK_AGAIN_S)
    raise RetryLater(f"somebody else holds {path.name}")


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("a")
    except OSError as error:
        raise StoreUnavailable(f"{path}: {error}") from error


def _take(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
