"""Snapshots: immutable folders with everything a search needs, built beside the one that serves and then published.

    <root>/000007-3f9c0a12b4de/
        manifest.json  passages.jsonl  documents.json  rows/  vectors.npy  buckets.npy  dense.faiss  lexical/  asked/

A folder appears under its name complete and on disk, by one rename; then it is published (`index.publication`). So a
builder killed at any step leaves what served before.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index import asked, dense, duplicates, lexical, manifest, passage_store, publication, vector_file
from index.asked import KnownQuestions
from index.dense import DenseIndex
from index.document import Passage
from index.embedder import Embedder
from index.errors import NothingToIndex, SnapshotCorrupt, SnapshotMismatch, SnapshotMissing
from index.lexical import LexicalIndex
from index.manifest import EmbedderIdentity, Manifest
from index.passage_store import PassageStore
from index.passage_vectors import PassageVectors
from index.publication import SnapshotId, current, publish

__all__ = ["BATCH", "PassageSource", "Snapshot", "SnapshotId", "build", "current", "publish"]

BATCH = 1_024
"""Passages whose vectors are made or copied at a time; bounds the memory of a build."""

_VECTORS = "vectors.npy"
_DENSE = "dense.faiss"
_LEXICAL = "lexical"
_BUCKETS = "buckets.npy"  # what near-duplicates were found by; read by the next build only
_BUILDING = ".building"


class PassageSource(Protocol):
    """Where passages come from: the catalogue, or a set of questions' own corpus."""

    def passages(self) -> Iterable[Passage]:
        """All passages, in the same order for the same content."""

    def questions(self) -> Iterable[tuple[str, str]]:
        """What documents are known to answer: (document id, question), in the same order for the same content."""


class Snapshot:
    """One opened snapshot: passages, vectors, dense and lexical index, row by row the same; read-only, for all threads.

    `vectors` are those of the passages in full precision, float32, shape (n_passages, dim), unit rows, mapped.
    """

    def __init__(
        self,
        *,
        snapshot_id: SnapshotId,
        root: Path,
        passages: PassageStore,
        vectors: NDArray[np.float32],
        dense: DenseIndex,
        lexical: LexicalIndex,
        asked: KnownQuestions,
    ) -> None:
        if not len(passages) == len(vectors) == dense.size == lexical.size:
            raise SnapshotCorrupt(f"snapshot {snapshot_id}: its passages and vectors differ in number")
        self.id = snapshot_id
        self.root = root
        self.passages = passages
        self.vectors = vectors
        self.dense = dense
        self.lexical = lexical
        self.asked = asked

    @classmethod
    def open(cls, root: Path, embedder: Embedder) -> Snapshot:
        """Open the published snapshot below `root`, verify every byte of it, and touch what a search touches.

        Raises SnapshotMissing, SnapshotCorrupt or SnapshotMismatch; what served before can go on serving then.
        """
        while True:
            published = current(root)
            try:
                return cls._open(root, published, embedder)
            except (SnapshotCorrupt, FileNotFoundError):
                if current(root) == published:
                    raise
                # cleared away by a builder while it was read: another one is published by now

    @classmethod
    def _open(cls, root: Path, snapshot_id: SnapshotId, embedder: Embedder) -> Snapshot:
        folder = root / snapshot_id
        found = manifest.verify(folder)
        if found.embedder != _identity(embedder):
            raise SnapshotMismatch(
                f"snapshot {folder.name} was built with {_named(found.embedder)}, "
                f"not with {_named(_identity(embedder))}: run python -m index build"
            )
        vectors = vector_file.open_mapped(folder / _VECTORS)
        passages = PassageStore.open(folder)
        snapshot = cls(
            snapshot_id=folder.name,
            root=root,
            passages=passages,
            vectors=vectors,
            dense=DenseIndex.open(folder / _DENSE, vectors),
            lexical=LexicalIndex.open(folder / _LEXICAL),
            asked=KnownQuestions.open(folder, passages),
        )
        snapshot._warm_up()
        return snapshot

    def _warm_up(self) -> None:
        first = self.passages.passage(0)
        self.dense.nearest(np.array(self.vectors[0]), limit=1)
        self.asked.near(np.array(self.vectors[0]))
        self.lexical.question(lexical.tokens(first.text)).nearest(limit=1)


def build(source: PassageSource, embedder: Embedder, root: Path, *, progress: bool = False) -> SnapshotId:
    """Bring the snapshot below `root` up to date with `source` and publish it; returns the published id.

    Unchanged passages and questions under the same embedder: nothing is built, the published id comes back; so it does
    after a roll-back, while they are those that were rolled back (`publication.held_back`). Otherwise vectors of
    passages whose digest is known, and of known questions, are taken from the published snapshot and only the others
    are embedded. Builders of one root wait for each other. Memory is bounded by a batch of passages and their vectors,
    some 100 bytes for each passage, the known questions, and the lexical postings. `progress` shows bars on stderr.
    Raises NothingToIndex for an empty source.
    """
    root.mkdir(parents=True, exist_ok=True)
    with publication.locked(root / ".lock"):
        folder = root / _BUILDING
        shutil.rmtree(folder, ignore_errors=True)  # left by a builder that was killed
        folder.mkdir()
        reading = tqdm(source.passages(), desc="Passages read", unit="passage", disable=not progress)
        written = passage_store.write(reading, folder)
        if written.passages == 0:
            raise NothingToIndex("no passages to index: run python -m index ingest")
        store = PassageStore.open(folder)
        content = _content(written.content, asked.write_texts(source.questions(), store.document_ids, folder))
        previous = _sound(root, embedder, progress=progress)
        if previous is not None and content in (previous[1].content, _content_held_back(root)):
            shutil.rmtree(folder)
            return previous[0]
        old = _Old.open(root / previous[0], store) if previous else _Old.none(store)
        with ThreadPoolExecutor(1, thread_name_prefix="words") as aside:  # while the encoder is busy outside Python
            words = aside.submit(_write_words, store, folder, old, progress=progress)
            _write_vectors(store, embedder, folder, old, progress=progress)
            asked.write_vectors(embedder, folder, root / previous[0] if previous else None)
            dense.build(vector_file.open_mapped(folder / _VECTORS), folder / _DENSE, progress=progress)
            words.result()
        made = Manifest(
            embedder=_identity(embedder),
            passages=len(store),
            documents=len(store.document_ids),
            content=content,
            files=manifest.checksums(folder, progress=progress),
        )
        manifest.write(made, folder)
        snapshot_id = f"{publication.next_number(root):06d}-{made.seal}"
        folder.rename(root / snapshot_id)
        manifest.sync(root)
        publication.publish_newest(root, snapshot_id)
        return snapshot_id


