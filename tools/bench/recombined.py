"""A corpus of any size for measurements: texts recombined from real ones, vectors as the encoder would give them.

Texts. All passages of `data/corpus` and, where GOVCHAT_SHARED_DATA is set, of its full texts are cut into runs of 5 to
30 syllables. A made passage joins 90 to 160 syllables of such runs, drawn evenly, behind the title of a document with a
number of its own, nine passages to a document. So common syllables and pairs are as common as in the real texts, new
pairs arise at every joint, and every document adds terms that only its passages hold.

Vectors: `tools.bench.mixture`. Questions are examples of `data/nlu`, really encoded. Everything is drawn from seeds:
the same size gives the same corpus.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from index.document import Passage, TextKind

PASSAGES_OF_A_DOCUMENT = 9
QUESTIONS = 300
_BATCH = 10_000
_SYLLABLES = (90, 161)  # of a passage: at least, less than
_DRAWN = 48  # runs drawn for a passage; what is over is left


def real_texts(root: Path) -> list[str]:
    """The shipped summaries and, where GOVCHAT_SHARED_DATA is set, the full texts of that folder."""
    texts = []
    for path in sorted((root / "data" / "corpus").glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        texts += [f"{row['title']}. {row.get('summary') or row.get('text') or ''}" for row in rows]
    shared = os.environ.get("GOVCHAT_SHARED_DATA")
    if shared:
        texts += [path.read_text(encoding="utf-8") for path in sorted(Path(shared, "fulltext_2026").glob("*.md"))]
    return texts


def real_questions(root: Path) -> list[str]:
    """Questions about documents among the bot's training examples, of five words and more, shuffled."""
    questions = []
    for path in sorted((root / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if entry.get("intent", "").startswith("ask_"):
                lines = (line.removeprefix("- ").strip() for line in entry["examples"].splitlines())
                questions += [line for line in lines if len(line.split()) >= 5]
    order = np.random.default_rng(1).permutation(len(questions))
    return [questions[number] for number in order[:QUESTIONS]]


def document_id_of(document: int) -> str:
    """Id of a made document by its place in the corpus."""
    return f"{document % 997 + 1}/{2000 + document // 997}/QĐ-BTN@2026-01-01"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a made passage is joined from."""

    title: int  # its number
    runs: NDArray[np.int64]  # numbers of the runs, in order


class Parts:
    """Titles and runs that passages are joined from, cut from real texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """`texts` are not empty."""
        random = np.random.default_rng(0)
        self.titles = [" ".join(text.split()[:16]).strip("#* .") for text in texts]
        self.runs: list[str] = []
        for text in texts:
            words = text.split()
            while words:
                length = int(random.integers(5, 31))
                self.runs.append(" ".join(words[:length]))
                words = words[length:]
        self.run_lengths = np.array([len(run.split()) for run in self.runs], dtype=np.int64)

    def recipes(self, size: int) -> Iterator[Recipe]:
        """What each of `size` passages is joined from, in order."""
        for begin in range(0, size, _BATCH):
            random = np.random.default_rng([2, begin])
            wanted = random.integers(*_SYLLABLES, size=(_BATCH, 1))
            drawn = random.integers(len(self.runs), size=(_BATCH, _DRAWN))
            counts = (np.cumsum(self.run_lengths[drawn], axis=1) < wanted).sum(axis=1) + 1
            for row in range(begin, min(begin + _BATCH, size)):
                title = row // PASSAGES_OF_A_DOCUMENT % len(self.titles)
                yield Recipe(title, drawn[row - begin, : counts[row - begin]])


@dataclass(frozen=True, slots=True)
class RecombinedSource:
    """A source of `size` made passages, for `index.snapshot.build`."""

    parts: Parts
    size: int

    def passages(self) -> Iterator[Passage]:
        """The passages in order."""
        for row, recipe in enumerate(self.parts.recipes(self.size)):
            document, part = divmod(row, PASSAGES_OF_A_DOCUMENT)
            document_id = document_id_of(document)
            yield Passage(
                id=f"{document_id}#dieu-{part + 1}",
                document_id=document_id,
                location=f"Điều {part + 1}",
                headings=(),
                text=" ".join(self.parts.runs[number] for number in recipe.runs),
                text_kind=TextKind.OFFICIAL,
                context=f"Quyết định {document_id.partition('@')[0]}\n{self.parts.titles[recipe.title]}",
            )

    def questions(self) -> Iterator[tuple[str, str]]:
        """None."""
        return iter(())
