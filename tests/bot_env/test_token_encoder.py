"""The lower half of the encoder gives a vector of each token of a text."""

import numpy as np
import pytest

from bot.nlu.prepared import encoder_folder
from bot.nlu.token_encoder import MOST_TOKENS, TokenEncoder
from index.embedder import CARD_FILE, EmbedderCard, EmbedderUnavailable

TEXTS = ["mức lương cơ sở là bao nhiêu", "", "a", "最低工资是多少"]


@pytest.fixture(scope="module")
def encoder():
    return TokenEncoder(encoder_folder(), threads=2)


def test_every_token_has_a_vector_and_a_long_text_is_cut(encoder):
    *short, long = encoder.encode([*TEXTS, "nghị định " * 500])
    assert all(0 < len(each) < 20 for each in short)
    assert long.shape == (MOST_TOKENS, EmbedderCard.read(encoder_folder() / CARD_FILE).dim)
    assert all(np.isfinite(each).all() for each in (*short, long))


def test_a_text_reads_the_same_alone_and_beside_others(encoder):
    together = encoder.encode(TEXTS)
    for text, beside in zip(TEXTS, together, strict=True):
        (alone,) = encoder.encode([text])
        assert np.array_equal(alone, beside)


def test_a_folder_without_an_encoder_is_refused(tmp_path):
    with pytest.raises(EmbedderUnavailable, match="make setup"):
        TokenEncoder(tmp_path)
