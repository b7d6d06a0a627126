"""Near-duplicate passages: the same clause in nearly the same words is one group; another figure never is."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from index import passage_store
from index.document import Passage, TextKind
from index.duplicates import are_near, buckets, groups
from index.passage_store import PassageStore

CLAUSE = (
    "Bộ trưởng, Thủ trưởng cơ quan ngang bộ, Thủ trưởng cơ quan thuộc Chính phủ, Chủ tịch Ủy ban nhân dân tỉnh, thành "
    "phố trực thuộc trung ương và các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Nghị định này."
)
FINE = (
    "Người điều khiển xe chạy quá tốc độ quy định từ 10 km/h đến 20 km/h thì bị phạt tiền từ 4.000.000 đồng đến "
    "6.000.000 đồng và bị trừ điểm giấy phép lái xe theo quy định của pháp luật về trật tự, an toàn giao thông."
)


def passage(
    text: str, *, document: int = 1, article: int = 1, title: str = "", kind: TextKind = TextKind.OFFICIAL
) -> Passage:
    id_ = f"{document}/2026/NĐ-CP@2026-05-15"
    heading = f"Điều {article}. {title}" if title else f"Điều {article}"
    return Passage(f"{id_}#dieu-{article}", id_, f"Điều {article}", ("Chương I. CHUNG", heading), text, kind, "")


def groups_of(passages: list[Passage], folder: Path) -> list[int]:
    folder.mkdir(exist_ok=True)
    passage_store.write(passages, folder)
    store = PassageStore.open(folder)
    return groups(store, buckets(store, None, np.full(len(store), -1))).tolist()


def test_a_clause_that_many_documents_end_with_is_one_group(tmp_path: Path) -> None:
    others = [CLAUSE.replace("Nghị định", "Thông tư"), CLAUSE.replace("và các", "và những")]
    passages = [passage(FINE), *(passage(text, document=n, article=n) for n, text in enumerate([CLAUSE, *others], 2))]
    assert groups_of(passages, tmp_path) == [0, 1, 1, 1]


def test_one_text_from_two_collectors_is_one_group_whatever_its_tone_marks_and_case(tmp_path: Path) -> None:
    assert groups_of([passage("Hoà giải ở cơ sở."), passage("HÒA GIẢI ở cơ sở", document=2)], tmp_path) == [0, 0]


def test_an_article_enacted_again_under_another_number_is_a_duplicate() -> None:
    assert are_near(passage(f"1. {FINE}", article=5), passage(f"2. {FINE}", document=2, article=7))


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("4.000.000 đồng", "5.000.000 đồng"),
        ("20 km/h", "25 km/h"),
        ("bị trừ điểm", "không bị trừ điểm"),
        ("quá tốc độ", "quá tốc độ hai lần"),
        ("quy định của pháp luật", "quy định của Bộ Công an"),
        ("từ 10 km/h đến 20 km/h", "từ 20 km/h đến 10 km/h"),
    ],
)
def test_another_amount_number_name_or_negation_is_never_a_duplicate(here: str, there: str) -> None:
    assert here in FINE
    assert not are_near(passage(FINE * 5), passage((FINE * 5).replace(here, there, 1), document=2))


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("phải nộp", "được nộp"),
        ("phải nộp", "có thể nộp"),
        ("được hưởng", "bị từ chối"),
        ("trước khi", "sau khi"),
        ("bản sao", "bản chính"),
        ("đơn và", "đơn hoặc"),
        ("thôi việc", "mất việc"),
        ("tối đa", "tối thiểu"),
    ],
)
def test_may_and_must_before_and_after_and_and_or_are_never_a_duplicate(here: str, there: str) -> None:
    rule = (
        "Người lao động được hưởng trợ cấp thôi việc ở mức tối đa, phải nộp hồ sơ tại cơ quan bảo hiểm xã hội nơi đang "
        "đóng, kèm đơn và bản sao giấy tờ tùy thân của mình, trước khi nhận quyết định của người sử dụng lao động; "
    )
    assert here in rule
    assert not are_near(passage(rule * 3), passage((rule * 3).replace(here, there, 1), document=2))


def test_the_same_short_answer_under_another_title_is_no_duplicate() -> None:
    assert not are_near(passage("Không quy định.", title="Phí"), passage("Không quy định.", title="Lệ phí", document=2))


def test_summaries_and_titles_stay_alone(tmp_path: Path) -> None:
    kinds = [TextKind.SUMMARY, TextKind.SUMMARY, TextKind.TITLE, TextKind.TITLE]
    passages = [passage(CLAUSE, document=number, kind=kind) for number, kind in enumerate(kinds)]
    assert groups_of(passages, tmp_path) == [0, 1, 2, 3]


def test_passages_without_a_word_stay_alone(tmp_path: Path) -> None:
    bare = [Passage(f"{n}@#x", f"{n}@", None, (), "----", TextKind.OFFICIAL, "") for n in range(3)]
    assert groups_of(bare, tmp_path) == [0, 1, 2]


def test_buckets_known_from_before_give_the_same_groups(tmp_path: Path) -> None:
    passage_store.write([passage(FINE), passage(CLAUSE, document=2), passage(CLAUSE, document=3)], tmp_path)
    store = PassageStore.open(tmp_path)
    fresh = buckets(store, None, np.full(3, -1))
    reused = buckets(store, fresh[[2, 0, 0]], np.array([1, 0, -1]))  # as if two were known, in another order
    assert reused.tolist() == fresh.tolist()
    assert groups(store, reused).tolist() == [0, 1, 1]


words = st.sampled_from(
    ["cá nhân", "tổ chức", "nộp", "hồ sơ", "tại", "cơ quan", "đăng ký", "cấp", "giấy phép", "theo", "quy định"]
)
figures = st.sampled_from(["2", "3", "10", "15/7/2026", "161/2026/NĐ-CP", "1.000.000", "ba", "30"])
texts = st.lists(st.one_of(words, words, figures), min_size=1, max_size=40).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_it_does_not_matter_which_of_two_is_asked_first(one: str, other: str) -> None:
    assert are_near(passage(one), passage(other)) == are_near(passage(other), passage(one))
    assert are_near(passage(one), passage(one, document=2))


@settings(max_examples=200, deadline=None)
@given(st.lists(words, min_size=3, max_size=60), st.integers(0), figures, figures)
def test_texts_that_differ_in_one_figure_are_never_near(around: list[str], place: int, figure: str, other: str) -> None:
    assume(figure != other)
    at = place % len(around)
    one, two = ([*around[:at], "mức", each, *around[at:]] for each in (figure, other))
    assert not are_near(passage(" ".join(one)), passage(" ".join(two), document=2))


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=1, max_size=12))
def test_rows_of_a_group_hold_the_same_figures_and_point_to_its_lowest_row(
    tmp_path_factory: pytest.TempPathFactory, held: list[str]
) -> None:
    found = groups_of([passage(text, document=n) for n, text in enumerate(held)], tmp_path_factory.mktemp("store"))
    for row, group in enumerate(found):
        assert group <= row
        assert found[group] == group
        assert [w for w in held[row].split() if w[0].isdigit()] == [w for w in held[group].split() if w[0].isdigit()]
    same = np.array(held)
    assert all(found[row] == found[np.flatnonzero(same == text)[0]] for row, text in enumerate(held))