def _content(passages: str, questions: str) -> str:
    """What decides whether anything changed; without known questions it is the passages alone."""
    return sha256(f"{passages}\0{questions}".encode()).hexdigest() if questions else passages


def _identity(embedder: Embedder) -> EmbedderIdentity:
    return EmbedderIdentity(name=embedder.name, revision=embedder.revision, dim=embedder.dim)


def _named(identity: EmbedderIdentity) -> str:
    return f"{identity.name} {identity.revision[:12]} ({identity.dim} dimensions)"


def _sound(root: Path, embedder: Embedder, *, progress: bool) -> tuple[SnapshotId, Manifest] | None:
    """The published snapshot if its bytes are sound and its vectors are this embedder's; else a build starts afresh."""
    with suppress(SnapshotMissing, SnapshotCorrupt):
        published = current(root)
        found = manifest.verify(root / published, progress=progress)
        if found.embedder == _identity(embedder):
            return published, found
    return None


def _content_held_back(root: Path) -> str | None:
    held = publication.held_back(root)
    with suppress(SnapshotCorrupt):
        return manifest.read_sealed(root / held).content if held is not None else None
    return None


@dataclass(frozen=True, slots=True)
class _Old:
    """What a build can take from the snapshot before, where the digest of a passage stands in it."""

    rows: NDArray[np.int64]  # for each new row the old one with its digest, or -1
    vectors: NDArray[np.float32] | None
    buckets: NDArray[np.uint64] | None

    @classmethod
    def open(cls, folder: Path, store: PassageStore) -> _Old:
        rows = _rows_of(store.digests, PassageStore.open(folder).digests)
        return cls(rows, vector_file.open_mapped(folder / _VECTORS), np.load(folder / _BUCKETS, mmap_mode="r"))

    @classmethod
    def none(cls, store: PassageStore) -> _Old:
        return cls(np.full(len(store), -1, dtype=np.int64), None, None)


def _write_vectors(store: PassageStore, embedder: Embedder, folder: Path, old: _Old, *, progress: bool) -> None:
    """The vectors of all rows: copied where the snapshot before has them, else embedded."""
    encoder = PassageVectors(embedder)
    bar = tqdm(total=len(store), desc="Passages embedded", unit="passage", disable=not progress)

    def batches() -> Iterator[NDArray[np.float32]]:
        for start in range(0, len(store), BATCH):
            rows = old.rows[start : start + BATCH]
            vectors: NDArray[np.float32] = np.empty((len(rows), embedder.dim), dtype=np.float32)
            is_known = rows >= 0
            if old.vectors is not None:
                vectors[is_known] = old.vectors[rows[is_known]]
            new = [store.passage(start + int(place)) for place in np.flatnonzero(~is_known)]
            if new:
                vectors[~is_known] = encoder.of(new)
            bar.update(len(rows))
            yield vectors

    with bar:
        vector_file.write(folder / _VECTORS, batches(), rows=len(store), dim=embedder.dim)


def _write_words(store: PassageStore, folder: Path, old: _Old, *, progress: bool) -> None:
    """Near-duplicates and the lexical index: what is made of the passages' words."""
    buckets = duplicates.buckets(store, old.buckets, old.rows, progress=progress)
    np.save(folder / _BUCKETS, buckets)
    passage_store.write_groups(duplicates.groups(store, buckets), folder)
    texts = tqdm(store, desc="Words indexed", unit="passage", disable=not progress)
    tokens = (lexical.tokens(passage.searched_text) for passage in texts)
    lexical.build(tokens, folder / _LEXICAL, progress=progress)


def _rows_of(wanted: NDArray[np.uint8], held: NDArray[np.uint8]) -> NDArray[np.int64]:
    """For each wanted digest the row where it is held, or -1; both uint8, shape (n, 32).

    Looked up by the first 8 bytes and confirmed by all 32: two held digests that begin alike, which no corpus will
    see, cost an embedding at worst.
    """
    starts = np.ascontiguousarray(held[:, :8]).view(np.uint64).ravel()
    order = np.argsort(starts)
    keys = np.ascontiguousarray(wanted[:, :8]).view(np.uint64).ravel()
    places = np.minimum(np.searchsorted(starts, keys, sorter=order), len(order) - 1)
    rows: NDArray[np.int64] = order[places].astype(np.int64)
    for start in range(0, len(rows), BATCH):
        stop = start + BATCH
        same = (held[rows[start:stop]] == wanted[start:stop]).all(axis=1)
        rows[start:stop][~same] = -1
    return rows
