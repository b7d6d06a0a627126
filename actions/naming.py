"""Documents that a message names by what they are called: "Luật Đất đai 2024", "nghị định lương cơ sở"."""

from __future__ import annotations

import re

from actions.answer import Source, standing
from actions.desk import Desk
from actions.question import Question
from actions.search import find
from index.text.number import type_of

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
"""A year beside a document's name ("Luật Đất đai 2013") is the one in which it was issued."""


def named_by_title(question: Question, desk: Desk) -> tuple[Source | None, list[Source]]:
    """Return the document whose name, type and year fit a question best, and all that are near, best first.

    What is told of another document would be taken for the one in question, so type and year must be right.
    """
    years = {int(year) for year in YEAR.findall(question.text)}
    found = sorted(
        find(question, desk, type=type_of(question.text)), key=lambda candidate: -standing(candidate, desk.policy)
    )
    strong = [candidate.source for candidate in found if desk.policy.accepts(candidate.hit)]
    for source in strong:
        issued_on = source.document.issued_on
        if not years or (issued_on and issued_on.year in years):
            return source, strong
    return None, strong
