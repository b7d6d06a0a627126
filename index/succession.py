"""Bodies that took over from others (data/agencies.jsonl): which names stand for one body over time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.text.unicode import fold


@dataclass(frozen=True, slots=True)
class Succession:
    """Names of bodies, each with those of its predecessors and successors."""

    related: Mapping[str, tuple[str, ...]]  # folded name → names

    def names(self, body: str) -> tuple[str, ...]:
        """The name itself and those of the bodies it took over from or was taken over by, one step either way."""
        return (body, *self.related.get(_folded(body), ()))


def load(path: Path) -> Succession:
    """Read the table of agencies. Raises OSError, KeyError or ValueError where it cannot be read."""
    related: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        for old in row["predecessors"]:
            related[_folded(row["name"])][old["name"]] = None
            related[_folded(old["name"])][row["name"]] = None
    return Succession({name: tuple(others) for name, others in related.items()})


def _folded(name: str) -> str:
    return " ".join(fold(name).split())
