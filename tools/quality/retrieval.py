"""Retrieval on our own questions in seven forms: the fused search beside BM25 alone and dense alone."""

from __future__ import annotations

from pathlib import Path

from index import beir, opening
from index.catalogue import Catalogue
from index.compare import as_table, compare
from index.embedder import Embedder
from index.settings import IndexSettings
from index.text import language

FORMS = ("accented", "none", "half", "short", "regional", "en", "zh")


def report(split: Path, root: Path, *, catalogue: Catalogue, embedder: Embedder, settings: IndexSettings) -> str:
    """The table of one split; many questions ask for documents that lapsed, so validity is no filter here."""
    compared = compare(
        catalogue,
        {form: beir.read_questions(split / f"queries-{form}.jsonl") for form in FORMS},
        beir.read_judgements(split / "qrels.tsv"),
        root=root,
        embedder=embedder,
        reader=opening.open_reader(settings),
        glossary=opening.open_glossary(settings),
        language_of=language.detect,
        progress=True,
    )
    return f"retrieval, {split.name} split\n{as_table(compared)}"
