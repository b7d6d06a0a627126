"""From a message that was read to the features of the intent model."""

from __future__ import annotations

from pathlib import Path

from bot.nlu.intent_model import Features
from bot.nlu.terms import count_terms
from bot.nlu.understanding import Understood
from index.embedder import Embedder, OnnxEmbedder


class FeatureReader:
    """Counts a message's terms and asks the encoder, which the search uses as well, for its vector."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1) -> FeatureReader:
        """Open the prepared encoder in `folder`, for `threads` texts at a time.

        Raises EmbedderUnavailable where it is missing.
        """
        return cls(OnnxEmbedder(folder, threads=threads))

    def of(self, *messages: Understood) -> list[Features]:
        """Return the features of each message."""
        vectors = self._embedder.embed_queries([message.reading.restored for message in messages])
        return [Features(count_terms(message), vector) for message, vector in zip(messages, vectors, strict=True)]
