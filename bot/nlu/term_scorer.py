"""One opinion of a message: multinomial logistic regression over its counted terms.

scikit-learn is needed to fit, numpy alone to score; a stored model is arrays and JSON, never a pickle, so opening one
cannot run code.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.terms import BLOCKS

Array = NDArray[np.float32]

_SHORT_NUMBER = re.compile("w0{1,8}")  # every digit reads 0; an identity or telephone number has nine or more

REGULARISATION = 30.0
"""Inverse strength C of the L2 penalty (docs/adr/0013-understanding.md)."""

FEWEST_EXAMPLES = 2
"""A term seen in fewer training texts than this says nothing about the next message."""


@dataclass(frozen=True, slots=True)
class TermScorer:
    """Scores labels by the terms of a message: TF-IDF, each block of terms of unit length."""

    column_of: Mapping[str, int]  # term → column
    idf: Array  # shape (n_terms,)
    weights: Array  # shape (n_terms, n_labels)
    intercept: Array  # shape (n_labels,)

    @classmethod
    def fit(cls, counted: Sequence[Counter[str]], labels: Sequence[str]) -> TermScorer:
        """Learn from the terms and the label of each text."""
        from scipy.sparse import csr_matrix

        seen_in = Counter(term for terms in counted for term in terms)
        vocabulary = sorted(term for term, examples in seen_in.items() if examples >= FEWEST_EXAMPLES)
        column_of = {term: column for column, term in enumerate(vocabulary)}
        examples_with = np.array([seen_in[term] for term in vocabulary], dtype=np.float32)
        idf = (np.log((1 + len(counted)) / (1 + examples_with)) + 1).astype(np.float32)
        rows = [weigh(terms, column_of, idf) for terms in counted]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        matrix = csr_matrix(
            (np.concatenate([values for _, values in rows]), np.concatenate([columns for columns, _ in rows]), ends),
            shape=(len(counted), len(vocabulary)),
        )
        weights, intercept = _regression(matrix, labels)
        return cls(column_of, idf, weights, intercept)

    def knows(self, terms: Counter[str]) -> bool:
        """Say whether any word of a message was seen in training; a short number is no word."""
        words = (term for term in terms if term[0] == "w" and " " not in term)
        return any(word in self.column_of for word in words if not _SHORT_NUMBER.fullmatch(word))

    def log_shares(self, terms: Counter[str]) -> Array:
        """Return the logarithms of the labels' probabilities, shape (n_labels,)."""
        columns, values = weigh(terms, self.column_of, self.idf)
        return log_softmax(values @ self.weights[columns] + self.intercept)


def weigh(terms: Counter[str], column_of: Mapping[str, int], idf: Array) -> tuple[NDArray[np.int64], Array]:
    """Return columns and TF-IDF values of the known terms: logarithmic counts, each block of unit length."""
    all_columns: list[int] = []
    all_values: list[Array] = []
    for block in BLOCKS:
        known = [(column_of[term], count) for term, count in terms.items() if term[0] == block and term in column_of]
        if known:
            columns = [column for column, _ in known]
            values = (1 + np.log(np.array([count for _, count in known], dtype=np.float32))) * idf[columns]
            all_columns += columns
            all_values.append(values / np.linalg.norm(values))
    return np.array(all_columns, dtype=np.int64), np.concatenate(all_values or [np.empty(0, dtype=np.float32)])


def log_softmax(scores: Array) -> Array:
    """Return scores, along the last axis, as logarithms of probabilities."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def _regression(matrix: Any, labels: Sequence[str]) -> tuple[Array, Array]:
    """Fit; classes are in alphabetical order. A step or two short of convergence changes nothing that is measured."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=REGULARISATION, max_iter=40, tol=1e-3, class_weight="balanced")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        regression.fit(matrix, list(labels))
    return np.ascontiguousarray(regression.coef_.T, dtype=np.float32), regression.intercept_.astype(np.float32)
