"""`/messenger_profile` on the fake: what stands at the head of a conversation, within its limits.

Source: reference/messenger.md section 7.5, read 2026-11-29; figures that are not official there are marked so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from channels.testing.graph.calls import Asked, Bearer, GraphFault, own_page
from channels.testing.graph.messages import MAX_PAYLOAD
from channels.text import length

MAX_GREETING = 160  # not confirmed
MAX_ICE_BREAKERS = 4
MAX_QUESTION = 80  # not confirmed
MAX_MENU_ITEMS = 20
MAX_MENU_TITLE = 30  # not confirmed

SUCCESS = {"result": "success"}


def show(caller: Bearer, asked: Asked) -> object:
    """Answer GET: the fields that were asked for and are set."""
    profile = own_page(asked, caller).profile
    found = {name: profile[name] for name in asked.text("fields").split(",") if name in profile}
    return {"data": [found] if found else []}


def change(caller: Bearer, asked: Asked) -> object:
    """Answer POST: replace the fields that are given. Raises GraphFault, and then changes nothing."""
    profile = own_page(asked, caller).profile
    wanted = {name: value for name, value in asked.given.items() if name in _CHECKS}
    if not wanted:
        raise GraphFault(100, None, "no field of the profile")
    for name, value in wanted.items():
        if fault := _CHECKS[name](value):
            raise GraphFault(100, None, f"{name}: {fault}")
    if "persistent_menu" in wanted and "get_started" not in {**profile, **wanted}:
        raise GraphFault(100, 2018145, "a persistent menu needs a get started button")
    profile |= wanted
    return SUCCESS


def remove(caller: Bearer, asked: Asked) -> object:
    """Answer DELETE of `fields`. Raises GraphFault."""
    profile = own_page(asked, caller).profile
    fields = asked.given.get("fields")
    names = fields.split(",") if isinstance(fields, str) else fields
    if not isinstance(names, list) or not names:
        raise GraphFault(100, None, "fields")
    if "get_started" in names and "persistent_menu" in set(profile) - set(names):
        raise GraphFault(100, 2018145, "a persistent menu needs a get started button")
    for name in names:
        profile.pop(name, None)
    return SUCCESS


def _is_text(value: object, limit: int) -> bool:
    return isinstance(value, str) and 0 < length(value) <= limit


def _get_started(value: Any) -> str | None:
    return None if isinstance(value, dict) and _is_text(value.get("payload"), MAX_PAYLOAD) else "payload"


def _by_locale(value: object) -> str | None:
    """Return what is wrong with a list of variants by locale."""
    if not isinstance(value, list) or not all(isinstance(variant, dict) for variant in value):
        return "a list of objects is expected"
    locales = [variant.get("locale") for variant in value]
    return None if "default" in locales and len(set(locales)) == len(locales) else "one default locale is needed"


def _greeting(value: Any) -> str | None:
    if fault := _by_locale(value):
        return fault
    return None if all(_is_text(variant.get("text"), MAX_GREETING) for variant in value) else "text"


def _ice_breakers(value: Any) -> str | None:
    if fault := _by_locale(value):
        return fault
    for variant in value:
        actions = variant.get("call_to_actions")
        if not isinstance(actions, list) or not 1 <= len(actions) <= MAX_ICE_BREAKERS:
            return "1 to 4 questions"
        for action in actions:
            if not _is_text(action.get("question"), MAX_QUESTION) or not _is_text(action.get("payload"), MAX_PAYLOAD):
                return "question or payload"
    return None


def _persistent_menu(value: Any) -> str | None:
    if fault := _by_locale(value):
        return fault
    for variant in value:
        actions = variant.get("call_to_actions", [])
        if not isinstance(actions, list) or len(actions) > MAX_MENU_ITEMS:
            return "at most 20 items"
        for action in actions:
            is_url = action.get("type") == "web_url" and str(action.get("url", "")).startswith("https://")
            is_postback = action.get("type") == "postback" and _is_text(action.get("payload"), MAX_PAYLOAD)
            if not (is_url or is_postback) or not _is_text(action.get("title"), MAX_MENU_TITLE):
                return "an item is a postback or a https link with a title of at most 30 characters"
    return None


def _anything(value: Any) -> str | None:
    return None if value else "empty"


_CHECKS: Mapping[str, Callable[[Any], str | None]] = {
    "get_started": _get_started,
    "greeting": _greeting,
    "ice_breakers": _ice_breakers,
    "persistent_menu": _persistent_menu,
    "commands": _anything,
    "whitelisted_domains": _anything,
    "account_linking_url": _anything,
}
