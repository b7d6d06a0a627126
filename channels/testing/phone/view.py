"""What a phone would show of a conversation, whichever platform it is on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from channels.testing.ledger import Author, Line

Shown = dict[str, Any]


def conversation(lines: Sequence[Line], *, after: int) -> list[Shown]:
    """Return the lines from place `after` on, without those that a hidden button sent (`oa.query.hide`)."""
    hidden: set[str] = set()
    shown = []
    for place, line in enumerate(lines):
        hidden |= {button["payload"] for button in _zalo_buttons(line) if button["type"] == "oa.query.hide"}
        if place >= after and not (line.author is Author.PERSON and line.text in hidden):
            shown.append({**_line(line), "place": place})
    return shown


def starters(profile: Mapping[str, Any]) -> Shown:
    """Return what stands in an empty Messenger conversation, and its menu."""
    greeting, breakers, menu = (_default(profile.get(name)) for name in ("greeting", "ice_breakers", "persistent_menu"))
    return {
        "greeting": greeting.get("text", ""),
        "starts": "get_started" in profile,
        "questions": [
            {"title": action["question"], "payload": action["payload"]}
            for action in breakers.get("call_to_actions", [])
        ],
        "menu": [_messenger_button(action) for action in menu.get("call_to_actions", [])],
    }


def zalo_menu(menu: Mapping[str, Any] | None) -> list[Shown]:
    """Return the items of an OA's menu where they look like buttons: its real form is not confirmed."""
    items = (menu or {}).get("data")
    return [_zalo_button(item) for item in items if {"title", "type", "payload"} <= set(item)] if items else []


def _line(line: Line) -> Shown:
    attachment = line.message.get("attachment") or {}
    payload = attachment.get("payload") or {}
    buttons = [_zalo_button(button) for button in _zalo_buttons(line)]
    if payload.get("template_type") == "button":
        buttons = [_messenger_button(button) for button in payload["buttons"]]
    return {
        "id": line.id,
        "who": line.author.value,
        "at": line.at.isoformat(),
        "text": line.text,
        "kinds": [str(each.get("type")) for each in line.message.get("attachments", ())],
        "buttons": buttons,
        "cards": [_card(element) for element in payload.get("elements", ())],
        "quick": [_quick_reply(reply) for reply in line.message.get("quick_replies", ())],
        "billed": line.is_billed,
    }


def _zalo_buttons(line: Line) -> Iterable[Mapping[str, Any]]:
    payload = (line.message.get("attachment") or {}).get("payload") or {}
    return () if payload.get("template_type") in ("button", "generic") else payload.get("buttons", ())


def _zalo_button(button: Mapping[str, Any]) -> Shown:
    payload = button["payload"]
    if isinstance(payload, str):
        return {"kind": "reply", "title": button["title"], "payload": payload}
    if "url" in payload:
        return {"kind": "link", "title": button["title"], "url": payload["url"]}
    return {"kind": "link", "title": button["title"], "url": f"tel:+{payload.get('phone_code', '')}"}


def _messenger_button(button: Mapping[str, Any]) -> Shown:
    title = str(button.get("title", ""))
    if "url" in button:
        return {"kind": "link", "title": title, "url": button["url"]}
    if button.get("type") == "phone_number":
        return {"kind": "link", "title": title, "url": f"tel:{button['payload']}"}
    return {"kind": "reply", "title": title, "payload": str(button.get("payload", ""))}


def _quick_reply(reply: Mapping[str, Any]) -> Shown:
    return {"title": str(reply.get("title", "")), "payload": str(reply.get("payload", ""))}


def _card(element: Mapping[str, Any]) -> Shown:
    return {
        "title": str(element.get("title", "")),
        "subtitle": str(element.get("subtitle", "")),
        "url": str(element.get("url") or element.get("image_url") or ""),
        "buttons": [_messenger_button(button) for button in element.get("buttons", ())],
    }


def _default(variants: object) -> Mapping[str, Any]:
    """Return the variant for every locale."""
    found = [each for each in variants if each.get("locale") == "default"] if isinstance(variants, list) else []
    return found[0] if found else {}
