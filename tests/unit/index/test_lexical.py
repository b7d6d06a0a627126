"""BM25 over syllables and bigrams, compared with the formula written out."""

from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.lexical import K1, B, LexicalIndex, build, terms, tokens

TEXTS = [
    "Mức lương cơ sở từ ngày 01 tháng 7 năm 2026 là 2.530.000 đồng một tháng",
    "Lương hưu và trợ cấp bảo hiểm xã hội hằng tháng tăng",
    "Cấp đổi giấy phép lái xe",
    "Xăng E10 được bán từ ngày 01 tháng 6 năm 2026 theo 29/2026/NQ-CP",
]


def opened(texts: list[list[str]], folder: Path) -> LexicalIndex:
    build(texts, folder)
    return LexicalIndex.open(folder)


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    return opened([tokens(text) for text in TEXTS], tmp_path / "lexical")


def slow_shares(texts: list[list[str]], question: list[str]) -> list[float]:
    passages = [terms(text) for text in texts]
    average = sum(map(len, passages)) / len(passages)

    def score(term: str, passage: list[str]) -> float:
        holding = sum(term in other for other in passages)
        idf = log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
        frequency = passage.count(term)
        return idf * frequency / (frequency + K1 * (1 - B + B * len(passage) / average))

    best = 0.0
    for term in set(terms(question)):
        if any(term in passage for passage in passages):
            best += max(score(term, passage) for passage in passages)
        else:
            best += log(1 + (len(passages) + 0.5) / 0.5) / (1 + K1)
    return [sum(score(term, passage) for term in set(terms(question))) / best for passage in passages]


WORDS = st.lists(st.sampled_from(["luong", "co", "so", "xe", "thue", "nha"]), min_size=1, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(texts=st.lists(WORDS, min_size=1, max_size=6), question=WORDS)
def test_it_agrees_with_the_formula_written_out(texts: list[list[str]], question: list[str], tmp_path: Path) -> None:
    shares = opened(texts, tmp_path / "lexical").shares(question)
    assert shares == pytest.approx(slow_shares(texts, question), abs=1e-5)


def test_terms_are_syllables_and_pairs_of_neighbours() -> None:
    assert terms(["luong", "co", "so"]) == ["luong", "co", "so", "luong_co", "co_so"]


@pytest.mark.parametrize("date", ["1/7/2026", "01/07/2026", "01-7-2026", "1.7.2026", "ngày 01 tháng 7 năm 2026"])
def test_dates_in_figures_meet_dates_written_out(date: str) -> None:
    assert tokens(date) == ["ngay", "1", "thang", "7", "nam", "2026"]


def test_document_numbers_are_not_taken_for_dates() -> None:
    assert tokens("05/7/2026/NQ-CP")[0] == "5/7/2026/nq-cp"


@pytest.mark.parametrize("question", ["mức lương cơ sở bao nhiêu", "muc luong co so bao nhieu", "MUC LƯƠNG CO SỞ"])
def test_every_way_of_typing_accents_finds_the_same_passage(index: LexicalIndex, question: str) -> None:
    assert index.nearest(index.shares(tokens(question)), 1).tolist() == [0]


def test_a_document_number_finds_the_passage_that_names_it(index: LexicalIndex) -> None:
    assert index.nearest(index.shares(tokens("29/2026/NQ-CP")), 1).tolist() == [3]


def test_shares_fall_when_the_question_asks_for_more_than_the_passage_holds(index: LexicalIndex) -> None:
    inside = index.shares(tokens("giấy phép lái xe"))[2]
    outside = index.shares(tokens("giấy phép lái xe máy kéo nông nghiệp hạng nặng"))[2]
    assert 1 >= inside > 0.99 > outside > 0


def test_words_that_no_passage_has_give_0_everywhere(index: LexicalIndex) -> None:
    assert not index.shares(tokens("vũ trụ")).any()
    assert not index.shares([]).any()


def test_rows_without_a_match_are_not_found(index: LexicalIndex) -> None:
    assert index.nearest(index.shares(tokens("lái xe")), 10).tolist() == [2]


def test_ties_go_to_the_earlier_row(tmp_path: Path) -> None:
    index = opened([["xe"], ["xe"], ["xe"], ["nha"]], tmp_path / "lexical")
    assert index.nearest(index.shares(["xe"]), 2).tolist() == [0, 1]


def test_only_allowed_rows_are_found(tmp_path: Path) -> None:
    index = opened([["xe"], ["xe"], ["nha"]], tmp_path / "lexical")
    allowed = np.array([False, True, True])
    assert index.nearest(index.shares(["xe"]), 5, allowed).tolist() == [1]


def test_passages_without_words_are_kept_as_rows(tmp_path: Path) -> None:
    index = opened([[], []], tmp_path / "lexical")
    assert index.size == 2
    assert not index.shares(["xe"]).any()


def test_nothing_is_saved_as_a_pickle(index: LexicalIndex, tmp_path: Path) -> None:
    for path in (tmp_path / "lexical").glob("*.npy"):
        np.load(path, allow_pickle=False)
