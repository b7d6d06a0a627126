"""Moves what stands in SQLite's write-ahead log into the database beside the writer, so that nobody waits for it.

After a deletion it empties the log as well, which else would hold what was deleted until something is written over it.

Left to itself SQLite does this at every thousandth page, in the commit that reaches it: at 1,000 events a second that
was a tenth of all commits, of tens of milliseconds each.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

EVERY_S = 0.25

PASSES_BEHIND = 8
"""So many passes in a row that could not keep up, and the writer does the rest of one itself: only a log
that was moved whole begins again from its start, and it must not grow without end."""


class Checkpointer:
    """A thread with a connection of its own; `wrote` tells it that there is something to move."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._has_work = threading.Event()
        self._stopping = threading.Event()
        self._behind = 0
        self._is_to_empty = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inbox-checkpoints", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the pass in hand, and after one try to empty the log where that is still to be done."""
        self._stopping.set()
        self._has_work.set()
        self._thread.join()

    def wrote(self, connection: sqlite3.Connection, *, empties: bool = False) -> None:
        """The writer has committed on `connection`, on whose thread this runs; `empties` has the log emptied soon."""
        if empties:
            self._is_to_empty.set()
        if self._behind >= PASSES_BEHIND:
            self._behind = 0
            _pass(connection)
        self._has_work.set()

    def _run(self) -> None:
        with closing(sqlite3.connect(self._path, isolation_level=None, timeout=0)) as connection:
            while not self._stopping.wait(EVERY_S):
                self._has_work.wait()
                self._has_work.clear()
                self._behind = 0 if _pass(connection) else self._behind + 1
                if self._is_to_empty.is_set():
                    self._empty(connection)
            if self._is_to_empty.is_set():
                self._empty(connection)

    def _empty(self, connection: sqlite3.Connection) -> None:
        """Cut the log to nothing; while anybody reads or writes the next pass tries again.

        Waiting for a reader would keep the writer waiting: SQLite holds its lock meanwhile.
        """
        self._is_to_empty.clear()
        try:
            is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error:
            is_busy = True
        if is_busy:
            self._is_to_empty.set()
            self._has_work.set()


def _pass(connection: sqlite3.Connection) -> bool:
    """Move what can be moved without making anybody wait; tell whether that was all. A failure is the next pass's."""
    with suppress(sqlite3.Error):
        _, in_log, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return bool(in_log == moved)
    return False
