"""From a message that was read to the features of the intent model."""

from __future__ import annotations

from pathlib import Path

from bot.nlu.intent_model import Features
from bot.nlu.terms import count_terms
from bot.nlu.token_encoder import TokenEncoder
from bot.nlu.understanding import Understood


class FeatureReader:
    """Counts a message's terms and asks the encoder, the lower half of the search's, for its meaning."""

    def __init__(self, encoder: TokenEncoder) -> None:
        self._encoder = encoder

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1) -> FeatureReader:
        """Open the prepared encoder in `folder`, for `threads` texts at a time.

        Raises EmbedderUnavailable where it is missing.
        """
        return cls(TokenEncoder(folder, threads=threads))

    def of(self, *messages: Understood) -> list[Features]:
        """Return the features of each message."""
        encoded = self._encoder.encode([message.reading.restored.lower() for message in messages])
        return [Features(count_terms(message), each) for message, each in zip(messages, encoded, strict=True)]
