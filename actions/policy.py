"""When a hit is good enough to answer (pure): evidence against thresholds that were measured."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from index.document import TextKind
from index.search import Hit

if TYPE_CHECKING:
    from collections.abc import Mapping

FOREIGN_ASKED_FROM: Mapping[str, float] = MappingProxyType({"en": 0.895, "zh": 0.915})
"""Cosine with a known question from which a hit answers a question in that language."""


@dataclass(frozen=True, slots=True)
class Policy:
    """When a hit is good enough; the figures come from measurements (docs/adr/0005-abstention.md), not from habit.

    The evidence of a hit is its cosine and its weighted share of the words. A summary is short, and what people ask
    that it answers is known: where none of that is near, it needs more of its own. An official text answers more than
    anybody wrote questions for, and a document without known questions has nothing else, so both go by their evidence.
    """

    lexical_weight: float = 0.1  # of a hit's share of the best possible BM25 score, beside its cosine
    answers_from: float = 0.9  # evidence from which official text, or a document without known questions, answers
    summary_answers_from: float = 0.91  # evidence from which a summary answers whose known questions are not near
    asked_answers_from: float = 1.8  # evidence plus cosine with a known question from which any hit answers
    hints_from: float = 0.872  # evidence from which a document is named as perhaps related, where none answers
    foreign_answers_from: float = 0.825  # cosine from which a hit without known questions answers in English or Chinese
    foreign_asked_from: Mapping[str, float] = field(default_factory=lambda: FOREIGN_ASKED_FROM)
    overrules_by: float = 0.02  # further evidence wanted where the NLU is sure that no document was asked for
    related_from: float = 0.90  # share of the best fused score from which another document is named too
    lapsed_handicap: float = 0.30  # what a lapsed document's fused score loses against one that holds
    title_handicap: float = 0.10  # what a document's score loses where nothing but its title is held

    def accepts(self, hit: Hit, lang: str) -> bool:
        """Say whether a hit is strong enough to answer: near in meaning, sharing words, asked before in other words."""
        if lang != "vi":
            return self._accepts_foreign(hit, lang)
        evidence = self._evidence(hit)
        if hit.asked and evidence + hit.asked >= self.asked_answers_from:
            return True
        is_told_whole = bool(hit.asked) and hit.passage.text_kind is not TextKind.OFFICIAL
        return evidence >= (self.summary_answers_from if is_told_whole else self.answers_from)

    @property
    def overruling(self) -> Policy:
        """The policy for a message that the NLU is sure is no question about documents."""
        return replace(
            self,
            answers_from=self.answers_from + self.overrules_by,
            summary_answers_from=self.summary_answers_from + self.overrules_by,
            asked_answers_from=self.asked_answers_from + self.overrules_by,
            foreign_answers_from=self.foreign_answers_from + self.overrules_by,
            foreign_asked_from={lang: least + self.overrules_by for lang, least in self.foreign_asked_from.items()},
        )

    def hints(self, hit: Hit, lang: str) -> bool:
        """Say whether a hit that does not answer is near enough to be named; never across languages."""
        return lang == "vi" and self._evidence(hit) >= self.hints_from

    def considers(self, hit: Hit, lang: str) -> bool:
        """Say whether a hit is near enough to answer or to be named; any other need not be looked up."""
        return self.accepts(hit, lang) or self.hints(hit, lang)

    def _accepts_foreign(self, hit: Hit, lang: str) -> bool:
        if hit.asked:
            return hit.asked >= self.foreign_asked_from[lang]
        return hit.dense >= self.foreign_answers_from

    def _evidence(self, hit: Hit) -> float:
        return hit.dense + self.lexical_weight * hit.lexical
