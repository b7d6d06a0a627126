"""Which snapshot serves: the folders below the root, the file CURRENT, publishing, rolling back, and clearing away.

    <root>/CURRENT                   name of the published snapshot
    <root>/ROLLED_BACK               after a roll-back: from which snapshot to which
    <root>/000007-3f9c0a12b4de/      sequence number and seal of the manifest

Each file is replaced by one rename, so a process killed at any step leaves the old or the new state, nothing between.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from os import fstat
from pathlib import Path

from index import manifest
from index.errors import SnapshotCorrupt, SnapshotMissing
from index.manifest import EmbedderIdentity

KEPT = 3
"""Snapshots that stay on disk, the newest ones: one that serves, one to go back to, one spare."""

SnapshotId = str

_CURRENT = "CURRENT"
_ROLLED_BACK = "ROLLED_BACK"


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """One snapshot on disk, as its manifest describes it; its files are not looked at."""

    id: SnapshotId
    built_at: datetime  # UTC
    is_current: bool
    passages: int | None  # None where the manifest cannot be read
    documents: int | None
    embedder: EmbedderIdentity | None
    problem: str | None  # why it cannot serve, where its manifest already says so


def current(root: Path) -> SnapshotId:
    """Name of the published snapshot; raises SnapshotMissing where none is."""
    return published(root).id


@dataclass(frozen=True, slots=True)
class Published:
    """What CURRENT says, and which writing of it."""

    id: SnapshotId
    writing: tuple[int, int]  # file number and time: publishing the same snapshot again is another writing


def published(root: Path) -> Published:
    """The published snapshot; raises SnapshotMissing where none is, or CURRENT is damaged beyond reading."""
    try:
        with (root / _CURRENT).open(encoding="utf-8") as file:
            state = fstat(file.fileno())
            return Published(file.read().strip(), (state.st_ino, state.st_mtime_ns))
    except (OSError, UnicodeDecodeError) as error:
        raise SnapshotMissing(f"no snapshot in {root}: run python -m index build") from error


def publish(root: Path, snapshot_id: SnapshotId) -> None:
    """Make an existing snapshot the current one, in one step."""
    _replace(root / _CURRENT, snapshot_id + "\n")


def publish_newest(root: Path, snapshot_id: SnapshotId) -> None:
    """Publish what was just built and remove what is too old; what served before is never removed."""
    with locked(root / ".publishing"):
        before: SnapshotId | None = None
        with suppress(SnapshotMissing):
            before = current(root)
        publish(root, snapshot_id)
        (root / _ROLLED_BACK).unlink(missing_ok=True)
        for old in folders(root)[:-KEPT]:
            if old.name != before:
                shutil.rmtree(old)


def roll_back(root: Path, to: SnapshotId | None = None) -> SnapshotId:
    """Publish an older snapshot (without `to`: the newest one older than the current one); returns its id.

    Every byte of it is verified first. It serves until the content changes: a build that finds the passages of the
    newest snapshot again publishes nothing, because that is what was rolled back (`held_back`). `to` may also name a
    newer one, to go forward again. Raises SnapshotMissing where there is no such snapshot, SnapshotCorrupt where it
    is damaged; then nothing changes.
    """
    current(root)  # where nothing is published there is no folder to lock either
    with locked(root / ".publishing"):
        serving = current(root)
        names = [folder.name for folder in folders(root)]
        if to is None:
            to = max((name for name in names if name < serving), default=None)
        if to is None or to not in names:
            raise SnapshotMissing(
                f"no {'older snapshot' if to is None else f'snapshot {to}'} in {root}; there are: {', '.join(names)}"
            )
        manifest.verify(root / to)
        if to == names[-1]:
            (root / _ROLLED_BACK).unlink(missing_ok=True)
        else:
            _replace(root / _ROLLED_BACK, json.dumps({"from": names[-1], "to": to}) + "\n")
        publish(root, to)
        return to


def held_back(root: Path) -> SnapshotId | None:
    """The newest snapshot, where the published one was rolled back from it; None in every other state."""
    with suppress(OSError, ValueError, KeyError, SnapshotMissing):
        mark = json.loads((root / _ROLLED_BACK).read_text(encoding="utf-8"))
        if mark["to"] == current(root) and (root / mark["from"]).is_dir():
            return str(mark["from"])
    return None


def list_snapshots(root: Path) -> list[SnapshotInfo]:
    """All snapshots on disk, oldest first; none where the root does not exist."""
    serving: SnapshotId | None = None
    with suppress(SnapshotMissing):
        serving = current(root)
    return [_described(folder, is_current=folder.name == serving) for folder in folders(root)]


def folders(root: Path) -> list[Path]:
    """The snapshots' folders below `root`, oldest first."""
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if path.name[:6].isdigit() and path.is_dir())


def next_number(root: Path) -> int:
    """Sequence number for the next snapshot."""
    return max((int(path.name[:6]) for path in folders(root)), default=0) + 1


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; waits for whoever holds it. Freed when the process dies."""
    with path.open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def _described(folder: Path, *, is_current: bool) -> SnapshotInfo:
    built_at = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    try:
        found = manifest.read_sealed(folder)
    except SnapshotCorrupt as problem:
        return SnapshotInfo(folder.name, built_at, is_current, None, None, None, str(problem))
    return SnapshotInfo(folder.name, built_at, is_current, found.passages, found.documents, found.embedder, None)


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, encoding="utf-8")
    manifest.sync(new)
    new.replace(path)
    manifest.sync(path.parent)
