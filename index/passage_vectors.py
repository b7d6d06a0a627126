"""Passages → vectors: half of each is the passage's own words, half what its document is about.

Embedding context and text as one string lets a long title with aliases drown a short clause: all clauses of a document
then look alike. Here both are embedded alone and added; a document's context is embedded once for all its passages.
Why both weigh the same: docs/adr/0008-index-and-snapshots.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.document import Passage
from index.embedder import Embedder


class PassageVectors:
    """Embeds passages batch by batch, with one embedder."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._contexts: dict[str, NDArray[np.float32]] = {}

    def of(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Unit vectors in the order given; float32, shape (len(passages), dim)."""
        own = ["\n".join((*passage.headings, passage.text)) for passage in passages]
        contexts = dict.fromkeys(passage.context for passage in passages if passage.context)
        new = [context for context in contexts if context not in self._contexts]
        embedded = self._embedder.embed_passages([*own, *new])  # in one go: an encoder of several threads never idles
        # Passages of one document come one after the other, so only this batch's contexts can be asked for again.
        self._contexts = {text: vector for text, vector in self._contexts.items() if text in contexts}
        self._contexts.update(zip(new, embedded[len(own) :], strict=True))
        vectors = np.array(embedded[: len(own)], dtype=np.float32)
        for row, passage in enumerate(passages):
            if passage.context:
                vectors[row] += self._contexts[passage.context]
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit
