"""The question sets of data/eval as values; their READMEs say what each field means."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

STYLES = ("accented", "none", "half", "teencode", "telex", "regional", "english", "chinese")
"""Ways of writing, accented Vietnamese first: the others are compared with it."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that a message names: kind, value, and the words for it as typed."""

    kind: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One form of a base message of data/eval/understanding."""

    id: str
    style: str
    question: str
    intents: tuple[str, ...]  # the main one first
    entities: tuple[Named, ...] = ()
    documents: tuple[str, ...] = ()  # any of them is a right source; none where nothing is expected
    now: str | None = None  # YYYY-MM-DD

    @property
    def base(self) -> str:
        """The message that this is a form of."""
        return self.id.rsplit("-", 1)[0]

    @property
    def intent(self) -> str:
        """The main intent."""
        return self.intents[0]


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """One wording of a question in one way of writing."""

    id: str  # of the question
    wording: int
    style: str
    question: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation; None is not judged."""

    question: str
    status: tuple[str, ...] | None
    documents: tuple[str, ...] | None
    not_documents: tuple[str, ...] | None
    lang: str | None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation."""

    id: str
    style: str
    about: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with what is expected in words: document numbers or a label."""

    question: str
    category: str
    expected: str


def read_messages(path: Path) -> list[Message]:
    """Read data/eval/understanding/<split>.jsonl."""
    return [
        Message(
            id=row["id"],
            style=row["style"],
            question=row["q"],
            intents=tuple(row.get("intents") or [row["intent"]]),
            entities=tuple(Named(each["entity"], each["value"], each["text"]) for each in row["entities"]),
            documents=tuple(row.get("document", ())),
            now=row.get("now"),
        )
        for row in read_rows(path)
    ]


def read_paraphrases(path: Path) -> list[Paraphrase]:
    """Read data/eval/paraphrases.jsonl."""
    return [
        Paraphrase(row["id"], row["wording"], row["style"], row["q"], tuple(row["documents"]))
        for row in read_rows(path)
    ]


def read_dialogues(path: Path) -> list[Dialogue]:
    """Read data/eval/dialogues.jsonl."""
    return [
        Dialogue(
            row["id"], row["style"], row["about"], tuple(_turn(turn["q"], turn["expect"]) for turn in row["turns"])
        )
        for row in read_rows(path)
    ]


def read_labelled(path: Path) -> list[Labelled]:
    """Read a set like data/eval/validation.jsonl."""
    return [Labelled(row["q"], row["category"], row["expected"]) for row in read_rows(path)]


def evenly(rows: Sequence[Row], limit: int | None, *, group: Callable[[Row], Hashable]) -> list[Row]:
    """Return the rows of `limit` groups, spread evenly over the groups in their order; all rows without a limit."""
    groups = list(dict.fromkeys(group(row) for row in rows))
    if limit is None or limit >= len(groups):
        return list(rows)
    kept = {groups[place * len(groups) // limit] for place in range(limit)}
    return [row for row in rows if group(row) in kept]


def _turn(question: str, expect: dict[str, Any]) -> Turn:
    status = expect.get("status")
    return Turn(
        question=question,
        status=(status,) if isinstance(status, str) else _tuple(status),
        documents=_tuple(expect.get("documents")),
        not_documents=_tuple(expect.get("not_documents")),
        lang=expect.get("lang"),
    )


def _tuple(names: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line; empty lines are left out."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
