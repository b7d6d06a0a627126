"""Weighted fusion, compared with a slow and obvious version."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import DENSE_WEIGHT, fuse, shifted

SCORES = st.lists(
    st.tuples(st.floats(-1, 1, width=32), st.floats(0, 1, width=32)),
    min_size=1,
    max_size=20,
)


def slowly(pairs: list[tuple[float, float]], weight: float) -> list[float]:
    lowest, highest = min(d for d, _ in pairs), max(d for d, _ in pairs)
    top = max(lexical for _, lexical in pairs)
    fused = []
    for dense, lexical in pairs:
        scaled = (dense - lowest) / (highest - lowest) if highest > lowest else 1.0
        fused.append(weight * scaled + (1 - weight) * lexical / top if top > 0 else scaled)
    return fused


def arrays(pairs: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([d for d, _ in pairs], dtype=np.float32), np.array([x for _, x in pairs], dtype=np.float32)


@given(SCORES)
def test_it_agrees_with_the_slow_version(pairs: list[tuple[float, float]]) -> None:
    dense, lexical = arrays(pairs)
    exact = list(zip(dense.tolist(), lexical.tolist(), strict=True))
    assert fuse(dense, lexical) == pytest.approx(slowly(exact, DENSE_WEIGHT), abs=1e-3)


@given(SCORES)
def test_scores_stay_between_0_and_1(pairs: list[tuple[float, float]]) -> None:
    fused = fuse(*arrays(pairs))
    assert ((fused >= 0) & (fused <= 1)).all()


def test_the_best_of_both_legs_gets_1() -> None:
    dense, lexical = arrays([(0.9, 0.5), (0.8, 0.0)])
    assert fuse(dense, lexical).tolist() == [1.0, 0.0]


def test_without_a_lexical_match_the_dense_leg_decides_alone() -> None:
    dense, lexical = arrays([(0.80, 0.0), (0.90, 0.0), (0.85, 0.0)])
    assert fuse(dense, lexical) == pytest.approx([0.0, 1.0, 0.5], abs=1e-4)


def test_a_weight_of_1_turns_the_lexical_leg_off() -> None:
    dense, lexical = arrays([(0.9, 0.0), (0.8, 1.0)])
    assert fuse(dense, lexical, dense_weight=1.0).tolist() == [1.0, 0.0]


def test_no_candidates_give_no_scores() -> None:
    assert fuse(np.empty(0, dtype=np.float32), np.empty(0, dtype=np.float32)).shape == (0,)


def test_a_weight_outside_0_to_1_is_refused() -> None:
    with pytest.raises(ValueError, match="dense_weight"):
        fuse(*arrays([(0.5, 0.5)]), dense_weight=1.5)


def test_a_known_question_raises_its_document_s_passages_alike():
    dense = np.array([0.85, 0.82, 0.90, 0.84], dtype=np.float32)
    asked = np.array([0.96, 0.96, 0.93, 0.0], dtype=np.float32)
    documents = np.array([4, 4, 7, 9], dtype=np.int32)
    whole = np.zeros(4, dtype=np.bool_)
    assert shifted(dense, asked, documents, whole) == pytest.approx([0.90, 0.87, 0.90, 0.84])


def test_of_two_summaries_the_one_that_is_asked_for_otherwise_falls_behind():
    dense = np.array([0.90, 0.90, 0.90, 0.90], dtype=np.float32)
    asked = np.array([0.88, 0.94, 0.88, 0.0], dtype=np.float32)
    documents = np.array([0, 1, 2, 3], dtype=np.int32)
    summarised = np.array([True, True, False, True])
    assert shifted(dense, asked, documents, summarised) == pytest.approx([0.87, 0.90, 0.90, 0.90])


def test_known_questions_that_are_not_near_raise_nothing():
    dense = np.array([0.75, 0.74], dtype=np.float32)
    documents = np.array([0, 1], dtype=np.int32)
    whole = np.zeros(2, dtype=np.bool_)
    assert shifted(dense, np.array([0.859, 0.5], dtype=np.float32), documents, whole).tolist() == dense.tolist()
    assert shifted(dense, np.zeros(2, dtype=np.float32), documents, ~whole) is dense
