"""The dense leg: the passages with the highest cosine, from a FAISS file and the full-precision vectors beside it.

The FAISS file holds 8 bits a number and only proposes candidates; their cosines come from the vectors themselves. To
`SCANNED` passages it is read from end to end, above that through a navigable graph (HNSW). How the graph compares with
inverted lists and with shorter codes: docs/adr/0008-index-and-snapshots.md. Both files are mapped: processes that open
them share one copy in the page cache.
"""

from __future__ import annotations

from os import cpu_count
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

SCANNED = 50_000
"""Passages up to which a search looks at all of them: about 1 ms."""

CANDIDATES = 200
"""Passages whose exact cosine is looked up, at least; twice the limit where that is more."""

LINKS = 24
"""Neighbours of a passage in the graph (HNSW's M)."""

BREADTH_BUILDING = 60
"""Passages kept in view while a new one is linked into the graph (HNSW's efConstruction)."""

BREADTH = 800
"""Passages kept in view while the graph is searched (HNSW's efSearch). Questions lie apart from passages in E5's space,
so the graph needs more than the usual 64: see the figures in the decision record."""

FEW = 2_000
"""Allowed passages up to which their vectors themselves are compared."""

NARROW = 0.2
"""Share of allowed passages below which reading all their codes costs less than the graph."""

_BATCH = 16_384
_SAMPLE = 65_536


def build(vectors: NDArray[np.float32], path: Path, *, progress: bool = False) -> None:
    """Index the rows of `vectors`, float32, shape (n, dim), unit length, and write them as one file.

    Row numbers are kept. Uses all cores. Memory holds the finished file, dim bytes a passage and above `SCANNED`
    200 more, and a sample of 65,536 vectors; `vectors` itself may be mapped. `progress` shows a bar on stderr.
    """
    count, dim = vectors.shape
    faiss.omp_set_num_threads(cpu_count() or 1)
    kind = "SQ8" if count <= SCANNED else f"HNSW{LINKS},SQ8"
    index = faiss.index_factory(dim, kind, faiss.METRIC_INNER_PRODUCT)
    if count > SCANNED:
        faiss.ParameterSpace().set_index_parameter(index, "efConstruction", BREADTH_BUILDING)
    if count:
        index.train(np.ascontiguousarray(vectors[:: max(1, count // _SAMPLE)]))
    with tqdm(total=count, desc="Vectors indexed", unit="passage", disable=not progress) as bar:
        for start in range(0, count, _BATCH):
            batch = np.ascontiguousarray(vectors[start : start + _BATCH])
            index.add(batch)
            bar.update(len(batch))
    faiss.write_index(index, str(path))


class DenseIndex:
    """Cosine search over the vectors of one snapshot; safe to call from several threads."""

    def __init__(self, index: faiss.Index, vectors: NDArray[np.float32]) -> None:
        self._index = index
        self._vectors = np.asarray(vectors)
        self._is_graph = isinstance(index, faiss.IndexHNSW)
        self._codes = faiss.downcast_index(index.storage) if isinstance(index, faiss.IndexHNSW) else index

    @classmethod
    def open(cls, path: Path, vectors: NDArray[np.float32]) -> DenseIndex:
        """Map the file that `build` wrote; `vectors` are those it was built from, mapped too."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC), vectors)

    @property
    def size(self) -> int:
        """How many vectors it holds."""
        return int(self._index.ntotal)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def nearest(
        self, query: NDArray[np.float32], limit: int, allowed: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """Rows with the highest cosine, best first, ties by row; at most `limit`.

        `query` is float32, shape (dim,), unit length. `allowed`, bool of shape (size,), names the rows to look at.
        Above `SCANNED` passages some of the best may be missed, on average less than 3 of 100.
        """
        limit = min(limit, self.size)
        if limit < 1:
            return np.empty(0, dtype=np.int64)
        rows = self._candidates(query, max(CANDIDATES, 2 * limit), allowed)
        order = np.lexsort((rows, -self.cosines(query, rows)))
        return rows[order][:limit]

    def cosines(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Exact cosines of the given rows, in their order; float32, shape (len(rows),)."""
        # row by row: a matrix product would start BLAS's threads for a piece of work of microseconds
        scores: NDArray[np.float32] = np.vecdot(self._vectors[rows], query)
        return scores

    def _candidates(
        self, query: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        # FAISS keeps the number of OpenMP threads per calling thread, so it is set where the search runs: on a shared
        # machine more than one thread makes a single query slower, not faster.
        faiss.omp_set_num_threads(1)
        passing = self.size if allowed is None else int(np.count_nonzero(allowed))
        if allowed is not None and passing <= max(count, FEW):
            return np.flatnonzero(allowed)
        selector = None
        if allowed is not None and passing < self.size:
            bitmap = np.packbits(allowed, bitorder="little")
            # FAISS's stubs describe the C++ constructors, not the Python ones
            selector = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
        index, parameters = self._codes, faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        if self._is_graph and passing >= NARROW * self.size:
            index = self._index
            breadth = max(BREADTH, count) * self.size // passing
            parameters = faiss.SearchParametersHNSW(efSearch=breadth, sel=selector)  # type: ignore[attr-defined]
        _, rows = index.search(query[None, :], min(count, self.size), params=parameters)
        found: NDArray[np.int64] = rows[0]
        return found[found >= 0]
