"""The lower half of the search's encoder: a vector of each token of a text.

A layer in the middle knows more of the wording than the last one, which was trained to find passages.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedder import CARD_FILE, TOKENS_MODEL_FILE, EmbedderCard, clean, open_model

MOST_TOKENS = 64
"""Tokens of a message that are read; nineteen of twenty have 24 at most."""

Tokens = NDArray[np.float16]  # shape (n_tokens, dim)


class TokenEncoder:
    """Encodes questions, one by one, `threads` of them at a time."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Open the prepared encoder in `folder`. Raises EmbedderUnavailable where it is missing or of another make."""
        self._prompt = EmbedderCard.read(folder / CARD_FILE).query_prompt
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="encoder") if threads > 1 else None
        self._session, self._tokenizer = open_model(folder, TOKENS_MODEL_FILE)

    def encode(self, texts: Sequence[str]) -> list[Tokens]:
        """Return the tokens of each text, in their order; any text is taken, the empty one included."""
        several = map if self._pool is None or len(texts) < 2 else self._pool.map
        return list(several(self._encode_one, texts))

    def _encode_one(self, text: str) -> Tokens:
        ids = self._tokenizer.encode(self._prompt + clean(text)).ids[:MOST_TOKENS]
        (tokens,) = self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})
        return tokens[0].astype(np.float16)
