"""Snapshots: immutable folders with everything a search needs, built beside the one that serves and then published.

    <root>/CURRENT                   name of the published snapshot
    <root>/000007-3f9c0a12b4de/      sequence number and seal of the manifest
        manifest.json  vectors.faiss  passages.jsonl  rows.npz  documents.json  lexical/

A folder appears under its name complete and on disk, by one rename; CURRENT is replaced by another. So a builder killed
at any step leaves what served before. To go back, write an older folder's name into CURRENT (`publish`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index import lexical, manifest, passage_store
from index.dense import DenseIndex, DenseWriter
from index.document import Passage
from index.embedder import Embedder
from index.errors import NothingToIndex, SnapshotCorrupt, SnapshotMismatch, SnapshotMissing
from index.lexical import LexicalIndex
from index.manifest import EmbedderIdentity, Manifest
from index.passage_store import PassageStore
from index.passage_vectors import PassageVectors

KEPT = 3
"""Snapshots that stay on disk, the newest ones: one that serves, one to go back to, one spare."""

BATCH = 256
"""Passages embedded at a time; bounds the memory of a build."""

SnapshotId = str

_CURRENT = "CURRENT"
_VECTORS = "vectors.faiss"
_LEXICAL = "lexical"
_BUILDING = ".building"


class PassageSource(Protocol):
    """Where passages come from: the catalogue, or a set of questions' own corpus."""

    def passages(self) -> Iterable[Passage]:
        """All passages, in the same order for the same content."""


class Snapshot:
    """One opened snapshot: passages, dense and lexical index, row by row the same; read-only, shared by threads."""

    def __init__(
        self, *, snapshot_id: SnapshotId, root: Path, passages: PassageStore, dense: DenseIndex, lexical: LexicalIndex
    ) -> None:
        if not len(passages) == dense.size == lexical.size:
            raise SnapshotCorrupt(f"snapshot {snapshot_id}: its passages and vectors differ in number")
        self.id = snapshot_id
        self.root = root
        self.passages = passages
        self.dense = dense
        self.lexical = lexical

    @classmethod
    def open(cls, root: Path, embedder: Embedder) -> Snapshot:
        """Open the published snapshot below `root`, verify every byte of it, and touch what a search touches.

        Raises SnapshotMissing, SnapshotCorrupt or SnapshotMismatch; what served before can go on serving then.
        """
        folder = root / current(root)
        found = manifest.verify(folder)
        if found.embedder != _identity(embedder):
            raise SnapshotMismatch(
                f"snapshot {folder.name} was built with {_named(found.embedder)}, "
                f"not with {_named(_identity(embedder))}: run python -m index build"
            )
        snapshot = cls(
            snapshot_id=folder.name,
            root=root,
            passages=PassageStore.open(folder),
            dense=DenseIndex.open(folder / _VECTORS),
            lexical=LexicalIndex.open(folder / _LEXICAL),
        )
        snapshot._warm_up()
        return snapshot

    def _warm_up(self) -> None:
        first = self.passages.passage(0)
        self.dense.nearest(self.dense.vectors(np.zeros(1, dtype=np.int64))[0], limit=1)
        self.lexical.nearest(self.lexical.shares(lexical.tokens(first.text)), limit=1)


def current(root: Path) -> SnapshotId:
    """Name of the published snapshot; raises SnapshotMissing where none is."""
    try:
        return (root / _CURRENT).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SnapshotMissing(f"no snapshot in {root}: run python -m index build") from error


def publish(root: Path, snapshot_id: SnapshotId) -> None:
    """Make an existing snapshot the current one, in one step; also the way back to an older one."""
    pointer = root / f"{_CURRENT}.new"
    pointer.write_text(snapshot_id + "\n", encoding="utf-8")
    manifest.sync(pointer)
    pointer.replace(root / _CURRENT)
    manifest.sync(root)


