"""Passages and vectors of a snapshot on disk, row by row."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import passage_store, vector_file
from index.document import Passage, TextKind
from index.passage_store import KINDS, PassageStore

ARTICLE = Passage(
    id="161/2026/NĐ-CP@2026-05-15#dieu-3",
    document_id="161/2026/NĐ-CP@2026-05-15",
    location="Điều 3",
    headings=("Chương I. CHUNG", "Điều 3. Mức lương cơ sở"),
    text="Mức lương cơ sở là 2.530.000 đồng.",
    text_kind=TextKind.OFFICIAL,
    context="Nghị định 161/2026/NĐ-CP",
    weight=0.85,
)
SUMMARY = replace(ARTICLE, id="162/2026/NĐ-CP@#tom-tat", document_id="162/2026/NĐ-CP@", text_kind=TextKind.SUMMARY)
TITLE = replace(ARTICLE, id="1/2020/QH14@#trich-yeu", document_id="1/2020/QH14@", text_kind=TextKind.TITLE, weight=1.0)
PASSAGES = [ARTICLE, SUMMARY, TITLE, replace(ARTICLE, id=f"{ARTICLE.id}/khoan-2")]


@pytest.fixture
def store(tmp_path: Path) -> PassageStore:
    passage_store.write(PASSAGES, tmp_path)
    return PassageStore.open(tmp_path)


def test_passages_come_back_as_they_were_written(store: PassageStore) -> None:
    assert list(store) == PASSAGES
    assert len(store) == 4


def test_every_row_has_its_document_kind_weight_and_digest(store: PassageStore) -> None:
    assert [store.document_ids[document] for document in store.documents] == [one.document_id for one in PASSAGES]
    assert [KINDS[code] for code in store.kinds] == [one.text_kind for one in PASSAGES]
    assert store.official.tolist() == [True, False, False, True]
    assert store.weights.tolist() == pytest.approx([0.85, 0.85, 1.0, 0.85])
    assert [digest.tobytes().hex() for digest in store.digests] == [one.digest for one in PASSAGES]


def test_only_official_wording_makes_a_document_official(store: PassageStore) -> None:
    ids = (ARTICLE.document_id, SUMMARY.document_id, TITLE.document_id, "unknown")
    assert [store.has_official(id_) for id_ in ids] == [True, False, False, False]
    assert store.rows_of([ARTICLE.document_id, "unknown"]).tolist() == [True, False, False, True]


def test_every_row_is_its_own_group_until_groups_are_written(store: PassageStore, tmp_path: Path) -> None:
    assert store.groups.tolist() == [0, 1, 2, 3]
    passage_store.write_groups(np.array([0, 1, 2, 0], dtype=np.int32), tmp_path)
    assert store.groups.tolist() == [0, 1, 2, 3]
    assert PassageStore.open(tmp_path).groups.tolist() == [0, 1, 2, 0]


def test_equal_passages_in_the_same_order_have_equal_content(tmp_path: Path) -> None:
    def content(passages: list[Passage], name: str) -> str:
        (tmp_path / name).mkdir()
        return passage_store.write(passages, tmp_path / name).content

    first = content(PASSAGES, "a")
    assert content(PASSAGES, "b") == first
    assert content(PASSAGES[::-1], "c") != first
    assert content([replace(ARTICLE, weight=1.0), *PASSAGES[1:]], "d") != first


def test_vectors_written_in_batches_are_mapped_as_one(tmp_path: Path) -> None:
    vectors = np.random.default_rng(7).normal(size=(7, 5)).astype(np.float32)
    vector_file.write(tmp_path / "v.npy", [vectors[:3], vectors[3:]], rows=7, dim=5)
    mapped = vector_file.open_mapped(tmp_path / "v.npy")
    assert mapped.tolist() == vectors.tolist()
    assert isinstance(mapped, np.memmap)
    assert not mapped.flags.writeable


def test_vectors_that_are_not_as_many_as_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 vectors for 3 rows"):
        vector_file.write(tmp_path / "v.npy", [np.zeros((2, 4), dtype=np.float32)], rows=3, dim=4)
