"""A hundred snapshots published under load: no error, no passage under another snapshot's id, nothing left behind."""

import gc
import json
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread
from time import sleep

import psutil

from index.document import Passage, TextKind
from index.following import SnapshotFollower
from index.publication import KEPT, folders
from index.search import SearchEngine, SearchQuery
from index.snapshot import Snapshot, build
from index.testing import AsTyped, HashEmbedder

SWAPS = 100
MOST_GROWTH_MB = 60  # of a process between the 20th swap and the last; one snapshot of this test is below 1 MB
MOST_MORE_FILES = 40  # open at one moment: three snapshots being read, opened and let go of
PAUSE_S = 0.005  # between two questions of a thread, so that the builder in this process gets on
TOPICS = ("mức lương cơ sở", "lương hưu hằng tháng", "giấy phép lái xe", "đăng ký khai sinh", "hộ chiếu phổ thông")


@dataclass
class Version:
    """A corpus in which every passage says which version it is of."""

    number: int

    def passages(self) -> Iterator[Passage]:
        for part, topic in enumerate(TOPICS * 8):
            id_ = f"{part}/2026/NĐ-CP@2026-05-15"
            text = f"Quy định về {topic} số {part} version {self.number}"
            yield Passage(f"{id_}#dieu-1", id_, "Điều 1", (), text, TextKind.OFFICIAL, "")

    def questions(self) -> Iterator[tuple[str, str]]:
        for part, topic in enumerate(TOPICS * 8):
            yield f"{part}/2026/NĐ-CP@2026-05-15", f"hỏi về {topic} version {self.number}"


class Unfiltered:
    """A catalogue that filters nothing."""

    def ids(self, **_: object) -> list[str]:
        return []

    def not_in_force(self, *_: object) -> frozenset[str]:
        return frozenset()

    def revision(self) -> int:
        return 0


def open_engine(root: Path) -> SearchEngine:
    embedder = HashEmbedder(dim=64)
    return SearchEngine(
        snapshot=Snapshot.open(root, embedder),
        embedder=embedder,
        reader=AsTyped(),
        catalogue=Unfiltered(),
    )


def versions_found(engine: SearchEngine, turn: int) -> set[str]:
    hits = engine.search(SearchQuery(f"{TOPICS[turn % len(TOPICS)]} quy định version"))
    return {hit.passage.text.rpartition(" ")[2] for hit in hits}


def state_of_process(root: Path) -> dict[str, float]:
    """What this process holds of the index in `root`; other tests of the session may have opened others."""
    gc.collect()
    process = psutil.Process()
    maps = {one.path for one in process.memory_maps() if ".npy" in one.path or ".jsonl" in one.path}
    folders_mapped = {path.removeprefix(f"{root}/").split("/")[0] for path in maps if path.startswith(f"{root}/")}
    return {
        "rss_mb": process.memory_info().rss / 2**20,
        "files": process.num_fds(),
        "snapshots_mapped": len(folders_mapped),
    }


def read_from_another_process(root: Path, stop: Path, report: Path) -> None:
    """Ask like the action server does, one question after the other, until `stop` exists; then write what was seen."""
    engine = open_engine(root)
    engine.follow()
    seen: set[tuple[str, str]] = set()
    states: list[dict[str, float]] = []
    failures: list[str] = []
    turn = 0
    while not stop.exists():
        turn += 1
        sleep(PAUSE_S)
        try:
            engine.reload(wait_s=0.05)
            found = versions_found(engine, turn)
            seen |= {(engine.snapshot_id, version) for version in found}
            if len(found) != 1:
                failures.append(f"{engine.snapshot_id}: versions {found}")
        except Exception as error:  # noqa: BLE001 - any failure at all must show
            failures.append(repr(error))
        if len({snapshot_id for snapshot_id, _ in seen}) > 20 * (len(states) + 1):
            states.append(state_of_process(root))
    states.append(state_of_process(root))
    report.write_text(json.dumps({"seen": sorted(seen), "failures": failures, "states": states, "turns": turn}))


def assert_flat(early: dict[str, float], late: dict[str, float], *, followers: int) -> None:
    """Each follower maps the snapshot that serves and the one it opens or has opened, and no other."""
    assert late["rss_mb"] - early["rss_mb"] < MOST_GROWTH_MB
    assert late["files"] - early["files"] < MOST_MORE_FILES
    assert late["snapshots_mapped"] <= 2 * followers


def test_a_hundred_swaps_under_load_mix_nothing_and_leave_nothing_behind(tmp_path: Path) -> None:
    root, stop, report = tmp_path / "index", tmp_path / "stop", tmp_path / "report.json"
    version_of = {build(Version(0), HashEmbedder(dim=64), root): "0"}
    reader = get_context("spawn").Process(target=read_from_another_process, args=(root, stop, report))
    reader.start()
    engine = open_engine(root)
    follower = SnapshotFollower(Snapshot.open(root, HashEmbedder(dim=64)), HashEmbedder(dim=64))
    done, failures = Event(), list[str]()
    seen: set[tuple[str, str]] = set()

    def ask() -> None:
        turn = 0
        while not done.wait(PAUSE_S):
            turn += 1
            try:
                engine.reload(wait_s=0.05)
                if len(found := versions_found(engine, turn)) != 1:
                    failures.append(f"versions {found} in one answer")
            except Exception as error:  # noqa: BLE001 - any failure at all must show
                failures.append(repr(error))

    def read() -> None:
        while not done.wait(PAUSE_S):
            try:
                follower.take_over(wait_s=0)
                snapshot = follower.snapshot
                seen.update((snapshot.id, passage.text.rpartition(" ")[2]) for passage in snapshot.passages)
            except Exception as error:  # noqa: BLE001
                failures.append(repr(error))

    threads = [Thread(target=work) for work in (ask, ask, read, read)]
    for thread in threads:
        thread.start()
    early: dict[str, float] = {}
    for number in range(1, SWAPS + 1):
        version_of[build(Version(number), HashEmbedder(dim=64), root)] = str(number)
        if number == SWAPS // 5:
            early = state_of_process(root)
    done.set()
    stop.touch()
    for thread in threads:
        thread.join()
    reader.join(60)
    engine.reload()
    late = state_of_process(root)
    told = json.loads(report.read_text())
    assert failures == []
    assert told["failures"] == []
    assert reader.exitcode == 0
    assert len(version_of) == SWAPS + 1
    pairs = seen | {(snapshot_id, version) for snapshot_id, version in told["seen"]}
    assert all(version_of[snapshot_id] == version for snapshot_id, version in pairs)
    assert len(pairs) > SWAPS // 4  # the load really saw them change
    assert versions_found(engine, 0) == {str(SWAPS)}
    assert_flat(early, late, followers=2)  # the engine's own and the one beside it
    assert_flat(told["states"][0], told["states"][-1], followers=1)
    assert len(folders(root)) == KEPT
    assert not (root / ".building").exists()
