"""Weighted fusion of dense and lexical scores: one score in 0..1 per candidate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

DENSE_WEIGHT = 0.6
"""Share of the dense leg (reference/embedding.md section 5b: "about half", within noise of 0.5 to 0.8)."""


TRANSLATED_DENSE_WEIGHT = 0.9
"""The same where the words are a glossary's, for a question in another language (0012-known-questions.md)."""

ASKED_FROM = 0.86
"""Cosine of two questions from which the nearness of a known question counts."""

ASKED_ABOVE_DENSE = 0.06
"""By how much more two questions that ask the same are alike than a question and the passage that answers it."""

ASKED_BELOW_WEIGHT = 0.5
"""Share of what is missing to that by which a document held in our own words only falls behind others of that kind."""


def shifted(
    dense: NDArray[np.float32],
    asked: NDArray[np.float32],
    documents: NDArray[np.int32],
    summarised: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Cosines raised where a known question of the document is nearer than its passages are, and lowered where not.

    The arrays give the candidates of one question in the same order; `asked` and `summarised`, which says that no
    official passage of the document is held, are the same for all of a document. Raised, its best passage comes to
    stand at `asked` - `ASKED_ABOVE_DENSE`; its others keep their distance to that, so the question still chooses among
    them. Summarised documents are compared with each other by what is missing to that: the first of them stays where it
    is, so it does not give way to a document of which no question is known, nor to a whole text, which answers more
    than anybody has asked yet; those behind it may. In a corpus without known questions the cosines come back as they
    are.
    Figures: docs/adr/0012-known-questions.md.
    """
    if not asked.any():
        return dense
    ordinals, places = np.unique(documents, return_inverse=True)
    best = np.full(len(ordinals), -1, dtype=np.float32)
    np.maximum.at(best, places, dense)
    gap = asked - np.float32(ASKED_ABOVE_DENSE) - best[places]
    raised: NDArray[np.float32] = dense + np.where(asked >= ASKED_FROM, np.maximum(gap, 0), np.float32(0))
    compared = summarised & (asked > 0)
    if not compared.any():
        return raised
    missing = np.float32(ASKED_BELOW_WEIGHT) * np.minimum(gap, 0)
    first = np.argmax(np.where(compared, raised + missing, -np.inf))
    lowered: NDArray[np.float32] = raised + np.where(compared, np.minimum(missing - missing[first], 0), np.float32(0))
    return lowered


def fuse(
    dense: NDArray[np.float32], lexical: NDArray[np.float32], *, dense_weight: float = DENSE_WEIGHT
) -> NDArray[np.float32]:
    """`dense_weight` · scaled dense + (1 - `dense_weight`) · scaled lexical, for the candidates of one question.

    Both arrays give the same candidates in the same order. Cosines are scaled from the lowest to the highest among the
    candidates, because encoders use only a small part of their range (e5: 0.80 to 0.95). BM25 is scaled from 0, which
    means "no term in common", to the highest (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid
    Retrieval", TOIS 2023: convex combination with the theoretical minimum where it is known). Without a lexical match
    anywhere, the dense leg decides alone.
    The result is float32 in 0..1, comparable within one question only: the best candidate of a hopeless question is
    near 1 too. To judge a hit by itself, look at its cosine and lexical share.
    """
    if not 0 <= dense_weight <= 1:
        raise ValueError(f"dense_weight must be in 0..1, not {dense_weight}")
    if dense.size == 0:
        return np.zeros(0, dtype=np.float32)
    top = float(lexical.max())
    if top <= 0:
        dense_weight = 1.0
    floor, ceiling = float(dense.min()), float(dense.max())
    scaled_dense = (dense - floor) / (ceiling - floor) if ceiling > floor else np.ones_like(dense)
    scaled_lexical = lexical / top if top > 0 else lexical
    fused = dense_weight * scaled_dense + (1 - dense_weight) * scaled_lexical
    return np.clip(fused, 0.0, 1.0).astype(np.float32)
