"""A builder killed at any step, files damaged in any way: what served before serves on, and the next build mends it."""

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.document import Passage, TextKind
from index.errors import SnapshotCorrupt, SnapshotMismatch
from index.following import SnapshotFollower
from index.publication import KEPT, current, folders, roll_back
from index.snapshot import Snapshot, build
from index.testing import HashEmbedder

EMBEDDER = HashEmbedder(dim=16)
STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.scandir"}
"""What a builder does to files; forcing a file to disk begins with opening it (`manifest.sync`)."""


@dataclass
class Texts:
    texts: Sequence[str]

    def passages(self) -> Iterator[Passage]:
        for text in self.texts:
            yield Passage(f"{text}@#dieu-1", f"{text}@", "Điều 1", (), text, TextKind.OFFICIAL, "Luật")

    def questions(self) -> Iterator[tuple[str, str]]:
        yield from ((f"{text}@", f"{text} là gì") for text in self.texts)


OLD, NEW, NEXT = Texts(["một", "hai"]), Texts(["một", "hai", "ba"]), Texts(["hai", "bốn"])


def texts_served(root: Path) -> list[str]:
    return [passage.text for passage in Snapshot.open(root, EMBEDDER).passages]


def die_at_step(number: int, root: Path) -> None:
    """Kill this process, as a machine would, just before the n-th thing it does to a file below `root`."""
    left = number

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in STEPS and str(arguments[0]).startswith(str(root)):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def is_killed(work: Callable[[Path], object], root: Path, step: int) -> bool:
    """Do the work in a child process that is killed at the given step; False when it came to the end before."""
    child = os.fork()
    if child == 0:
        try:
            die_at_step(step, root)
            work(root)
            os._exit(0)
        finally:
            os._exit(2)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status != 0


def killed_at_every_step(work: Callable[[Path], object], template: Path, scratch: Path) -> Iterator[Path]:
    """The folder as each kill leaves it, one after the other."""
    for step in range(10_000):
        root = scratch / f"killed-{step}"
        shutil.copytree(template, root)
        if not is_killed(work, root, step):
            return
        yield root
        shutil.rmtree(root)


def test_a_builder_killed_at_any_step_leaves_what_served_and_the_next_build_mends_it(tmp_path: Path) -> None:
    template = tmp_path / "template"
    for texts in (["xưa"], ["cũ"], OLD.texts):  # as many as are kept: the next build clears one away
        first = build(Texts(texts), EMBEDDER, template)
    served = []
    for root in killed_at_every_step(lambda root: build(NEW, EMBEDDER, root), template, tmp_path):
        is_published = current(root) != first
        served.append(is_published)
        assert texts_served(root) == list((NEW if is_published else OLD).texts)
        again = NEXT if len(served) % 2 else NEW  # another corpus than the one that was being built, or the same
        build(again, EMBEDDER, root)
        assert texts_served(root) == list(again.texts)
        assert not (root / ".building").exists()
        assert len(folders(root)) <= KEPT + 1
    assert len(served) > 40
    assert served == sorted(served)  # published by one step, and from then on
    assert {False, True} == set(served)


def test_a_roll_back_killed_at_any_step_is_done_or_not_done(tmp_path: Path) -> None:
    template = tmp_path / "template"
    older, newer = build(OLD, EMBEDDER, template), build(NEW, EMBEDDER, template)
    for root in killed_at_every_step(roll_back, template, tmp_path):
        is_done = current(root) == older
        assert current(root) in (older, newer)
        assert build(NEW, EMBEDDER, root) == (older if is_done else newer)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    build(OLD, EMBEDDER, tmp_path / "index")
    return tmp_path / "index"


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def flipped(path: Path) -> None:
    sound = path.read_bytes()
    middle = len(sound) // 2
    path.write_bytes(sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :])


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def lengthened(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


@pytest.mark.parametrize("damage", [flipped, truncated, emptied, lengthened, Path.unlink])
def test_damage_to_any_file_is_refused_by_name_and_the_old_one_serves_on(
    root: Path, tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    follower = SnapshotFollower(Snapshot.open(root, EMBEDDER), EMBEDDER)
    before = follower.snapshot.id
    published = build(NEW, EMBEDDER, root)
    sound = tmp_path / "sound"
    shutil.copytree(root / published, sound)
    files = files_of(root / published)
    assert len(files) > 10
    for path in files:
        damage(path)
        with pytest.raises(SnapshotCorrupt, match=path.name):
            Snapshot.open(root, EMBEDDER)
        with pytest.raises(SnapshotCorrupt, match=path.name):
            SnapshotFollower(follower.snapshot, EMBEDDER).take_over()
        path.parent.mkdir(exist_ok=True)
        shutil.copy(sound / path.relative_to(root / published), path)
    assert follower.snapshot.id == before
    assert [passage.text for passage in follower.snapshot.passages] == list(OLD.texts)
    assert follower.take_over()


def test_a_damaged_snapshot_is_built_anew_from_nothing_of_it(root: Path) -> None:
    flipped(root / current(root) / "vectors.npy")
    build(OLD, EMBEDDER, root)
    assert texts_served(root) == list(OLD.texts)


def test_a_snapshot_of_another_embedder_is_refused_and_the_old_one_serves_on(root: Path) -> None:
    follower = SnapshotFollower(Snapshot.open(root, EMBEDDER), EMBEDDER)
    before = follower.snapshot.id
    build(OLD, HashEmbedder(dim=24), root)
    with pytest.raises(SnapshotMismatch, match="24 dimensions"):
        follower.take_over()
    assert follower.snapshot.id == before


def test_a_file_that_the_manifest_does_not_name_is_not_read(root: Path) -> None:
    (root / current(root) / "rows" / "strange.npy").write_bytes(b"not an array")
    assert texts_served(root) == list(OLD.texts)
