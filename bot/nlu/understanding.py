"""A message in all the forms that the NLU computes with: its reading, what it names, its words without the names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from bot.nlu.entities import Entity, Tables, find_entities
from index.text.edits import replaced
from index.text.reading import Reader, Reading

DATA = Path(__file__).resolve().parents[2] / "data"

_MASKED = frozenset({"document_number", "article", "issuing_body", "province", "commune"})
"""Sorts of entities whose words say nothing about what is wanted: one ministry is asked about as another."""


@dataclass(frozen=True, slots=True)
class Understood:
    """One message; offsets of `entities` are those of the raw text."""

    reading: Reading
    entities: tuple[Entity, ...]
    masked: str  # `reading.folded`, a word for each name in its place: "xprovincex sap nhap voi tinh nao"


class Understanding:
    """Reads messages with the tables of `data/`."""

    def __init__(self, *, reader: Reader, tables: Tables) -> None:
        self._reader = reader
        self._tables = tables

    @classmethod
    def load(cls, restorer: Path) -> Understanding:
        """Open the tables of `data/` and the compiled accent restorer; opened once for a process.

        Raises OSError or ValueError where one is missing or malformed.
        """
        return _load(restorer)

    def read(self, text: str, *, today: date) -> Understood:
        """Return raw `text` in its forms; `today` in Vietnam turns "tháng này" into days. Never raises.

        Names are looked for in the text as typed, where their place is known, and in what it reads written out, which
        finds those under short forms and keystrokes; these are said to stand in the whole text.
        """
        reading = self._reader.read(text)
        written_out = reading.written_out
        found = find_entities(written_out, self._tables, today=today)
        masked = _mask(reading, found)
        if written_out == text:
            return Understood(reading, tuple(found), masked)
        typed = find_entities(text, self._tables, today=today)
        known = {(entity.kind, entity.value) for entity in typed}
        hidden = (
            Entity(entity.kind, entity.value, 0, len(text), entity.sort)
            for entity in found
            if (entity.kind, entity.value) not in known
        )
        return Understood(reading, (*typed, *hidden), masked)


@cache
def _load(restorer: Path) -> Understanding:
    return Understanding(reader=Reader.load(DATA, restorer), tables=Tables.load(DATA))


def _mask(reading: Reading, found: list[Entity]) -> str:
    """Put a word of its sort in the place of each name; of names that overlap the later one gives way."""
    text, folded = reading.written_out, reading.folded
    if len(folded) != len(text):  # a letter that folds to two: the places would not fit
        return folded
    names = sorted((entity for entity in found if entity.sort in _MASKED), key=lambda name: (name.start, -name.end))
    return replaced(folded, (((name.start, name.end), f" x{name.sort.replace('_', '')}x ") for name in names))
