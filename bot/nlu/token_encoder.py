"""The search's encoder, asked for more than the search needs: the vector of a text, and vectors of its tokens.

A layer in the middle of the encoder knows more of the wording than the last one, which was trained to find passages.
The prepared model gives the last alone. In protobuf a message that follows another one of its kind is merged into it
(https://protobuf.dev/programming-guides/encoding/#last-one-wins), so the layer is named as a second output of the graph
by a few bytes behind the model; nothing of the prepared files changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedder import CARD_FILE, EmbedderCard, clean, open_model

LAYER = "/bert/encoder/layer.7/output/LayerNorm/LayerNormalization_output_0"
"""The eighth of twelve layers (docs/adr/0013-understanding.md)."""

MOST_TOKENS = 64
"""Tokens of a message that are read; nineteen of twenty have 24 at most."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text as the encoder sees it."""

    vector: NDArray[np.float32]  # shape (dim,), unit length: of the whole text
    tokens: NDArray[np.float16]  # shape (n_tokens, dim)


class TokenEncoder:
    """Encodes questions, one by one, `threads` of them at a time."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Open the prepared encoder in `folder`. Raises EmbedderUnavailable where it is missing or of another make."""
        self._prompt = EmbedderCard.read(folder / CARD_FILE).query_prompt
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="encoder") if threads > 1 else None
        self._session, self._tokenizer = open_model(folder, further=_further_output(LAYER))

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Return each text encoded, in their order; any text is taken, the empty one included."""
        several = map if self._pool is None or len(texts) < 2 else self._pool.map
        return list(several(self._encode_one, texts))

    def _encode_one(self, text: str) -> Encoded:
        ids = self._tokenizer.encode(self._prompt + clean(text)).ids[:MOST_TOKENS]
        vectors, tokens = self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})
        return Encoded(vectors[0].astype(np.float32), tokens[0].astype(np.float16))


def _further_output(name: str) -> bytes:
    """Return a ModelProto that holds nothing but one output of its graph, a tensor of floats (onnx.proto3)."""
    tensor = _field(1, b"\x08\x01")  # TypeProto.tensor_type { elem_type: FLOAT }
    value = _field(1, name.encode()) + _field(2, tensor)  # ValueInfoProto { name, type }
    return _field(7, _field(12, value))  # ModelProto.graph { output }


def _field(number: int, content: bytes) -> bytes:
    """Return a protobuf field of bytes."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])
