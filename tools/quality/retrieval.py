"""Retrieval on our own questions in seven forms, and with Telex leftovers: the search beside what it is made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from index import beir, opening
from index.catalogue import Catalogue
from index.compare import as_table, compare
from index.embedder import Embedder
from index.settings import IndexSettings
from index.text import language
from tools.quality.ways import with_telex_left

FORMS = ("accented", "none", "half", "short", "regional", "en", "zh")


def report(split: Path, root: Path, *, catalogue: Catalogue, embedder: Embedder, settings: IndexSettings) -> str:
    """The table of one split; many questions ask for documents that lapsed, so validity is no filter here."""
    questions = {form: beir.read_questions(split / f"queries-{form}.jsonl") for form in FORMS}
    with_telex = [replace(one, text=with_telex_left(one.text)) for one in questions["accented"]]
    compared = compare(
        catalogue,
        {**questions, "telex": with_telex},
        beir.read_judgements(split / "qrels.tsv"),
        root=root,
        embedder=embedder,
        reader=opening.open_reader(settings),
        glossary=opening.open_glossary(settings),
        language_of=language.detect,
        progress=True,
    )
    return f"retrieval, {split.name} split\n{as_table(compared)}"
