"""The OA's menu: what is typed into OA Manager by hand, or tried through the API. Pure.

Source: reference/zalo-oa.md section 12, read 2026-11-29. `POST /v2.0/oa/menu` stands in the official SDK, its body
nowhere. Public programs disagree about the body; the items here are the buttons of section 7.
"""

from __future__ import annotations

from bot.wording import Wording
from channels.agency import ZaloAccount
from channels.menu import MenuItem, menu

MENU_PATH = "/v2.0/oa/menu"


def wanted_menu(account: ZaloAccount, wording: Wording) -> tuple[MenuItem, ...]:
    """Return the menu in the agency's language: Zalo knows no menus by language."""
    return menu(account.agency.lang, wording)


def menu_body(items: tuple[MenuItem, ...]) -> dict[str, object]:
    """Return a body for MENU_PATH that nobody has confirmed; taps are sent visibly, as typed text would be."""
    return {"data": [{"title": item.title, "type": "oa.query.show", "payload": item.text} for item in items]}
