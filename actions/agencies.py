"""The table of bodies (data/agencies.jsonl): contacts and former bodies; only what stands there is ever told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach one body, and how well that is known."""

    name: str
    website: str | None
    phone: str | None
    source: str
    checked_on: date | None  # None: no officer has confirmed it


@dataclass(frozen=True, slots=True)
class FormerBody:
    """A body that was merged away in 2025, and where its work went."""

    name: str
    now: str  # the body of today
    moved: str  # what went there, in Vietnamese: "toàn bộ" or the fields
    since: date


@dataclass(frozen=True, slots=True)
class Directory:
    """Contacts by the body's name, and former bodies by theirs."""

    contacts: dict[str, Contact]
    former: dict[str, FormerBody]

    @classmethod
    def load(cls, path: Path) -> Directory:
        """Read the table; a row is `{"name", "website", "phone", "source", "checked_on", "predecessors", …}`.

        A predecessor without a date is background knowledge that nobody has checked: it is left out.
        """
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return cls(
            {
                row["name"]: Contact(
                    name=row["name"],
                    website=row.get("website"),
                    phone=row.get("phone"),
                    source=row["source"],
                    checked_on=date.fromisoformat(row["checked_on"]) if row.get("checked_on") else None,
                )
                for row in rows
            },
            {
                old["name"]: FormerBody(old["name"], row["name"], old["moved"], date.fromisoformat(old["since"]))
                for row in rows
                for old in row["predecessors"]
                if old["since"]
            },
        )

    def find(self, name: str) -> Contact | None:
        """Return the contact of the body of that name, or None."""
        return self.contacts.get(name)
