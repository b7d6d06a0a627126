"""The commands `python -m index sync` and `python -m index watch`, put together from their parts."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from index.catalogue import Catalogue
from index.ingest import publishers, sources
from index.ingest.announced import Desk
from index.ingest.announcements import Spool
from index.ingest.fetch import Fetcher
from index.ingest.intake import Enrich, Intake, Parse, as_it_is
from index.ingest.report import SyncReport
from index.ingest.sandbox import Sandbox, parse_safely
from index.ingest.state import State
from index.ingest.sync import sync, utc_now
from index.ingest.watch import USUAL, Pace, Watch, only_watcher

PRODUCT = "gov-chat"
"""Our name in robots.txt."""


OpenFetcher = Callable[..., Fetcher]
"""Hosts and the keywords of `Fetcher` → a fetcher; for tests, which turn its last step to loopback."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the files are, and who answers for what we do."""

    sources_file: Path  # data/sources.toml
    state_file: Path  # var/sources.db
    contact: str  # an address of the operator, shown to every server: "https://…" or "mailto:…"
    publishers_file: Path = Path("publishers.toml")
    announcements_dir: Path = Path("var/announcements")
    lock_file: Path = Path("var/watch.lock")
    certificates: str | None = None  # authorities to trust instead of the usual ones


def sync_command(
    places: Places,
    *,
    catalogue: Catalogue,
    only: Sequence[str] = (),
    enrich: Enrich = as_it_is,
    parse: Parse = parse_safely,
    open_fetcher: OpenFetcher = Fetcher,
    shows_progress: bool = True,
) -> SyncReport:
    """Visit every enabled source that is due; those named in `only` in any case.

    Raises `FaultyFile` for a file with faults and `BadInput` for a name that no enabled source has.
    """
    chosen = sources.enabled(sources.load(places.sources_file), only=only)
    state = State(places.state_file)
    try:
        report = sync(
            chosen,
            catalogue=catalogue,
            fetcher=_fetcher(open_fetcher, places, chosen, Event()),
            state=state,
            parse=parse,
            enrich=enrich,
            is_forced=bool(only),
            shows_progress=shows_progress,
        )
    finally:
        state.close()
    not_applied = (*catalogue.inverted(), *catalogue.unplaced())
    report.inverted += [f"{found.number} {found.kind.value} {found.by}" for found in not_applied]
    return report


def watch_command(
    places: Places,
    *,
    catalogue: Catalogue,
    build: Callable[[], str],
    enrich: Enrich = as_it_is,
    open_fetcher: OpenFetcher = Fetcher,
    pace: Pace = USUAL,
    stop: Event | None = None,
) -> None:
    """Watch until SIGTERM or SIGINT, or until `stop` is set; to be called from the main thread.

    `build` builds and publishes a snapshot where the catalogue differs from it, and returns its name. Raises
    `AlreadyWatching`, and `FaultyFile` for a file with faults.
    """
    known = sources.load(places.sources_file)
    chosen, heard = sources.enabled(known), publishers.load(places.publishers_file, known)
    stop = stop or Event()
    fetcher = _fetcher(open_fetcher, places, [*chosen, *(publisher.source for publisher in heard.values())], stop)
    # Three sandboxes: a scan that takes minutes to read holds up no announcement.
    with (
        only_watcher(places.lock_file),
        _stopping_on_signals(stop),
        Sandbox() as urgent,
        Sandbox() as pages,
        Sandbox() as patient,
    ):
        state = State(places.state_file)

        def desk(sandbox: Sandbox) -> Desk:
            intake = Intake(catalogue=catalogue, parse=sandbox.parse, enrich=enrich)
            return Desk(publishers=heard, catalogue=catalogue, intake=intake, fetcher=fetcher, now=utc_now)

        def interrupt() -> None:
            pages.interrupt()
            patient.interrupt()

        try:
            Watch(
                spool=Spool(places.announcements_dir),
                desk=desk(urgent),
                page_desk=desk(pages),
                sync=lambda: sync(
                    chosen,
                    catalogue=catalogue,
                    fetcher=fetcher,
                    state=state,
                    parse=patient.parse,
                    enrich=enrich,
                    stopped=stop.is_set,
                ),
                revision=catalogue.revision,
                build=build,
                stop=stop,
                pace=pace,
                interrupt=interrupt,
            ).run()
        finally:
            state.close()


def _fetcher(opened: OpenFetcher, places: Places, chosen: Sequence[sources.Source], stop: Event) -> Fetcher:
    return opened(
        {host for source in chosen for host in source.hosts},
        user_agent=f"{PRODUCT}/1 (+{places.contact})",
        certificates=places.certificates,
        sleep=lambda seconds: _pause(stop, seconds),
    )


@contextmanager
def _stopping_on_signals(stop: Event) -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _pause(stop: Event, seconds: float) -> None:
    stop.wait(seconds)
