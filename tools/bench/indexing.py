"""How fast a snapshot is built beside what the encoder alone could do, over the same texts in the same run.

    python -m tools.bench.indexing --passages 20000

Prints one line of JSON. `share` is the encoder's own time for all texts divided by the time of the whole build: reading
and writing passages, near-duplicates, both indexes, checksums and forcing everything to disk included. Every 32
texts are encoded twice, once for the build and once for the comparison, taking turns at being first, so that what else
the machine does falls on both alike; the time of the second encoding is taken off the build's.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from index import opening, snapshot
from index.embedder import Embedder, Vectors
from index.settings import IndexSettings
from tools.bench.recombined import Parts, RecombinedSource, real_texts

PIECE = 32
"""Texts that are encoded for the build and for the comparison before the next ones are."""


@dataclass(frozen=True, slots=True)
class IndexingSpeed:
    """What one run found; times in seconds."""

    passages: int
    texts: int  # given to the encoder: passages, and a context for each document
    raw_s: float  # the encoder alone
    build_s: float  # the whole build, encoding included
    encoding_s: float  # of the build, inside the encoder
    passages_per_s: float  # of the whole build
    share: float  # raw_s / build_s


class TwiceEmbedder:
    """An embedder that encodes everything once more for comparison and keeps both times."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.name, self.revision, self.dim = inner.name, inner.revision, inner.dim
        self.texts = self._pieces = 0
        self.build_s = self.raw_s = 0.0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        self.texts += len(texts)
        return np.concatenate([self._twice(texts[start : start + PIECE]) for start in range(0, len(texts), PIECE)])

    def _twice(self, texts: Sequence[str]) -> Vectors:
        begun = perf_counter()
        vectors = self._inner.embed_passages(texts)
        between = perf_counter()
        self._inner.embed_passages(texts)
        first, second = between - begun, perf_counter() - between
        self.build_s += second if self._pieces % 2 else first
        self.raw_s += first if self._pieces % 2 else second
        self._pieces += 1
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`."""
        return self._inner.embed_queries(texts)


def measure(embedder: Embedder, *, passages: int, root: Path) -> IndexingSpeed:
    """Build a snapshot of recombined real passages, and encode its texts once more on the way."""
    source, twice = RecombinedSource(Parts(real_texts(root)), passages), TwiceEmbedder(embedder)
    with TemporaryDirectory() as folder:
        begun = perf_counter()
        snapshot.build(source, twice, Path(folder))
        build_s = perf_counter() - begun - twice.raw_s
    return IndexingSpeed(
        passages=passages,
        texts=twice.texts,
        raw_s=round(twice.raw_s, 1),
        build_s=round(build_s, 1),
        encoding_s=round(twice.build_s, 1),
        passages_per_s=round(passages / build_s, 1),
        share=round(twice.raw_s / build_s, 3),
    )


def main() -> None:
    """Measure with the encoder that the settings name, on all processors."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--passages", type=int, default=20_000)
    chosen = parser.parse_args()
    embedder = opening.open_encoder(IndexSettings(), threads=cpu_count() or 1)
    print(json.dumps(asdict(measure(embedder, passages=chosen.passages, root=Path()))))


if __name__ == "__main__":
    main()
