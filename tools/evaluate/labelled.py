"""Part 5: questions with a label, the development set first: how many end as their label says, by category.

The labels are those of the README of the shared data and of data/eval.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reply import Citation
from index.text.number import number_key
from tools.evaluate.asking import Answer
from tools.evaluate.layout import Part, interval, number
from tools.evaluate.resampling import wilson
from tools.evaluate.sets import Labelled

NUMBER = re.compile(r"[\d.]+[^\s;,:]*/[^\s;,:]+")

# What `expected` names when it is no document number → statuses of a right answer (README of the data, table).
STATUSES: dict[str, frozenset[str]] = {
    "list_latest": frozenset({"listed"}),
    "list_effective": frozenset({"listed"}),
    "contact_lookup": frozenset({"answered", "no_answer_not_found"}),
    "ask_clarify": frozenset({"clarify_vague", "clarify_ambiguous", "chatted"}),
    "affirm": frozenset({"clarify_vague", "clarify_ambiguous", "chatted"}),
    "affirm_or_ignore": frozenset({"clarify_vague", "clarify_ambiguous", "chatted"}),
    "deny_repair": frozenset({"clarify_vague", "clarify_ambiguous", "chatted"}),
    "answer_or_not_found": frozenset({"answered", "signposted", "no_answer_not_found"}),
    "procedure_or_source": frozenset({"answered", "signposted", "no_answer_not_found"}),
    "rumour_check": frozenset({"answered", "signposted", "no_answer_not_found"}),
    "rumour_or_policy_check": frozenset({"answered", "signposted", "no_answer_not_found"}),
    "not_found": frozenset({"no_answer_not_found"}),
    "petition_channel": frozenset({"signposted"}),
    "scam_warn": frozenset({"signposted"}),
    "emergency": frozenset({"signposted"}),
    "crisis_protocol": frozenset({"signposted"}),
    "threat_protocol": frozenset({"signposted"}),
    "out_of_scope": frozenset({"no_answer_out_of_scope"}),
    "refuse_injection": frozenset({"no_answer_declined", "signposted"}),
    "refuse_legal_advice": frozenset({"no_answer_declined", "signposted"}),
    "privacy_warn": frozenset({"no_answer_declined", "signposted"}),
    "sanitize": frozenset({"no_answer_declined", "signposted"}),
    "deescalate": frozenset({"chatted", "no_answer_declined"}),
    "greet": frozenset({"chatted"}),
    "thanks": frozenset({"chatted"}),
    "goodbye": frozenset({"chatted"}),
    "capabilities": frozenset({"chatted"}),
    "bot_challenge": frozenset({"chatted"}),
    "handoff_human": frozenset({"handed_over"}),
}
REFUSALS = frozenset({"no_answer_declined", "signposted"})  # of every refuse_… label


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question and the answer to it."""

    asked: Labelled
    answer: Answer

    @property
    def is_right(self) -> bool:
        """Whether the answer is what was expected."""
        return is_right(self.asked.expected, self.answer)


def is_right(expected: str, answer: Answer) -> bool:
    """Say whether an answer is what `expected` describes."""
    numbers = [number_key(number) for number in NUMBER.findall(expected)]
    if numbers:
        cited = {number_key(number) for number in answer.cited}
        return any(number in cited for number in numbers)
    label, _, filters = expected.partition(":")
    allowed = REFUSALS if label.startswith("refuse_") else STATUSES[label]
    return answer.status in allowed and (not label.startswith("list_") or fits_filters(filters, answer.citations))


def fits_filters(filters: str, citations: Sequence[Citation]) -> bool:
    """Say whether a list keeps to type, issuer and effective date, newest first; subjects are left to the reader."""
    wanted = dict(part.split("=", 1) for part in filters.split(",") if "=" in part)
    bare = "" if "=" in filters or filters[:1].isdigit() else filters  # a type or a body by its name alone
    month = filters if re.fullmatch(r"\d{4}-\d{2}", filters) else ""
    issued = [str(citation.issued_on or "") for citation in citations]
    effective = [str(citation.effective_on or "") for citation in citations]
    return (
        all(bare in ("", citation.type, citation.issuing_body) for citation in citations)
        and all(citation.type == wanted.get("type", citation.type) for citation in citations)
        and all(citation.issuing_body == wanted.get("issuer", citation.issuing_body) for citation in citations)
        and all(day == wanted.get("date", day) and day.startswith(month) for day in effective)
        and issued == sorted(issued, reverse=True)
    )


def part(name: str, title: str, outcomes: Sequence[Outcome], *, with_misses: bool) -> Part:
    """Return the table by category and, if wanted, every miss."""
    found = Part(name, f"{title}: {len(outcomes)} questions")
    by_category: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_category[outcome.asked.category].append(outcome)
    rows = []
    for category, members in [*sorted(by_category.items()), ("all", list(outcomes))]:
        right = sum(outcome.is_right for outcome in members)
        share = found.add("as expected", category, wilson(right, len(members)))
        rows.append([category, str(right), str(len(members)), number(share.value), interval(share)])
    found.table(["as expected", "right", "of", "share", "95 %"], rows)
    by_document = [outcome for outcome in outcomes if NUMBER.search(outcome.asked.expected)]
    if by_document:
        named = sum(outcome.is_right for outcome in by_document)
        found.add("expected document named", "all", wilson(named, len(by_document)))
        found.lines.append(f"Expected document named: {named} of {len(by_document)}.")
    if with_misses:
        found.lines += ["Misses:", *(line for each in outcomes if not each.is_right for line in _miss(each))]
    found.cases = [
        {
            "row": place,
            "category": outcome.asked.category,
            "expected": outcome.asked.expected,
            "status": outcome.answer.status,
            "intent": outcome.answer.intent,
            "cited": list(outcome.answer.cited),
            "is_right": outcome.is_right,
        }
        for place, outcome in enumerate(outcomes, start=1)
    ]
    return found


def _miss(outcome: Outcome) -> list[str]:
    cited = ", ".join(outcome.answer.cited) or "nothing"
    return [
        f"  [{outcome.asked.category}] {outcome.asked.question!r}",
        f"      expected {outcome.asked.expected}; got {outcome.answer.status}, citing {cited}",
    ]
