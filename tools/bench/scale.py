"""What an index of 10,000, 100,000 and 1,000,000 passages costs to build and to search: a table.

    python -m tools.bench.scale --sizes 10000,100000,1000000

The corpus is made as `tools.bench.recombined` says; the snapshot is built and opened by the product's own code, each in
a process of its own. Searches go through `SearchEngine`: short forms, accents, both legs, filters and fusion; only the
encoder is left out. Two of three questions leave out the documents that are not in force (30 % of them), every sixth
asks for one type of twelve besides. "Exact ten" is the share of the ten passages with the highest cosine that the dense
leg gives, by comparing every vector, without a filter and among documents in force. Private memory is what a process
holds beside mapped files (`Anonymous` of /proc/self/smaps_rollup), so Linux only.
"""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from os import cpu_count
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter, process_time, sleep
from typing import Any

import numpy as np

from index import opening
from index.document import Passage
from index.evaluate import percentile
from index.search import SearchEngine, SearchQuery
from index.settings import IndexSettings
from index.snapshot import Snapshot, build
from tools.bench.mixture import (
    SAMPLE,
    Mixture,
    RecombinedVectors,
    compared,
    encoded,
    joined_texts,
)
from tools.bench.recombined import (
    PASSAGES_OF_A_DOCUMENT,
    Parts,
    RecombinedSource,
    document_id_of,
    real_questions,
    real_texts,
)

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "var" / "bench"
SIZES = (10_000, 100_000, 1_000_000)
TODAY = date(2026, 11, 1)
TYPES = 12
COMPARED = 150  # questions whose exact ten are worked out
_STEP = 20_000


@dataclass(frozen=True, slots=True)
class WithoutContext:
    """The made passages with their document's title as a heading: one vector for each, as generated."""

    inner: RecombinedSource

    def passages(self) -> Iterator[Passage]:
        """See `index.snapshot.PassageSource`."""
        return (replace(one, headings=(one.context,), context="") for one in self.inner.passages())

    def questions(self) -> Iterator[tuple[str, str]]:
        """See `index.snapshot.PassageSource`."""
        return self.inner.questions()


