"""From Viber's callback to our events. Source: github.com/Viber/creators-hub, docs/bots-api, read 2026-11-29 [A]."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from channels.buttons import PREFIX, Buttons
from channels.errors import MalformedEvent
from channels.event import EventKind, InboundEvent, ParsedRequest, Place, Signal, SignalKind
from channels.ports import VerifiedRequest
from channels.text import tidy
from channels.wire import (
    caption_of,
    identifier_at,
    if_readable,
    instant_at,
    key_of,
    milliseconds,
    object_at,
    place_in,
    read_object,
    text_at,
)

CHANNEL = "viber"

MESSAGES = MappingProxyType(
    {
        "text": EventKind.TEXT,
        "picture": EventKind.IMAGE,
        "video": EventKind.VIDEO,
        "file": EventKind.FILE,
        "sticker": EventKind.STICKER,
        "contact": EventKind.CONTACT,
        "url": EventKind.LINK,
        "location": EventKind.LOCATION,
    }
)
"""Types of message (data-models/message); what is not here is OTHER."""

SIGNALS = MappingProxyType(
    {
        "delivered": SignalKind.DELIVERED,
        "seen": SignalKind.READ,
        "failed": SignalKind.FAILED,
        "unsubscribed": SignalKind.UNFOLLOWED,
        "client_status": SignalKind.ADMINISTRATION,  # of payments, which we do not ask for
        "webhook": SignalKind.ADMINISTRATION,  # Viber tries the address when it is set
    }
)
"""Events that get no answer, by Viber's names of them."""

_CAPTIONED = frozenset({EventKind.IMAGE, EventKind.VIDEO, EventKind.FILE, EventKind.LINK})


def parse(request: VerifiedRequest, *, buttons: Buttons) -> ParsedRequest:
    """Return the one event or signal of a callback to the bot `request.account`; what is not known is "unknown".

    Raises MalformedEvent when an event that we know lacks what it must have.
    """
    fields = read_object(request.body)
    name = text_at(fields, "event")
    if not name:
        raise MalformedEvent("event is absent")
    if name == "message":
        return ParsedRequest(events=(_message(fields, request.account, buttons),))
    if name in ("subscribed", "conversation_started"):
        return _opening(fields, name, request.account)
    if name in SIGNALS:
        person = if_readable(identifier_at, fields, "user_id") or ""
        return ParsedRequest(signals=(_signal(fields, SIGNALS[name], name, request.account, person),))
    return ParsedRequest(ignored=("unknown",))


def _message(fields: Mapping[str, Any], account: str, buttons: Buttons) -> InboundEvent:
    message_id = identifier_at(fields, "message_token")
    kind, text, place = _content(object_at(fields, "message"))
    if text.startswith(PREFIX):  # a pressed button comes back as an ordinary text
        text = tidy(buttons.read(CHANNEL, account, text) or text)
    return InboundEvent(
        channel=CHANNEL,
        account=account,
        person=identifier_at(object_at(fields, "sender"), "id"),
        dedup_key=key_of(account, "message", message_id),
        message_id=message_id,
        kind=kind,
        text=text,
        occurred_at=instant_at(fields, "timestamp"),
        place=place,
    )


def _content(message: Mapping[str, Any]) -> tuple[EventKind, str, Place | None]:
    kind = MESSAGES.get(text_at(message, "type"), EventKind.OTHER)
    if kind is EventKind.TEXT:
        return kind, tidy(text_at(message, "text")), None
    if kind is EventKind.LOCATION:
        return kind, "", place_in([message.get("location")])
    caption = caption_of(message) if kind in _CAPTIONED else ""
    return (EventKind.TEXT, caption, None) if caption else (kind, "", None)


def _opening(fields: Mapping[str, Any], name: str, account: str) -> ParsedRequest:
    """Somebody subscribed, or opened the conversation; who has not subscribed may be sent nothing.

    A welcome to them could only be the HTTP answer to this very callback (welcome-message), which is kept nowhere and
    so could not be the machine notice: their first message subscribes them, and its answer begins with the notice.
    """
    person = identifier_at(object_at(fields, "user"), "id")
    if name == "conversation_started" and fields.get("subscribed") is not True:
        return ParsedRequest(signals=(_signal(fields, SignalKind.ANONYMOUS, name, account, person),))
    occurred_at = instant_at(fields, "timestamp")
    token = if_readable(identifier_at, fields, "message_token")  # the SDKs know none of `subscribed`
    key = key_of(account, name, token or f"{person}:{milliseconds(occurred_at)}")
    event = InboundEvent(
        channel=CHANNEL,
        account=account,
        person=person,
        dedup_key=key,
        message_id=token or key,
        kind=EventKind.OPENED,
        text="",
        occurred_at=occurred_at,
    )
    return ParsedRequest(events=(event,))


def _signal(fields: Mapping[str, Any], kind: SignalKind, name: str, account: str, person: str) -> Signal:
    return Signal(
        channel=CHANNEL,
        account=account,
        kind=kind,
        name=name,
        person=person,
        occurred_at=if_readable(instant_at, fields, "timestamp"),
        message_id=if_readable(identifier_at, fields, "message_token") or "",
    )
