"""Validity as of a day: the states that the catalogue computes against those that a reader derived."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

from index.catalogue import Catalogue
from index.text.number import number_key

SHOWN_MISSES = 20


def report(path: Path, catalogue: Catalogue) -> str:
    """Counts by expected state, and every state that was called in force although it is over."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    misses = []
    dangerous = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        on, issued_on = date.fromisoformat(row["on"]), row["issued_on"]
        found = [
            document
            for document in catalogue.find(key=number_key(row["number"]))
            if (document.issued_on.isoformat() if document.issued_on else None) == issued_on
        ]
        state = catalogue.validity(found[0], on).validity.value if found else "no such document"
        asked[row["expected"]] += 1
        right[row["expected"]] += state == row["expected"]
        dangerous += state == "in_force" and row["expected"] in ("expired", "suspended", "not_yet_in_force")
        if state != row["expected"]:
            misses.append(f"  miss: {row['number']} of {issued_on} on {row['on']}: {state}, not {row['expected']}")
    lines = [
        f"validity: {right.total()} of {asked.total()} as a reader derived it; "
        f"{dangerous} called in force that are not",
        *(f"  {state:<18}{right[state]:>5} of {asked[state]}" for state in sorted(asked)),
        *misses[:SHOWN_MISSES],
    ]
    return "\n".join(lines)
