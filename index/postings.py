"""Postings on disk: for every term the passages that hold it and what it is worth there, built in bounded memory.

A term is known by a 64-bit hash only. Two of ten million terms share one with a probability of 3 in a million, and then
count as one term; in exchange no word list has to be held in memory. All files are little-endian arrays, read mapped:

    hashes.u8   the terms, ascending                     starts.u8   where each begins in rows, and where the last ends
    best.f4     the highest weight of each               rows.u4     passages, by term, ascending
    weights.f4  what the term is worth there             passages    their number, as decimal digits

Building: runs of RUN terms are sorted in memory and put aside; then the hashes are gone through range by range, each
merged from all runs. Memory holds a few arrays of RUN elements, or of as many as the commonest term has passages, some
60 bytes an element, and 4 bytes a passage: 300 MB for a million passages. The runs take 14 bytes a posting beside the
finished files while it lasts.
"""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index.errors import SnapshotCorrupt

Hashes = NDArray[np.uint64]

RUN = 2_000_000
"""Terms sorted at a time."""

_PAIR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that multiplying loses nothing
_FILES: dict[str, np.dtype[Any]] = {
    "hashes": np.dtype("<u8"),
    "starts": np.dtype("<u8"),
    "best": np.dtype("<f4"),
    "rows": np.dtype("<u4"),
    "weights": np.dtype("<f4"),
}
_MOST = np.iinfo(np.uint16).max


class Hasher:
    """Turns tokens into the hashes of their terms: every token, then every pair of neighbours."""

    def __init__(self, remembered: int = 0) -> None:
        """`remembered` is how many tokens' hashes to keep; a build meets the same ones again and again."""
        self._remembered = remembered
        self._known: dict[str, int] = {}

    def terms(self, tokens: Sequence[str]) -> Hashes:
        """Hashes of the tokens, in their order, then of the pairs; uint64, shape (2 · len(tokens) - 1,) or empty."""
        single = np.fromiter(map(self._hash, tokens), dtype=np.uint64, count=len(tokens))
        return np.concatenate([single, single[:-1] * _PAIR + single[1:]])

    def _hash(self, token: str) -> int:
        known = self._known.get(token)
        if known is None:
            known = int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=8).digest(), "little")
            if len(self._known) < self._remembered:
                self._known[token] = known
        return known


@dataclass(frozen=True, slots=True)
class Postings:
    """What `write` wrote, mapped."""

    passages: int
    hashes: Hashes
    starts: Hashes
    best: NDArray[np.float32]
    rows: NDArray[np.uint32]
    weights: NDArray[np.float32]

    @classmethod
    def open(cls, folder: Path) -> Postings:
        """Map the files; raises SnapshotCorrupt where they do not fit together."""
        mapped: dict[str, NDArray[Any]] = {name: _mapped(folder / name, kind) for name, kind in _FILES.items()}
        found = cls(passages=int((folder / "passages").read_text(encoding="ascii")), **mapped)
        ends = len(found.starts) == len(found.hashes) + 1 and found.starts[-1] == len(found.rows) == len(found.weights)
        if not ends or len(found.best) != len(found.hashes):
            raise SnapshotCorrupt(f"{folder}: the files of the lexical index do not fit together")
        return found

    def columns(self, hashes: Hashes) -> NDArray[np.int64]:
        """Position of each term among `hashes`, -1 for a term that no passage has."""
        if len(self.hashes) == 0:
            return np.full(len(hashes), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[places] == hashes, places, -1)


