"""When a hit is good enough to answer: evidence against thresholds that were measured (pure)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import Enum

from index.search import Hit


class Sureness(Enum):
    """How sure the index must be to answer in place of what the NLU took a message for."""

    ANSWERS = "answers"  # where the words can hardly mean anything else
    CERTAIN = "certain"  # against a fixed reply, or an answer from a table
    BEYOND_DOUBT = "beyond doubt"  # against a wish in plain words: a list, a follow-up to what was said


@dataclass(frozen=True, slots=True)
class Policy:
    """When a hit is good enough; the figures come from measurements (docs/adr/0005-abstention.md), not from habit.

    The evidence of a hit is its cosine and its weighted share of the words. It answers by that alone, or with less
    where its document is known to answer a question near to this one.
    """

    lexical_weight: float = 0.1  # of a hit's share of the best possible BM25 score, beside its cosine
    answers_from: float = 0.9  # evidence from which a hit answers
    asked_answers_from: float = (
        1.79  # evidence plus cosine with a known question of its document, from which it does too
    )
    hints_from: float = 0.872  # evidence from which a document is named as perhaps related, where none answers
    english_answers_from: float = 0.88  # cosine from which a hit answers a question in English
    english_asked_from: float = 0.895  # cosine with a known question of its document, from which it does too
    chinese_answers_from: float = 0.9  # the same in Chinese
    chinese_asked_from: float = 0.915
    certain_from: float = 0.91  # evidence, and cosine with a known question, from which both together are certain
    certain_asked_from: float = 0.925
    certain_together_from: float = 1.86  # evidence plus cosine with a known question, from which one makes up for both
    beyond_doubt_from: float = 1.88  # the same, from which nothing else can be meant
    asked_alone_from: float = 0.945  # cosine with a known question from which a hit that answers is certain
    asked_at_least: float = 0.9  # cosine with a known question below which nothing is certain, whatever the evidence
    overrules_by: float = 0.02  # further evidence wanted where the NLU thinks that no document was asked for
    surely_outside_by: float = 0.07  # the same where it is sure of that
    related_from: float = 0.90  # share of the best fused score from which another document is named too
    lapsed_handicap: float = 0.30  # what a lapsed document's fused score loses against one that holds
    title_handicap: float = 0.10  # what a document's score loses where nothing but its title is held

    def accepts(self, hit: Hit) -> bool:
        """Say whether a hit is strong enough to answer: near in meaning and words, or asked before in other words."""
        if hit.lang == "vi":
            evidence = self._evidence(hit)
            return evidence >= self.answers_from or evidence + hit.asked >= self.asked_answers_from
        if hit.lang == "en":
            return hit.dense >= self.english_answers_from or hit.asked >= self.english_asked_from
        return hit.dense >= self.chinese_answers_from or hit.asked >= self.chinese_asked_from

    def is_certain(self, hit: Hit, wanted: Sureness = Sureness.CERTAIN) -> bool:
        """Say whether a hit answers whatever the NLU took the message for: strong, and asked before nearly so.

        In English and Chinese the cosine with a known question alone decides, further from the threshold.
        """
        if wanted is Sureness.ANSWERS:
            return self.accepts(hit)
        is_certain = wanted is Sureness.CERTAIN
        if hit.lang == "vi":
            has_both = self._evidence(hit) >= self.certain_from and hit.asked >= self.certain_asked_from
            if is_certain and (has_both or (hit.asked >= self.asked_alone_from and self.accepts(hit))):
                return True
            together_from = self.certain_together_from if is_certain else self.beyond_doubt_from
            return hit.asked >= self.asked_at_least and self.strength(hit) >= together_from
        asked_from = self.english_asked_from if hit.lang == "en" else self.chinese_asked_from
        return hit.asked >= asked_from + (1 if is_certain else 2) * self.overrules_by

    def strength(self, hit: Hit) -> float:
        """Return how well a hit fits, 0..about 2: its evidence and its cosine with a known question together."""
        return self._evidence(hit) + hit.asked

    @property
    def overruling(self) -> Policy:
        """The policy for a message that the NLU takes for no question about documents."""
        return self._wanting(self.overrules_by)

    @property
    def surely_outside(self) -> Policy:
        """The policy for a message that the NLU is sure is none of the State's business."""
        return self._wanting(self.surely_outside_by)

    def hints(self, hit: Hit) -> bool:
        """Say whether a hit that does not answer is near enough to be named; never across languages."""
        return hit.lang == "vi" and self._evidence(hit) >= self.hints_from

    def considers(self, hit: Hit) -> bool:
        """Say whether a hit is near enough to answer or to be named; any other need not be looked up."""
        return self.accepts(hit) or self.hints(hit)

    def _wanting(self, further: float) -> Policy:
        named = [field.name for field in fields(self) if field.name.endswith(("answers_from", "asked_from"))]
        return replace(self, **{name: getattr(self, name) + further for name in named})

    def _evidence(self, hit: Hit) -> float:
        return hit.dense + self.lexical_weight * hit.lexical
