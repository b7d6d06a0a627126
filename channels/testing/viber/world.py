"""The nouns of the fake Viber, how it delivers, and what it takes.

Source: docs/bots-api of github.com/Viber/creators-hub and developers.viber.com (FAQ), read 2026-11-29; written from
them and on purpose not from the channel under test.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from channels.testing.delivery import Parcel, Sent
from channels.testing.signing import sign_viber
from channels.text import length

MANDATORY = ("message", "subscribed", "unsubscribed")
"""Events that come whether they were asked for or not (web-hooks)."""

OPTIONAL = ("delivered", "seen", "failed", "conversation_started")

SESSION = timedelta(hours=24)
"""Messages are free for so long after the person's own."""

RETRIES_AFTER_S = (60.0, 300.0, 900.0, 1_800.0, 3_600.0)
"""Seconds after the first attempt: "several times for an hour" (FAQ), no exact figures are known. After the last the
webhook is taken to be offline until it is set again; whether Viber goes so far is not said."""


@dataclass(slots=True)
class Bot:
    """A bot and its webhook."""

    id: str  # "pa:…"
    name: str
    auth_token: str = field(repr=False)
    webhook: str = ""
    event_types: tuple[str, ...] = ()

    def hears(self, name: str) -> bool:
        """Tell whether an event of this name goes to the webhook."""
        return bool(self.webhook) and (name in MANDATORY or name in self.event_types)


@dataclass(slots=True)
class Subscriber:
    """A person as one bot knows them."""

    bot: Bot
    id: str
    name: str = "Nguyễn Văn Thử"
    is_subscribed: bool = False
    last_message_at: datetime | None = None
    unanswered: list[datetime] = field(default_factory=list)  # when the bot wrote since their last message

    def shown(self) -> dict[str, object]:
        """Return the subscriber object of callbacks, without the name and photo for which nobody asked."""
        return {"id": self.id, "language": "vi", "country": "VN", "api_version": 10}


@dataclass(slots=True)
class ViberCourier:
    """One event a request, tried again for an hour."""

    bots: Mapping[str, Bot]  # by id
    deadline_s: float = 5.0

    def cut(self, parcels: Sequence[Parcel]) -> list[list[Parcel]]:
        """See `Courier.cut`."""
        return [[parcel] for parcel in parcels]

    def pack(self, parcels: Sequence[Parcel]) -> Sent:
        """See `Courier.pack`."""
        [parcel] = parcels
        body = json.dumps(parcel.event, ensure_ascii=False).encode()
        return body, sign_viber(body, auth_token=self.bots[parcel.app_id].auth_token)

    def next_try(self, parcel: Parcel, *, tried_at: datetime, failing_since: datetime) -> datetime | None:  # noqa: ARG002
        """See `Courier.next_try`."""
        if parcel.tries > len(RETRIES_AFTER_S):
            return None
        return (parcel.first_tried_at or tried_at) + timedelta(seconds=RETRIES_AFTER_S[parcel.tries - 1])


def request_fault(body: Mapping[str, Any], size: int) -> tuple[int, str] | None:
    """Return status and word with which the server refuses a message, None when it takes it."""
    if size > 30_000:
        return 3, "badData"
    sender = body.get("sender")
    if not isinstance(sender, dict) or not sender.get("name") or not body.get("receiver") or not body.get("type"):
        return 4, "missingData"
    if body["type"] == "text" and not str(body.get("text") or "").strip():
        return 4, "missingData"
    return (3, "badData") if length(sender["name"]) > 28 or length(str(body.get("text", ""))) > 7_000 else None


def phone_fault(message: Mapping[str, Any]) -> str | None:
    """Return why a phone does not show a message that the server took, None when it does."""
    keyboard = message.get("keyboard")
    if keyboard is None:
        return None
    buttons = keyboard.get("Buttons") if isinstance(keyboard, dict) and keyboard.get("Type") == "keyboard" else None
    if not isinstance(buttons, list) or not buttons:
        return "keyboard is not valid"
    if any(not button.get("ActionBody") for button in buttons):
        return "ActionBody is missing"
    if any(not 1 <= button.get("Columns", 6) <= 6 or not 1 <= button.get("Rows", 1) <= 2 for button in buttons):
        return "the size of a button is not valid"
    rows = sum(button.get("Rows", 1) for button in buttons if button.get("Columns", 6) == 6)
    return "the keyboard has too many rows" if rows > 12 else None
