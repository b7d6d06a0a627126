"""What `/v3.0/oa/message/cs` takes: the checks of reference/zalo-oa.md section 7, read 2026-11-29. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from channels.text import length

Fault = tuple[int, str]
"""Error code and reason."""

MAX_TEXT = 2_000
MAX_BUTTONS = 5
MAX_ELEMENTS = 5
MAX_TITLE = 100
MAX_SUBTITLE = 500
MAX_PAYLOAD = 1_000
MAX_SMS = 160


def message_fault(message: Mapping[str, Any], *, accepts_cards: bool) -> Fault | None:
    """Return what is wrong with a message, None when Zalo takes it."""
    if not message or set(message) - {"text", "attachment", "quote_message_id"}:
        return -201, "message"
    text, attachment = message.get("text", ""), message.get("attachment")
    if not isinstance(text, str) or (attachment is None and not text.strip()):
        return -201, "message.text"
    if length(text) > MAX_TEXT:
        return -210, "message.text"
    return None if attachment is None else _attachment_fault(attachment, text, accepts_cards=accepts_cards)


def kind(message: Mapping[str, Any]) -> str:
    """Return the last part of the echo's name: text | image | gif | sticker | file | list | template."""
    attachment = message.get("attachment")
    if not attachment:
        return "text"
    if attachment["type"] == "file":
        return "file"
    payload = attachment["payload"]
    if payload.get("template_type") == "media":
        return str(payload["elements"][0]["media_type"])
    return "list" if payload.get("template_type") == "list" else "template"


def _attachment_fault(attachment: object, text: str, *, accepts_cards: bool) -> Fault | None:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        return -201, "message.attachment"
    payload = attachment["payload"]
    if attachment.get("type") == "file":
        return None if payload.get("token") else (-201, "attachment.payload.token")
    template = payload.get("template_type")
    if attachment.get("type") != "template" or template not in (None, "media", "list", "request_user_info"):
        return -233, "attachment.type"
    if template == "media":
        return _media_fault(payload.get("elements"))
    if not accepts_cards:
        return -201, "attachment.payload.buttons"
    if template is None:
        return (-201, "message.text") if not text.strip() else _buttons_fault(payload.get("buttons"))
    return _elements_fault(payload, most=1 if template == "request_user_info" else MAX_ELEMENTS)


def _media_fault(elements: object) -> Fault | None:
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        return -201, "attachment.payload.elements"
    [element] = elements
    if element.get("media_type") not in ("image", "gif", "sticker"):
        return -201, "media_type"
    by_url = element["media_type"] == "image" and str(element.get("url", "")).startswith(("http://", "https://"))
    return None if by_url != bool(element.get("attachment_id")) else (-201, "attachment_id or url")


def _elements_fault(payload: Mapping[str, Any], *, most: int) -> Fault | None:
    elements = payload.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        return -201, "attachment.payload.elements"
    for place, element in enumerate(elements):
        if not isinstance(element, dict) or not 0 < length(str(element.get("title", ""))) <= MAX_TITLE:
            return -201, "elements.title"
        subtitle = str(element.get("subtitle", ""))
        if length(subtitle) > MAX_SUBTITLE or (place == 0 and not subtitle):
            return -201, "elements.subtitle"
    return _buttons_fault(payload["buttons"]) if "buttons" in payload else None


def _buttons_fault(buttons: object) -> Fault | None:
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MAX_BUTTONS:
        return -201, "attachment.payload.buttons"
    for button in buttons:
        if not isinstance(button, dict) or set(button) - {"title", "type", "payload", "image_icon"}:
            return -201, "buttons"
        if not isinstance(button.get("title"), str) or not 0 < length(button["title"]) <= MAX_TITLE:
            return -201, "buttons.title"
        check = _PAYLOADS.get(str(button.get("type")))
        if check is None or not check(button.get("payload")):
            return -201, "buttons.payload"
    return None


def _is_query(payload: object) -> bool:
    return isinstance(payload, str) and 0 < length(payload) <= MAX_PAYLOAD


def _is_url(payload: object) -> bool:
    return isinstance(payload, dict) and str(payload.get("url", "")).startswith(("http://", "https://"))


def _is_phone(payload: object) -> bool:
    return isinstance(payload, dict) and str(payload.get("phone_code", "")).isdecimal()


def _is_sms(payload: object) -> bool:
    return _is_phone(payload) and isinstance(payload, dict) and length(str(payload.get("content", ""))) <= MAX_SMS


_PAYLOADS: Mapping[str, Callable[[object], bool]] = {
    "oa.query.show": _is_query,
    "oa.query.hide": _is_query,
    "oa.open.url": _is_url,
    "oa.open.phone": _is_phone,
    "oa.open.sms": _is_sms,
}
