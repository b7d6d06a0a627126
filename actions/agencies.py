"""The table of bodies (data/agencies.jsonl): contacts and former bodies; only what stands there is ever told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.text.names import NameTable


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
    basis: str  # number of the resolution: "176/2025/QH15"


@dataclass(frozen=True, slots=True)
class FieldOfWork:
    """A field and the body in charge of it today."""

    name: str  # "tiền lương"
    body: str  # "Bộ Nội vụ"
    source: str  # what says so, in Vietnamese


@dataclass(frozen=True, slots=True)
class Directory:
    """Contacts by the body's name, former bodies by theirs, and fields by the words for them."""

    contacts: dict[str, Contact]
    former: dict[str, FormerBody]
    fields: NameTable[FieldOfWork]

    @classmethod
    def load(cls, path: Path) -> Directory:
        """Read the table; a row is `{"name", "website", "phone", "source", "checked_on", "predecessors", …}`.

        A predecessor without a date and a field whose evidence is "K" are background knowledge that nobody has
        checked: they are left out.
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
                old["name"]: FormerBody(
                    old["name"], row["name"], old["moved"], date.fromisoformat(old["since"]), old["basis"]
                )
                for row in rows
                for old in row["predecessors"]
                if old["since"]
            },
            NameTable(
                (word, FieldOfWork(each["name"], row["name"], each["source"]))
                for row in rows
                for each in row.get("fields", ())
                if each["evidence"] != "K"
                for word in (each["name"], *each["words"])
            ),
        )

    def find(self, name: str) -> Contact | None:
        """Return the contact of the body of that name, or None."""
        return self.contacts.get(name)

    def in_charge(self, text: str) -> list[FieldOfWork]:
        """Return the fields that raw `text` names, each with the body in charge; empty where the table has none."""
        return list(dict.fromkeys(match.value for match in self.fields.find(text)))
