"""From Messenger's webhook body, a batch, to our events. Source: reference/messenger.md sections 4 to 6, 2026-11-29."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from channels.buttons import Buttons
from channels.errors import MalformedEvent
from channels.event import EventKind, InboundEvent, ParsedRequest, Place, Signal, SignalKind
from channels.messenger.catalogue import ATTACHMENTS, CONTROLS, GET_STARTED, MARKS, SIGNALS
from channels.messenger.item import CHANNEL, Item
from channels.messenger.limits import PAGE_INBOX_APP_ID
from channels.ports import VerifiedRequest
from channels.text import tidy
from channels.wire import (
    attachments_of,
    caption_of,
    identifier_at,
    if_readable,
    object_at,
    objects_at,
    payload_of,
    place_in,
    read_object,
    text_at,
)

__all__ = ["CHANNEL", "parse"]

_CAPTIONED = frozenset({EventKind.IMAGE, EventKind.AUDIO, EventKind.VIDEO, EventKind.FILE, EventKind.LINK})

_Found = InboundEvent | Signal | str


def parse(request: VerifiedRequest, *, app_ids: Mapping[str, str | None], buttons: Buttons) -> ParsedRequest:
    """Return what all items of all entries say; an unreadable item is counted and harms no other.

    `app_ids` holds our app's id for each Page that is served, None where it is not known. Among the ignored are
    "unknown" items and those of an "other_account". Raises MalformedEvent when the whole is not a batch of a Page.
    """
    fields = read_object(request.body)
    if fields.get("object") != "page":
        raise MalformedEvent("not a Page's events")
    events: list[InboundEvent] = []
    signals: list[Signal] = []
    ignored: list[str] = []
    malformed = 0
    for found in (each for entry in objects_at(fields, "entry") for each in _entry(entry, app_ids, buttons)):
        if isinstance(found, InboundEvent):
            events.append(found)
        elif isinstance(found, Signal):
            signals.append(found)
        elif isinstance(found, str):
            ignored.append(found)
        else:
            malformed += 1
    return ParsedRequest(tuple(events), tuple(signals), tuple(ignored), malformed)


def _entry(entry: object, app_ids: Mapping[str, str | None], buttons: Buttons) -> Iterator[_Found | None]:
    """Yield what each item of an entry says, None for what cannot be read."""
    page_id = if_readable(identifier_at, entry, "id") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or page_id is None:
        yield None
        return
    for place in ("messaging", "standby", "changes"):
        items = if_readable(objects_at, entry, place)
        for fields in [None] if items is None else items:
            if not isinstance(fields, dict):
                yield None
            elif page_id not in app_ids:
                yield "other_account"
            elif place == "changes":
                yield _change(fields, page_id)
            else:
                try:
                    yield _item(fields, page_id, app_ids[page_id], buttons, is_standby=place == "standby")
                except MalformedEvent:
                    yield None


def _item(fields: Mapping[str, Any], page_id: str, app_id: str | None, buttons: Buttons, *, is_standby: bool) -> _Found:
    """Return the event or signal, or the name under which the item is let go. Raises MalformedEvent."""
    mark = next((mark for mark in MARKS if fields.get(mark) is not None), None)
    if mark is None:
        return "unknown"
    item = Item(page_id, mark, fields)
    if mark in CONTROLS:
        return _control(item, app_id)
    if mark == "message" and (item.content.get("is_echo") or item.is_by_page):
        return _echo(item, app_id)
    if mark in SIGNALS:
        return _signal(item)
    if item.is_by_guest:
        return item.signal(SignalKind.ANONYMOUS, mark)
    event = _message(item, buttons) if mark == "message" else _postback(item, buttons)
    return replace(event, kind=EventKind.ASIDE, place=None) if is_standby else event


def _message(item: Item, buttons: Buttons) -> InboundEvent:
    kind, text, place = _content(item, buttons)
    return item.event(kind, key=item.key("msg", item.message_id), message_id=item.message_id, text=text, place=place)


def _content(item: Item, buttons: Buttons) -> tuple[EventKind, str, Place | None]:
    message = item.content
    pressed = object_at(message, "quick_reply")  # before text, which then holds the button's title
    if pressed:
        return *_pressed(pressed, text_at(message, "text"), item.page_id, buttons), None
    attachments = attachments_of(message)
    if not attachments and message.get("text") is not None:
        return EventKind.TEXT, tidy(text_at(message, "text")), None
    kinds = (_kind(attachment) for attachment in attachments)
    kind = next((kind for kind in kinds if kind is not EventKind.OTHER), EventKind.OTHER)
    if kind is EventKind.LOCATION:
        holders = map(payload_of, attachments)
        return kind, "", place_in(each for holder in holders for each in (holder.get("coordinates"), holder))
    caption = caption_of(message) if kind in _CAPTIONED else ""
    return (EventKind.TEXT, caption, None) if caption else (kind, "", None)


def _kind(attachment: Mapping[str, Any]) -> EventKind:
    """Until 2026-08-30 a sticker came as an image with a `sticker_id`, for three months as both (section 6.1)."""
    if "sticker_id" in payload_of(attachment):
        return EventKind.STICKER
    return ATTACHMENTS.get(if_readable(text_at, attachment, "type") or "", EventKind.OTHER)


def _postback(item: Item, buttons: Buttons) -> InboundEvent:
    postback = item.content
    kind, text = _pressed(postback, text_at(postback, "title"), item.page_id, buttons)
    if postback.get("mid") is None:  # before version 11.0
        payload = text_at(postback, "payload").encode("utf-8", "replace")
        return item.event(kind, key=item.key_by_instant(hashlib.sha256(payload).hexdigest()), text=text)
    return item.event(kind, key=item.key("postback", item.message_id), message_id=item.message_id, text=text)


def _pressed(button: Mapping[str, Any], title: str, page_id: str, buttons: Buttons) -> tuple[EventKind, str]:
    """What a button stands for: a payload that we did not sign is worth no more than its title."""
    payload = text_at(button, "payload")
    if payload == GET_STARTED:
        return EventKind.OPENED, ""
    text = buttons.read(CHANNEL, page_id, payload)
    return EventKind.TEXT, tidy(title if text is None else text)


def _echo(item: Item, app_id: str | None) -> InboundEvent | Signal:
    """An echo of our own message, or the word of somebody else who writes for the Page (section 6.2)."""
    message = item.content
    metadata = if_readable(identifier_at, message, "metadata") or ""
    sender = if_readable(identifier_at, message, "app_id")
    is_ours = metadata.isdigit() if app_id is None else sender == app_id
    if not is_ours:
        key = item.key("echo", item.message_id)
        return item.event(EventKind.OFFICER_SPOKE, key=key, message_id=item.message_id)
    return replace(
        item.signal_of_person(SignalKind.ECHO, "message_echo"),
        message_id=item.message_id,
        text=tidy(if_readable(text_at, message, "text") or ""),
        outbox_id=metadata,
    )


def _control(item: Item, app_id: str | None) -> InboundEvent | Signal:
    """Who owns the conversation now (section 6.7); an owner that is null is nobody, and then it is idle."""
    old = if_readable(identifier_at, item.content, "previous_owner_app_id")
    new = if_readable(identifier_at, item.content, "new_owner_app_id")
    if old is not None and old == new:
        return item.signal(SignalKind.OWNER, item.mark)
    if app_id is None:
        is_returned, is_gone = False, new == PAGE_INBOX_APP_ID
    else:
        is_returned = new == app_id
        is_gone = old == app_id or (new is not None and (old is None or item.mark == "pass_thread_control"))
    if not is_returned and not is_gone:
        return item.signal(SignalKind.OWNER, item.mark)
    kind = EventKind.RETURNED if is_returned else EventKind.TAKEN_OVER
    return item.event(kind, key=item.key_by_instant())


def _signal(item: Item) -> Signal:
    kind = SIGNALS[item.mark]
    content = item.content
    if kind is SignalKind.POLICY:
        action = content.get("action")
        return item.signal(kind, item.mark, detail=action if action in ("warning", "block", "unblock") else "other")
    if kind is not SignalKind.INTERACTED:
        return item.signal(kind, item.mark)
    if item.is_by_guest:
        return item.signal(SignalKind.ANONYMOUS, item.mark)
    if item.is_by_page:
        return item.signal(SignalKind.ADMINISTRATION, item.mark)
    return item.signal_of_person(kind, item.mark)


def _change(fields: Mapping[str, Any], page_id: str) -> Signal:
    """A change of the Page itself: its feed, its templates."""
    if fields.get("field") == "message_template_status_update":
        return Signal(CHANNEL, page_id, SignalKind.TEMPLATE, "message_template_status_update")
    return Signal(CHANNEL, page_id, SignalKind.ADMINISTRATION, "changes")