def build(source: PassageSource, embedder: Embedder, root: Path, *, progress: bool = False) -> SnapshotId:
    """Bring the snapshot below `root` up to date with `source` and publish it; returns its id.

    Unchanged passages under the same embedder: nothing is built, the published id comes back. Otherwise vectors of
    passages whose digest is known are taken from the published snapshot and only the others are embedded. Builders of
    one root wait for each other. Memory is bounded by a batch of passages, their vectors and the lexical postings.
    `progress` shows a bar on stderr. Raises NothingToIndex for an empty source.
    """
    root.mkdir(parents=True, exist_ok=True)
    with _only_builder(root):
        folder = root / _BUILDING
        shutil.rmtree(folder, ignore_errors=True)  # left by a builder that was killed
        folder.mkdir()
        content = passage_store.write(source.passages(), folder)
        store = PassageStore.open(folder)
        if len(store) == 0:
            raise NothingToIndex("no passages to index: run python -m index ingest")
        previous = _previous(root, embedder)
        if previous is not None and previous[1].content == content:
            shutil.rmtree(folder)
            return previous[0]
        _write_vectors(store, embedder, folder, known=_known_vectors(root, previous), progress=progress)
        lexical.build((lexical.tokens(passage.searched_text) for passage in _all(store)), folder / _LEXICAL)
        made = Manifest(
            embedder=_identity(embedder),
            passages=len(store),
            documents=len(store.document_ids),
            content=content,
            files=manifest.checksums(folder),
        )
        manifest.write(made, folder)
        snapshot_id = f"{_next_number(root):06d}-{made.seal}"
        folder.rename(root / snapshot_id)
        manifest.sync(root)
        publish(root, snapshot_id)
        for old in _folders(root)[:-KEPT]:
            shutil.rmtree(old)
        return snapshot_id


@contextmanager
def _only_builder(root: Path) -> Iterator[None]:
    with (root / ".lock").open("w") as lock:
        flock(lock, LOCK_EX)  # released when the file closes, also when the process dies
        yield


def _identity(embedder: Embedder) -> EmbedderIdentity:
    return EmbedderIdentity(name=embedder.name, revision=embedder.revision, dim=embedder.dim)


def _named(identity: EmbedderIdentity) -> str:
    return f"{identity.name} {identity.revision[:12]} ({identity.dim} dimensions)"


def _all(store: PassageStore) -> Iterator[Passage]:
    return (store.passage(row) for row in range(len(store)))


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.iterdir() if path.is_dir() and path.name[:6].isdigit())


def _next_number(root: Path) -> int:
    return max((int(path.name[:6]) for path in _folders(root)), default=0) + 1


def _previous(root: Path, embedder: Embedder) -> tuple[SnapshotId, Manifest] | None:
    """The published snapshot if its bytes are sound and its vectors are this embedder's; else a build starts afresh."""
    with suppress(SnapshotMissing, SnapshotCorrupt):
        published = current(root)
        found = manifest.verify(root / published)
        if found.embedder == _identity(embedder):
            return published, found
    return None


def _known_vectors(
    root: Path, previous: tuple[SnapshotId, Manifest] | None
) -> tuple[dict[str, int], DenseIndex] | None:
    """Digest → row of the published snapshot, and its vectors."""
    if previous is None:
        return None
    folder = root / previous[0]
    digests = PassageStore.open(folder).digests()
    return {digest: row for row, digest in enumerate(digests)}, DenseIndex.open(folder / _VECTORS)


def _write_vectors(
    store: PassageStore,
    embedder: Embedder,
    folder: Path,
    *,
    known: tuple[dict[str, int], DenseIndex] | None,
    progress: bool,
) -> None:
    writer, encoder = DenseWriter(embedder.dim), PassageVectors(embedder)
    rows_by_digest, old = known if known is not None else ({}, None)
    with tqdm(total=len(store), desc="Passages", unit="passage", disable=not progress) as bar:
        remaining = _all(store)
        while passages := list(islice(remaining, BATCH)):
            vectors: NDArray[np.float32] = np.empty((len(passages), embedder.dim), dtype=np.float32)
            old_rows = np.array([rows_by_digest.get(passage.digest, -1) for passage in passages], dtype=np.int64)
            is_known = old_rows >= 0
            if old is not None and is_known.any():
                vectors[is_known] = old.vectors(old_rows[is_known])
            new = [passage for passage, found in zip(passages, is_known, strict=True) if not found]
            if new:
                vectors[~is_known] = encoder.of(new)
            writer.add(vectors)
            bar.update(len(passages))
    writer.write(folder / _VECTORS)
