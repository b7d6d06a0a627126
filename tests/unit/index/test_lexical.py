"""BM25 over syllables and bigrams, compared with the formula written out."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from math import log
from pathlib import Path

import numpy as np
import pytest
from bm25s import BM25
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import lexical, postings
from index.errors import SnapshotCorrupt
from index.lexical import K1, B, LexicalIndex, build, terms, tokens
from index.postings import Bm25

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


def all_shares(index: LexicalIndex, question: list[str]) -> np.ndarray:
    return index.question(question).shares(np.arange(index.size))


def nearest(index: LexicalIndex, question: list[str], limit: int, **options: object) -> list[int]:
    return index.question(question).nearest(limit, **options).tolist()


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
    folder = tmp_path / "lexical"
    shutil.rmtree(folder, ignore_errors=True)
    assert all_shares(opened(texts, folder), question) == pytest.approx(slow_shares(texts, question), abs=1e-5)


def test_terms_are_syllables_and_pairs_of_neighbours() -> None:
    assert terms(["luong", "co", "so"]) == ["luong", "co", "so", "luong_co", "co_so"]


@pytest.mark.parametrize("date", ["1/7/2026", "01/07/2026", "01-7-2026", "1.7.2026", "ngày 01 tháng 7 năm 2026"])
def test_dates_in_figures_meet_dates_written_out(date: str) -> None:
    assert tokens(date) == ["ngay", "1", "thang", "7", "nam", "2026"]


def test_document_numbers_are_not_taken_for_dates() -> None:
    assert tokens("05/7/2026/NQ-CP")[0] == "5/7/2026/nq-cp"


@pytest.mark.parametrize("question", ["mức lương cơ sở bao nhiêu", "muc luong co so bao nhieu", "MUC LƯƠNG CO SỞ"])
def test_every_way_of_typing_accents_finds_the_same_passage(index: LexicalIndex, question: str) -> None:
    assert nearest(index, tokens(question), 1) == [0]


def test_a_document_number_finds_the_passage_that_names_it(index: LexicalIndex) -> None:
    assert nearest(index, tokens("29/2026/NQ-CP"), 1) == [3]


def test_shares_fall_when_the_question_asks_for_more_than_the_passage_holds(index: LexicalIndex) -> None:
    inside = all_shares(index, tokens("giấy phép lái xe"))[2]
    outside = all_shares(index, tokens("giấy phép lái xe máy kéo nông nghiệp hạng nặng"))[2]
    assert 1 >= inside > 0.99 > outside > 0


def test_words_that_no_passage_has_give_0_everywhere(index: LexicalIndex) -> None:
    assert not all_shares(index, tokens("vũ trụ")).any()
    assert not all_shares(index, []).any()


def test_rows_without_a_match_are_not_found(index: LexicalIndex) -> None:
    assert nearest(index, tokens("lái xe"), 10) == [2]


def test_ties_go_to_the_earlier_row(tmp_path: Path) -> None:
    index = opened([["xe"], ["xe"], ["xe"], ["nha"]], tmp_path / "lexical")
    assert nearest(index, ["xe"], 2) == [0, 1]


def test_only_allowed_rows_are_found(tmp_path: Path) -> None:
    index = opened([["xe"], ["xe"], ["nha"]], tmp_path / "lexical")
    allowed = np.array([False, True, True])
    assert nearest(index, ["xe"], 5, allowed=allowed) == [1]


def test_passages_without_words_are_kept_as_rows(tmp_path: Path) -> None:
    index = opened([[], []], tmp_path / "lexical")
    assert index.size == 2
    assert not all_shares(index, ["xe"]).any()


RANDOM = np.random.default_rng(5)
COMMON, RARE = [f"c{number}" for number in range(12)], [f"r{number}" for number in range(400)]


def made_text(length: int) -> list[str]:
    """Mostly syllables that nearly every passage has, some that few have."""
    return [str(RANDOM.choice(COMMON if RANDOM.random() < 0.8 else RARE)) for _ in range(length)]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("large") / "lexical"
    return opened([made_text(int(RANDOM.integers(1, 40))) for _ in range(3_000)], folder)


@pytest.mark.parametrize("number", range(20))
@pytest.mark.parametrize("share", [None, 0.5, 0.02])
def test_stopping_early_finds_what_going_through_everything_finds(
    large: LexicalIndex, number: int, share: float | None
) -> None:
    question = made_text(3 + number)
    allowed = None if share is None else RANDOM.random(large.size) < share
    shares = all_shares(large, question) * (1 if allowed is None else allowed)
    expected = [row for row in np.lexsort((np.arange(large.size), -shares)).tolist() if shares[row] > 0][:10]
    assert nearest(large, question, 10, allowed=allowed) == expected


@pytest.mark.parametrize("number", range(10))
def test_beyond_the_bounds_what_is_missed_has_no_more_than_stated(
    large: LexicalIndex, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "EXACT", 0)
    monkeypatch.setattr(lexical, "GATHERED", 100)
    monkeypatch.setattr(lexical, "LOOKED_UP", 10**9)
    question = [RARE[number], *COMMON]
    found = nearest(large, question, large.size)
    shares = all_shares(large, question)
    assert set(np.flatnonzero(all_shares(large, [RARE[number]]) > 0).tolist()) <= set(found)
    assert shares[found].tolist() == sorted(shares[found].tolist(), reverse=True)
    assert found == [row for row in large.question(question).nearest(large.size, exact=True).tolist() if row in found]
    monkeypatch.setattr(lexical, "LOOKED_UP", 100)
    assert set(nearest(large, question, 5)) <= set(found)


def test_runs_merged_from_disk_are_the_same_as_one_in_memory(tmp_path: Path) -> None:
    texts = [made_text(20) for _ in range(300)]
    for name, run in (("one", 10**6), ("many", 500)):
        postings.write(texts, tmp_path / name, Bm25(k1=K1, b=B), run=run)
    one, many = tmp_path / "one", tmp_path / "many"
    assert sorted(path.name for path in many.iterdir()) == sorted(path.name for path in one.iterdir())
    assert all((one / path.name).read_bytes() == path.read_bytes() for path in many.iterdir())


def test_it_agrees_with_bm25s(tmp_path: Path) -> None:
    texts = [made_text(30) for _ in range(200)]
    question = made_text(8)
    reference = BM25(k1=K1, b=B, method="lucene")
    reference.index([terms(text) for text in texts], create_empty_token=False, show_progress=False)
    distinct = [term for term in dict.fromkeys(terms(question)) if term in reference.vocab_dict]
    shares = all_shares(opened(texts, tmp_path / "lexical"), question)
    scores = reference.get_scores(distinct)
    assert shares / shares.max() == pytest.approx(scores / scores.max(), abs=1e-5)


def test_files_that_do_not_fit_together_are_refused(index: LexicalIndex, tmp_path: Path) -> None:
    weights = tmp_path / "lexical" / "weights"
    weights.write_bytes(weights.read_bytes()[:-4])
    with pytest.raises(SnapshotCorrupt):
        LexicalIndex.open(tmp_path / "lexical")


def test_threads_share_one_index(large: LexicalIndex) -> None:
    questions = [made_text(6) for _ in range(8)]
    alone = [nearest(large, question, 10) for question in questions]
    with ThreadPoolExecutor(4) as pool:
        assert [list(pool.map(lambda question: nearest(large, question, 10), questions)) for _ in range(3)] == [
            alone
        ] * 3


def test_chinese_is_matched_by_its_characters(tmp_path: Path) -> None:
    index = opened([tokens("最低工资标准为每月"), tokens("驾驶执照的办理")], tmp_path / "lexical")
    assert nearest(index, tokens("驾驶执照怎么办理？"), 1) == [1]
    assert tokens("E10汽油 từ 1/7") == ["e10", "汽", "油", "tu", "1/7", "1", "7"]
