"""The intent classifier: two opinions of every message, by its words and by its meaning, and their product."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from bot.nlu.meaning_scorer import MeaningScorer
from bot.nlu.term_scorer import TermScorer, log_softmax
from bot.nlu.token_encoder import Tokens

BY_TERMS, BY_MEANING = 0.5, 1.0
"""Powers of the two opinions in their product; together such that probabilities are honest."""

_ARRAYS = "intents.npz"
_NAMES = "intents.json"
_OF_MEANING = tuple(field.name for field in fields(MeaningScorer))


@dataclass(frozen=True, slots=True)
class Features:
    """What the model sees of a message."""

    terms: Counter[str]
    tokens: Tokens  # of the text with accents put back, in small letters


@dataclass(frozen=True, slots=True)
class IntentModel:
    """A fitted classifier."""

    labels: tuple[str, ...]
    by_terms: TermScorer
    by_meaning: MeaningScorer

    @classmethod
    def fit(cls, messages: Sequence[Features], labels: Sequence[str]) -> IntentModel:
        """Learn from messages and the label of each. Deterministic. Raises ValueError with fewer than two labels."""
        if len(set(labels)) < 2:
            raise ValueError("a classifier needs examples of at least two intents")
        return cls(
            labels=tuple(sorted(set(labels))),
            by_terms=TermScorer.fit([message.terms for message in messages], labels),
            by_meaning=MeaningScorer.fit([message.tokens for message in messages], labels),
        )

    def rank(self, message: Features) -> list[tuple[str, float]]:
        """Return every label with its probability, most probable first; probabilities add up to 1.

        A message of which no word was seen in training ("blorf", "hmm", "12345") may be anything: all labels are equal.
        """
        if not self.by_terms.knows(message.terms):
            return [(label, 1 / len(self.labels)) for label in self.labels]
        by_terms, by_meaning = self.by_terms.log_shares(message.terms), self.by_meaning.log_shares(message.tokens)
        shares = np.exp(log_softmax(BY_TERMS * by_terms + BY_MEANING * by_meaning))
        order = np.argsort(-shares, kind="stable")
        return [(self.labels[place], float(shares[place])) for place in order]

    def guess(self, terms: Counter[str]) -> tuple[str, float]:
        """Return the likeliest label by the terms alone, with its probability."""
        shares = np.exp(self.by_terms.log_shares(terms))
        best = int(shares.argmax())
        return self.labels[best], float(shares[best])

    def save(self, folder: Path) -> None:
        """Write the model into `folder`, which exists."""
        terms, meaning = self.by_terms, self.by_meaning
        np.savez_compressed(
            folder / _ARRAYS,
            idf=terms.idf,
            term_weights=terms.weights.astype(np.float16),
            term_intercept=terms.intercept,
            **{name: getattr(meaning, name) for name in _OF_MEANING},
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
                by_meaning=MeaningScorer(**{name: arrays[name] for name in _OF_MEANING}),
            )
