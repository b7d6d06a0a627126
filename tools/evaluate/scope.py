"""Part 2: is what is not ours recognised, and is nothing refused that is?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.evaluate.asking import Answer
from tools.evaluate.layout import Part, interval, number, verdict, verdict_below
from tools.evaluate.resampling import Estimate, wilson
from tools.evaluate.sets import STYLES

FEWEST_RECOGNISED = 0.95  # of issue 4, "done when" 2
MOST_REFUSED = 0.03

OUTSIDE = {
    "out_of_scope": "no_answer_out_of_scope",
    "ask_opinion": "no_answer_declined",
    "ask_prediction": "no_answer_declined",
}
"""Intent → the status that its messages should end in."""

REFUSALS = frozenset({"no_answer_declined", "no_answer_out_of_scope", "signposted", "chatted"})
"""Statuses in which somebody who asked a question gets no try at an answer."""

ANSWERABLE = frozenset({"policy", "by_number", "validity"})
"""Categories of data/eval/validation.jsonl whose questions documents of the corpus answer."""


@dataclass(frozen=True, slots=True)
class Case:
    """One message and the answer to it."""

    id: str
    group: str  # its base message
    style: str
    kind: str  # an intent outside, or the name of a set of answerable questions
    answer: Answer


def part(outside: Sequence[Case], answerable: Sequence[Case]) -> Part:
    """Return the tables of part 2."""
    found = Part("scope", "2. Out of scope, and questions refused (final status of the API)")
    rows = []
    for intent, status in OUTSIDE.items():
        members = [case for case in outside if case.kind == intent]
        for style in ["all", *STYLES] if intent == "out_of_scope" else ["all"]:
            some = [case for case in members if style in ("all", case.style)]
            if some:
                recall = found.add(f"recall of {intent}", style, ends_in(some, [status]))
                either = found.add(f"{intent} refused", style, ends_in(some, OUTSIDE.values()))
                limit = (
                    verdict(recall, at_least=FEWEST_RECOGNISED) if (intent, style) == ("out_of_scope", "all") else ""
                )
                rows.append([f"{intent}, {style}", *_cells(recall), limit, number(either.value)])
    found.table(["recall", "n", "value", "95 %", f"at least {FEWEST_RECOGNISED}", "either refusal"], rows)
    rows = []
    for kind in ["all", *dict.fromkeys(case.kind for case in answerable)]:
        members = [case for case in answerable if kind in ("all", case.kind)]
        for style in ["all", *STYLES] if kind == "all" else ["all"]:
            some = [case for case in members if style in ("all", case.style)]
            if some:
                refused = found.add(f"answerable questions refused, {kind}", style, ends_in(some, REFUSALS))
                limit = verdict_below(refused, at_most=MOST_REFUSED) if style == "all" else ""
                rows.append([f"{kind}, {style}", *_cells(refused), limit])
    found.table(["answerable, but refused", "n", "value", "95 %", f"at most {MOST_REFUSED}"], rows)
    found.lines.append("Intervals take every base message, with all its forms, as one case.")
    found.cases = [_row(case) for case in (*outside, *answerable)]
    return found


def ends_in(cases: Sequence[Case], statuses: Iterable[str]) -> Estimate:
    """Return the share of cases whose answer has one of `statuses`."""
    wanted = frozenset(statuses)
    right = sum(case.answer.status in wanted for case in cases)
    return wilson(right, len(cases), groups=len({case.group for case in cases}))


def _cells(estimate: Estimate) -> list[str]:
    return [str(estimate.cases), number(estimate.value), interval(estimate)]


def _row(case: Case) -> dict[str, object]:
    return {"id": case.id, "style": case.style, "kind": case.kind, "status": case.answer.status}
