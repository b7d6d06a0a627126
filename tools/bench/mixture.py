"""Vectors of recombined passages without encoding them: mixtures of the real vectors of their parts.

The encoder averages over a text's tokens, so a joined text lies near the mean of its parts, moved by its title and by
what averaging leaves out. How much is measured on `SAMPLE` joined texts that are really encoded beside all runs:

    vector = unit(title + A · (x - mean of x) + document + rest),    x = Σ vector of a run · its share of the syllables

A is fitted by least squares to deviations from the documents' means in every other document. `title` is the mean of the
title's texts, less A of their x, and nearer to the mean of all by what chance adds to the mean of a few. `document`
(what its number changes) and `rest` are drawn from normal distributions: their covariances are those between documents
of one title, and of what is left over within the documents that A was not fitted to, scaled so that the whole variance
within documents is the real one. No strength is chosen by hand.

`compared` sets generated vectors beside the real ones of the same texts: cosines to the 1st, 10th and 100th neighbour
and from real questions, and how many principal directions hold 80 % of the variance. Measured 2026-11-23 (3,000 texts):
see docs/adr/0008-index-and-snapshots.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index.embedder import Embedder, Vectors
from tools.bench.recombined import PASSAGES_OF_A_DOCUMENT, Parts, Recipe, RecombinedSource

SAMPLE = 3_000
"""Joined texts that are really encoded: two documents or more of every title."""

NEIGHBOURS = (1, 10, 100)
_RIDGE = 0.1  # least squares with this share of the mean variance added: 384 unknowns for 1,500 texts
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Mixture:
    """Turns recipes into vectors; all arrays float32."""

    runs: Vectors
    middle: Vectors  # mean of x
    slope: Vectors  # A, (dim, dim)
    titles: Vectors  # (n_titles, dim)
    documents: Vectors  # (dim, dim): a root of the covariance of `document`
    rest: Vectors  # (dim, dim): the same of `rest`

    @classmethod
    def fit(cls, parts: Parts, runs: Vectors, real: Vectors) -> Mixture:
        """Fit to `real`, the encoder's vectors of the first passages."""
        mixed = np.array([_mean(parts, runs, one) for one in parts.recipes(len(real))])
        document = np.arange(len(real)) // PASSAGES_OF_A_DOCUMENT
        title = document % len(parts.titles)
        inner_x, inner_y = mixed - _means(mixed, document)[document], real - _means(real, document)[document]
        is_fitted = document % 2 == 0
        squares = inner_x[is_fitted].T @ inner_x[is_fitted]
        squares += np.eye(len(squares), dtype=np.float32) * _RIDGE * np.trace(squares) / len(squares)
        slope = np.linalg.solve(squares, inner_x[is_fitted].T @ inner_y[is_fitted])
        middle = mixed.mean(axis=0)
        left = real - (mixed - middle) @ slope
        of_titles, of_documents = _means(left, title), _means(left, document)
        unexplained = (inner_y - inner_x @ slope)[~is_fitted]
        within = unexplained.T @ unexplained
        within *= (
            (_variance(inner_y) - _variance(inner_x @ slope)) / np.trace(within) / (1 - 1 / PASSAGES_OF_A_DOCUMENT)
        )
        pairs = of_documents[len(parts.titles) :] - of_documents[: len(of_documents) - len(parts.titles)]
        between = pairs.T @ pairs / (2 * len(pairs)) - within / PASSAGES_OF_A_DOCUMENT
        grand, texts_of_a_title = of_titles.mean(axis=0), len(real) / len(parts.titles)
        chance = np.trace(between) * PASSAGES_OF_A_DOCUMENT / texts_of_a_title + np.trace(within) / texts_of_a_title
        of_titles = grand + (of_titles - grand) * np.sqrt(max(0.0, 1 - chance / _variance(of_titles - grand)))
        fitted = (runs, middle, slope, of_titles, _root(between), _root(within))
        return cls(*(array.astype(np.float32) for array in fitted))

    @classmethod
    def load(cls, path: Path) -> Mixture:
        """What `save` wrote."""
        with np.load(path) as held:
            return cls(**held)

    def save(self, path: Path) -> None:
        """Write all of it to one file."""
        np.savez(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    def vectors(self, parts: Parts, recipes: Sequence[Recipe], first: int) -> Vectors:
        """Vectors of the passages from row `first` on; float32, shape (len(recipes), dim), unit rows."""
        mixed = np.array([_mean(parts, self.runs, one) for one in recipes])
        titles = self.titles[[one.title for one in recipes]]
        document = np.arange(first, first + len(recipes)) // PASSAGES_OF_A_DOCUMENT
        numbers = np.arange(document[0], document[-1] + 1)
        dim = len(self.middle)
        drawn = np.array([np.random.default_rng([3, int(one)]).standard_normal(dim, np.float32) for one in numbers])
        of_documents = (drawn @ self.documents)[document - numbers[0]]
        rest = np.random.default_rng([4, first]).standard_normal(mixed.shape, np.float32) @ self.rest
        made = titles + (mixed - self.middle) @ self.slope + of_documents + rest
        unit: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
        return unit


class RecombinedVectors:
    """An `Embedder` without a model: passages get generated vectors in the order of their asking, questions real ones.

    `turn` says which of the questions is asked next.
    """

    def __init__(self, parts: Parts, mixture: Mixture, questions: Vectors, size: int) -> None:
        """`size` is the number of passages; `questions` are float32, shape (n, dim), unit rows."""
        self.name = "recombined"
        self.revision = sha256(mixture.runs.tobytes()).hexdigest()[:16]
        self.dim = mixture.runs.shape[1]
        self.questions = questions
        self.turn = 0
        self._parts = parts
        self._mixture: Mixture | None = mixture
        self._recipes: Iterator[Recipe] = parts.recipes(size)
        self._given = 0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The next len(texts) vectors, whatever the texts."""
        assert self._mixture is not None
        first = self._given
        self._given += len(texts)
        return self._mixture.vectors(self._parts, list(islice(self._recipes, len(texts))), first)

    def forget_passages(self) -> None:
        """Drop what vectors are generated from: only questions are asked from now on, and memory is measured."""
        self._mixture = None

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """The real vector of question `turn`, for each text."""
        return np.repeat(self.questions[self.turn : self.turn + 1], len(texts), axis=0)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How vectors lie: what is compared between real and generated ones."""

    among: tuple[float, ...]  # median cosine to the 1st, 10th, 100th neighbour
    from_questions: tuple[float, ...]  # median cosine of the 1st, 10th, 100th nearest to questions
    directions: int  # principal ones that hold 80 % of the variance

    @classmethod
    def of(cls, vectors: Vectors, questions: Vectors) -> Likeness:
        """Measured on a sample of more than 100 unit vectors."""
        variances = np.linalg.eigvalsh(np.cov(vectors.T))[::-1]
        return cls(
            among=_medians(vectors @ vectors.T, [place + 1 for place in NEIGHBOURS]),  # the first is the row itself
            from_questions=_medians(questions @ vectors.T, NEIGHBOURS),
            directions=int(np.searchsorted(np.cumsum(variances) / variances.sum(), 0.8)) + 1,
        )

    def __str__(self) -> str:
        among, asked = (" ".join(f"{value:.3f}" for value in values) for values in (self.among, self.from_questions))
        return f"neighbours {among}, from questions {asked}, 80 % of variance in {self.directions} directions"


def compared(parts: Parts, mixture: Mixture, real: Vectors, questions: Vectors) -> tuple[Likeness, Likeness]:
    """Real and generated vectors of the first passages."""
    made = mixture.vectors(parts, list(parts.recipes(len(real))), 0)
    return Likeness.of(real, questions), Likeness.of(made, questions)


def joined_texts(parts: Parts, size: int) -> list[str]:
    """The texts of the first `size` made passages, as an encoder sees them."""
    return [f"{one.context}\n{one.text}" for one in RecombinedSource(parts, size).passages()]


def encoded(texts: Sequence[str], embedder: Embedder, folder: Path, *, kind: str) -> Vectors:
    """The texts' real vectors, kept in `folder` for the next run; `kind` is "questions" or anything else."""
    digest = sha256("\0".join([embedder.revision, kind, *texts]).encode()).hexdigest()[:16]
    path = folder / f"{kind}-{digest}.npy"
    if not path.exists():
        embed = embedder.embed_queries if kind == "questions" else embedder.embed_passages
        with tqdm(total=len(texts), desc=f"Encoding {kind}", unit="text") as bar:
            batches = []
            for begin in range(0, len(texts), _BATCH):
                batches.append(embed(texts[begin : begin + _BATCH]))
                bar.update(len(batches[-1]))
        folder.mkdir(parents=True, exist_ok=True)
        np.save(path, np.concatenate(batches))
    stored: Vectors = np.load(path)
    return stored


def _mean(parts: Parts, runs: Vectors, recipe: Recipe) -> NDArray[np.float32]:
    """The runs' vectors weighed by their syllables."""
    lengths = parts.run_lengths[recipe.runs].astype(np.float32)
    mean: NDArray[np.float32] = lengths @ runs[recipe.runs] / lengths.sum()
    return mean


def _means(values: Vectors, groups: NDArray[np.int64]) -> Vectors:
    """The mean of every group; groups are numbered from 0 and none is empty."""
    sums = np.zeros((int(groups.max()) + 1, values.shape[1]), dtype=values.dtype)
    np.add.at(sums, groups, values)
    return np.asarray(sums / np.bincount(groups)[:, None], dtype=np.float32)


def _variance(deviations: NDArray[np.float32]) -> float:
    """Mean square length."""
    return float((deviations**2).sum(axis=1).mean())


def _root(covariance: NDArray[np.float32]) -> NDArray[np.float32]:
    """A matrix that turns independent draws into ones of this covariance; negative variances count as none."""
    values, directions = np.linalg.eigh(covariance)
    return np.asarray(np.sqrt(np.maximum(values, 0))[:, None] * directions.T, dtype=np.float32)


def _medians(cosines: NDArray[np.float32], places: Iterable[int]) -> tuple[float, ...]:
    ordered = -np.sort(-cosines, axis=1)
    return tuple(float(np.median(ordered[:, place - 1])) for place in places)
