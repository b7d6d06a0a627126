"""Part 4: conversations, turn by turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.evaluate.asking import Answer
from tools.evaluate.layout import Part, interval, number
from tools.evaluate.resampling import Estimate, bootstrapped_share, wilson
from tools.evaluate.sets import STYLES, Dialogue, Turn

AS_OF = "2026-11-23"
"""The day on which the conversations were written; their README says to hold them as of it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation with the answer to each of its turns."""

    dialogue: Dialogue
    answers: tuple[Answer, ...]

    @property
    def right(self) -> tuple[bool, ...]:
        """Turn by turn, whether the answer was right."""
        return tuple(not faults(*pair) for pair in zip(self.dialogue.turns, self.answers, strict=True))


def faults(turn: Turn, answer: Answer) -> list[str]:
    """Name the expectations of a turn that the answer does not meet; none where it is right."""
    found = []
    if turn.status is not None and answer.status not in turn.status:
        found.append("status")
    if turn.documents is not None and not answer.cites(turn.documents):
        found.append("documents")
    if turn.not_documents is not None and answer.cites(turn.not_documents):
        found.append("not_documents")
    if turn.lang is not None and answer.lang != turn.lang:
        found.append("lang")
    return found


def part(held: Sequence[Held]) -> Part:
    """Return the tables of part 4."""
    turns = sum(len(each.answers) for each in held)
    found = Part("dialogues", f"4. Conversations as of {AS_OF}: {len(held)}, {turns} turns")
    rows = [_line(found, "all", held)]
    rows += [_line(found, style, [each for each in held if each.dialogue.style == style]) for style in STYLES]
    for about in sorted({each.dialogue.about for each in held}):
        rows.append(_line(found, about, [each for each in held if each.dialogue.about == about]))
    head = ["right", "turns", "value", "95 %", "follow-ups", "value", "95 %", "conversations", "value", "95 %"]
    found.table(head, [row for row in rows if row])
    judged = [pair for each in held for pair in zip(each.dialogue.turns, each.answers, strict=True)]
    missed = [faults(*pair) for pair in judged]
    counts = {key: sum(key in each for each in missed) for key in ("status", "documents", "not_documents", "lang")}
    found.lines.append("Turns that miss " + ", ".join(f"{key}: {count}" for key, count in counts.items()) + ".")
    only_named = sum(
        "documents" in each and turn.documents is not None and answer.names_as_successor(turn.documents)
        for each, (turn, answer) in zip(missed, judged, strict=True)
    )
    found.lines.append(f"Of those that miss documents, {only_named} name one in replaced_by of a citation.")
    found.cases = [case for each in held for case in _cases(each)]
    return found


def _line(found: Part, group: str, held: Sequence[Held]) -> list[str]:
    if not held:
        return []
    turns = found.add("turns right", group, _share_of_turns(held, first=0))
    later = found.add("follow-ups right", group, _share_of_turns(held, first=1))
    whole = found.add("conversations right", group, wilson(sum(all(each.right) for each in held), len(held)))
    cells = [group]
    for estimate in (turns, later, whole):
        cells += [str(estimate.cases), number(estimate.value), interval(estimate)]
    return cells


def _share_of_turns(held: Sequence[Held], *, first: int) -> Estimate:
    """Return the share of right turns from turn number `first` on; the interval resamples conversations."""
    counts = np.array([[sum(each.right[first:]), len(each.right[first:])] for each in held], dtype=np.float64)
    return bootstrapped_share(counts)


def _cases(held: Held) -> list[dict[str, object]]:
    return [
        {
            "id": held.dialogue.id,
            "turn": place,
            "style": held.dialogue.style,
            "about": held.dialogue.about,
            "status": answer.status,
            "intent": answer.intent,
            "lang": answer.lang,
            "cited": list(answer.cited),
            "faults": faults(turn, answer),
        }
        for place, (turn, answer) in enumerate(zip(held.dialogue.turns, held.answers, strict=True), start=1)
    ]
