"""The table of contacts (data/agencies.jsonl): only what stands there is ever given to a citizen."""

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
class Directory:
    """Contacts by the body's name."""

    contacts: dict[str, Contact]

    @classmethod
    def load(cls, path: Path) -> Directory:
        """Read the table; a row is `{"name", "website", "phone", "source", "checked_on", …}`."""
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
            }
        )

    def find(self, name: str) -> Contact | None:
        """Return the contact of the body of that name, or None."""
        return self.contacts.get(name)
