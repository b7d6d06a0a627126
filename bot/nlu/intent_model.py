"""The intent classifier: two opinions of every message, by its words and by its meaning, and their mean."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from bot.nlu.term_scorer import Array, TermScorer, log_softmax
from bot.nlu.vector_scorer import VectorScorer

SHARPNESS = 0.75
"""Power to which the product of the two opinions is raised (a mean would be 0.5), so that probabilities are honest."""

_ARRAYS = "intents.npz"
_NAMES = "intents.json"
_OF_VECTOR = tuple(field.name for field in fields(VectorScorer))


@dataclass(frozen=True, slots=True)
class Features:
    """What the model sees of a message."""

    terms: Counter[str]
    vector: Array  # float32, shape (dim,): of the text with accents put back


@dataclass(frozen=True, slots=True)
class IntentModel:
    """A fitted classifier."""

    labels: tuple[str, ...]
    by_terms: TermScorer
    by_vector: VectorScorer

    @classmethod
    def fit(cls, messages: Sequence[Features], labels: Sequence[str]) -> IntentModel:
        """Learn from messages and the label of each. Deterministic. Raises ValueError with fewer than two labels."""
        if len(set(labels)) < 2:
            raise ValueError("a classifier needs examples of at least two intents")
        return cls(
            labels=tuple(sorted(set(labels))),
            by_terms=TermScorer.fit([message.terms for message in messages], labels),
            by_vector=VectorScorer.fit(np.array([message.vector for message in messages]), labels),
        )

    def rank(self, message: Features) -> list[tuple[str, float]]:
        """Return every label with its probability, most probable first; probabilities add up to 1.

        A message of which no word was seen in training ("blorf", "hmm", "12345") may be anything: all labels are equal.
        """
        if not self.by_terms.knows(message.terms):
            return [(label, 1 / len(self.labels)) for label in self.labels]
        agreed = self.by_terms.log_shares(message.terms) + self.by_vector.log_shares(message.vector)
        shares = np.exp(log_softmax(SHARPNESS * agreed))
        order = np.argsort(-shares, kind="stable")
        return [(self.labels[place], float(shares[place])) for place in order]

    def guess(self, terms: Counter[str]) -> tuple[str, float]:
        """Return the likeliest label by the terms alone, with its probability."""
        shares = np.exp(self.by_terms.log_shares(terms))
        best = int(shares.argmax())
        return self.labels[best], float(shares[best])

    def save(self, folder: Path) -> None:
        """Write the model into `folder`, which exists."""
        terms, vector = self.by_terms, self.by_vector
        np.savez_compressed(
            folder / _ARRAYS,
            idf=terms.idf,
            term_weights=terms.weights.astype(np.float16),
            term_intercept=terms.intercept,
            **{name: getattr(vector, name) for name in _OF_VECTOR},
        )
        names = {"labels": self.labels, "terms": list(terms.column_of)}
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote. Raises OSError, or ValueError where the parts do not belong together."""
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        column_of = {term: column for column, term in enumerate(names["terms"])}
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            weights = arrays["term_weights"].astype(np.float32)
            if weights.shape != (len(column_of), len(names["labels"])):
                raise ValueError(f"an intent model of shape {weights.shape} does not fit its names")
            return cls(
                labels=tuple(names["labels"]),
                by_terms=TermScorer(column_of, arrays["idf"], weights, arrays["term_intercept"]),
                by_vector=VectorScorer(**{name: arrays[name] for name in _OF_VECTOR}),
            )
