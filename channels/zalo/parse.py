"""From Zalo's webhook body to our events. Source: reference/zalo-oa.md sections 4 and 5, read 2026-11-22."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from channels.errors import MalformedEvent
from channels.event import EventKind, InboundEvent, ParsedRequest
from channels.ports import VerifiedRequest
from channels.text import tidy
from channels.wire import identifier_at, instant_at, object_at, read_object, text_at

CHANNEL = "zalo"

OTHER_MESSAGES = frozenset(
    f"user_send_{kind}"
    for kind in ("image", "gif", "link", "audio", "video", "sticker", "location", "file", "business_card")
)
"""Messages of a person that are not text."""

OPENINGS = frozenset({"follow", "user_click_chatnow"})
"""The person has come but asked nothing yet."""


def parse(request: VerifiedRequest, *, oa_id: str | None) -> ParsedRequest:
    """Return the event of the request, or its name among the ignored: receipts, echoes, other OAs, unknown kinds.

    Raises MalformedEvent when an event that we know lacks what it must have.
    """
    fields = read_object(request.body)
    name = text_at(fields, "event_name")
    if name == "user_send_text" or name in OTHER_MESSAGES:
        event = _message(fields, name, request.body)
    elif name in OPENINGS:
        event = _opening(fields, name)
    else:
        return ParsedRequest(ignored=(_known_name(name),))
    if oa_id is not None and event.account != oa_id:
        return ParsedRequest(ignored=("other_account",))
    return ParsedRequest(events=(event,))


def _message(fields: Mapping[str, Any], name: str, body: bytes) -> InboundEvent:
    message = object_at(fields, "message")
    account = identifier_at(object_at(fields, "recipient"), "id")
    # A retry repeats the body byte for byte, so its digest names a message that came without an id.
    message_id = identifier_at(message, "msg_id") if "msg_id" in message else hashlib.sha256(body).hexdigest()
    is_text = name == "user_send_text"
    return InboundEvent(
        channel=CHANNEL,
        account=account,
        person=identifier_at(object_at(fields, "sender"), "id"),
        dedup_key=f"{account}:msg:in:{message_id}",
        message_id=message_id,
        kind=EventKind.TEXT if is_text else EventKind.OTHER,
        text=tidy(text_at(message, "text")) if is_text else "",
        occurred_at=instant_at(fields, "timestamp"),
    )


def _opening(fields: Mapping[str, Any], name: str) -> InboundEvent:
    account = identifier_at(fields, "oa_id")
    person = (
        identifier_at(object_at(fields, "follower"), "id") if name == "follow" else identifier_at(fields, "user_id")
    )
    occurred_at = instant_at(fields, "timestamp")
    key = f"{account}:{name}:{person}:{int(occurred_at.timestamp() * 1000)}"
    return InboundEvent(
        channel=CHANNEL,
        account=account,
        person=person,
        dedup_key=key,
        message_id=key,
        kind=EventKind.OPENED,
        text="",
        occurred_at=occurred_at,
    )


def _known_name(name: str) -> str:
    """A label for the counter that strangers cannot multiply: families, not free text."""
    if not name:
        raise MalformedEvent("event_name is absent")
    for family in ("oa_send", "anonymous_send", "user_received", "user_seen", "user_reacted", "user_send"):
        if name.startswith(family):
            return family
    return name if name in ("unfollow", "user_submit_info", "user_feedback", "user_withdraw") else "unknown"
