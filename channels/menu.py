"""The menu beside a conversation, the same on every platform that has one. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wording import Wording

MENU = ("menu_documents", "menu_commune", "menu_petition", "menu_officer", "menu_language", "menu_help")
"""Keys of [profile]: titles; the text that a tap stands for has the same key with "_text"."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the menu and the message that it sends for the person who taps it."""

    title: str
    text: str


def menu(lang: str, wording: Wording) -> tuple[MenuItem, ...]:
    """Return the menu in a language, in its order."""
    return tuple(
        MenuItem(wording.text(f"profile.{key}", lang), wording.text(f"profile.{key}_text", lang)) for key in MENU
    )
