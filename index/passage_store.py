"""Passages of one snapshot on disk: one JSON line each, read by row number without loading the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.document import Passage, TextKind

_LINES = "passages.jsonl"
_ROWS = "rows.npz"
_DOCUMENTS = "documents.json"


def to_line(passage: Passage) -> str:
    """The passage as one line of JSON, with its digest."""
    return json.dumps(
        {
            "id": passage.id,
            "document_id": passage.document_id,
            "location": passage.location,
            "headings": list(passage.headings),
            "text": passage.text,
            "text_kind": passage.text_kind.value,
            "context": passage.context,
            "digest": passage.digest,
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
    )


def write(passages: Iterable[Passage], folder: Path) -> str:
    """Write all passages below `folder` in the order given; returns the SHA-256 (hex) of their lines.

    Memory holds a few numbers per passage, never the texts.
    """
    offsets, documents, official = [0], [], []
    ordinals: dict[str, int] = {}
    digest = sha256()
    with (folder / _LINES).open("wb") as file:
        for passage in passages:
            line = to_line(passage).encode() + b"\n"
            file.write(line)
            digest.update(line)
            offsets.append(offsets[-1] + len(line))
            documents.append(ordinals.setdefault(passage.document_id, len(ordinals)))
            official.append(passage.text_kind is TextKind.OFFICIAL)
    np.savez(
        folder / _ROWS,
        offsets=np.array(offsets, dtype=np.int64),
        documents=np.array(documents, dtype=np.int32),
        official=np.array(official, dtype=np.bool_),
    )
    (folder / _DOCUMENTS).write_text(json.dumps(list(ordinals), ensure_ascii=False), encoding="utf-8")
    return digest.hexdigest()


class PassageStore:
    """Read access to what `write` wrote.

    `documents` gives for each row the ordinal of its document, int32, shape (n_passages,); `official` whether the row
    is official wording, bool, shape (n_passages,); `document_ids` the ids by ordinal.
    """

    def __init__(
        self,
        *,
        lines: bytes | mmap,
        offsets: NDArray[np.int64],
        documents: NDArray[np.int32],
        official: NDArray[np.bool_],
        document_ids: Sequence[str],
    ) -> None:
        self._lines = lines
        self._offsets = offsets
        self.documents = documents
        self.official = official
        self.document_ids = document_ids
        self._ordinals = {document_id: ordinal for ordinal, document_id in enumerate(document_ids)}
        self._has_official = np.zeros(len(document_ids), dtype=np.bool_)
        self._has_official[documents[official]] = True

    @classmethod
    def open(cls, folder: Path) -> PassageStore:
        """Map the lines, load the numbers."""
        with np.load(folder / _ROWS, allow_pickle=False) as rows:
            offsets, documents, official = rows["offsets"], rows["documents"], rows["official"]
        lines: bytes | mmap = b""
        with (folder / _LINES).open("rb") as file:
            if offsets[-1] > 0:  # an empty file cannot be mapped
                lines = mmap(file.fileno(), 0, access=ACCESS_READ)
        document_ids = json.loads((folder / _DOCUMENTS).read_text(encoding="utf-8"))
        return cls(lines=lines, offsets=offsets, documents=documents, official=official, document_ids=document_ids)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def line(self, row: int) -> bytes:
        """The stored JSON line of a row."""
        return self._lines[int(self._offsets[row]) : int(self._offsets[row + 1])]

    def passage(self, row: int) -> Passage:
        """The passage of a row."""
        return from_line(self.line(row))

    def digests(self) -> Iterator[str]:
        """The passages' digests in row order."""
        for row in range(len(self)):
            digest: str = json.loads(self.line(row))["digest"]
            yield digest

    def has_official(self, document_id: str) -> bool:
        """Whether any official passage of this document is in the snapshot."""
        ordinal = self._ordinals.get(document_id)
        return ordinal is not None and bool(self._has_official[ordinal])

    def rows_of(self, document_ids: Iterable[str]) -> NDArray[np.bool_]:
        """Which rows belong to the given documents; bool, shape (n_passages,). Unknown ids are ignored."""
        wanted = np.zeros(len(self.document_ids), dtype=np.bool_)
        wanted[[self._ordinals[document_id] for document_id in document_ids if document_id in self._ordinals]] = True
        rows: NDArray[np.bool_] = wanted[self.documents]
        return rows
