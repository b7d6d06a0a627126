"""When a recognised intent is too uncertain to act on; then the message is looked up like any question.

A question that is taken for an insult is refused, and a citizen is left without an answer; an insult that is looked up
finds nothing and costs a moment. So an intent with a fixed reply needs confidence in proportion, and an intent that
looks something up needs little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LOOKED_UP = frozenset(
    {
        "ask_policy",
        "ask_document_by_number",
        "ask_validity",
        "ask_successor",
        "ask_article",
        "ask_latest_documents",
        "ask_agency_contact",
        "ask_responsible_agency",
        "ask_province_merger",
        "ask_commune_merger",
        "ask_personal_case",
        "check_rumour",
        "ask_more",
        "ask_source",
        "ask_full_text",
        "ask_short",
        "ask_again_for_place",
    }
)
"""Intents whose action looks something up: in the index, in the tables, or in what was just answered."""


def is_too_uncertain(ranking: Sequence[tuple[str, float]], thresholds: Mapping[str, float]) -> bool:
    """Tell whether the first intent of `ranking` (intent, probability; best first) should not be acted on.

    Looked-up intents are taken at `thresholds["looked_up"]`, others at `thresholds["fixed_reply"]`, both probabilities.
    For a fixed reply the probability of all intents with a fixed reply counts together: whether "đm" is an insult or a
    threat matters less than that it is no question. An empty ranking is too uncertain.
    """
    if not ranking:
        return True
    best, share = ranking[0]
    if best in LOOKED_UP:
        return share < thresholds["looked_up"]
    talk = sum(probability for intent, probability in ranking if intent not in LOOKED_UP)
    return share < thresholds["fixed_reply"] or talk < thresholds["no_question"]
