"""When a hit is good enough to answer: evidence against thresholds that were measured (pure)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from index.document import TextKind
from index.search import Hit


@dataclass(frozen=True, slots=True)
class Policy:
    """When a hit is good enough; the figures come from measurements (docs/adr/0005-abstention.md), not from habit.

    The evidence of a hit is its cosine and its weighted share of the words. A summary is short, and what people ask
    that it answers is known: where none of that is near, it needs more of its own. An official text answers more than
    anybody wrote questions for, and a document without known questions has nothing else, so both go by their evidence.
    """

    lexical_weight: float = 0.1  # of a hit's share of the best possible BM25 score, beside its cosine
    asked_answers_from: float = 1.8  # evidence plus cosine with a known question, from which any hit answers
    answers_from: float = 0.9  # evidence from which official text, or a document without known questions, answers
    summary_answers_from: float = 0.91  # evidence from which a summary answers whose known questions are not near
    hints_from: float = 0.872  # evidence from which a document is named as perhaps related, where none answers
    english_asked_from: float = 0.895  # cosine with a known question from which a hit answers in English
    english_answers_from: float = 0.88  # cosine from which it does where `answers_from` would decide
    chinese_asked_from: float = 0.915  # the same in Chinese
    chinese_answers_from: float = 0.9
    overrules_by: float = 0.02  # further evidence wanted where the NLU is sure that no document was asked for
    related_from: float = 0.90  # share of the best fused score from which another document is named too
    lapsed_handicap: float = 0.30  # what a lapsed document's fused score loses against one that holds
    title_handicap: float = 0.10  # what a document's score loses where nothing but its title is held

    def accepts(self, hit: Hit) -> bool:
        """Say whether a hit is strong enough to answer: near in meaning and words, or asked before in other words."""
        is_told_whole = hit.asked > 0 and hit.passage.text_kind is not TextKind.OFFICIAL
        if hit.lang == "vi":
            evidence = self._evidence(hit)
            if hit.asked > 0 and evidence + hit.asked >= self.asked_answers_from:
                return True
            return evidence >= (self.summary_answers_from if is_told_whole else self.answers_from)
        if hit.asked >= (self.english_asked_from if hit.lang == "en" else self.chinese_asked_from):
            return True
        alone = self.english_answers_from if hit.lang == "en" else self.chinese_answers_from
        return not is_told_whole and hit.dense >= alone

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
