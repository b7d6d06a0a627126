"""What every `Embedder` must do; an implementation's test class inherits it and supplies `embedder`."""

from __future__ import annotations

import unicodedata

import numpy as np

from index.embedder import Embedder

TEXTS = [
    "Mức lương cơ sở từ 1/7/2026 là bao nhiêu?",
    "Thủ tục cấp thẻ căn cước cho trẻ em dưới 6 tuổi",
    "Người điều khiển xe máy vượt đèn đỏ bị phạt tiền",
    "muc luong co so",
    "How do I renew my passport?",
    "护照丢失应该怎么办？",
]


class EmbedderContract:
    """Inherit, and give a fixture `embedder`."""

    def test_a_vector_is_a_unit_row_of_float32(self, embedder: Embedder) -> None:
        for vectors in (embedder.embed_passages(TEXTS), embedder.embed_queries(TEXTS)):
            assert vectors.dtype == np.float32
            assert vectors.shape == (len(TEXTS), embedder.dim)
            np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        assert embedder.embed_passages([]).shape == (0, embedder.dim)
        assert embedder.embed_queries([]).shape == (0, embedder.dim)

    def test_the_same_text_gives_the_same_vector(self, embedder: Embedder) -> None:
        np.testing.assert_array_equal(embedder.embed_queries(TEXTS[:2]), embedder.embed_queries(TEXTS[:2]))

    def test_a_vector_does_not_depend_on_the_texts_beside_it(self, embedder: Embedder) -> None:
        together = embedder.embed_passages([*TEXTS, "dài " * 300])
        for text, row in zip(TEXTS, together, strict=False):
            np.testing.assert_allclose(embedder.embed_passages([text])[0], row, atol=1e-5)

    def test_rows_come_in_the_order_of_the_texts(self, embedder: Embedder) -> None:
        forwards, backwards = embedder.embed_passages(TEXTS), embedder.embed_passages(TEXTS[::-1])
        np.testing.assert_allclose(forwards, backwards[::-1], atol=1e-5)

    def test_decomposed_vietnamese_is_the_same_text(self, embedder: Embedder) -> None:
        decomposed = [unicodedata.normalize("NFD", text) for text in TEXTS]
        np.testing.assert_allclose(embedder.embed_queries(decomposed), embedder.embed_queries(TEXTS), atol=1e-5)

    def test_any_text_is_taken(self, embedder: Embedder) -> None:
        awkward = ["", " \n\t", "\x00\u200b\ufeff", "\ud800", "🙏" * 50, "a" * 10_000, "lương " * 2_000]
        vectors = embedder.embed_passages(awkward)
        assert np.isfinite(vectors).all()
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)

    def test_a_question_is_nearest_to_the_passage_about_it(self, embedder: Embedder) -> None:
        question = embedder.embed_queries(["mức lương cơ sở là bao nhiêu"])
        scores = embedder.embed_passages(TEXTS[:3]) @ question[0]
        assert int(scores.argmax()) == 0

    def test_it_says_which_model_it_is(self, embedder: Embedder) -> None:
        assert embedder.name
        assert embedder.revision
        assert embedder.dim > 0
