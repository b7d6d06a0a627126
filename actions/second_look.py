"""What a message was, when it looked like a question at first and the index has nothing on it.

The NLU sends whatever it is not sure of to the look-up, because refusing a question costs more than looking up a joke
(docs/adr/0013-understanding.md). Where the look-up finds nothing, that reason is gone, and the likeliest intent with a
fixed reply is taken after all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType

FIXED_FROM = 0.5
"""Probability of all intents with a fixed reply together from which a message without an answer was no question."""

OUT_OF_SCOPE_FROM = 0.1
"""Probability of `out_of_scope`, if no other fixed reply has more, from which a message on which nothing was found is
none of the State's business."""

RESPONSES: Mapping[str, str] = MappingProxyType(
    {
        "greet": "utter_greet",
        "thank": "utter_thank",
        "goodbye": "utter_goodbye",
        "ask_help": "utter_help",
        "ask_bot_identity": "utter_identity",
        "report_scam": "utter_scam",
        "report_emergency": "utter_emergency",
        "express_crisis": "utter_crisis",
        "threaten": "utter_threat",
        "out_of_scope": "utter_out_of_scope",
        "ask_opinion": "utter_opinion",
        "ask_prediction": "utter_prediction",
        "ask_personal_case": "utter_personal_case",
        "insult": "utter_insult",
        "inject_prompt": "utter_injection",
        "impersonate": "utter_impersonation",
        "share_personal_data": "utter_personal_data",
        "ask_own_data": "utter_own_data",
    }
)
"""Intents with a fixed reply and the response of domain.yml that gives it, as data/rules or their action have it."""

FURTHER_RESPONSES = frozenset({"utter_affirm", "utter_deny", "utter_insult_again"})
"""Responses that actions say beside those, where the conversation gives nothing else to say."""

URGENT = frozenset({"report_emergency", "express_crisis", "report_scam", "threaten"})
"""Intents whose reply comes before any document: somebody may be in danger or about to lose money."""

URGENT_FROM = 0.4
"""Probability of the urgent intents together from which the message is not looked up at all."""

_DANGERS = URGENT - {"report_scam"}
"""Those in which somebody may be hurt."""

DANGER_RATHER_FROM = 0.15
"""Probability of these together from which a message on which nothing was found is taken for one of them: numbers told
in vain cost a moment."""

PETITIONS = frozenset({"submit_petition", "ask_petition_status"})
"""Intents that are answered with where petitions go."""

OFFICERS = PETITIONS | {"ask_for_person", "give_feedback"}
"""Intents of who wants something of an officer, or says what they think of an answer."""


@dataclass(frozen=True, slots=True)
class FixedResponse:
    """A response of domain.yml, to be said instead of a reply of our own."""

    name: str


def urgent_intent(ranking: Sequence[tuple[str, float]]) -> str | None:
    """Return the likeliest urgent intent, if those together are likely enough; `ranking` as for `fixed_intent`."""
    return _likeliest(ranking, among=URGENT, at_least=URGENT_FROM)


def fixed_intent(ranking: Sequence[tuple[str, float]], *, at_least: float = FIXED_FROM) -> str | None:
    """Return the likeliest intent with a fixed reply, if all of those together are likely enough to be meant.

    `ranking` is (intent, probability), best first, as the NLU gives it.
    """
    fixed = _likeliest(ranking, among=RESPONSES.keys() | PETITIONS, at_least=at_least)
    return fixed and (_likeliest(ranking, among=_DANGERS, at_least=DANGER_RATHER_FROM) or fixed)


def intent_of_none_found(ranking: Sequence[tuple[str, float]]) -> str | None:
    """Return what a message on which nothing was found is taken for, if anything else; `ranking` as above."""
    danger = _likeliest(ranking, among=_DANGERS, at_least=DANGER_RATHER_FROM)
    fixed = fixed_intent(ranking, at_least=OUT_OF_SCOPE_FROM)
    is_out_of_scope = fixed == "out_of_scope" and dict(ranking)[fixed] >= OUT_OF_SCOPE_FROM
    return danger or (fixed if is_out_of_scope else None)


def _likeliest(ranking: Sequence[tuple[str, float]], *, among: AbstractSet[str], at_least: float) -> str | None:
    """Return the likeliest of some intents, if all of them together are likely enough."""
    found = [(intent, share) for intent, share in ranking if intent in among]
    return found[0][0] if found and sum(share for _, share in found) >= at_least else None
