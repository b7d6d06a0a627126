"""A store's file, and a disk that is full."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


def contents(path: Path) -> list[str]:
    """Return everything that is committed in a store, as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@contextmanager
def no_room_to_write() -> Iterator[None]:
    """Let every write to any file of this process fail, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
