"""Snapshots: built once, reused, verified, published by one rename."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.document import Passage, TextKind
from index.errors import NothingToIndex, SnapshotCorrupt, SnapshotMismatch, SnapshotMissing
from index.passage_vectors import PassageVectors
from index.publication import KEPT, current, publish
from index.snapshot import Snapshot, build
from index.testing import HashEmbedder, InMemorySource


def passage(document: str, text: str, *, kind: TextKind = TextKind.OFFICIAL, part: int = 1) -> Passage:
    return Passage(
        id=f"{document}@2026-05-15#dieu-{part}",
        document_id=f"{document}@2026-05-15",
        location=f"Điều {part}",
        headings=(f"Điều {part}. Phạm vi",),
        text=text,
        text_kind=kind,
        context=f"Nghị định {document}",
    )


PASSAGES = (
    passage("161/2026/NĐ-CP", "Mức lương cơ sở là 2.530.000 đồng một tháng"),
    passage("162/2026/NĐ-CP", "Tăng 8% lương hưu"),
    passage("162/2026/NĐ-CP", "Nghị định này có hiệu lực từ ngày 01 tháng 7 năm 2026", part=2),
)


CONTEXTS = {one.context for one in PASSAGES}


class CountingEmbedder(HashEmbedder):
    """Counts the passages that were really embedded, their documents' contexts apart."""

    embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += len([text for text in texts if text not in CONTEXTS])
        return super().embed_passages(texts)


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


def test_what_was_built_can_be_opened_and_read_back(tmp_path: Path, embedder: CountingEmbedder) -> None:
    id_ = build(InMemorySource(PASSAGES), embedder, tmp_path)
    snapshot = Snapshot.open(tmp_path, embedder)
    assert snapshot.id == id_ == current(tmp_path)
    assert [snapshot.passages.passage(row) for row in range(3)] == list(PASSAGES)
    expected = PassageVectors(embedder).of(PASSAGES)
    assert np.allclose(snapshot.vectors, expected)


def test_the_manifest_names_embedder_counts_and_every_file(tmp_path: Path, embedder: CountingEmbedder) -> None:
    folder = tmp_path / build(InMemorySource(PASSAGES), embedder, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["embedder"] == {"name": embedder.name, "revision": embedder.revision, "dim": embedder.dim}
    assert (manifest["passages"], manifest["documents"]) == (3, 2)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == files - {"manifest.json"}


def test_unchanged_passages_build_nothing(tmp_path: Path, embedder: CountingEmbedder) -> None:
    first = build(InMemorySource(PASSAGES), embedder, tmp_path)
    assert build(InMemorySource(PASSAGES), embedder, tmp_path) == first
    assert embedder.embedded == 3
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [first]


def test_only_changed_passages_are_embedded_again(tmp_path: Path, embedder: CountingEmbedder) -> None:
    build(InMemorySource(PASSAGES), embedder, tmp_path)
    changed = (replace(PASSAGES[0], text="Mức lương cơ sở mới"), *PASSAGES[1:])
    build(InMemorySource(changed), embedder, tmp_path)
    assert embedder.embedded == 4
    snapshot = Snapshot.open(tmp_path, embedder)
    expected = PassageVectors(embedder).of(changed)
    assert np.allclose(snapshot.vectors, expected)


def test_a_changed_location_is_published_without_embedding(tmp_path: Path, embedder: CountingEmbedder) -> None:
    build(InMemorySource(PASSAGES), embedder, tmp_path)
    build(InMemorySource((replace(PASSAGES[0], location="Điều 9"), *PASSAGES[1:])), embedder, tmp_path)
    assert embedder.embedded == 3
    assert Snapshot.open(tmp_path, embedder).passages.passage(0).location == "Điều 9"


def test_another_embedder_embeds_everything_anew(tmp_path: Path) -> None:
    build(InMemorySource(PASSAGES), HashEmbedder(dim=64), tmp_path)
    other = CountingEmbedder(dim=32)
    build(InMemorySource(PASSAGES), other, tmp_path)
    assert other.embedded == 3
    assert Snapshot.open(tmp_path, other).dense.dim == 32


def test_a_snapshot_of_another_embedder_is_refused(tmp_path: Path) -> None:
    build(InMemorySource(PASSAGES), HashEmbedder(dim=64), tmp_path)
    with pytest.raises(SnapshotMismatch, match="build"):
        Snapshot.open(tmp_path, HashEmbedder(dim=32))


def test_no_snapshot_is_said_so(tmp_path: Path, embedder: CountingEmbedder) -> None:
    with pytest.raises(SnapshotMissing, match="build"):
        Snapshot.open(tmp_path, embedder)


def test_nothing_to_index_is_said_so_and_publishes_nothing(tmp_path: Path, embedder: CountingEmbedder) -> None:
    with pytest.raises(NothingToIndex):
        build(InMemorySource(()), embedder, tmp_path)
    with pytest.raises(SnapshotMissing):
        current(tmp_path)


def test_one_flipped_byte_in_any_file_is_refused(tmp_path: Path, embedder: CountingEmbedder) -> None:
    folder = tmp_path / build(InMemorySource(PASSAGES), embedder, tmp_path)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        sound = path.read_bytes()
        middle = len(sound) // 2
        path.write_bytes(sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :])
        with pytest.raises(SnapshotCorrupt, match=path.name):
            Snapshot.open(tmp_path, embedder)
        path.write_bytes(sound)
    Snapshot.open(tmp_path, embedder)


