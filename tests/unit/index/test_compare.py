"""Fused, BM25 alone and dense alone side by side, with intervals that can be checked by hand."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import compare
from index.beir import CorpusFile, Question
from index.compare import System, as_json, as_table, difference
from index.errors import BadInput
from index.testing import AsTyped, HashEmbedder

ROWS = [
    {"_id": "wage", "title": "Lương", "text": "Mức lương cơ sở là 2.530.000 đồng"},
    {"_id": "fuel", "title": "Xăng", "text": "Xăng E10 được bán trên cả nước"},
    {"_id": "licence", "title": "Bằng lái", "text": "Cấp đổi giấy phép lái xe hạng B"},
]
FORMS = {
    "accented": [
        Question("q1", "mức lương cơ sở"),
        Question("q2", "xăng E10 bán ở đâu"),
        Question("q3", "không ai hỏi"),
    ],
    "none": [Question("q1", "muc luong co so"), Question("q2", "xang e10 ban o dau")],
}
JUDGEMENTS = {"q1": {"wage": 1}, "q2": {"fuel": 1}}


def run(tmp_path: Path, forms=FORMS, judgements=JUDGEMENTS):
    corpus = tmp_path / "c.jsonl"
    corpus.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    return compare.compare(
        CorpusFile(corpus),
        forms,
        judgements,
        root=tmp_path / "index",
        embedder=HashEmbedder(),
        reader=AsTyped(),
        language_of=lambda _: "vi",
    )


def test_every_form_is_compared_over_its_judged_questions(tmp_path: Path) -> None:
    compared = run(tmp_path)
    assert [one.form for one in compared] == ["accented", "none"]
    for one in compared:
        assert {system: (found.hit_at_1, found.n) for system, found in one.metrics.items()} == dict.fromkeys(
            System, (1.0, 2)
        )
        for by_name in one.differences.values():
            assert all((found.mean, found.low, found.high) == (0, 0, 0) for found in by_name.values())


def test_the_same_comparison_as_a_table_and_as_json(tmp_path: Path) -> None:
    compared = run(tmp_path)
    table = as_table(compared)
    assert len(table.splitlines()) == 1 + 4 * 2
    assert "+0.000 [+0.000, +0.000]" in table
    first = json.loads(json.dumps(as_json(compared)))[0]
    assert (first["form"], first["n"], first["bm25"]["recall@10"]) == ("accented", 2, 1.0)
    assert first["fused_minus_dense"]["mrr@10"] == {"mean": 0.0, "low": 0.0, "high": 0.0}


def test_a_form_without_judged_questions_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="none"):
        run(tmp_path, forms=FORMS, judgements={"q3": {"wage": 1}})


def test_a_difference_that_always_has_one_sign_has_an_interval_on_that_side() -> None:
    found = difference(np.array([1.0] * 30 + [0.0] * 70))
    assert found.mean == pytest.approx(0.3)
    # the normal approximation: 0.3 ± 1.96 · √(0.3 · 0.7 / 100)
    assert (found.low, found.high) == (pytest.approx(0.21, abs=0.02), pytest.approx(0.39, abs=0.02))


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_intervals_hold_values_that_occurred_and_come_out_the_same_again(values: list[float]) -> None:
    found = difference(np.array(values))
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9
    assert found == difference(np.array(values))
