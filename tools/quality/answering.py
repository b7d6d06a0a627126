"""What the policy answers on the calibration questions, in every way of writing, and what that costs.

A question goes the way of `action_answer_question` without the NLU before it: search, policy, reply.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from actions.desk import Desk
from actions.question import Question
from actions.search import answer_from_index
from bot.reply import AnswerStatus
from tools.quality.ways import STYLES

ON = date(2026, 11, 23)
"""The day on which every question is asked: that of the sets."""

WRONG = 2
"""What a wrong answer costs; an answerable question without its right document costs one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question."""

    is_answerable: bool
    is_answered: bool
    is_right: bool  # answered, and a right document is cited first

    @property
    def cost(self) -> int:
        """One for a missing right document, `WRONG` for an answer that is none."""
        return int(self.is_answerable and not self.is_right) + WRONG * int(self.is_answered and not self.is_right)


def read(path: Path) -> list[Mapping[str, str]]:
    """The questions of a set that a document answers, or none does; those that leave it open are left out."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row["category"] == "policy" or (row["category"], row["expected"]) == _NOT_ANSWERABLE]


_NOT_ANSWERABLE = ("not_covered", "not_found")


def by_style(rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    """The questions as they are by language, then the Vietnamese ones with accents in every other way of writing."""
    foreign = ("english", "chinese")
    vietnamese = [row for row in rows if row["style"] not in foreign]
    if vietnamese:
        yield "as written", vietnamese
        accented = [row for row in vietnamese if row["style"] != "none"]
        for name, rewritten in STYLES.items():
            yield name, [{**row, "q": rewritten(row["q"])} for row in accented]
    for name in foreign:
        if found := [row for row in rows if row["style"] == name]:
            yield name, found


def answer(rows: Sequence[Mapping[str, str]], desk: Desk) -> list[Outcome]:
    """Ask every question."""
    return [_outcome(row, desk) for row in rows]


def report(rows: Sequence[Mapping[str, str]], desk: Desk) -> str:
    """A line for each way of writing: answered rightly, wrongly, not at all; answers to what no document answers."""
    lines = [
        f"{'':<12}{'answerable':>11}{'right':>7}{'wrong':>7}{'none':>6}{'unanswerable':>14}{'answered':>10}{'cost':>6}"
    ]
    for name, written in by_style(rows):
        outcomes = answer(written, desk)
        known = [one for one in outcomes if one.is_answerable]
        others = [one for one in outcomes if not one.is_answerable]
        right = sum(one.is_right for one in known)
        wrong = sum(one.is_answered for one in known) - right
        lines.append(
            f"{name:<12}{len(known):>11}{right:>7}{wrong:>7}{len(known) - right - wrong:>6}{len(others):>14}"
            f"{sum(one.is_answered for one in others):>10}{sum(one.cost for one in outcomes):>6}"
        )
    return "\n".join(lines)


def _outcome(row: Mapping[str, str], desk: Desk) -> Outcome:
    reply = answer_from_index(Question(text=row["q"], lang="vi", as_of=ON, today=ON), desk)
    is_answered = reply.status is AnswerStatus.ANSWERED
    expected = row["expected"].split(", ") if row["category"] == "policy" else []
    is_right = is_answered and reply.citations[0].number in expected
    return Outcome(is_answerable=bool(expected), is_answered=is_answered, is_right=is_right)