def test_a_missing_file_is_refused(tmp_path: Path, embedder: CountingEmbedder) -> None:
    folder = tmp_path / build(InMemorySource(PASSAGES), embedder, tmp_path)
    (folder / "vectors.npy").unlink()
    with pytest.raises(SnapshotCorrupt, match=r"vectors\.npy is missing"):
        Snapshot.open(tmp_path, embedder)


def test_a_corrupt_snapshot_is_replaced_by_the_next_build(tmp_path: Path, embedder: CountingEmbedder) -> None:
    folder = tmp_path / build(InMemorySource(PASSAGES), embedder, tmp_path)
    (folder / "passages.jsonl").write_bytes(b"")
    build(InMemorySource(PASSAGES), embedder, tmp_path)
    assert len(Snapshot.open(tmp_path, embedder).passages) == 3


def versions(tmp_path: Path, embedder: HashEmbedder, count: int) -> list[str]:
    return [
        build(InMemorySource((*PASSAGES, passage("1/2026/QH16", f"Bản {version}"))), embedder, tmp_path)
        for version in range(count)
    ]


def test_only_the_newest_snapshots_are_kept(tmp_path: Path, embedder: CountingEmbedder) -> None:
    built = versions(tmp_path, embedder, KEPT + 2)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == built[-KEPT:]


def test_an_older_snapshot_can_be_made_current_again(tmp_path: Path, embedder: CountingEmbedder) -> None:
    older, _ = versions(tmp_path, embedder, 2)
    publish(tmp_path, older)
    assert Snapshot.open(tmp_path, embedder).id == older


def die_at_access(number: int) -> None:
    """End this process, without cleaning up, when it opens, renames or removes a file for the n-th time."""
    left = number

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in {"open", "os.rename", "os.remove"}:
            left -= 1
            if left < 0:
                os._exit(1)

    sys.addaudithook(count)


def is_killed(source: InMemorySource, embedder: HashEmbedder, root: Path, step: int) -> bool:
    """Build in a child process that dies at the given step; False when it came to the end before."""
    child = os.fork()
    if child == 0:
        try:
            die_at_access(step)
            build(source, embedder, root)
            os._exit(0)
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


def test_a_builder_killed_at_any_step_leaves_a_sound_snapshot_serving(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    changed = InMemorySource((*PASSAGES, passage("1/2026/QH16", "Luật mới")))
    first = build(InMemorySource(PASSAGES), embedder, tmp_path)
    kills = 0
    while is_killed(changed, embedder, tmp_path, step=kills * 3):
        kills += 1
        snapshot = Snapshot.open(tmp_path, embedder)
        assert len(snapshot.passages) == (3 if snapshot.id == first else 4)
    assert kills > 5
    assert len(Snapshot.open(tmp_path, embedder).passages) == 4
    assert not (tmp_path / ".building").exists()
