"""What documents are known to answer: kept in the snapshot, encoded once, compared with every question."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index import asked
from index.asked import KnownQuestions, Nearness
from index.document import Passage, TextKind
from index.snapshot import Snapshot, build
from index.testing import HashEmbedder, InMemorySource

IDS = ("1/2026/NĐ-CP@", "2/2026/NĐ-CP@", "3/2026/NĐ-CP@")
PASSAGES = tuple(
    Passage(f"{name}#dieu-{part}", name, None, (), f"Điều {part} của {name}", TextKind.OFFICIAL, "")
    for name in IDS
    for part in (1, 2)
)
KNOWN = ((IDS[2], "ai được hưởng"), (IDS[0], "lương bao nhiêu"), (IDS[2], "khi nào áp dụng"))


class CountingEmbedder(HashEmbedder):
    """Remembers the questions that were really encoded."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> np.ndarray:
        self.questions += texts
        return super().embed_queries(texts)


def test_the_nearest_known_question_speaks_for_its_document(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    build(InMemorySource(PASSAGES, KNOWN), embedder, tmp_path)
    known = Snapshot.open(tmp_path, embedder).asked
    assert known.size == 3
    near = known.near(embedder.embed_queries(["khi nào áp dụng"])[0])
    cosines = near.of(np.array([0, 1, 2, 2], dtype=np.int32))
    assert np.allclose(cosines[2:], 1, atol=1e-5)
    assert cosines[1] == 0
    assert cosines[0] < 0.5
    assert near.nearest(at_least=0.9) == [2]
    assert near.nearest(at_least=-1) == [2, 0]
    assert known.rows(2).tolist() == [4, 5]
    assert known.rows(1).tolist() == []


def test_only_new_questions_are_encoded(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    build(InMemorySource(PASSAGES, KNOWN), embedder, tmp_path)
    assert sorted(embedder.questions) == sorted(text for _, text in KNOWN)
    embedder.questions.clear()
    moved = (*KNOWN[1:], (IDS[1], KNOWN[0][1]), (IDS[1], "nộp ở đâu"))
    build(InMemorySource(PASSAGES, moved), embedder, tmp_path)
    assert embedder.questions == ["nộp ở đâu"]
    known = Snapshot.open(tmp_path, embedder).asked
    assert known.near(HashEmbedder().embed_queries(["ai được hưởng"])[0]).nearest(at_least=0.9) == [1]


def test_a_question_more_is_another_snapshot_and_the_same_ones_are_none(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    first = build(InMemorySource(PASSAGES, KNOWN), embedder, tmp_path)
    assert build(InMemorySource(PASSAGES, KNOWN), embedder, tmp_path) == first
    assert build(InMemorySource(PASSAGES, KNOWN[:2]), embedder, tmp_path) != first


def test_questions_of_documents_without_passages_and_repeated_ones_are_left_out(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    first = build(InMemorySource(PASSAGES, KNOWN), embedder, tmp_path)
    more = (*KNOWN, KNOWN[0], ("9/2026/NĐ-CP@", "của văn bản nào"), (IDS[0], ""))
    assert build(InMemorySource(PASSAGES, more), embedder, tmp_path) == first


def test_a_corpus_without_known_questions_has_an_empty_file_and_nothing_near(tmp_path: Path) -> None:
    embedder = CountingEmbedder()
    build(InMemorySource(PASSAGES), embedder, tmp_path)
    known = Snapshot.open(tmp_path, embedder).asked
    near = known.near(HashEmbedder().embed_queries(["khi nào"])[0])
    assert (known.size, near.nearest(at_least=-1), embedder.questions) == (0, [], [])
    assert near.of(np.array([0, 1], dtype=np.int32)).tolist() == [0, 0]


def test_equal_cosines_come_in_the_order_of_documents() -> None:
    near = Nearness(np.array([1, 4, 7], dtype=np.int32), np.array([0.9, 0.9, 0.95], dtype=np.float32))
    assert near.nearest(at_least=0.9) == [7, 1, 4]


def test_rows_of_a_document_need_not_stand_together() -> None:
    vectors = np.eye(2, dtype=np.float32)
    rows_of = np.array([1, 0, 1, 2, 0], dtype=np.int32)
    known = KnownQuestions(vectors=vectors, documents=np.array([0, 1], dtype=np.int32), rows_of=rows_of)
    assert [known.rows(document).tolist() for document in range(3)] == [[1, 4], [0, 2], []]


def test_texts_come_back_in_the_order_of_documents(tmp_path: Path) -> None:
    digest = asked.write_texts(KNOWN, IDS, tmp_path)
    assert len(digest) == 64
    assert np.load(tmp_path / "asked" / "documents.npy").tolist() == [0, 2, 2]
