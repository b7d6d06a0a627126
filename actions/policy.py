"""When a hit is good enough to answer: evidence against thresholds that were measured (pure)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from index.search import Hit


@dataclass(frozen=True, slots=True)
class Policy:
    """When a hit is good enough; the figures come from measurements (docs/adr/0005-abstention.md), not from habit.

    The evidence of a hit is its cosine and its weighted share of the words. It answers by that alone, or with less
    where its document is known to answer a question near to this one.
    """

    lexical_weight: float = 0.1  # of a hit's share of the best possible BM25 score, beside its cosine
    answers_from: float = 0.9  # evidence from which a hit answers
    asked_answers_from: float = (
        1.8  # evidence plus cosine with a known question of its document, from which it does too
    )
    hints_from: float = 0.872  # evidence from which a document is named as perhaps related, where none answers
    english_answers_from: float = 0.88  # cosine from which a hit answers a question in English
    english_asked_from: float = 0.895  # cosine with a known question of its document, from which it does too
    chinese_answers_from: float = 0.9  # the same in Chinese
    chinese_asked_from: float = 0.915
    certain_from: float = 0.91  # evidence, and cosine with a known question, from which both together are certain
    certain_asked_from: float = 0.925
    overrules_by: float = 0.02  # further evidence wanted where the NLU is sure that no document was asked for
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

    def is_certain(self, hit: Hit) -> bool:
        """Say whether a hit answers whatever the NLU took the message for: strong, and asked before nearly so.

        In English and Chinese the cosine with a known question alone decides, further from the threshold.
        """
        if hit.lang == "vi":
            return self._evidence(hit) >= self.certain_from and hit.asked >= self.certain_asked_from
        asked_from = self.english_asked_from if hit.lang == "en" else self.chinese_asked_from
        return hit.asked >= asked_from + self.overrules_by

    @property
    def overruling(self) -> Policy:
        """The policy for a message that the NLU is sure is no question about documents."""
        named = [field.name for field in fields(self) if field.name.endswith(("answers_from", "asked_from"))]
        return replace(self, **{name: getattr(self, name) + self.overrules_by for name in named})

    def hints(self, hit: Hit) -> bool:
        """Say whether a hit that does not answer is near enough to be named; never across languages."""
        return hit.lang == "vi" and self._evidence(hit) >= self.hints_from

    def considers(self, hit: Hit) -> bool:
        """Say whether a hit is near enough to answer or to be named; any other need not be looked up."""
        return self.accepts(hit) or self.hints(hit)

    def _evidence(self, hit: Hit) -> float:
        return hit.dense + self.lexical_weight * hit.lexical
