"""The dense leg: the passages with the highest cosine, from a FAISS file and the full-precision vectors beside it.

The FAISS file only proposes candidates; their cosines come from the vectors themselves. To `SCANNED` passages it holds
8 bits a number and is read from end to end. Above that it holds one bit a number in inverted lists (Gao and Long,
"RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound", SIGMOD 2024), of which some are read:
questions lie apart from passages in E5's space, and what is nearest to them is spread over many lists, so reading must
be cheap. FAISS's "fast scan" of the same codes is not faster and cannot be mapped: 64 MB in every process at a million
passages.
Figures: docs/adr/0008-index-and-snapshots.md.
"""

from __future__ import annotations

from math import isqrt
from os import cpu_count
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

SCANNED = 50_000
"""Passages up to which all codes of 8 bits are read: about 1 ms."""

CANDIDATES = 200
"""Passages whose exact cosine is looked up after reading codes of 8 bits, at least; twice the limit where more."""

CANDIDATES_OF_BITS = 2_500
"""The same after reading codes of one bit."""

PROBED = 0.3
"""Share of the inverted lists that are read."""

RARE = 0.05
"""Share of the passages: where a filter lets fewer pass, all lists are read."""

FEW = 10_000
"""Allowed passages up to which their vectors themselves are compared."""

_BATCH = 16_384
_SAMPLE = 50  # vectors for each inverted list that the lists are chosen on


def build(vectors: NDArray[np.float32], path: Path, *, progress: bool = False) -> None:
    """Index the rows of `vectors`, float32, shape (n, dim), unit length, and write them as one file.

    Row numbers are kept. Uses all cores. Memory holds the finished file (dim bytes a passage; above `SCANNED` dim / 8
    and 20) and 50 vectors for each of the 2 √n inverted lists; `vectors` itself may be mapped. `progress` shows a bar
    on stderr.
    """
    count, dim = vectors.shape
    faiss.omp_set_num_threads(cpu_count() or 1)
    lists = 2 * isqrt(count)
    # Among unit vectors the nearest are those with the highest cosine. Distances choose lists better than products do:
    # a list whose vectors lie far apart has a short centre, and more of it reaches towards a question.
    if count <= SCANNED:
        index = faiss.index_factory(dim, "SQ8", faiss.METRIC_INNER_PRODUCT)
    else:
        index = faiss.index_factory(dim, f"IVF{lists},RaBitQ", faiss.METRIC_L2)
    if count:
        sample = SCANNED if count <= SCANNED else _SAMPLE * lists
        index.train(np.ascontiguousarray(vectors[:: max(1, count // sample)]))
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
        rows = self._candidates(query, limit, allowed)
        order = np.lexsort((rows, -self.cosines(query, rows)))
        return rows[order][:limit]

    def cosines(self, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Exact cosines of the given rows, in their order; float32, shape (len(rows),)."""
        # row by row: a matrix product would start BLAS's threads for a piece of work of microseconds
        scores: NDArray[np.float32] = np.vecdot(self._vectors[rows], query)
        return scores

    def _candidates(
        self, query: NDArray[np.float32], limit: int, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        # FAISS keeps the number of OpenMP threads per calling thread, so it is set where the search runs: on a shared
        # machine more than one thread makes a single query slower, not faster.
        faiss.omp_set_num_threads(1)
        passing = self.size if allowed is None else int(np.count_nonzero(allowed))
        is_in_lists = isinstance(self._index, faiss.IndexIVF)
        if allowed is not None and passing <= (FEW if is_in_lists else CANDIDATES):
            return np.flatnonzero(allowed)
        options: dict[str, Any] = {}
        if allowed is not None:
            bitmap = np.packbits(allowed, bitorder="little")
            # FAISS's stubs describe the C++ constructor, not the Python one
            options["sel"] = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
        if isinstance(self._index, faiss.IndexIVF):
            count, lists = CANDIDATES_OF_BITS, self._index.nlist
            options["nprobe"] = round(PROBED * lists) if passing >= RARE * self.size else lists
            parameters: Any = faiss.SearchParametersIVF(**options)
        else:
            count = CANDIDATES
            parameters = faiss.SearchParameters(**options)
        _, rows = self._index.search(query[None, :], min(max(count, 2 * limit), self.size), params=parameters)
        found: NDArray[np.int64] = rows[0]
        return found[found >= 0]
