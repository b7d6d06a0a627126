"""The OA's menu: what is typed into OA Manager by hand, or tried through the API. Pure.

Source: reference/zalo-oa.md section 12, read 2026-11-29. `POST /v2.0/oa/menu` stands in the official SDK, its body
nowhere. Public programs disagree about the body; the items here are the buttons of section 7.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.wording import Wording
from channels.agency import ZaloAccount

MENU_PATH = "/v2.0/oa/menu"

MENU = ("menu_documents", "menu_commune", "menu_petition", "menu_officer", "menu_language", "menu_help")
"""Keys of [profile]: titles; the text that a tap sends has the same key with "_text"."""

MAX_TITLE_CHARS = 100
"""Characters of a button's title (section 7); none is known for the menu."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the menu and the message that it sends for the person who taps it."""

    title: str
    text: str


def wanted_menu(account: ZaloAccount, wording: Wording) -> tuple[MenuItem, ...]:
    """Return the menu in the agency's language: Zalo knows no menus by language."""
    lang = account.agency.lang
    return tuple(
        MenuItem(wording.text(f"profile.{key}", lang), wording.text(f"profile.{key}_text", lang)) for key in MENU
    )


def menu_body(menu: tuple[MenuItem, ...]) -> dict[str, object]:
    """Return a body for MENU_PATH that nobody has confirmed; taps are sent visibly, as typed text would be."""
    return {"data": [{"title": item.title, "type": "oa.query.show", "payload": item.text} for item in menu]}
