"""Every embedder against the one behaviour suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedder import OnnxEmbedder, SentenceTransformerEmbedder
from index.testing import HashEmbedder
from tests.contract.embedder import EmbedderContract

PREPARED = Path("var/encoder")


class TestHashEmbedder(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> HashEmbedder:
        return HashEmbedder()

    def test_accents_and_case_do_not_count(self, embedder: HashEmbedder) -> None:
        left, right = embedder.embed_queries(["Đường Lê Lợi", "duong le loi"])
        assert left.tolist() == right.tolist()


@pytest.mark.model
class TestOnnxEmbedder(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> OnnxEmbedder:
        return OnnxEmbedder(PREPARED / "onnx")

    def test_threads_change_nothing_but_the_time(self, embedder: OnnxEmbedder) -> None:
        texts = [f"điều {number} khoản {number % 3}" for number in range(20)]
        several = OnnxEmbedder(PREPARED / "onnx", threads=2)
        assert several.embed_passages(texts).tolist() == embedder.embed_passages(texts).tolist()


@pytest.mark.model
class TestSentenceTransformerEmbedder(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> SentenceTransformerEmbedder:
        return SentenceTransformerEmbedder(str(PREPARED / "sentence-transformers"))
