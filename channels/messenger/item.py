"""One item of a Messenger batch. Source: reference/messenger.md sections 1, 4 and 5, read 2026-11-29."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.errors import MalformedEvent
from channels.event import EventKind, InboundEvent, Place, Signal, SignalKind
from channels.wire import digest_of, identifier_at, if_readable, instant_at, key_of, milliseconds, object_at

CHANNEL = "messenger"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happened between a Page and a person."""

    page_id: str
    mark: str  # the key that says what happened
    fields: Mapping[str, Any]

    @property
    def content(self) -> dict[str, Any]:
        """What stands under the mark. Raises MalformedEvent when it is no object."""
        return object_at(self.fields, self.mark)

    @property
    def is_by_page(self) -> bool:
        """Tell whether the Page did it."""
        return self._end("sender") == self.page_id

    @property
    def is_by_guest(self) -> bool:
        """Tell whether a checkbox or guest entry point names a `user_ref` instead of a person whom we could answer."""
        sender = if_readable(object_at, self.fields, "sender") or {}
        return "id" not in sender and ("user_ref" in sender or "user_ref" in self.content)

    @property
    def person(self) -> str:
        """The end of the conversation that is not the Page, "" where the sender is not named."""
        person = self._end("recipient" if self.is_by_page else "sender")
        return "" if person == self.page_id else person

    @property
    def message_id(self) -> str:
        """The platform's id of a message; where it has none, the digest of the item, which a retry repeats.

        Raises MalformedEvent when it is no id.
        """
        return digest_of(self.fields) if self.content.get("mid") is None else identifier_at(self.content, "mid")

    def key(self, *parts: str) -> str:
        """Return the key of the item among all items of its Page."""
        return key_of(self.page_id, *parts)

    def key_by_instant(self, *parts: str) -> str:
        """Return the key of an item without an id: by person, milliseconds and `parts`. Raises MalformedEvent."""
        return self.key(self.mark, self._named(), milliseconds(self._instant()), *parts)

    def event(
        self, kind: EventKind, *, key: str, message_id: str = "", text: str = "", place: Place | None = None
    ) -> InboundEvent:
        """Return the item as an event; without a message's id its key stands for it. Raises MalformedEvent."""
        return InboundEvent(
            channel=CHANNEL,
            account=self.page_id,
            person=self._named(),
            dedup_key=key,
            message_id=message_id or key,
            kind=kind,
            text=text,
            occurred_at=self._instant(),
            place=place,
        )

    def signal(self, kind: SignalKind, name: str, *, detail: str = "") -> Signal:
        """Return the item as a signal, whatever of it can be read."""
        return Signal(
            channel=CHANNEL,
            account=self.page_id,
            kind=kind,
            name=name,
            person=self.person,
            occurred_at=if_readable(instant_at, self.fields, "timestamp"),
            detail=detail,
        )

    def signal_of_person(self, kind: SignalKind, name: str) -> Signal:
        """Return the item as a signal with person and instant. Raises MalformedEvent when one is missing."""
        self._named()
        self._instant()
        return self.signal(kind, name)

    def _instant(self) -> datetime:
        return instant_at(self.fields, "timestamp")

    def _named(self) -> str:
        if not (person := self.person):
            raise MalformedEvent("nobody is named")
        return person

    def _end(self, key: str) -> str:
        return if_readable(identifier_at, if_readable(object_at, self.fields, key) or {}, "id") or ""
