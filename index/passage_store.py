"""Passages of one snapshot on disk: one JSON line each, read by row number, and what search needs of every row at once.

passages.jsonl   the passages, one a line, in row order
documents.json   ids of the documents, by ordinal
rows/            one mapped .npy array for each of: offsets, documents, kinds, weights, groups, digests
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.document import Passage, TextKind

KINDS = tuple(TextKind)
"""What the codes in `PassageStore.kinds` stand for: `KINDS[code]`."""

DIGEST_BYTES = 32
"""Length of a passage's digest (SHA-256)."""

_LINES = "passages.jsonl"
_ROWS = "rows"
_ARRAYS = ("offsets", "documents", "kinds", "weights", "groups", "digests")
_DOCUMENTS = "documents.json"
_CODES = {kind: code for code, kind in enumerate(KINDS)}


def to_line(passage: Passage) -> str:
    """The passage as one line of JSON."""
    return json.dumps(
        {
            "id": passage.id,
            "document_id": passage.document_id,
            "location": passage.location,
            "headings": list(passage.headings),
            "text": passage.text,
            "text_kind": passage.text_kind.value,
            "context": passage.context,
            "weight": passage.weight,
        },
        ensure_ascii=False,
    )


def from_line(line: str | bytes) -> Passage:
    """The passage that `to_line` wrote."""
    row = json.loads(line)
    return Passage(
        id=row["id"],
        document_id=row["document_id"],
        location=row["location"],
        headings=tuple(row["headings"]),
        text=row["text"],
        text_kind=TextKind(row["text_kind"]),
        context=row["context"],
        weight=row["weight"],
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What `write` wrote."""

    passages: int
    content: str  # SHA-256 (hex) over the lines: equal content, equal passages in the same order


def write(passages: Iterable[Passage], folder: Path) -> Written:
    """Write all passages below `folder` in the order given.

    Every row is a duplicate group of its own until `write_groups`. Memory holds 60 bytes per passage, never the texts.
    """
    offsets, documents, kinds, weights = array("q", [0]), array("i"), array("b"), array("f")
    digests = bytearray()
    ordinals: dict[str, int] = {}
    content = sha256()
    with (folder / _LINES).open("wb") as file:
        for passage in passages:
            line = to_line(passage).encode() + b"\n"
            file.write(line)
            content.update(line)
            offsets.append(offsets[-1] + len(line))
            documents.append(ordinals.setdefault(passage.document_id, len(ordinals)))
            kinds.append(_CODES[passage.text_kind])
            weights.append(passage.weight)
            digests += bytes.fromhex(passage.digest)
    rows = folder / _ROWS
    rows.mkdir()
    np.save(rows / "offsets.npy", np.array(offsets, dtype=np.int64))
    np.save(rows / "documents.npy", np.array(documents, dtype=np.int32))
    np.save(rows / "kinds.npy", np.array(kinds, dtype=np.int8))
    np.save(rows / "weights.npy", np.array(weights, dtype=np.float32))
    np.save(rows / "digests.npy", np.array(digests, dtype=np.uint8).reshape(-1, DIGEST_BYTES))
    (folder / _DOCUMENTS).write_text(json.dumps(list(ordinals), ensure_ascii=False), encoding="utf-8")
    write_groups(np.arange(len(documents), dtype=np.int32), folder)
    return Written(len(documents), content.hexdigest())


def write_groups(groups: NDArray[np.int32], folder: Path) -> None:
    """Set the duplicate group of every row; `groups` is int32, shape (n_passages,). Open stores keep what they had."""
    new = folder / _ROWS / "new.npy"
    np.save(new, groups)
    new.replace(folder / _ROWS / "groups.npy")


class PassageStore:
    """Read access to what `write` wrote; arrays are mapped, read-only, of shape (n_passages,) unless said otherwise.

    `documents`, int32: ordinal of the row's document, and `document_ids` the ids by ordinal.
    `kinds`, int8: whose words it is, `KINDS[code]`; `official`, bool: whether it is official wording.
    `weights`, float32 in 0..1: `Passage.weight`.
    `groups`, int32: rows with the same number say the same in nearly the same words; a row without such a twin is
    alone in its group. The number is the lowest row of the group.
    `digests`, uint8, shape (n_passages, 32): `Passage.digest`.
    """

    def __init__(self, *, lines: bytes | mmap, rows: Mapping[str, NDArray[Any]], document_ids: Sequence[str]) -> None:
        self._lines = lines
        self._offsets: NDArray[np.int64] = rows["offsets"]
        self.documents: NDArray[np.int32] = rows["documents"]
        self.kinds: NDArray[np.int8] = rows["kinds"]
        self.weights: NDArray[np.float32] = rows["weights"]
        self.groups: NDArray[np.int32] = rows["groups"]
        self.digests: NDArray[np.uint8] = rows["digests"]
        self.official: NDArray[np.bool_] = self.kinds == _CODES[TextKind.OFFICIAL]
        self.document_ids = document_ids
        self._ordinals = {document_id: ordinal for ordinal, document_id in enumerate(document_ids)}
        self.has_wording: NDArray[np.bool_] = np.zeros(len(document_ids), dtype=np.bool_)
        self.has_wording[self.documents[self.official]] = True

    @classmethod
    def open(cls, folder: Path) -> PassageStore:
        """Map everything but the documents' ids, which are read into memory."""
        rows = {name: np.load(folder / _ROWS / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS}
        lines: bytes | mmap = b""
        with (folder / _LINES).open("rb") as file:
            if rows["offsets"][-1] > 0:  # an empty file cannot be mapped
                lines = mmap(file.fileno(), 0, access=ACCESS_READ)
        document_ids = json.loads((folder / _DOCUMENTS).read_text(encoding="utf-8"))
        return cls(lines=lines, rows=rows, document_ids=document_ids)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def line(self, row: int) -> bytes:
        """The stored JSON line of a row."""
        return self._lines[int(self._offsets[row]) : int(self._offsets[row + 1])]

    def passage(self, row: int) -> Passage:
        """The passage of a row."""
        return from_line(self.line(row))

    def __iter__(self) -> Iterator[Passage]:
        return (self.passage(row) for row in range(len(self)))

    def has_official(self, document_id: str) -> bool:
        """Whether any official passage of this document is in the snapshot."""
        ordinal = self._ordinals.get(document_id)
        return ordinal is not None and bool(self.has_wording[ordinal])

    def rows_of(self, document_ids: Iterable[str]) -> NDArray[np.bool_]:
        """Which rows belong to the given documents; bool, shape (n_passages,). Unknown ids are ignored."""
        wanted = np.zeros(len(self.document_ids), dtype=np.bool_)
        wanted[[self._ordinals[document_id] for document_id in document_ids if document_id in self._ordinals]] = True
        rows: NDArray[np.bool_] = wanted[self.documents]
        return rows
