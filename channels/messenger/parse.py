"""From Messenger's webhook body, a batch, to our events. Source: reference/messenger.md sections 4 to 6, 2026-11-22."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from channels.errors import MalformedEvent
from channels.event import EventKind, InboundEvent, ParsedRequest
from channels.ports import VerifiedRequest
from channels.text import tidy
from channels.wire import identifier_at, instant_at, object_at, objects_at, read_object, text_at

CHANNEL = "messenger"

GET_STARTED = "GET_STARTED"
"""Payload of the button with which a person opens the conversation."""

_SMALL_EVENTS = (
    "delivery", "read", "reaction", "message_edit", "referral", "optin", "pass_thread_control", "take_thread_control",
    "request_thread_control", "app_roles", "account_linking", "policy-enforcement",
)  # fmt: skip


def parse(request: VerifiedRequest, *, page_id: str | None) -> ParsedRequest:
    """Return the events of all entries and items, and the names of those let go; an unreadable item harms no other.

    Raises MalformedEvent when the request as a whole is not a batch of a Page.
    """
    fields = read_object(request.body)
    if fields.get("object") != "page":
        raise MalformedEvent("not a Page's events")
    events: list[InboundEvent] = []
    ignored: list[str] = []
    malformed = 0
    for entry in objects_at(fields, "entry"):
        try:
            found, let_go, bad = _entry(entry, page_id)
        except MalformedEvent:
            malformed += 1
            continue
        events += found
        ignored += let_go
        malformed += bad
    return ParsedRequest(tuple(events), tuple(ignored), malformed)


def _entry(entry: object, page_id: str | None) -> tuple[list[InboundEvent], list[str], int]:
    if not isinstance(entry, dict):
        raise MalformedEvent("an entry is an object")
    account = identifier_at(entry, "id")
    items = objects_at(entry, "messaging")
    ignored = ["standby"] * len(objects_at(entry, "standby")) + ["changes"] * len(objects_at(entry, "changes"))
    if page_id is not None and account != page_id:
        return [], [*ignored, *["other_account"] * len(items)], 0
    events: list[InboundEvent] = []
    malformed = 0
    for item in items:
        try:
            found = _item(item, account)
        except MalformedEvent:
            malformed += 1
            continue
        if isinstance(found, str):
            ignored.append(found)
        else:
            events.append(found)
    return events, ignored, malformed


def _item(item: object, account: str) -> InboundEvent | str:
    """Return the event, or the name under which the item is let go."""
    if not isinstance(item, dict):
        raise MalformedEvent("an item is an object")
    if "message" in item:
        return _message(item, account)
    if "postback" in item:
        return _postback(item, account)
    return next((name for name in _SMALL_EVENTS if name in item), "unknown")


def _message(item: Mapping[str, Any], account: str) -> InboundEvent | str:
    message = object_at(item, "message")
    if message.get("is_echo"):
        return "echo"
    chosen = text_at(object_at(message, "quick_reply"), "payload")  # before text, which holds the button's title
    text = chosen or text_at(message, "text")
    is_text = bool(text) or not objects_at(message, "attachments")
    message_id = identifier_at(message, "mid") if "mid" in message else _digest(item)
    return InboundEvent(
        channel=CHANNEL,
        account=account,
        person=identifier_at(object_at(item, "sender"), "id"),
        dedup_key=f"{account}:msg:{message_id}",
        message_id=message_id,
        kind=EventKind.TEXT if is_text else EventKind.OTHER,
        text=tidy(text),
        occurred_at=instant_at(item, "timestamp"),
    )


def _postback(item: Mapping[str, Any], account: str) -> InboundEvent | str:
    postback = object_at(item, "postback")
    sender = object_at(item, "sender")
    if "id" not in sender:
        return "guest"  # a checkbox or guest entry point: there is no person to answer yet
    payload = text_at(postback, "payload")
    message_id = identifier_at(postback, "mid") if "mid" in postback else _digest(item)
    opened = payload == GET_STARTED
    return InboundEvent(
        channel=CHANNEL,
        account=account,
        person=identifier_at(sender, "id"),
        dedup_key=f"{account}:postback:{message_id}",
        message_id=message_id,
        kind=EventKind.OPENED if opened else EventKind.TEXT,
        text="" if opened else tidy(payload),
        occurred_at=instant_at(item, "timestamp"),
    )


def _digest(item: Mapping[str, Any]) -> str:
    """Key of an item without an id: a retry repeats its fields, perhaps in another batch."""
    return hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()
