"""The intent classifier as plain mathematics: TF-IDF of terms and multinomial logistic regression.

scikit-learn is needed to fit, numpy alone to rank; a stored model is arrays and JSON, never a pickle, so opening one
cannot run code.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.nlu.terms import count_terms

REGULARISATION = 30.0
"""Inverse strength C of the L2 penalty; chosen by cross-validation (docs/adr/0004-nlu.md)."""

FEWEST_EXAMPLES = 2
"""A term seen in fewer training texts than this says nothing about the next message."""

_ARRAYS = "intents.npz"
_NAMES = "intents.json"


@dataclass(frozen=True, slots=True)
class IntentModel:
    """A fitted classifier."""

    labels: tuple[str, ...]
    column_of: dict[str, int]  # term → column
    idf: NDArray[np.float32]  # shape (n_terms,)
    weights: NDArray[np.float32]  # shape (n_terms, n_labels)
    intercept: NDArray[np.float32]  # shape (n_labels,)

    @classmethod
    def fit(
        cls, texts: Sequence[str], labels: Sequence[str], *, terms_of: Callable[[str], Counter[str]] = count_terms
    ) -> IntentModel:
        """Learn from `texts` and the label of each. Deterministic. Raises ValueError with fewer than two labels."""
        from scipy.sparse import csr_matrix
        from sklearn.linear_model import LogisticRegression

        if len(set(labels)) < 2:
            raise ValueError("a classifier needs examples of at least two intents")
        counted = [terms_of(text) for text in texts]
        seen_in = Counter(term for terms in counted for term in terms)
        vocabulary = sorted(term for term, examples in seen_in.items() if examples >= FEWEST_EXAMPLES)
        column_of = {term: column for column, term in enumerate(vocabulary)}
        examples_with = np.array([seen_in[term] for term in vocabulary], dtype=np.float32)
        idf = (np.log((1 + len(texts)) / (1 + examples_with)) + 1).astype(np.float32)

        rows = [_weigh(terms, column_of, idf) for terms in counted]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        matrix = csr_matrix(
            (np.concatenate([values for _, values in rows]), np.concatenate([columns for columns, _ in rows]), ends),
            shape=(len(texts), len(vocabulary)),
        )
        regression = LogisticRegression(C=REGULARISATION, max_iter=60, tol=1e-3, class_weight="balanced")
        regression.fit(matrix, list(labels))
        return cls(
            labels=tuple(str(label) for label in regression.classes_),
            column_of=column_of,
            idf=idf,
            weights=np.ascontiguousarray(regression.coef_.T, dtype=np.float32),
            intercept=regression.intercept_.astype(np.float32),
        )

    def rank(self, text: str, *, terms_of: Callable[[str], Counter[str]] = count_terms) -> list[tuple[str, float]]:
        """Return every label with its probability, most probable first; probabilities add up to 1."""
        columns, values = _weigh(terms_of(text), self.column_of, self.idf)
        scores = values @ self.weights[columns] + self.intercept
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        return [(self.labels[place], float(shares[place])) for place in order]

    def save(self, folder: Path) -> None:
        """Write the model into `folder`, which exists."""
        np.savez_compressed(
            folder / _ARRAYS, idf=self.idf, weights=self.weights.astype(np.float16), intercept=self.intercept
        )
        names = {"labels": self.labels, "terms": list(self.column_of)}
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote. Raises OSError, or ValueError where the parts do not belong together."""
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            idf = arrays["idf"]
            weights = arrays["weights"].astype(np.float32)
            intercept = arrays["intercept"]
        if weights.shape != (len(names["terms"]), len(names["labels"])):
            raise ValueError(f"an intent model of shape {weights.shape} does not fit its names")
        return cls(
            labels=tuple(names["labels"]),
            column_of={term: column for column, term in enumerate(names["terms"])},
            idf=idf,
            weights=weights,
            intercept=intercept,
        )


def _weigh(
    terms: Counter[str], column_of: dict[str, int], idf: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return columns and TF-IDF values (logarithmic counts, unit length) of the known terms."""
    known = [(column_of[term], count) for term, count in terms.items() if term in column_of]
    columns = np.array([column for column, _ in known], dtype=np.int64)
    counts = np.array([count for _, count in known], dtype=np.float32)
    values = (1 + np.log(counts)) * idf[columns] if known else counts
    length = float(np.linalg.norm(values))
    return columns, values / length if length else values
