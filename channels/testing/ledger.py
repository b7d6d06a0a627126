"""What went over a fake platform: every message of every conversation, and every send that was refused."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any


class Author(str, Enum):
    """Who wrote a message."""

    PERSON = "person"
    APP = "app"  # through the API
    OFFICER = "officer"  # by hand, in the platform's own tool


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a conversation."""

    id: str  # the platform's
    account: str
    person: str
    author: Author
    at: datetime
    message: Mapping[str, Any]  # as the platform keeps it
    app_id: str = ""  # of the app that sent it
    was_open: bool = True  # the window in which the account may write without paying
    is_billed: bool = False
    cut_titles: tuple[str, ...] = ()  # titles that the platform shortened

    @property
    def text(self) -> str:
        """Its text, of the message or of its button template; empty where it has none."""
        payload = (self.message.get("attachment") or {}).get("payload") or {}
        return str(self.message.get("text") or payload.get("text") or "")

    @property
    def content(self) -> str:
        """What makes it the same message as another: the sender's own metadata, else everything it holds."""
        return str(self.message.get("metadata") or json.dumps(self.message, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A send that was answered with an error."""

    account: str
    person: str
    at: datetime
    code: int
    subcode: int | None
    reason: str


@dataclass(slots=True)
class Ledger:
    """Everything in the order in which it came."""

    arrived: list[Line] = field(default_factory=list)  # what apps sent
    refused: list[Refusal] = field(default_factory=list)
    _conversations: defaultdict[tuple[str, str], list[Line]] = field(default_factory=lambda: defaultdict(list))
    _by_id: dict[str, Line] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Write a message down."""
        self._conversations[line.account, line.person].append(line)
        self._by_id[line.id] = line
        if line.author is Author.APP:
            self.arrived.append(line)

    def find(self, message_id: str) -> Line | None:
        """Return the message of this platform id."""
        return self._by_id.get(message_id)

    def conversation(self, account: str, person: str) -> list[Line]:
        """Return both sides of a conversation, oldest first."""
        return list(self._conversations.get((account, person), ()))

    def conversations(self) -> list[tuple[str, str]]:
        """Return (account, person) of every conversation."""
        return list(self._conversations)

    def sent_to(self, person: str, *, account: str | None = None) -> list[Line]:
        """Return what apps sent to a person, oldest first."""
        return [line for line in self.arrived if line.person == person and account in (None, line.account)]

    def repeated(self) -> list[Line]:
        """Return the messages that an app sent although the same person had got the same one before."""
        seen: set[tuple[str, str, str]] = set()
        again = []
        for line in self.arrived:
            key = (line.account, line.person, line.content)
            if key in seen:
                again.append(line)
            seen.add(key)
        return again

    def as_json(self) -> list[dict[str, object]]:
        """Return what apps sent, oldest first."""
        return [
            {
                "id": line.id,
                "account": line.account,
                "person": line.person,
                "text": line.text,
                "message": dict(line.message),
            }
            for line in self.arrived
        ]
