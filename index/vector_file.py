"""The vectors of a snapshot in full precision: one .npy file, written batch by batch and mapped to be read.

Exact cosines and the next snapshot's unchanged vectors come from here; the approximate index beside it may lose
precision. float32 and not float16: see docs/adr/0008-index-and-snapshots.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def write(path: Path, batches: Iterable[Vectors], *, rows: int, dim: int) -> None:
    """Write batches of vectors, float32 of shape (n, dim), one after the other; together they must be `rows`.

    Memory holds one batch. Raises ValueError where their number differs.
    """
    written = 0
    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (rows, dim)}
        np.lib.format.write_array_header_1_0(file, header)
        for batch in batches:
            file.write(np.ascontiguousarray(batch, dtype="<f4").data)
            written += len(batch)
    if written != rows:
        raise ValueError(f"{written} vectors for {rows} rows")


def open_mapped(path: Path) -> Vectors:
    """The vectors, read-only and mapped, float32, shape (n_passages, dim), unit rows."""
    vectors: Vectors = np.load(path, mmap_mode="r", allow_pickle=False)
    return vectors
