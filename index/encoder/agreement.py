"""Whether two encoders agree: how near their vectors are, and how alike they rank."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a candidate's vectors of some texts compare with the reference's; shares are in 0..1, cosines in -1..1."""

    texts: int
    cosine_min: float  # of the two vectors of one text, for the worst text
    cosine_mean: float
    overlap_mean: float  # shared part of the `DEPTH` nearest other texts
    top_equal: float  # share of texts whose nearest other text is the same

    @property
    def is_sufficient(self) -> bool:
        """Whether the candidate may stand in for the reference (bounds of issue 2)."""
        return self.cosine_min >= 0.99 and self.overlap_mean >= 0.9 and self.top_equal >= 0.95

    def __str__(self) -> str:
        return (
            f"{self.texts} texts: cosine at least {self.cosine_min:.4f}, mean {self.cosine_mean:.4f}; "
            f"top {DEPTH} shared {self.overlap_mean:.3f}; same nearest text {self.top_equal:.3f}"
        )


def agreement(reference: NDArray[np.float32], candidate: NDArray[np.float32]) -> Agreement:
    """Compares two arrays of unit rows, shape (n_texts, dim), row by row and by their rankings.

    Each text in turn is the question, and all others are ranked for it; needs more than `DEPTH` texts.
    """
    if reference.shape != candidate.shape or len(reference) <= DEPTH:
        raise ValueError(f"more than {DEPTH} texts and equal shapes needed: {reference.shape}, {candidate.shape}")
    cosines = np.sum(reference * candidate, axis=1)
    ours, theirs = _nearest(candidate), _nearest(reference)
    shared = [len(np.intersect1d(left, right)) / DEPTH for left, right in zip(ours, theirs, strict=True)]
    return Agreement(
        texts=len(reference),
        cosine_min=float(cosines.min()),
        cosine_mean=float(cosines.mean()),
        overlap_mean=float(np.mean(shared)),
        top_equal=float(np.mean(ours[:, 0] == theirs[:, 0])),
    )


def _nearest(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """For each row the numbers of the `DEPTH` nearest other rows, nearest first; ties by number."""
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -np.inf)
    return np.argsort(-similarity, axis=1, kind="stable")[:, :DEPTH]
