"""Stand-ins for tests and demonstrations that ship beside the real things."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

import numpy as np

from index.document import Passage
from index.embedder import Vectors
from index.text.reading import Reading
from index.text.unicode import fold, normalise


class HashEmbedder:
    """An `Embedder` without a model: texts that share syllables and pairs of them get near vectors.

    Accents and case do not count. Every syllable and every pair of neighbours points in a direction of its own, drawn
    from its hash, and a text goes where the sum of them goes; the same on every machine.
    """

    def __init__(self, dim: int = 256) -> None:
        """`dim` is the length of the vectors; the shorter, the more unlike texts seem alike."""
        self.name = "hash"
        self.revision = "1"
        self.dim = dim

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self._embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[:] = sum(self._direction(feature) for feature in _features(text))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _direction(self, feature: str) -> Vectors:
        seed = int.from_bytes(blake2b(feature.encode(), digest_size=8).digest(), "big")
        return np.random.default_rng(seed).standard_normal(self.dim, dtype=np.float32)


class AsTyped:
    """A `QuestionReader` that takes every text for Vietnamese and changes nothing but its spelling."""

    def read(self, raw: str) -> Reading:
        """See `QuestionReader`."""
        plain = normalise(raw)
        return Reading(raw, plain, plain, plain, fold(plain), "vi")


@dataclass(frozen=True, slots=True)
class InMemorySource:
    """A `PassageSource` of what it was given."""

    held: Sequence[Passage]
    known: Sequence[tuple[str, str]] = ()  # document id and a question that the document is known to answer

    def passages(self) -> Iterator[Passage]:
        """See `PassageSource`."""
        return iter(self.held)

    def questions(self) -> Iterator[tuple[str, str]]:
        """See `PassageSource`."""
        return iter(self.known)


def _features(text: str) -> Iterator[str]:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    syllables = "".join(character if character.isalnum() else " " for character in letters).split()
    yield from syllables or [""]
    yield from (f"{left} {right}" for left, right in pairwise(syllables))
