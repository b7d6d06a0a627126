"""Commands about snapshots: build, snapshots, rollback, search."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from datetime import date
from typing import TYPE_CHECKING

from index import opening, snapshot
from index.publication import held_back, list_snapshots, roll_back
from index.search import Hit, SearchQuery
from index.settings import IndexSettings
from index.text import language

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add these commands to the parser."""
    command = commands.add_parser("build", help="bring the snapshot up to date with the catalogue")
    command.set_defaults(run=build)

    command = commands.add_parser("snapshots", help="list the snapshots on disk")
    command.set_defaults(run=_snapshots)

    command = commands.add_parser("rollback", help="serve an older snapshot until the documents change")
    command.add_argument("to", nargs="?", help="its name (default: the one before the current one)")
    command.set_defaults(run=_rollback)

    command = commands.add_parser("search", help="ask the published snapshot")
    command.add_argument("question")
    command.add_argument("--json", action="store_true", help="print the hits as JSON")
    command.add_argument("--limit", type=int, default=10, help="how many hits (default 10)")
    command.add_argument("--lang", choices=("vi", "en", "zh"), help="language of the question (default: detected)")
    command.add_argument("--type", help='only documents of this type, such as "Nghị định"')
    command.add_argument("--issuing-body", help='only documents of this body, such as "Chính phủ"')
    command.add_argument("--place", help="only documents made for this province, as data/provinces.jsonl names it")
    command.add_argument("--field", help="only documents of this field (lĩnh vực)")
    command.add_argument("--as-of", type=date.fromisoformat, help="only what holds on this day (default: today)")
    command.add_argument("--any-validity", action="store_true", help="also what does not hold")
    command.set_defaults(run=_search)


def build(chosen: Namespace, settings: IndexSettings) -> None:
    """Build and publish what the catalogue holds now, and print the snapshot's name."""
    catalogue = opening.open_catalogue(settings, read_only=True)
    embedder = chosen.open_encoder(settings)
    print(f"snapshot {snapshot.build(catalogue, embedder, settings.index_dir, progress=True)}")
    newer = held_back(settings.index_dir)
    if newer is not None:
        print(f"{newer} was rolled back and stays unpublished until the documents change")


def _snapshots(_: Namespace, settings: IndexSettings) -> None:
    for one in list_snapshots(settings.index_dir):
        content = one.problem or f"{one.passages} passages of {one.documents} documents"
        print(f"{'*' if one.is_current else ' '} {one.id}  {one.built_at:%Y-%m-%d %H:%M} UTC  {content}")


def _rollback(chosen: Namespace, settings: IndexSettings) -> None:
    print(f"serving {roll_back(settings.index_dir, chosen.to)}")


def _search(chosen: Namespace, settings: IndexSettings) -> None:
    engine = opening.open_engine(settings, embedder=chosen.open_encoder(settings))
    query = SearchQuery(
        text=chosen.question,
        lang=chosen.lang or language.detect(chosen.question),
        type=chosen.type,
        issuing_body=chosen.issuing_body,
        place=chosen.place,
        field=chosen.field,
        as_of=None if chosen.any_validity else chosen.as_of or date.today(),  # noqa: DTZ011 - the operator's own day
        limit=chosen.limit,
    )
    hits = engine.search(query)
    if chosen.json:
        body = {"snapshot": engine.snapshot_id, "hits": [_as_json(hit) for hit in hits]}
        print(json.dumps(body, ensure_ascii=False, indent=2))
        return
    for rank, hit in enumerate(hits, start=1):
        shares = f"dense {hit.dense:.3f}, lexical {hit.lexical:.3f}, asked {hit.asked:.3f}"
        print(f"{rank}. {hit.passage.id}  {hit.score:.2f} ({shares})")
        print(f"   {hit.passage.text[:200]}")


def _as_json(hit: Hit) -> dict[str, object]:
    return {
        "passage": hit.passage.id,
        "document": hit.document_id,
        "location": hit.passage.location,
        "headings": list(hit.passage.headings),
        "text_kind": hit.passage.text_kind.value,
        "text": hit.passage.text,
        "score": round(hit.score, 4),
        "dense": round(hit.dense, 4),
        "lexical": round(hit.lexical, 4),
        "asked": round(hit.asked, 4),
        "is_locator": hit.is_locator,
    }
