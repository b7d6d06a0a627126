"""What `/messages` takes: the checks of reference/messenger.md section 7.1, read 2026-11-29. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from channels.text import length, shorten

MAX_TEXT = 2_000
MAX_QUICK_REPLIES = 13
MAX_TITLE = 20
MAX_PAYLOAD = 1_000
MAX_METADATA = 1_000
MAX_TEMPLATE_TEXT = 640
MAX_BUTTONS = 3
MAX_ELEMENTS = 10
MAX_ELEMENT_TEXT = 80

MEDIA = frozenset({"image", "audio", "video", "file"})
KEYS = frozenset({"text", "attachment", "quick_replies", "metadata", "sticker_id"})


def message_fault(message: Mapping[str, Any]) -> str | None:
    """Return what is wrong with a message, None when the Send API takes it."""
    if set(message) - KEYS:
        return f"unknown parameter {sorted(set(message) - KEYS)[0]}"
    if sum(key in message for key in ("text", "attachment", "sticker_id")) != 1:
        return "a message is a text, an attachment or a sticker"
    if len(str(message.get("metadata", ""))) > MAX_METADATA:
        return "metadata is too long"
    if "text" in message and not _is_text(message["text"], MAX_TEXT):
        return "text is empty or longer than 2000 characters"
    if "attachment" in message and (fault := _attachment_fault(message["attachment"])):
        return fault
    return _quick_replies_fault(message["quick_replies"]) if "quick_replies" in message else None


def without_long_titles(message: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the message as phones show it, and the quick replies' titles that were cut to 20 characters."""
    replies = message.get("quick_replies")
    if not replies:
        return dict(message), ()
    cut = tuple(reply["title"] for reply in replies if length(reply.get("title", "")) > MAX_TITLE)
    shown = [{**reply, "title": shorten(reply["title"], MAX_TITLE)} if "title" in reply else reply for reply in replies]
    return {**message, "quick_replies": shown}, cut


def is_heavy(message: Mapping[str, Any]) -> bool:
    """Tell whether the lower rate of audio and video applies."""
    attachment = message.get("attachment")
    return isinstance(attachment, dict) and attachment.get("type") in ("audio", "video")


def _is_text(value: object, limit: int) -> bool:
    return isinstance(value, str) and bool(value.strip()) and length(value) <= limit


def _is_url(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _quick_replies_fault(replies: object) -> str | None:
    if not isinstance(replies, list) or not 1 <= len(replies) <= MAX_QUICK_REPLIES:
        return "1 to 13 quick replies"
    for reply in replies:
        kind = reply.get("content_type") if isinstance(reply, dict) else None
        if kind in ("user_phone_number", "user_email"):
            continue
        if kind != "text" or not _is_text(reply.get("title"), MAX_PAYLOAD):
            return "a quick reply needs a title"
        if not _is_text(reply.get("payload"), MAX_PAYLOAD):
            return "a quick reply's payload is empty or longer than 1000 characters"
    return None


def _attachment_fault(attachment: object) -> str | None:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        return "attachment needs a payload"
    payload = attachment["payload"]
    if attachment.get("type") in MEDIA:
        return None if _is_url(payload.get("url")) or payload.get("attachment_id") else "attachment needs a url"
    if attachment.get("type") != "template":
        return "attachment type"
    check = _TEMPLATES.get(str(payload.get("template_type")))
    return check(payload) if check else "template_type"


def _button_template_fault(payload: Mapping[str, Any]) -> str | None:
    if not _is_text(payload.get("text"), MAX_TEMPLATE_TEXT):
        return "the text of a button template is empty or longer than 640 characters"
    return _buttons_fault(payload.get("buttons"), least=1)


def _generic_template_fault(payload: Mapping[str, Any]) -> str | None:
    elements = payload.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= MAX_ELEMENTS:
        return "1 to 10 elements"
    for element in elements:
        if not isinstance(element, dict) or not _is_text(element.get("title"), MAX_ELEMENT_TEXT):
            return "an element's title is empty or longer than 80 characters"
        if length(str(element.get("subtitle", ""))) > MAX_ELEMENT_TEXT:
            return "an element's subtitle is longer than 80 characters"
        if not set(element) - {"title"}:
            return "an element needs another property besides its title"
        if fault := _buttons_fault(element.get("buttons", []), least=0):
            return fault
    return None


def _media_template_fault(payload: Mapping[str, Any]) -> str | None:
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        return "a media template has one element"
    [element] = elements
    if element.get("media_type") not in ("image", "video") or not (element.get("attachment_id") or element.get("url")):
        return "a media element needs an attachment_id or a url"
    return _buttons_fault(element.get("buttons", []), least=0)


def _buttons_fault(buttons: object, *, least: int) -> str | None:
    if not isinstance(buttons, list) or not least <= len(buttons) <= MAX_BUTTONS:
        return "1 to 3 buttons"
    for button in buttons:
        if not isinstance(button, dict):
            return "a button is an object"
        if button.get("type") == "account_unlink":
            continue
        if button.get("type") != "account_link" and not _is_text(button.get("title"), MAX_TITLE):
            return "a button's title is empty or longer than 20 characters"
        check = _BUTTONS.get(str(button.get("type")))
        if check is None or not check(button):
            return "a button's type and what it holds do not fit"
    return None


_TEMPLATES: Mapping[str, Callable[[Mapping[str, Any]], str | None]] = {
    "button": _button_template_fault,
    "generic": _generic_template_fault,
    "media": _media_template_fault,
}
_BUTTONS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "web_url": lambda button: _is_url(button.get("url")),
    "postback": lambda button: _is_text(button.get("payload"), MAX_PAYLOAD),
    "phone_number": lambda button: str(button.get("payload", "")).startswith("+"),
    "account_link": lambda button: _is_url(button.get("url")),
}
