"""From Zalo's webhook body to our events. Source: reference/zalo-oa.md sections 4 and 5, read 2026-11-29."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from channels.buttons import PREFIX, Buttons
from channels.errors import MalformedEvent
from channels.event import EventKind, InboundEvent, ParsedRequest, Place, Signal, SignalKind
from channels.ports import VerifiedRequest
from channels.text import tidy
from channels.wire import (
    attachments_of,
    caption_of,
    identifier_at,
    if_readable,
    instant_at,
    key_of,
    milliseconds,
    object_at,
    payload_of,
    place_in,
    read_object,
    text_at,
)
from channels.zalo.catalogue import ECHOES, MESSAGES, OPENINGS, SIGNALS

CHANNEL = "zalo"

_OF_A_PERSON = frozenset({SignalKind.INTERACTED, SignalKind.UNFOLLOWED, SignalKind.WITHDREW})
_ADDRESSED = _OF_A_PERSON | {SignalKind.DELIVERED, SignalKind.READ, SignalKind.REACTED}
_OF_AN_ACCOUNT = _ADDRESSED | {SignalKind.ANONYMOUS}
_CAPTIONED = frozenset({EventKind.IMAGE, EventKind.AUDIO, EventKind.VIDEO, EventKind.FILE, EventKind.LINK})
_CARD_FIELDS = frozenset({"phone", "qrCodeUrl"})


def parse(request: VerifiedRequest, *, oa_ids: Collection[str], buttons: Buttons) -> ParsedRequest:
    """Return the event or signal of the request; among the ignored are "unknown" names and those to "other_account".

    Raises MalformedEvent when an event that we know lacks what it must have.
    """
    fields = read_object(request.body)
    name = text_at(fields, "event_name")
    if not name:
        raise MalformedEvent("event_name is absent")
    found: InboundEvent | Signal | None
    if name in MESSAGES:
        found = _message(fields, name, request.body, buttons)
    elif name in ECHOES:
        found = _echo(fields, name, request.body)
    elif name in OPENINGS:
        found = _opening(fields, name, oa_ids)
    elif name in SIGNALS:
        found = _signal(fields, name, oa_ids)
    else:
        return ParsedRequest(ignored=("unknown",))
    if found is None or (found.account and found.account not in oa_ids):
        return ParsedRequest(ignored=("other_account",))
    return ParsedRequest(events=(found,)) if isinstance(found, InboundEvent) else ParsedRequest(signals=(found,))


def _message(fields: Mapping[str, Any], name: str, body: bytes, buttons: Buttons) -> InboundEvent:
    message = object_at(fields, "message")
    account = _end(fields, "recipient")
    message_id = _message_id(message, body)
    kind, text, place = _content(message, MESSAGES[name])
    if text.startswith(PREFIX):
        text = tidy(buttons.read(CHANNEL, account, text) or text)
    return InboundEvent(
        channel=CHANNEL,
        account=account,
        person=_end(fields, "sender"),
        dedup_key=key_of(account, "msg", "in", message_id),
        message_id=message_id,
        kind=kind,
        text=text,
        occurred_at=instant_at(fields, "timestamp"),
        place=place,
    )


def _content(message: Mapping[str, Any], kind: EventKind) -> tuple[EventKind, str, Place | None]:
    if kind is EventKind.TEXT:
        return kind, tidy(text_at(message, "text")), None
    attachments = attachments_of(message)
    if kind is EventKind.LOCATION:  # beside the documented shape one source shows `message.location`
        holders = [*map(payload_of, attachments), if_readable(object_at, message, "location") or {}]
        return kind, "", place_in(each for holder in holders for each in (holder.get("coordinates"), holder))
    if kind is EventKind.LINK and any(map(_is_card, attachments)):
        return EventKind.CONTACT, "", None
    caption = caption_of(message) if kind in _CAPTIONED else ""
    return (EventKind.TEXT, caption, None) if caption else (kind, "", None)


def _is_card(attachment: Mapping[str, Any]) -> bool:
    """A business card is a link whose description is JSON text; one to one it may come as a plain link."""
    description = if_readable(text_at, payload_of(attachment), "description") or ""
    try:
        return not _CARD_FIELDS.isdisjoint(read_object(description.encode("utf-8", "replace")))
    except MalformedEvent:
        return False


def _echo(fields: Mapping[str, Any], name: str, body: bytes) -> InboundEvent | Signal:
    message = object_at(fields, "message")
    account, person = _end(fields, "sender"), _end(fields, "recipient")
    message_id = _message_id(message, body)
    if object_at(fields, "sender").get("admin_id"):  # a person answered in the OA's chat tool
        key = key_of(account, "msg", "out", message_id)
        return _event(EventKind.OFFICER_SPOKE, account, person, key, message_id, instant_at(fields, "timestamp"))
    shown = [message, *map(payload_of, attachments_of(message))]  # of a template the payload holds the text
    texts = (tidy(if_readable(text_at, each, "text") or "") for each in shown)
    return Signal(
        channel=CHANNEL,
        account=account,
        kind=SignalKind.ECHO,
        name=name,
        person=person,
        occurred_at=if_readable(instant_at, fields, "timestamp"),
        message_id=message_id,
        text=next(filter(None, texts), ""),
    )


def _opening(fields: Mapping[str, Any], name: str, oa_ids: Collection[str]) -> InboundEvent | None:
    account, person = _parties(fields, oa_ids)
    if not account:
        return None
    occurred_at = instant_at(fields, "timestamp")
    key = key_of(account, name, _named(person), milliseconds(occurred_at))
    return _event(EventKind.OPENED, account, person, key, key, occurred_at)


def _event(
    kind: EventKind, account: str, person: str, key: str, message_id: str, occurred_at: datetime
) -> InboundEvent:
    return InboundEvent(
        channel=CHANNEL,
        account=account,
        person=person,
        dedup_key=key,
        message_id=message_id,
        kind=kind,
        text="",
        occurred_at=occurred_at,
    )


def _signal(fields: Mapping[str, Any], name: str, oa_ids: Collection[str]) -> Signal | None:
    account, person = _parties(fields, oa_ids)
    kind = SIGNALS[name]
    occurred_at = if_readable(instant_at, fields, "timestamp")
    if name == "user_received_message" and "tracking_id" in object_at(fields, "message"):
        kind = SignalKind.TEMPLATE  # delivery of a paid template, whose recipient is no id of ours
    elif name == "widget_interaction_accepted" and not person:
        kind = SignalKind.ADMINISTRATION  # its shape is not documented
    if kind in _OF_AN_ACCOUNT and not account:
        return None
    if kind in _OF_A_PERSON:
        _named(person)
    if kind is SignalKind.INTERACTED:
        occurred_at = instant_at(fields, "timestamp")
    return Signal(
        channel=CHANNEL,
        account=account,
        kind=kind,
        name=name,
        person=person if kind in _ADDRESSED else "",
        occurred_at=occurred_at,
    )


def _parties(fields: Mapping[str, Any], oa_ids: Collection[str]) -> tuple[str, str]:
    """Our account and the person of an event, each "" where it is not named.

    Which of sender and recipient is the OA differs between sources (section 5): the one whose id we know.
    """
    ends = [if_readable(_end, fields, end) or "" for end in ("recipient", "sender")]
    named = if_readable(identifier_at, fields, "oa_id")
    account = named or next((end for end in ends if end in oa_ids), "")
    holders = (fields, if_readable(object_at, fields, "data") or {})
    people = [if_readable(identifier_at, holder, "user_id") for holder in holders]
    people += [if_readable(_end, fields, "follower"), *ends]
    return account, next((person for person in people if person and person != account), "")


def _end(fields: Mapping[str, Any], key: str) -> str:
    """The id of whoever stands at `key`. Raises MalformedEvent."""
    return identifier_at(object_at(fields, key), "id")


def _named(person: str) -> str:
    if not person:
        raise MalformedEvent("nobody is named")
    return person


def _message_id(message: Mapping[str, Any], body: bytes) -> str:
    """The platform's id. A retry repeats the body byte for byte, so its digest names a message without one."""
    return hashlib.sha256(body).hexdigest() if message.get("msg_id") is None else identifier_at(message, "msg_id")
