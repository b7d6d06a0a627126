"""The FAISS leg: candidates from short codes, ranked by exact cosines, filtered; scanned and in inverted lists."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import dense
from index.dense import DenseIndex, build


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def vectors() -> np.ndarray:
    return unit(np.random.default_rng(7).normal(size=(200, 16)))


def opened(vectors: np.ndarray, folder: Path) -> DenseIndex:
    build(vectors, folder / "dense.faiss")
    return DenseIndex.open(folder / "dense.faiss", vectors)


@pytest.fixture
def index(vectors: np.ndarray, tmp_path: Path) -> DenseIndex:
    return opened(vectors, tmp_path)


@pytest.fixture(params=["scan", "lists"])
def large(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """6,000 vectors in 60 clusters, and the index over them."""
    monkeypatch.setattr(dense, "FEW", 100)
    if request.param == "lists":
        monkeypatch.setattr(dense, "SCANNED", 1_000)
        monkeypatch.setattr(dense, "CANDIDATES_OF_BITS", 400)
    random = np.random.default_rng(3)
    centres = random.normal(size=(60, 24))
    vectors = unit(centres[random.integers(60, size=6_000)] + 0.7 * random.normal(size=(6_000, 24)))
    return opened(vectors, tmp_path), vectors


def exact(vectors: np.ndarray, query: np.ndarray, limit: int, allowed: np.ndarray | None = None) -> list[int]:
    rows = np.arange(len(vectors)) if allowed is None else np.flatnonzero(allowed)
    return rows[np.lexsort((rows, -np.vecdot(vectors[rows], query)))][:limit].tolist()


def test_it_finds_what_comparing_with_every_vector_finds(index: DenseIndex, vectors: np.ndarray) -> None:
    assert index.nearest(vectors[3], 10).tolist() == exact(vectors, vectors[3], 10)


@pytest.mark.parametrize("share", [None, 0.9, 0.4, 0.1, 0.01])
def test_a_large_index_finds_nearly_all_of_the_exact_ten_whatever_the_filter(large, share: float | None) -> None:
    index, vectors = large
    random = np.random.default_rng(11)
    queries = unit(vectors[:40] + 0.2 * random.normal(size=(40, 24)))
    found = 0
    for query in queries:
        allowed = None if share is None else random.random(len(vectors)) < share
        rows = index.nearest(query, 10, allowed)
        assert allowed is None or allowed[rows].all()
        found += len({*rows.tolist()} & {*exact(vectors, query, 10, allowed)})
    assert found >= 0.97 * 400


def test_only_allowed_rows_are_found(index: DenseIndex, vectors: np.ndarray) -> None:
    allowed = np.zeros(200, dtype=np.bool_)
    allowed[[5, 77, 198]] = True
    assert sorted(index.nearest(vectors[3], 10, allowed).tolist()) == [5, 77, 198]
    assert index.nearest(vectors[3], 10, np.zeros(200, dtype=np.bool_)).tolist() == []


def test_more_than_there_is_gives_what_there_is(index: DenseIndex, vectors: np.ndarray) -> None:
    assert sorted(index.nearest(vectors[0], 1_000).tolist()) == list(range(200))
    assert index.nearest(vectors[0], 0).tolist() == []


def test_cosines_come_in_the_order_asked(index: DenseIndex, vectors: np.ndarray) -> None:
    rows = np.array([9, 2, 150])
    assert index.cosines(vectors[9], rows) == pytest.approx(vectors[rows] @ vectors[9], abs=1e-6)
    assert index.cosines(vectors[9], np.empty(0, dtype=np.int64)).shape == (0,)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(count=st.integers(1, 60), limit=st.integers(1, 15), seed=st.integers(0, 2**31))
def test_small_indexes_are_exact_ties_by_row(count: int, limit: int, seed: int, tmp_path: Path) -> None:
    random = np.random.default_rng(seed)
    vectors = unit(random.normal(size=(max(1, count // 3), 8)))[random.integers(max(1, count // 3), size=count)]
    query = unit(random.normal(size=(1, 8)))[0]
    assert opened(vectors, tmp_path).nearest(query, limit).tolist() == exact(vectors, query, limit)


def test_threads_share_one_index(large) -> None:
    index, vectors = large
    alone = [index.nearest(query, 10).tolist() for query in vectors[:16]]
    with ThreadPoolExecutor(4) as pool:
        assert [rows.tolist() for rows in pool.map(lambda query: index.nearest(query, 10), vectors[:16])] == alone


def test_it_knows_its_size(index: DenseIndex) -> None:
    assert (index.size, index.dim) == (200, 16)
