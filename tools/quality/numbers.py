"""Number look-up: does a spelling lead to its document, or to the right question back, and never to a wrong one?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from actions.desk import Desk
from actions.numbers import named_documents
from actions.question import Question
from index.catalogue import Catalogue
from index.document import Document
from index.number import resolve
from index.text.number import find_numbers, number_key
from index.validity import year_in
from tools.quality.spellings import Spelling, spellings

SHOWN_MISSES = 20
ASKED_ON = date(2026, 11, 22)
"""The day on which the sets were written; periods in messages count from it."""


@dataclass(slots=True)
class Tally:
    """Counts of one set of spellings."""

    name: str
    right: Counter[str] = field(default_factory=Counter)  # by form
    asked: Counter[str] = field(default_factory=Counter)
    wrong: int = 0  # a document that contradicts what was typed
    misses: list[str] = field(default_factory=list)

    def add(self, form: str, typed: str, *, is_right: bool, is_wrong: bool) -> None:
        """Enter one spelling."""
        self.asked[form] += 1
        self.right[form] += is_right
        self.wrong += is_wrong
        if not is_right:
            self.misses.append(f"{'WRONG ' if is_wrong else ''}[{form}] {typed!r}")

    def report(self) -> str:
        """The figures as text, forms with misses named."""
        n, right = self.asked.total(), self.right.total()
        lines = [f"{self.name}: {right} of {n} right ({right / n:.4%}), {self.wrong} with a wrong document"]
        lines += [
            f"  {form:<22}{self.right[form]:>7} of {self.asked[form]}"
            for form in self.asked
            if self.right[form] < self.asked[form]
        ]
        lines += [f"  miss: {miss}" for miss in self.misses[:SHOWN_MISSES]]
        return "\n".join(lines)


def generated(documents: Sequence[Document], catalogue: Catalogue) -> Tally:
    """Every generated spelling of every document, one look-up for each distinct text."""
    tally = Tally("generated spellings")
    for document in documents:
        for spelling in spellings(document):
            found = look_up(spelling.typed, catalogue)
            is_wrong = any(contradicts(spelling, document, other) for other in found)
            is_there = document.id in {other.id for other in found}
            tally.add(spelling.form, spelling.typed, is_right=is_there and not is_wrong, is_wrong=is_wrong)
    return tally


def written(path: Path, desk: Desk) -> Tally:
    """The hand-written spellings, whole messages, with all documents that each can mean: date, body, subject count."""
    tally = Tally("hand-written spellings")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        question = Question(row["typed"], "vi", as_of=ASKED_ON, today=ASKED_ON)
        found = {_key(document.id) for document in named_documents(question, desk)[1]}
        expected = {_key(document_id) for document_id in row["expected"]}
        tally.add(row["form"], row["typed"], is_right=found == expected, is_wrong=bool(found - expected))
    return tally


def _key(document_id: str) -> str:
    """An id that does not depend on how its source prints the number: "1/2025/TT-BNV" or "01/2025/TT-BNV"."""
    number, _, issued_on = document_id.partition("@")
    return f"{number_key(number)}@{issued_on}"


def look_up(typed: str, catalogue: Catalogue) -> list[Document]:
    """The documents that the first number in a text can mean."""
    return next((resolve(parsed, catalogue) for parsed in find_numbers(typed)[:1]), [])


def contradicts(spelling: Spelling, meant: Document, found: Document) -> bool:
    """Say whether a document found is not what was typed: another number, year, type or body."""
    return (
        bare(found.number) != bare(meant.number)
        or (spelling.year is not None and year_of(found) != spelling.year)
        or (spelling.type is not None and found.type != meant.type)
        or (spelling.body is not None and not number_key(found.number).endswith(number_key(spelling.body)))
    )


def bare(number: str) -> str:
    """The number before the first stroke, without leading zeros."""
    return number_key(number).partition("/")[0].partition("-")[0]


def year_of(document: Document) -> int | None:
    """The year in a document's number, else of its issue."""
    return year_in(document.number) or (document.issued_on.year if document.issued_on else None)
