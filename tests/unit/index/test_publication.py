"""Publishing, listing and rolling back snapshots."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.document import Passage, TextKind
from index.errors import SnapshotCorrupt, SnapshotMissing
from index.publication import KEPT, current, held_back, list_snapshots, publish, roll_back
from index.snapshot import Snapshot, build
from index.testing import HashEmbedder

EMBEDDER = HashEmbedder(dim=32)


@dataclass
class Texts:
    texts: Sequence[str]

    def passages(self) -> Iterator[Passage]:
        for text in self.texts:
            yield Passage(f"{text}@#dieu-1", f"{text}@", "Điều 1", (), text, TextKind.OFFICIAL, "")

    def questions(self) -> Iterator[tuple[str, str]]:
        yield from ((f"{text}@", f"{text} là gì") for text in self.texts)


def version(number: int) -> Texts:
    return Texts(["chung", f"bản {number}"])


def built(root: Path, count: int) -> list[str]:
    return [build(version(number), EMBEDDER, root) for number in range(count)]


def texts_served(root: Path) -> list[str]:
    return [passage.text for passage in Snapshot.open(root, EMBEDDER).passages]


def test_rolling_back_serves_the_snapshot_before(tmp_path: Path) -> None:
    _, before, _ = built(tmp_path, 3)
    assert roll_back(tmp_path) == before == current(tmp_path)
    assert texts_served(tmp_path) == ["chung", "bản 1"]


def test_rolling_back_twice_goes_back_two_and_forward_again_by_name(tmp_path: Path) -> None:
    oldest, _, newest = built(tmp_path, 3)
    roll_back(tmp_path)
    assert roll_back(tmp_path) == oldest
    assert roll_back(tmp_path, newest) == newest == current(tmp_path)
    assert held_back(tmp_path) is None


def test_a_rolled_back_state_stays_while_the_content_is_what_was_rolled_back(tmp_path: Path) -> None:
    _, before, newest = built(tmp_path, 3)
    roll_back(tmp_path)
    assert build(version(2), EMBEDDER, tmp_path) == before == current(tmp_path)
    assert held_back(tmp_path) == newest


def test_new_content_ends_a_roll_back_and_keeps_what_served(tmp_path: Path) -> None:
    oldest, *_ = built(tmp_path, KEPT)
    roll_back(tmp_path, oldest)
    corrected = build(version(9), EMBEDDER, tmp_path)
    assert current(tmp_path) == corrected
    assert held_back(tmp_path) is None
    assert oldest in {info.id for info in list_snapshots(tmp_path)}
    assert roll_back(tmp_path, oldest) == oldest


def test_content_that_comes_back_later_is_not_held_back(tmp_path: Path) -> None:
    built(tmp_path, 2)
    roll_back(tmp_path)
    build(version(9), EMBEDDER, tmp_path)
    assert build(version(1), EMBEDDER, tmp_path) == current(tmp_path)
    assert texts_served(tmp_path) == ["chung", "bản 1"]


def test_a_snapshot_published_by_hand_is_no_roll_back(tmp_path: Path) -> None:
    older, _ = built(tmp_path, 2)
    publish(tmp_path, older)
    build(version(1), EMBEDDER, tmp_path)
    assert texts_served(tmp_path) == ["chung", "bản 1"]


def test_there_is_no_way_back_from_the_oldest_or_to_an_unknown_one(tmp_path: Path) -> None:
    (only,) = built(tmp_path, 1)
    with pytest.raises(SnapshotMissing, match="no older snapshot"):
        roll_back(tmp_path)
    with pytest.raises(SnapshotMissing, match="000009-aaaaaaaaaaaa"):
        roll_back(tmp_path, "000009-aaaaaaaaaaaa")
    with pytest.raises(SnapshotMissing, match="build"):
        roll_back(tmp_path / "nothing")
    assert current(tmp_path) == only


def test_a_damaged_snapshot_is_not_rolled_back_to(tmp_path: Path) -> None:
    older, newer = built(tmp_path, 2)
    (tmp_path / older / "passages.jsonl").write_bytes(b"")
    with pytest.raises(SnapshotCorrupt):
        roll_back(tmp_path)
    assert current(tmp_path) == newer
    assert held_back(tmp_path) is None


def test_snapshots_are_listed_oldest_first_with_what_they_hold(tmp_path: Path) -> None:
    older, newer = built(tmp_path, 2)
    first, second = list_snapshots(tmp_path)
    assert [first.id, second.id] == [older, newer]
    assert [first.is_current, second.is_current] == [False, True]
    assert (second.passages, second.documents, second.problem) == (2, 2, None)
    assert second.embedder is not None
    assert (second.embedder.name, second.embedder.dim) == ("hash", 32)
    assert second.built_at.tzinfo is not None
    assert list_snapshots(tmp_path / "nothing") == []


def test_a_snapshot_with_an_altered_manifest_is_listed_with_its_problem(tmp_path: Path) -> None:
    older, _ = built(tmp_path, 2)
    (tmp_path / older / "manifest.json").write_text("{}")
    first, _ = list_snapshots(tmp_path)
    assert first.passages is None
    assert first.problem is not None
    assert "altered" in first.problem


def test_a_current_file_damaged_beyond_reading_is_a_missing_snapshot_that_the_next_build_replaces(
    tmp_path: Path,
) -> None:
    built(tmp_path, 1)
    (tmp_path / "CURRENT").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SnapshotMissing):
        current(tmp_path)
    assert build(version(1), EMBEDDER, tmp_path) == current(tmp_path)
