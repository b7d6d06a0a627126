"""Keeping the index up to date: announcements at once, sources on their schedules, then a new snapshot.

An announced page may take minutes to fetch and, where it is a scan, a quarter of an hour to read. Pages are taken in
one after the other by a thread of their own, in the order of their announcement, and documents sent with their text
never wait for them. Until its documents are answerable a page's announcement stays in `new`, as every other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """An announced page that is being taken in, or waits for its turn."""

    announcement: Announcement
    ids: Future[list[str]]


class Watch:
    """The loop. Announcements and snapshots in the calling thread, announced pages and sources each in another."""

    def __init__(
        self,
        *,
        spool: Spool,
        desk: Desk,
        page_desk: Desk,
        sync: Callable[[], SyncReport],
        revision: Callable[[], int],
        build: Callable[[], str],
        stop: Event,
        pace: Pace = USUAL,
        interrupt: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`sync` visits what is due and returns early when `stop` is set; `build` builds, publishes, returns the name.

        `page_desk` takes announced pages in, in the thread of their own. `revision` is the catalogue's. `stop` ends the
        loop after the step it is in; then `interrupt` ends what the other threads are reading, which is read again.
        """
        self._spool, self._desk, self._page_desk, self._sync = spool, desk, page_desk, sync
        self._revision, self._build = revision, build
        self._stop, self._pace, self._interrupt, self._now, self._clock = stop, pace, interrupt, now, clock
        self._built: int | None = None  # revision of the catalogue that the snapshot shows
        self._next_build_at = 0.0
        self._quiet_until = 0.0
        self._tried: dict[Path, float] = {}  # announced pages that did not answer, and when they are due again
        self._pages: dict[Path, _Asked] = {}  # announced pages until they are answerable or refused
        self._reader_of_pages = ThreadPoolExecutor(1, thread_name_prefix="announced-pages")

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
            self._interrupt()
            self._reader_of_pages.shutdown(cancel_futures=True)
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
            ids = self._take_page(path) if path in self._pages else self._take_or_ask(path)
            if ids is not None:
                taken.append((path, ids))
        return taken

    def _take_or_ask(self, path: Path) -> list[str] | None:
        """Take an announcement in, or have its page read; as `_take`."""
        try:
            announcement = self._spool.read(path)
        except UnreadableSource as problem:
            self._refuse(path, problem.reason)
            return None
        if announcement.kind == "url":
            self._pages[path] = _Asked(announcement, self._reader_of_pages.submit(self._page_desk.take, announcement))
            return None
        return self._take(path, announcement, lambda: self._desk.take(announcement))

    def _take_page(self, path: Path) -> list[str] | None:
        """What became of an announced page, so far as it was read; as `_take`."""
        asked = self._pages[path]
        if not asked.ids.done():
            return None
        del self._pages[path]
        ids = self._take(path, asked.announcement, asked.ids.result)
        if ids is not None:
            self._pages[path] = asked  # until it is answerable: a build that fails has no page read again
        return ids

    def _take(self, path: Path, announcement: Announcement, take: Callable[[], list[str]]) -> list[str] | None:
        """Ids of the documents of an announcement; None where it was refused or has to wait."""
        try:
            return take()
        except RetryLater as later:
            age_s = (self._now() - announcement.received_at).total_seconds()
            if age_s < LONGEST_TRIED_S:
                self._tried[path] = self._clock() + max(self._pace.failure_s, later.after_s)
            else:
                self._refuse(path, later.reason)
        except (UnreadableSource, Refused) as problem:
            if announcement.kind != "withdraw" or not self._is_reading_for(announcement.publisher, path):
                self._refuse(path, problem.reason)
        except (IndexProblem, OSError, SQLAlchemyError):
            raise
        except Exception as error:  # noqa: BLE001 - an announcement that our own code stumbles over holds up no other
            self._refuse(path, f"it could not be taken in: {type(error).__name__}")
        return None

    def _is_reading_for(self, publisher: str, path: Path) -> bool:
        """Whether a page that the same publisher announced earlier is not read yet: it may hold what is withdrawn."""
        return any(
            asked.announcement.publisher == publisher and earlier < path and not asked.ids.done()
            for earlier, asked in self._pages.items()
        )

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
            self._pages.pop(path, None)
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
