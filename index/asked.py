"""The questions that documents are known to answer: a third way to a document, beside meaning and words of its text.

A question of a citizen is compared with questions, not with official prose, so both sides carry the encoder's query
prompt, and the language of either makes no difference. What is known of a document are its questions and its titles in
other languages; a corpus without any has an empty file here and is searched as if there were no such way.

asked/vectors.npy     float32, shape (n_questions, dim), unit rows, mapped; in the order of documents
asked/documents.npy   int32, shape (n_questions,), ascending: ordinal of the question's document
asked/texts.json      the questions
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import vector_file
from index.embedder import Embedder
from index.passage_store import PassageStore

AT_ONCE = 256
"""Questions encoded at a time."""

_FOLDER = "asked"
_VECTORS, _DOCUMENTS, _TEXTS = "vectors.npy", "documents.npy", "texts.json"


def write_texts(questions: Iterable[tuple[str, str]], document_ids: Sequence[str], folder: Path) -> str:
    """Write whose questions there are below `folder`; returns a SHA-256 (hex) over them, "" where there are none.

    `questions` are (document id, text). One of a document that has no passage, or that the document has already, is
    left out. The vectors are made by `write_vectors`.
    """
    ordinals = {document_id: ordinal for ordinal, document_id in enumerate(document_ids)}
    known = dict.fromkeys((ordinals[name], text) for name, text in questions if name in ordinals and text)
    ordered = sorted(known, key=lambda one: one[0])  # stable: a document's questions stay in their order
    (folder / _FOLDER).mkdir()
    np.save(folder / _FOLDER / _DOCUMENTS, np.array([ordinal for ordinal, _ in ordered], dtype=np.int32))
    texts = json.dumps([text for _, text in ordered], ensure_ascii=False)
    (folder / _FOLDER / _TEXTS).write_text(texts, encoding="utf-8")
    named = [(document_ids[ordinal], text) for ordinal, text in ordered]
    return sha256(json.dumps(named, ensure_ascii=False).encode()).hexdigest() if named else ""


def write_vectors(embedder: Embedder, folder: Path, old: Path | None) -> None:
    """Make the vectors of what `write_texts` wrote; those of texts that the snapshot `old` has too are taken from it.

    `old` is the folder of a sound snapshot of the same embedder.
    """
    texts = _texts(folder)
    known: dict[str, int] = {}
    held = np.empty((0, embedder.dim), dtype=np.float32)
    if old is not None:
        known = {text: row for row, text in enumerate(_texts(old))}
        held = vector_file.open_mapped(old / _FOLDER / _VECTORS)

    def batches() -> Iterator[NDArray[np.float32]]:
        for start in range(0, len(texts), AT_ONCE):
            few = texts[start : start + AT_ONCE]
            new = list(dict.fromkeys(text for text in few if text not in known))
            made = dict(zip(new, embedder.embed_queries(new), strict=True)) if new else {}
            yield np.array([made[text] if text in made else held[known[text]] for text in few], dtype=np.float32)

    vector_file.write(folder / _FOLDER / _VECTORS, batches(), rows=len(texts), dim=embedder.dim)


def _texts(folder: Path) -> list[str]:
    texts: list[str] = json.loads((folder / _FOLDER / _TEXTS).read_text(encoding="utf-8"))
    return texts


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near one question is to what documents are known to answer; documents by ordinal, ascending."""

    documents: NDArray[np.int32]  # that have known questions
    cosines: NDArray[np.float32]  # with the nearest of their questions, -1..1

    def of(self, documents: NDArray[np.int32]) -> NDArray[np.float32]:
        """The cosine of each given document, 0 where it has no known question; float32, in the order given."""
        if not len(self.documents):
            return np.zeros(len(documents), dtype=np.float32)
        places = np.minimum(np.searchsorted(self.documents, documents), len(self.documents) - 1)
        return np.where(self.documents[places] == documents, self.cosines[places], np.float32(0))

    def nearest(self, *, at_least: float) -> list[int]:
        """Documents with a cosine of at least so much, best first, ties by ordinal."""
        near = np.flatnonzero(self.cosines >= at_least)
        order = np.lexsort((near, -self.cosines[near]))
        return [int(document) for document in self.documents[near[order]]]


NOTHING_NEAR = Nearness(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32))
"""As if nothing were known."""


class KnownQuestions:
    """The known questions of one snapshot; read-only, safe to use from several threads."""

    def __init__(
        self, *, vectors: NDArray[np.float32], documents: NDArray[np.int32], rows_of: NDArray[np.int32]
    ) -> None:
        """`vectors` and `documents` are those of the files; `rows_of` the ordinal of the document of every passage."""
        self._vectors = vectors
        self._documents, self._firsts = np.unique(documents, return_index=True)
        rows = np.flatnonzero(np.isin(rows_of, self._documents)) if len(documents) else np.empty(0, dtype=np.int64)
        self._rows = rows[np.argsort(rows_of[rows], kind="stable")]
        self._of_rows = rows_of[self._rows]

    @classmethod
    def open(cls, folder: Path, passages: PassageStore) -> KnownQuestions:
        """Map what was written below `folder`; `passages` are those of the same snapshot."""
        return cls(
            vectors=vector_file.open_mapped(folder / _FOLDER / _VECTORS),
            documents=np.load(folder / _FOLDER / _DOCUMENTS, allow_pickle=False),
            rows_of=passages.documents,
        )

    @property
    def size(self) -> int:
        """How many questions are known."""
        return len(self._vectors)

    def near(self, query: NDArray[np.float32]) -> Nearness:
        """Compare a question with all known ones; `query` is float32, shape (dim,), unit length."""
        if not self.size:
            return Nearness(self._documents, np.empty(0, dtype=np.float32))
        cosines = np.vecdot(self._vectors, query)
        return Nearness(self._documents, np.maximum.reduceat(cosines, self._firsts))

    def rows(self, document: int) -> NDArray[np.int64]:
        """The passages of a document with known questions, in the order of the snapshot; empty for any other."""
        left, right = np.searchsorted(self._of_rows, (document, document + 1))
        return self._rows[left:right]
