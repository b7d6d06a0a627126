"""Vectors of passages: own words and context, each embedded alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from index.document import Passage, TextKind
from index.passage_vectors import PassageVectors
from index.testing import HashEmbedder

PASSAGE = Passage(
    id="1/2026/QH16@#dieu-1",
    document_id="1/2026/QH16@",
    location="Điều 1",
    headings=("Điều 1. Phạm vi",),
    text="Luật này quy định về hộ tịch",
    text_kind=TextKind.OFFICIAL,
    context="Luật Hộ tịch",
)


class RememberingEmbedder(HashEmbedder):
    """Remembers what it embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.seen += texts
        return super().embed_passages(texts)


def test_own_words_and_context_weigh_the_same() -> None:
    own, context = HashEmbedder().embed_passages(["Điều 1. Phạm vi\nLuật này quy định về hộ tịch", "Luật Hộ tịch"])
    expected = own + context
    assert PassageVectors(HashEmbedder()).of([PASSAGE])[0] == pytest.approx(
        expected / np.linalg.norm(expected), abs=1e-6
    )


def test_without_a_context_own_words_are_all() -> None:
    alone = replace(PASSAGE, context="", headings=())
    assert PassageVectors(HashEmbedder()).of([alone]) == pytest.approx(
        HashEmbedder().embed_passages([alone.text]), abs=1e-6
    )


def test_a_context_is_embedded_once_for_neighbouring_passages_and_batches() -> None:
    embedder = RememberingEmbedder()
    vectors = PassageVectors(embedder)
    vectors.of([PASSAGE, replace(PASSAGE, text="khoản khác")])
    vectors.of([replace(PASSAGE, text="khoản sau")])
    assert embedder.seen.count("Luật Hộ tịch") == 1


def test_a_vector_does_not_depend_on_its_neighbours() -> None:
    other = replace(PASSAGE, text="khoản khác", context="Luật khác")
    together = PassageVectors(HashEmbedder()).of([other, PASSAGE])[1]
    assert together == pytest.approx(PassageVectors(HashEmbedder()).of([PASSAGE])[0], abs=1e-6)
