"""The encoder asked for its tokens: the same vector as in the search, and one more for each token."""

import numpy as np
import pytest

from bot.nlu.prepared import encoder_folder
from bot.nlu.token_encoder import MOST_TOKENS, TokenEncoder
from index.embedder import EmbedderUnavailable, OnnxEmbedder

TEXTS = ["mức lương cơ sở là bao nhiêu", "", "a", "最低工资是多少"]


@pytest.fixture(scope="module")
def encoder():
    return TokenEncoder(encoder_folder(), threads=2)


def test_the_vector_is_that_of_the_search(encoder):
    vectors = np.array([each.vector for each in encoder.encode(TEXTS)])
    assert np.allclose(vectors, OnnxEmbedder(encoder_folder()).embed_queries(TEXTS), atol=1e-6)


def test_every_token_has_a_vector_and_a_long_text_is_cut(encoder):
    *short, long = encoder.encode([*TEXTS, "nghị định " * 500])
    assert all(0 < len(each.tokens) < 20 for each in short)
    assert long.tokens.shape == (MOST_TOKENS, long.vector.size)
    assert all(np.isfinite(each.tokens).all() for each in (*short, long))


def test_a_text_reads_the_same_alone_and_beside_others(encoder):
    together = encoder.encode(TEXTS)
    for text, beside in zip(TEXTS, together, strict=True):
        (alone,) = encoder.encode([text])
        assert np.array_equal(alone.tokens, beside.tokens)


def test_a_folder_without_an_encoder_is_refused(tmp_path):
    with pytest.raises(EmbedderUnavailable, match="make setup"):
        TokenEncoder(tmp_path)
