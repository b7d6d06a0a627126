"""Metrics against a slow version and figures worked out by hand; question sets read from files."""

import json
from collections.abc import Mapping, Sequence
from math import log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.beir import PASSAGE_LENGTH, CorpusFile, Question, read_judgements, read_questions
from index.errors import BadInput
from index.evaluate import evaluate, measure, percentile
from index.testing import AsTyped, HashEmbedder


def slow_ndcg(ranked: Sequence[str], relevant: Mapping[str, int]) -> float:
    gained = 0.0
    for position in range(min(10, len(ranked))):
        gained += relevant.get(ranked[position], 0) / log2(position + 2)
    ideal = 0.0
    for position, degree in enumerate(sorted(relevant.values(), reverse=True)):
        if position < 10:
            ideal += degree / log2(position + 2)
    return gained / ideal


DOCUMENTS = [f"d{number}" for number in range(15)]


@given(
    st.permutations(DOCUMENTS),
    st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(1, 3), min_size=1),
)
def test_ndcg_agrees_with_the_slow_version(ranked: list[str], relevant: dict[str, int]) -> None:
    metrics = measure({"q": ranked}, {"q": relevant})
    assert metrics.ndcg_at_10 == pytest.approx(slow_ndcg(ranked, relevant))
    assert metrics.recall_at_10 == pytest.approx(len(set(ranked[:10]) & set(relevant)) / len(relevant))


def test_the_figures_worked_out_by_hand() -> None:
    results = {"first": ["a", "x"], "second": ["x", "b"], "missed": ["x"], "nothing": [], "not judged": ["a"]}
    judgements = {"first": {"a": 1}, "second": {"b": 1, "c": 1}, "missed": {"a": 1}, "nothing": {"a": 1}}
    metrics = measure(results, judgements)
    assert metrics.n == 4
    assert metrics.hit_at_1 == 1 / 4
    assert metrics.recall_at_10 == (1 + 1 / 2) / 4
    assert metrics.mrr_at_10 == (1 + 1 / 2) / 4
    assert metrics.ndcg_at_10 == pytest.approx((1 + (1 / log2(3)) / (1 + 1 / log2(3))) / 4)


def test_only_the_first_ten_count() -> None:
    ranked = [f"x{number}" for number in range(10)] + ["a"]
    metrics = measure({"q": ranked}, {"q": {"a": 1}})
    assert (metrics.recall_at_10, metrics.mrr_at_10, metrics.ndcg_at_10) == (0, 0, 0)


def test_no_judged_question_is_an_error() -> None:
    with pytest.raises(ValueError, match="judgement"):
        measure({"q": ["a"]}, {})


@pytest.mark.parametrize(("percent", "expected"), [(50, 5), (95, 10), (100, 10), (1, 1)])
def test_percentiles_are_values_that_occurred(percent: float, expected: int) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent) == expected


def jsonl(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_judgements_read_the_same_from_jsonl_and_tsv(tmp_path: Path) -> None:
    rows = [
        {"query-id": "q1", "corpus-id": "d1", "score": 2},
        {"query-id": "q1", "corpus-id": "d2", "score": 0},
        {"query-id": "q2", "corpus-id": "d3", "score": 1},
    ]
    (tmp_path / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td3\t1\n")
    expected = {"q1": {"d1": 2}, "q2": {"d3": 1}}
    assert read_judgements(jsonl(tmp_path / "qrels.jsonl", rows)) == expected
    assert read_judgements(tmp_path / "test.tsv") == expected


def test_numeric_ids_are_taken_as_text(tmp_path: Path) -> None:
    assert read_questions(jsonl(tmp_path / "q.jsonl", [{"_id": 7, "text": "a"}])) == [Question(id="7", text="a")]
    qrels = jsonl(tmp_path / "r.jsonl", [{"query-id": 7, "corpus-id": 3, "score": 1}])
    assert read_judgements(qrels) == {"7": {"3": 1}}


def test_a_long_text_becomes_several_passages_of_one_document_and_nothing_is_lost(tmp_path: Path) -> None:
    sentences = [f"Câu số {number} nói về một việc khác hẳn những câu kia." for number in range(100)]
    corpus = CorpusFile(jsonl(tmp_path / "c.jsonl", [{"_id": "d", "title": "Đầu đề", "text": " ".join(sentences)}]))
    passages = list(corpus.passages())
    assert {passage.document_id for passage in passages} == {"d"}
    assert all(len(passage.text) <= PASSAGE_LENGTH and passage.context == "Đầu đề" for passage in passages)
    assert " ".join(passage.text for passage in passages) == " ".join(sentences)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b'{"_id": "a", "text": "b"}\n{oops\n', "line 2: not JSON"),
        (b'{"_id": "a"}\n', "line 1: expected an object with _id, text"),
        (b"[1]\n", "line 1: expected an object"),
        (b'{"_id": "a", "text": null}\n', "line 1: expected an object"),
        (b"\xff\xfe\n", "not UTF-8"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    (tmp_path / "q.jsonl").write_bytes(content)
    with pytest.raises(BadInput, match=complaint):
        read_questions(tmp_path / "q.jsonl")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        read_judgements(tmp_path / "none.tsv")


def test_byte_order_marks_and_carriage_returns_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_bytes(b'\xef\xbb\xbf{"_id": "q1", "text": "a"}\r\n')
    (tmp_path / "r.tsv").write_bytes(b"\xef\xbb\xbfquery-id\tcorpus-id\tscore\r\nq1\td1\t1\r\n")
    assert read_questions(tmp_path / "q.jsonl") == [Question("q1", "a")]
    assert read_judgements(tmp_path / "r.tsv") == {"q1": {"d1": 1}}


@pytest.mark.parametrize("score", ["much", "inf", "nan", ""])
def test_a_judgement_without_a_score_is_refused(tmp_path: Path, score: str) -> None:
    (tmp_path / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\nq1\td1\t{score}\n")
    with pytest.raises(BadInput, match="row 1"):
        read_judgements(tmp_path / "test.tsv")


def run(tmp_path: Path, judgements: Mapping[str, Mapping[str, int]]):
    corpus = jsonl(
        tmp_path / "c.jsonl",
        [
            {"_id": "wage", "title": "Lương", "text": "Mức lương cơ sở là 2.530.000 đồng"},
            {"_id": "fuel", "title": "Xăng", "text": "Xăng E10 được bán trên cả nước"},
        ],
    )
    questions = [Question("q1", "mức lương cơ sở"), Question("q2", "xăng E10"), Question("q3", "không ai hỏi")]
    return evaluate(
        CorpusFile(corpus),
        questions,
        judgements,
        root=tmp_path / "index",
        embedder=HashEmbedder(),
        reader=AsTyped(),
        language_of=lambda _: "vi",
    )


def test_a_question_set_is_run_from_files_to_figures(tmp_path: Path) -> None:
    result = run(tmp_path, {"q1": {"wage": 1}, "q2": {"fuel": 1}})
    assert (result.metrics.hit_at_1, result.metrics.ndcg_at_10, result.metrics.n) == (1.0, 1.0, 2)
    assert 0 < result.p50_ms <= result.p95_ms


def test_a_set_without_judgements_for_its_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="judgement"):
        run(tmp_path, {"other": {"wage": 1}})
