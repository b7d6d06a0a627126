"""The next snapshot is opened in the background and taken over between two questions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from index.document import Passage, TextKind
from index.errors import SnapshotCorrupt, SnapshotMissing
from index.following import SnapshotFollower
from index.publication import publish, roll_back
from index.snapshot import Snapshot, build
from index.testing import HashEmbedder


@dataclass
class Texts:
    texts: Sequence[str]

    def passages(self) -> Iterator[Passage]:
        for text in self.texts:
            yield Passage(f"{text}@#dieu-1", f"{text}@", "Điều 1", (), text, TextKind.OFFICIAL, "")

    def questions(self) -> Iterator[tuple[str, str]]:
        yield from ((f"{text}@", f"{text} là gì") for text in self.texts)


class SlowToOpen(HashEmbedder):
    """Opening asks for the embedder's name; here it waits there until it may go on."""

    def __init__(self) -> None:
        self.may_go_on = Event()
        self.may_go_on.set()
        self.asked = Event()
        super().__init__(dim=32)

    @property
    def name(self) -> str:
        self.asked.set()
        assert self.may_go_on.wait(30)
        return "hash"

    @name.setter
    def name(self, value: str) -> None: ...


@pytest.fixture
def embedder() -> SlowToOpen:
    return SlowToOpen()


@pytest.fixture
def follower(tmp_path: Path, embedder: SlowToOpen) -> SnapshotFollower:
    build(Texts(["một"]), HashEmbedder(dim=32), tmp_path)
    return SnapshotFollower(Snapshot.open(tmp_path, embedder), embedder)


def publish_another(root: Path, text: str = "hai") -> str:
    return build(Texts([text]), HashEmbedder(dim=32), root)


def test_nothing_happens_while_nothing_is_published(follower: SnapshotFollower) -> None:
    before = follower.snapshot
    assert not follower.take_over()
    assert follower.snapshot is before


def test_what_is_published_is_taken_over_once(tmp_path: Path, follower: SnapshotFollower) -> None:
    newer = publish_another(tmp_path)
    assert follower.take_over()
    assert follower.snapshot.id == newer
    assert not follower.take_over()


def test_nobody_waits_for_a_snapshot_that_takes_long_to_open(
    tmp_path: Path, follower: SnapshotFollower, embedder: SlowToOpen
) -> None:
    before = follower.snapshot.id
    newer = publish_another(tmp_path)
    embedder.may_go_on.clear()
    assert not follower.take_over(wait_s=0.01)
    assert not follower.take_over(wait_s=10_000)  # another call does not wait for what the first began
    assert follower.snapshot.id == before
    embedder.may_go_on.set()
    assert follower.take_over()
    assert follower.snapshot.id == newer


def test_a_search_finishes_on_the_snapshot_it_began_with(tmp_path: Path, follower: SnapshotFollower) -> None:
    held = follower.snapshot
    publish_another(tmp_path)
    follower.take_over()
    for number in range(5):  # until the first one is cleared away
        publish_another(tmp_path, f"bản {number}")
    assert held.passages.passage(0).text == "một"
    assert np.isclose(np.linalg.norm(held.vectors[0]), 1)


def test_a_damaged_snapshot_is_told_once_and_the_old_one_serves_on(tmp_path: Path, follower: SnapshotFollower) -> None:
    before = follower.snapshot.id
    newer = publish_another(tmp_path)
    (tmp_path / newer / "passages.jsonl").write_bytes(b"{}")
    with pytest.raises(SnapshotCorrupt, match="altered"):
        follower.take_over()
    assert not follower.take_over()
    assert follower.snapshot.id == before


def test_a_repaired_snapshot_is_tried_again_when_it_is_published_again(
    tmp_path: Path, follower: SnapshotFollower
) -> None:
    newer = publish_another(tmp_path)
    damaged = tmp_path / newer / "passages.jsonl"
    sound = damaged.read_bytes()
    damaged.write_bytes(b"{}")
    with pytest.raises(SnapshotCorrupt):
        follower.take_over()
    damaged.write_bytes(sound)
    publish(tmp_path, newer)
    assert follower.take_over()


def test_what_was_prepared_and_rolled_back_meanwhile_is_not_taken_over(
    tmp_path: Path, follower: SnapshotFollower
) -> None:
    before = follower.snapshot.id
    publish_another(tmp_path)
    opening = follower.prepare()
    assert opening is not None
    opening.join()
    roll_back(tmp_path)
    assert not follower.take_over()
    assert follower.snapshot.id == before


def test_a_root_without_a_published_snapshot_is_said_so(tmp_path: Path, follower: SnapshotFollower) -> None:
    (tmp_path / "CURRENT").unlink()
    with pytest.raises(SnapshotMissing):
        follower.take_over()


def test_watching_prepares_without_being_asked(
    tmp_path: Path, follower: SnapshotFollower, embedder: SlowToOpen
) -> None:
    follower.watch(every_s=0.01)
    embedder.asked.clear()
    newer = publish_another(tmp_path)
    assert embedder.asked.wait(30)
    follower.close()
    assert follower.take_over()
    assert follower.snapshot.id == newer
