"""Reading sources over the network into the catalogue: those that are due, each at its own pace."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from threading import Event

from tqdm import tqdm

from index.ingest.fetch import Fetcher
from index.ingest.intake import Enrich, Intake, Parse, Shelf, as_it_is
from index.ingest.report import SyncReport
from index.ingest.sandbox import parse_safely
from index.ingest.sources import Source
from index.ingest.state import State
from index.ingest.visit import SourceVisit, Tools

SOURCES_AT_ONCE = 4
"""Sources visited side by side. A host that several of them share is asked one thing at a time, slowly (`polite`)."""


def utc_now() -> datetime:
    """The time."""
    return datetime.now(timezone.utc)


def is_due(source: Source, state: State, now: datetime) -> bool:
    """Whether a source was never visited, or its schedule says that it is time again."""
    last = state.visit(source.id)
    return last is None or last.due_at <= now.timestamp()


def sync(
    sources: Sequence[Source],
    *,
    catalogue: Shelf,
    fetcher: Fetcher,
    state: State,
    parse: Parse = parse_safely,
    enrich: Enrich = as_it_is,
    is_forced: bool = False,
    shows_progress: bool = False,
    stopped: Callable[[], bool] = lambda: False,
    now: Callable[[], datetime] = utc_now,
    jitter: Callable[[], float] = random.random,
) -> SyncReport:
    """Visit the sources that are due, or all of them (`is_forced`), and take in what is new, changed or gone.

    What a site does wrong is in the report, and the run goes on; only the catalogue's own failures are raised. Stops
    between two pages when `stopped` says so; nothing is lost then.
    """
    report, halted = SyncReport(), Event()
    due = [source for source in sources if is_forced or is_due(source, state, now())]
    with (
        tqdm(desc="sync", unit="page", disable=not shows_progress) as bar,
        ThreadPoolExecutor(SOURCES_AT_ONCE, thread_name_prefix="sync") as pool,
    ):
        tools = Tools(
            intake=Intake(catalogue=catalogue, parse=parse, enrich=enrich),
            fetcher=fetcher,
            state=state,
            now=now,
            jitter=jitter,
            stopped=lambda: halted.is_set() or stopped(),
            progress=bar.update,
        )
        visits = [pool.submit(_visit, source, tools) for source in due]
        try:
            for visit in visits:
                report.include(visit.result())
        finally:
            halted.set()
    return report


def _visit(source: Source, tools: Tools) -> SyncReport:
    """Visit one source; a report of its own, as visits run side by side."""
    report = SyncReport()
    SourceVisit(source, tools, report).run()
    return report