class MadeCatalogue:
    """Twelve types in turn; three documents of ten are not in force."""

    def __init__(self, size: int) -> None:
        """`size` is the number of passages."""
        self._documents = -(-size // PASSAGES_OF_A_DOCUMENT)

    def ids(self, **filters: Any) -> Iterable[str]:
        """Ids of the documents of a type, "0" to "11"."""
        return (document_id_of(number) for number in range(int(filters["type"]), self._documents, TYPES))

    def not_in_force(self, on: date) -> frozenset[str]:  # noqa: ARG002 - the port's signature
        """Three of ten documents."""
        return frozenset(document_id_of(number) for number in range(self._documents) if number % 10 < 3)

    def revision(self) -> int:
        """Nothing is written."""
        return 0


def prepare(*, shows_progress: bool = False) -> Path:
    """The folder with what vectors are generated from: `mixture.npz` and `questions.npy`.

    Encodes the parts, a sample of joined texts and the questions at the first time, and prints how alike generated and
    real vectors are.
    """
    embedder = opening.open_encoder(IndexSettings(), threads=cpu_count() or 1)
    if shows_progress:
        print(f"encoder {embedder.name} {embedder.revision[:12]}, {cpu_count()} cores", flush=True)
    parts = Parts(real_texts(ROOT))
    questions = encoded(real_questions(ROOT), embedder, WORK, kind="questions")
    real = encoded(joined_texts(parts, SAMPLE), embedder, WORK, kind="passages")
    runs = encoded(parts.runs, embedder, WORK, kind="runs")
    mixture = Mixture.fit(parts, runs, real)
    folder = WORK / "made"
    folder.mkdir(exist_ok=True)
    mixture.save(folder / "mixture.npz")
    np.save(folder / "questions.npy", questions)
    if shows_progress:
        for name, found in zip(("really encoded", "generated"), compared(parts, mixture, real, questions), strict=True):
            print(f"{name} ({len(real)} texts): {found}", flush=True)
    return folder


def private_mb() -> float:
    """Memory of this process beside mapped files, MB."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024


def build_figures(size: int, folder: Path) -> dict[str, float]:
    """Build a snapshot of `size` passages in `folder`."""
    parts = Parts(real_texts(ROOT))
    vectors, source = made_vectors(parts, size), WithoutContext(RecombinedSource(parts, size))
    peak, done = [private_mb()], Event()

    def watch() -> None:
        while not done.is_set():
            peak[0] = max(peak[0], private_mb())
            sleep(0.2)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    begun, worked = perf_counter(), process_time()
    snapshot = folder / build(source, vectors, folder, progress=True)
    build_s, cpu_s = perf_counter() - begun, process_time() - worked
    done.set()
    watcher.join()

    def mb(*paths: Path) -> float:
        return sum(path.stat().st_size for path in paths) / 1e6

    return {
        "build_s": build_s,
        "build_cpu_s": cpu_s,
        "peak_private_mb": peak[0],
        "peak_rss_mb": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
        "dense_mb": mb(snapshot / "dense.faiss"),
        "vectors_mb": mb(snapshot / "vectors.npy"),
        "lexical_mb": mb(*(snapshot / "lexical").iterdir()),
        "passages_mb": mb(snapshot / "passages.jsonl", snapshot / "documents.json", *(snapshot / "rows").iterdir()),
    }


def search_figures(size: int, folder: Path) -> dict[str, float]:
    """Ask the snapshot in `folder` every question, after a first round that warms it up."""
    settings = IndexSettings()
    texts, stored = real_questions(ROOT), made_vectors(Parts(real_texts(ROOT)), 0)
    stored.forget_passages()
    begun = perf_counter()
    engine = SearchEngine(
        snapshot=Snapshot.open(folder, stored),
        embedder=stored,
        reader=opening.open_reader(settings),
        glossary=opening.open_glossary(settings),
        catalogue=MadeCatalogue(size),
    )
    open_s = perf_counter() - begun
    for _ in range(2):
        times_ms, worked = [], process_time()
        for turn, text in enumerate(texts):
            stored.turn = turn
            query = SearchQuery(
                text, as_of=TODAY if turn % 3 else None, type=str(turn % TYPES) if turn % 6 == 1 else None
            )
            begun = perf_counter()
            engine.search(query)
            times_ms.append((perf_counter() - begun) * 1000)
        cpu_ms = (process_time() - worked) * 1000 / len(texts)
    figures = {
        "open_s": open_s,
        "p50_ms": percentile(times_ms, 50),
        "p99_ms": percentile(times_ms, 99),
        "cpu_ms": cpu_ms,
        "private_mb": private_mb(),
    }
    snapshot = Snapshot.open(folder, stored)
    in_force = ~snapshot.passages.rows_of(MadeCatalogue(size).not_in_force(TODAY))
    return {
        **figures,
        "exact_ten": share_of_exact_ten(snapshot, stored.questions[:COMPARED], None),
        "exact_ten_in_force": share_of_exact_ten(snapshot, stored.questions[:COMPARED], in_force),
    }


def made_vectors(parts: Parts, size: int) -> RecombinedVectors:
    """The embedder of a corpus of `size` passages; the encoder is not opened, its memory is not to be measured."""
    folder = WORK / "made"
    return RecombinedVectors(parts, Mixture.load(folder / "mixture.npz"), np.load(folder / "questions.npy"), size)


def share_of_exact_ten(snapshot: Snapshot, queries: np.ndarray, allowed: np.ndarray | None) -> float:
    """Mean share of the ten rows with the highest cosine that the dense leg finds."""
    scores = np.full((len(queries), 10), -2, dtype=np.float32)
    rows = np.full((len(queries), 10), -1, dtype=np.int64)
    for begin in range(0, len(snapshot.vectors), _STEP):
        found = queries @ snapshot.vectors[begin : begin + _STEP].T
        if allowed is not None:
            found[:, ~allowed[begin : begin + _STEP]] = -2
        scores = np.concatenate([scores, found], axis=1)
        rows = np.concatenate([rows, np.broadcast_to(np.arange(begin, begin + found.shape[1]), found.shape)], axis=1)
        best = np.argpartition(-scores, 9, axis=1)[:, :10]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
    hits = [
        len({*snapshot.dense.nearest(query, 10, allowed).tolist()} & {*exact.tolist()})
        for query, exact in zip(queries, rows, strict=True)
    ]
    return float(np.mean(hits)) / 10


def bench(sizes: Iterable[int]) -> None:
    """Print the table."""
    questions = np.load(prepare(shows_progress=True) / "questions.npy")
    columns: dict[int, dict[str, float]] = {}
    for size in sizes:
        with TemporaryDirectory(dir=WORK) as temporary:
            columns[size] = {}
            for step in ("build", "search"):
                command = [sys.executable, "-m", "tools.bench.scale", "--step", step, "--sizes", str(size)]
                ran = subprocess.run(
                    [*command, "--folder", temporary], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
                )
                columns[size] |= json.loads(ran.stdout.splitlines()[-1])
    print(f"\nIndex ({len(questions)} questions; build with generated vectors, so without encoding)")
    print(f"{'passages':<24}" + "".join(f"{size:>14,}" for size in columns))
    for name in next(iter(columns.values())):
        digits = 3 if name.startswith("exact") else 1
        print(f"{name:<24}" + "".join(f"{figures[name]:>14,.{digits}f}" for figures in columns.values()))


def main() -> int:
    """Run the benchmark, or one step of it for its parent process."""
    parser = ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of passages, separated by commas")
    parser.add_argument("--step", choices=("build", "search"), help="for the benchmark itself")
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",")]
    WORK.mkdir(parents=True, exist_ok=True)
    if chosen.step is None:
        bench(sizes)
    else:
        measure = build_figures if chosen.step == "build" else search_figures
        print(json.dumps(measure(sizes[0], chosen.folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
