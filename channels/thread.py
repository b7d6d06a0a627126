"""A conversation as its person sees it on a page of ours: what was written and answered, and where a reader stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

_MAX_DIGITS = 18
"""Longer numbers do not fit SQLite's integers."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far somebody has read: up to which event and up to which answer of the store, each included.

    Two numbers, because a question may be stored before the answer to the one before it. Within a conversation both
    grow with time, so nothing that is stored later stands before a cursor.
    """

    event: int = 0
    answer: int = 0

    def __str__(self) -> str:
        return f"{self.event}.{self.answer}"

    @classmethod
    def read(cls, text: str) -> Cursor:
        """Return the cursor that str() wrote. Raises ValueError for any other text."""
        event, _, answer = text.partition(".")
        for number in (event, answer):
            if not (number.isascii() and number.isdigit() and len(number) <= _MAX_DIGITS):
                raise ValueError("not a cursor")
        return cls(int(event), int(answer))

    def joined(self, other: Cursor) -> Cursor:
        """Return the cursor of whoever has read up to both."""
        return Cursor(max(self.event, other.event), max(self.answer, other.answer))


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a person wrote (`payload` empty) or that answers it (`text` empty)."""

    cursor: Cursor  # of a reader who has read up to here
    message_id: str  # of what the person wrote; an answer has that of its question
    at: datetime  # UTC: when it was written; of an answer when its state changed last, as a rule when it was sent
    text: str = field(default="", repr=False)
    payload: str = field(default="", repr=False)  # JSON as the channel's render wrote it


@dataclass(frozen=True, slots=True)
class Changes:
    """Which conversations have something new, up to where each, and from where to look the next time."""

    cursor: Cursor
    conversations: Mapping[str, Cursor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person thinks of an answer."""

    conversation: str
    message_id: str  # of the question
    is_useful: bool
    why: str = field(repr=False)  # tidy, "" where nothing was written
    given_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Notice:
    """An urgent notice (công điện) that an operator pins over every conversation of an agency."""

    text: str
    url: str | None
    until: datetime | None  # UTC; None: until it is taken off


def merged(written: Sequence[Entry], answers: Sequence[tuple[int, Entry]], *, since: Cursor, limit: int) -> list[Entry]:
    """Return the first `limit` entries of both, each answer after its question, with the cursors of a reader.

    `written` and `answers` (each with the number of its event) are in the order of the store and stay in it.
    """
    entries: list[Entry] = []
    reader = since
    for entry in _in_order(list(written), answers):
        reader = reader.joined(entry.cursor)
        entries.append(replace(entry, cursor=reader))
    return entries[:limit]


def _in_order(written: list[Entry], answers: Sequence[tuple[int, Entry]]) -> Iterator[Entry]:
    for event, answer in answers:
        while written and written[0].cursor.event <= event:
            yield written.pop(0)
        yield answer
    yield from written
