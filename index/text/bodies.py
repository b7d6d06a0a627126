"""Issuing bodies (cơ quan ban hành) in what people type: names, short names and symbols, of today and before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from index.text.names import NameTable
from index.text.number import find_numbers


@dataclass(frozen=True, slots=True)
class Body:
    """A body of today."""

    id: str  # "bo-noi-vu"
    name: str  # "Bộ Nội vụ"
    kind: str  # "bộ", "cơ quan ngang bộ", "chính phủ", "quốc hội", "tỉnh", "đường dây", "cổng" …
    symbols: tuple[str, ...]  # in document numbers: "BNV"


@dataclass(frozen=True, slots=True)
class BodyMatch:
    """A body named in a text; offsets into the raw text."""

    text: str
    start: int
    end: int
    body: Body  # of today; the first successor where an old body was named
    old_name: str | None  # "Bộ Lao động - Thương binh và Xã hội", where that was named

    @property
    def name(self) -> str:
        """Name of the body of today."""
        return self.body.name


@dataclass(frozen=True, slots=True)
class BodyTable:
    """The table behind `find_bodies`."""

    bodies: tuple[Body, ...]
    names: NameTable[tuple[Body, str | None]]


def load(path: Path) -> BodyTable:
    """Read data/agencies.jsonl. Raises OSError, KeyError or ValueError where it cannot be read."""
    bodies: list[Body] = []
    present: list[tuple[str, tuple[Body, str | None]]] = []
    past: list[tuple[str, tuple[Body, str | None]]] = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        body = Body(row["id"], row["name"], row["kind"], tuple(row["symbols"]))
        bodies.append(body)
        present.extend((name, (body, None)) for name in (body.name, *row["aliases"], *body.symbols))
        for old in row["predecessors"]:
            names = (old["name"], *old.get("aliases", ()), *old["symbols"])
            past.extend((name, (body, old["name"])) for name in names)
    return BodyTable(tuple(bodies), NameTable(present + past))


def find_bodies(text: str, table: BodyTable) -> list[BodyMatch]:
    """Return the bodies that raw `text` names, in order; what stands inside a document number is left out."""
    numbers = [(parsed.start, parsed.end) for parsed in find_numbers(text)]
    return [
        BodyMatch(found.text, found.start, found.end, *found.value)
        for found in table.names.find(text)
        if not any(start < found.end and found.start < end for start, end in numbers) and not _is_doubtful(found.text)
    ]


def _is_doubtful(typed: str) -> bool:
    """Two letters are a symbol only in capitals: "QH" is Quốc hội, "qh" may be quan hệ or quy hoạch."""
    return len(typed) <= 2 and typed != typed.upper()
