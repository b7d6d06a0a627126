"""Keeping the index up to date: announcements at once, sources on their schedules, then a new snapshot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from threading import Event, Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from index.errors import IndexProblem, NothingToIndex, UnreadableSource
from index.ingest.announced import Desk
from index.ingest.announcements import Announcement, Result, Spool
from index.ingest.errors import Refused, RetryLater
from index.ingest.report import SyncReport
from index.ingest.sync import utc_now

log = structlog.get_logger()

LONGEST_TRIED_S = 3_600.0
"""An announced page that does not answer for this long after its announcement is refused."""

KEPT = timedelta(days=30)
"""How long a publisher can ask what became of an announcement."""

_AT_ONCE = 50  # announcements before a snapshot, so that the first ones do not wait for the last


class AlreadyWatching(IndexProblem):
    """Another process watches already; two would only wait for each other."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often things are looked at, in seconds."""

    announcements_s: float = 1.0
    sources_s: float = 10.0  # looking whether one is due; schedules are the sources' own
    build_s: float = (
        60.0  # between snapshots for what sources bring, at least what one takes; announcements do not wait
    )
    failure_s: float = 30.0  # after a failure of the catalogue or of a build


USUAL = Pace()


class Watch:
    """The loop. Announcements and snapshots in the calling thread, sources in another."""

    def __init__(
        self,
        *,
        spool: Spool,
        desk: Desk,
        sync: Callable[[], SyncReport],
        revision: Callable[[], int],
        build: Callable[[], str],
        stop: Event,
        pace: Pace = USUAL,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`sync` visits what is due and returns early when `stop` is set; `build` builds, publishes, returns the name.

        `revision` is the catalogue's. `stop` ends the loop after the step it is in.
        """
        self._spool, self._desk, self._sync = spool, desk, sync
        self._revision, self._build = revision, build
        self._stop, self._pace, self._now, self._clock = stop, pace, now, clock
        self._built: int | None = None  # revision of the catalogue that the snapshot shows
        self._next_build_at = 0.0
        self._quiet_until = 0.0
        self._tried: dict[Path, float] = {}  # announced pages that did not answer, and when they are due again

    def run(self) -> None:
        """Watch until `stop` is set. What fails is logged and tried again; nothing is lost."""
        reader = Thread(target=self._read_sources, name="sources")
        reader.start()
        try:
            while not self._stop.is_set():
                self.step()
                self._stop.wait(self._pace.announcements_s)
        finally:
            self._stop.set()
            reader.join()

    def step(self) -> None:
        """Take in what was announced, and build where something changed."""
        if self._clock() < self._quiet_until:
            return
        try:
            taken = self._take_announcements()
            if taken or self._is_time_to_build():
                self._build_and_finish(taken)
        except Exception as error:  # noqa: BLE001 - the loop goes on; announcements stay where they are
            log.warning("watch_failed", error=_words(error))
            self._quiet_until = self._clock() + self._pace.failure_s

    # --- announcements

    def _take_announcements(self) -> list[tuple[Path, list[str]]]:
        taken: list[tuple[Path, list[str]]] = []
        for path in self._spool.waiting():
            if self._stop.is_set() or len(taken) >= _AT_ONCE:
                break
            if self._tried.get(path, 0.0) > self._clock():
                continue
            try:
                announcement = self._spool.read(path)
            except UnreadableSource as problem:
                self._refuse(path, problem.reason)
                continue
            if announcement.kind == "url" and taken:
                break  # a page may be slow: what was taken in becomes answerable first
            ids = self._take(path, announcement)
            if ids is not None:
                taken.append((path, ids))
        return taken

    def _take(self, path: Path, announcement: Announcement) -> list[str] | None:
        """Ids of the documents of an announcement; None where it was refused or has to wait."""
        try:
            return self._desk.take(announcement)
        except RetryLater as later:
            age_s = (self._now() - announcement.received_at).total_seconds()
            if age_s < LONGEST_TRIED_S:
                self._tried[path] = self._clock() + max(self._pace.failure_s, later.after_s)
            else:
                self._refuse(path, later.reason)
        except (UnreadableSource, Refused) as problem:
            self._refuse(path, problem.reason)
        except (IndexProblem, OSError, SQLAlchemyError):
            raise
        except Exception as error:  # noqa: BLE001 - an announcement that our own code stumbles over holds up no other
            self._refuse(path, f"it could not be taken in: {type(error).__name__}")
        return None

    def _refuse(self, path: Path, reason: str) -> None:
        self._tried.pop(path, None)
        self._spool.finish(path, Result("refused", reason=reason))
        log.warning("announcement_refused", announcement=path.stem, reason=reason)

    # --- snapshots

    def _is_time_to_build(self) -> bool:
        if self._built is None:
            return True  # what was taken in before the last process ended
        return self._clock() >= self._next_build_at and self._revision() != self._built

    def _build_and_finish(self, taken: list[tuple[Path, list[str]]]) -> None:
        revision, begun = self._revision(), self._clock()
        try:
            name = self._build()
        except NothingToIndex:
            name = ""  # nothing was ever taken in, or all of it was withdrawn
        ended = self._clock()
        self._built, self._next_build_at = revision, ended + max(self._pace.build_s, ended - begun)
        for path, ids in taken:
            self._tried.pop(path, None)
            self._spool.finish(path, Result("done", document_ids=ids, answerable_at=self._now()))
        self._spool.forget(self._now() - KEPT)
        log.info("snapshot_current", snapshot=name, revision=revision, announcements=len(taken))

    # --- sources

    def _read_sources(self) -> None:
        while not self._stop.is_set():
            pause = self._pace.sources_s
            try:
                report = self._sync()
                if report.pages:
                    log.info("sources_read", summary=report.counts())
                for where, reason in report.unreadable:
                    log.warning("unreadable", where=where, reason=reason)
            except Exception as error:  # noqa: BLE001 - the loop goes on
                log.warning("sync_failed", error=_words(error))
                pause = self._pace.failure_s
            self._stop.wait(pause)


@contextmanager
def only_watcher(lock: Path) -> Iterator[None]:
    """Hold the lock file while watching; raises `AlreadyWatching` where another process holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)  # released when the file closes, also when the process dies
        except BlockingIOError as error:
            raise AlreadyWatching(f"another process watches already (it holds {lock})") from error
        yield


def _words(error: Exception) -> str:
    """What went wrong, for the log: our own messages are fit for it, others may hold text of a page."""
    return str(error) if isinstance(error, IndexProblem) else type(error).__name__