@dataclass(frozen=True, slots=True)
class Bm25:
    """The weighing: BM25 in its Lucene form, see `index.lexical`."""

    k1: float
    b: float

    def idf(self, passages: int, holding: NDArray[np.int64]) -> NDArray[np.float64]:
        """Rarity of terms that `holding` of `passages` passages have."""
        return np.log1p((passages - holding + 0.5) / (holding + 0.5))

    def weights(
        self, idf: NDArray[np.float64], frequencies: NDArray[np.uint16], relative_lengths: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """What terms are worth in passages `relative_lengths` times as long as the average."""
        times = frequencies.astype(np.float64)
        return (idf * times / (times + self.k1 * (1 - self.b + self.b * relative_lengths))).astype(np.float32)


def write(
    texts: Iterable[Sequence[str]], folder: Path, weighing: Bm25, *, run: int = RUN, progress: bool = False
) -> None:
    """Index token lists, one per passage in row order, and write the files into the new `folder`.

    A term that stands more than 65,535 times in one passage counts as standing there that often.
    """
    folder.mkdir()
    aside = folder / "runs"
    aside.mkdir()
    runs, lengths = _sorted_runs(texts, aside, run)
    average = float(lengths.mean()) if len(lengths) else 0.0
    relative = (lengths / average).astype(np.float32) if average else lengths.astype(np.float32)
    _merge(runs, relative, folder, weighing, run, progress=progress)
    (folder / "passages").write_text(str(len(lengths)), encoding="ascii")
    shutil.rmtree(aside)


@dataclass(frozen=True, slots=True)
class _Run:
    """Postings of some consecutive passages, sorted by term, in files.

    Read and not mapped: mapped pages would count as the builder's memory.
    """

    path: str
    size: int

    def cuts(self, bounds: Hashes) -> list[int]:
        """Where the terms below each bound end, between 0 and `size`."""
        hashes = np.memmap(f"{self.path}.hashes", dtype=np.uint64, mode="r")
        return [0, *np.searchsorted(hashes, bounds).tolist(), self.size]

    def read(self, name: str, kind: type[Any], begin: int, end: int) -> NDArray[Any]:
        """A part of one of the files: hashes (one for each posting), rows, times."""
        size = np.dtype(kind).itemsize
        return np.fromfile(f"{self.path}.{name}", dtype=kind, count=end - begin, offset=begin * size)


def _sorted_runs(texts: Iterable[Sequence[str]], aside: Path, run: int) -> tuple[list[_Run], NDArray[np.int64]]:
    hasher = Hasher(remembered=300_000)
    runs, gathered, rows = list[_Run](), list[Hashes](), list[int]()
    lengths = array("q")
    waiting = 0
    for row, tokens in enumerate(texts):
        found = hasher.terms(tokens)
        lengths.append(len(found))
        gathered.append(found)
        rows.append(row)
        waiting += len(found)
        if waiting >= run:
            runs.append(_put_aside(gathered, rows, aside / str(len(runs))))
            gathered, rows, waiting = [], [], 0
    if waiting:
        runs.append(_put_aside(gathered, rows, aside / str(len(runs))))
    return runs, np.array(lengths, dtype=np.int64)


def _put_aside(gathered: list[Hashes], rows: list[int], path: Path) -> _Run:
    hashes = np.concatenate(gathered)
    of = np.repeat(np.array(rows, dtype=np.uint32), [len(found) for found in gathered])
    order = np.argsort(hashes, kind="stable")  # passages of a term stay in ascending order
    hashes, of = hashes[order], of[order]
    begins = np.flatnonzero(_changes(hashes) | _changes(of))
    times = np.minimum(np.diff(begins, append=len(hashes)), _MOST).astype(np.uint16)
    for name, values in (("hashes", hashes[begins]), ("rows", of[begins]), ("times", times)):
        values.tofile(f"{path}.{name}")
    return _Run(path=str(path), size=len(begins))


def _merge(
    runs: Sequence[_Run], relative: NDArray[np.float32], folder: Path, weighing: Bm25, run: int, *, progress: bool
) -> None:
    total = sum(one.size for one in runs)
    written = 0
    files = {name: (folder / name).open("wb") for name in _FILES}
    try:
        ranges = _ranges(runs, max(1, 2 * total // run))
        for hashes, rows, frequencies in tqdm(ranges, desc="Words merged", unit="range", disable=not progress):
            begins = np.flatnonzero(_changes(hashes))
            holding = np.diff(begins, append=len(hashes))
            idf = np.repeat(weighing.idf(len(relative), holding), holding)
            weights = weighing.weights(idf, frequencies, relative[rows])
            hashes[begins].tofile(files["hashes"])
            (begins + written).astype(np.uint64).tofile(files["starts"])
            np.maximum.reduceat(weights, begins).tofile(files["best"])
            rows.tofile(files["rows"])
            weights.tofile(files["weights"])
            written += len(rows)
        np.array([written], dtype=np.uint64).tofile(files["starts"])
    finally:
        for file in files.values():
            file.close()


def _ranges(runs: Sequence[_Run], count: int) -> Iterator[tuple[Hashes, NDArray[np.uint32], NDArray[np.uint16]]]:
    """The postings of all runs, by term and passage, in `count` or fewer ranges of hashes; empty ones are left out."""
    bounds = np.array([number * 2**64 // count for number in range(1, count)], dtype=np.uint64)
    cuts = [one.cuts(bounds) for one in runs]
    for number in range(count):
        parts = [(one, cut[number], cut[number + 1]) for one, cut in zip(runs, cuts, strict=True)]
        hashes: Hashes = np.concatenate([_NONE, *(one.read("hashes", np.uint64, *cut) for one, *cut in parts)])
        if len(hashes) == 0:
            continue
        order = np.argsort(hashes, kind="stable")
        rows = np.concatenate([one.read("rows", np.uint32, *cut) for one, *cut in parts])
        times = np.concatenate([one.read("times", np.uint16, *cut) for one, *cut in parts])
        yield hashes[order], rows[order], times[order]


_NONE: Hashes = np.empty(0, dtype=np.uint64)


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a value differs from the one before it; the first does."""
    changes = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _mapped(path: Path, kind: np.dtype[Any]) -> NDArray[Any]:
    if path.stat().st_size == 0:  # an empty file cannot be mapped
        return np.empty(0, dtype=kind)
    return np.asarray(np.memmap(path, dtype=kind, mode="r"))
