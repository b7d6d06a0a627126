"""A corpus of any size for measurements: texts recombined from real ones, vectors generated around real ones.

Texts. All passages of `data/corpus` and, where GOVCHAT_SHARED_DATA is set, of its full texts are cut into runs of 5 to
30 syllables. A made passage joins 90 to 160 syllables of such runs, drawn evenly, behind the title of a document with a
number of its own, nine passages to a document. So common syllables and pairs are as common as in the real texts, new
pairs arise at every joint, and every document adds terms that only its passages hold.

Vectors. The first passages are really encoded (`BASES` of them); the vector of passage i is that of base i mod `BASES`
plus NOISE times the difference of two other bases drawn at random, scaled to unit length. Differences of real vectors
point where real vectors vary, which even noise in all directions would not. Questions are examples of `data/nlu`,
really encoded. Everything is drawn from seeds: the same size gives the same corpus.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import yaml
from tqdm import tqdm

from index.document import Passage, TextKind
from index.embedder import Embedder, Vectors

BASES = 4_000
"""Passages that are really encoded: about a minute on two cores."""

NOISE = 0.3
"""Length of the noise against the difference of two real vectors."""

PASSAGES_OF_A_DOCUMENT = 9
QUESTIONS = 300
_BATCH = 10_000


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
class RecombinedSource:
    """A source of `size` made passages, for `index.snapshot.build`."""

    texts: Sequence[str]
    size: int

    def passages(self) -> Iterator[Passage]:
        """The passages in order, made batch by batch."""
        runs = list(self._runs())
        titles = [" ".join(text.split()[:16]).strip("#* .") for text in self.texts]
        for begin in range(0, self.size, _BATCH):
            rng = np.random.default_rng([2, begin])
            lengths = rng.integers(90, 161, size=_BATCH)
            for row in range(begin, min(begin + _BATCH, self.size)):
                document, part = divmod(row, PASSAGES_OF_A_DOCUMENT)
                document_id = document_id_of(document)
                number = document_id.partition("@")[0]
                yield Passage(
                    id=f"{document_id}#dieu-{part + 1}",
                    document_id=document_id,
                    location=f"Điều {part + 1}",
                    headings=(),
                    text=self._text(runs, rng, int(lengths[row - begin])),
                    text_kind=TextKind.OFFICIAL,
                    context=f"Quyết định {number}\n{titles[document % len(titles)]}",
                )

    def _runs(self) -> Iterator[list[str]]:
        rng = np.random.default_rng(0)
        for text in self.texts:
            words = text.split()
            while words:
                length = int(rng.integers(5, 31))
                yield words[:length]
                words = words[length:]

    @staticmethod
    def _text(runs: Sequence[list[str]], rng: np.random.Generator, length: int) -> str:
        words: list[str] = []
        while len(words) < length:
            words += runs[int(rng.integers(len(runs)))]
        return " ".join(words)


class RecombinedVectors:
    """An `Embedder` without a model: passages get generated vectors in the order of their asking, questions real ones.

    `turn` says which of the questions is asked next.
    """

    def __init__(self, bases: Vectors, questions: Vectors) -> None:
        """`bases`, `questions`: float32, shape (n, dim), unit rows."""
        self.name = "recombined"
        self.revision = sha256(bases.tobytes()).hexdigest()[:16]
        self.dim = bases.shape[1]
        self.questions = questions
        self.turn = 0
        self.bases = bases
        self._given = 0
        self._random = np.random.default_rng(3)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The next len(texts) vectors, whatever the texts."""
        rows = np.arange(self._given, self._given + len(texts)) % len(self.bases)
        self._given += len(texts)
        left, right = self._random.integers(len(self.bases), size=(2, len(texts)))
        made = self.bases[rows] + np.float32(NOISE) * (self.bases[left] - self.bases[right])
        unit: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
        return unit

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """The real vector of question `turn`, for each text."""
        return np.repeat(self.questions[self.turn : self.turn + 1], len(texts), axis=0)


def encoded(texts: Sequence[str], embedder: Embedder, folder: Path, *, kind: str) -> Vectors:
    """The texts' real vectors, kept in `folder` for the next run; `kind` is "passages" or "questions"."""
    digest = sha256("\0".join([embedder.revision, kind, *texts]).encode()).hexdigest()[:16]
    path = folder / f"{kind}-{digest}.npy"
    if not path.exists():
        embed = embedder.embed_passages if kind == "passages" else embedder.embed_queries
        with tqdm(total=len(texts), desc=f"Encoding {kind}", unit="text") as bar:
            batches = []
            for begin in range(0, len(texts), 64):
                batches.append(embed(texts[begin : begin + 64]))
                bar.update(len(batches[-1]))
        folder.mkdir(parents=True, exist_ok=True)
        np.save(path, np.concatenate(batches))
    stored: Vectors = np.load(path)
    return stored
