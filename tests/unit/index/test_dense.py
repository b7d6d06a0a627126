"""The FAISS leg: exact, mapped, filtered."""

from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex, DenseWriter


@pytest.fixture
def vectors() -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(200, 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def index(vectors: np.ndarray, tmp_path: Path) -> DenseIndex:
    writer = DenseWriter(16)
    writer.add(vectors[:150])
    writer.add(vectors[150:])
    writer.write(tmp_path / "vectors.faiss")
    return DenseIndex.open(tmp_path / "vectors.faiss")


def test_it_finds_what_comparing_with_every_vector_finds(index: DenseIndex, vectors: np.ndarray) -> None:
    query = vectors[3]
    assert index.nearest(query, 10).tolist() == np.argsort(-(vectors @ query))[:10].tolist()


def test_only_allowed_rows_are_found(index: DenseIndex, vectors: np.ndarray) -> None:
    allowed = np.zeros(200, dtype=np.bool_)
    allowed[[5, 77, 198]] = True
    assert sorted(index.nearest(vectors[3], 10, allowed).tolist()) == [5, 77, 198]


def test_more_than_there_is_gives_what_there_is(index: DenseIndex, vectors: np.ndarray) -> None:
    assert sorted(index.nearest(vectors[0], 1_000).tolist()) == list(range(200))


def test_cosines_come_in_the_order_asked(index: DenseIndex, vectors: np.ndarray) -> None:
    rows = np.array([9, 2, 150])
    assert index.cosines(vectors[9], rows) == pytest.approx(vectors[rows] @ vectors[9], abs=1e-6)


def test_stored_vectors_come_back_bit_for_bit(index: DenseIndex, vectors: np.ndarray) -> None:
    assert (index.vectors(np.array([0, 199])) == vectors[[0, 199]]).all()
    assert index.vectors(np.empty(0, dtype=np.int64)).shape == (0, 16)


def test_it_knows_its_size(index: DenseIndex) -> None:
    assert (index.size, index.dim) == (200, 16)
