"""Commands about the catalogue: ingest, sync, watch, withdraw, reinstate, withdrawn, sources."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import date
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

from index import opening, snapshot
from index.commands import snapshots
from index.errors import BadInput
from index.ingest import sources
from index.ingest.commands import Places, sync_command, watch_command
from index.ingest.completing import complete
from index.ingest.parsers.page import PARSER_NAMES
from index.ingest.report import IngestReport
from index.ingest.run import ingest
from index.settings import IndexSettings

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add these commands to the parser."""
    command = commands.add_parser("ingest", help="read documents into the catalogue, then build a snapshot")
    command.add_argument(
        "path", nargs="*", type=Path, help="files or folders (default: the shipped corpus and GOVCHAT_CORPUS_DIR)"
    )
    command.add_argument("--parser", choices=PARSER_NAMES, help="how to read files whose ending does not say it")
    command.add_argument("--no-build", action="store_true", help="fill the catalogue only")
    command.set_defaults(run=_ingest)

    command = commands.add_parser("sync", help="visit every enabled source that is due, then build a snapshot")
    command.add_argument("source", nargs="*", help="ids of data/sources.toml: these, due or not")
    command.add_argument("--no-build", action="store_true", help="fill the catalogue only")
    command.set_defaults(run=_sync)

    command = commands.add_parser("watch", help="keep up to date: announcements at once, sources on their schedules")
    command.set_defaults(run=_watch)

    command = commands.add_parser("withdraw", help="take a document down, now and whenever it comes again")
    command.add_argument("number", help='as printed: "161/2026/NĐ-CP"')
    command.add_argument("--issued-on", type=date.fromisoformat, help="YYYY-MM-DD; default: every one of the number")
    command.add_argument("--series", help='of a local document, the end of its id: "ha-noi"; default: every body\'s')
    command.add_argument("--reason", required=True)
    command.set_defaults(run=_withdraw)

    command = commands.add_parser("reinstate", help="lift a take-down")
    command.add_argument("number")
    command.add_argument("--issued-on", type=date.fromisoformat, help="as it was withdrawn")
    command.add_argument("--series", help="as it was withdrawn; default: every one of the number and date")
    command.set_defaults(run=_reinstate)

    command = commands.add_parser("withdrawn", help="list the documents that were taken down")
    command.set_defaults(run=_withdrawn)

    command = commands.add_parser("sources", help="list the sources that documents have; fail for a name that none has")
    command.add_argument("name", nargs="*", help="as `sources` of channels.toml has it (default: all)")
    command.set_defaults(run=_sources)


def _ingest(chosen: Namespace, settings: IndexSettings) -> None:
    paths: list[Path] = chosen.path or _usual_sources(settings)
    for path in paths:
        if not path.exists():
            raise BadInput(f"{path}: no such file or folder")
    catalogue = opening.open_catalogue(settings)
    report = ingest(paths, catalogue=catalogue, parser=chosen.parser, shows_progress=True)
    _print(report)
    if not report.created + report.updated + report.unchanged:
        raise BadInput("nothing was ingested")
    if not chosen.no_build:
        snapshots.build(chosen, settings)


def _sync(chosen: Namespace, settings: IndexSettings) -> None:
    report = sync_command(
        _places(settings),
        catalogue=opening.open_catalogue(settings),
        only=chosen.source,
        enrich=complete,
    )
    _print(report)
    if not chosen.no_build:
        snapshots.build(chosen, settings)


def _watch(chosen: Namespace, settings: IndexSettings) -> None:
    catalogue = opening.open_catalogue(settings)

    def build() -> str:
        return snapshot.build(catalogue, chosen.open_encoder(settings), settings.index_dir)

    watch_command(_places(settings), catalogue=catalogue, build=build, enrich=complete)


def _withdraw(chosen: Namespace, settings: IndexSettings) -> None:
    catalogue = opening.open_catalogue(settings)
    hidden = catalogue.withdraw(
        chosen.number, chosen.issued_on, reason=chosen.reason, by=getuser(), series=chosen.series
    )
    print("\n".join(hidden) or "no document of this number is known; it stays out when it comes")
    snapshots.build(chosen, settings)


def _reinstate(chosen: Namespace, settings: IndexSettings) -> None:
    shown = opening.open_catalogue(settings).reinstate(chosen.number, chosen.issued_on, series=chosen.series)
    print("\n".join(shown) or "nothing of this number and date was withdrawn")
    snapshots.build(chosen, settings)


def _withdrawn(_: Namespace, settings: IndexSettings) -> None:
    for one in opening.open_catalogue(settings, read_only=True).withdrawn():
        whose = f" of {one.series}" if one.series else ""
        print(
            f"{one.key}{whose} {one.issued_on or 'of any date'}: {one.reason} ({one.by}, {one.at:%Y-%m-%d %H:%M} UTC)"
        )


def _sources(chosen: Namespace, settings: IndexSettings) -> None:
    held = opening.open_catalogue(settings, read_only=True).sources()
    if unknown := [name for name in chosen.name if name not in held]:
        raise BadInput(f"no document has the source {', '.join(map(repr, unknown))}")
    for name, count in held.items():
        if name in chosen.name or not chosen.name:
            print(f"{count:>7}  {name}")


def _print(report: IngestReport) -> None:
    print(report.counts())
    for where, reason in report.unreadable:
        print(f"unreadable: {where}: {reason}", file=sys.stderr)


def _usual_sources(settings: IndexSettings) -> list[Path]:
    shipped = settings.data_dir / "corpus"
    return [shipped] if settings.corpus_dir is None else [shipped, settings.corpus_dir]


def _places(settings: IndexSettings) -> Places:
    if settings.crawler_contact is None and sources.enabled(sources.load(settings.sources_file)):
        raise BadInput("GOVCHAT_CRAWLER_CONTACT is missing: whom may the owner of a site write to?")
    return Places(
        sources_file=settings.sources_file,
        state_file=settings.sources_state_file,
        contact=settings.crawler_contact or "no source is enabled",
        publishers_file=settings.publishers_file,
        announcements_dir=settings.announcements_dir,
        lock_file=settings.sources_state_file.with_name("watch.lock"),
        certificates=str(settings.crawler_certificates) if settings.crawler_certificates else None,
    )
