"""How a person of the agency steps in and how the machine comes back: the words of it, pure."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from bot.reply import AnswerStatus, Button, Reply
from bot.wording import LANGUAGES, Wording
from channels.agency import VIETNAM, Agency

LIVE_CHANNELS = frozenset({"zalo", "messenger"})
"""Channels on which officers read and write in a tool of the platform. Viber has none for bots, nor has the API."""


def asks_for_machine(text: str, wording: Wording) -> bool:
    """Tell whether a text, in any language, calls the machine back while an officer answers."""
    words = (word for lang in LANGUAGES for word in wording.text("gateway.machine_words", lang).split("|"))
    return _folded(text) in {_folded(word) for word in words}


def wants_to_leave_message(text: str, wording: Wording) -> bool:
    """Tell whether a text is the button "leave a message", in any language."""
    return _folded(text) in {_folded(wording.text("gateway.leave_message", lang)) for lang in LANGUAGES}


def said_when_asked_for_officer(agency: Agency, now: datetime, lang: str, wording: Wording, *, is_live: bool) -> Reply:
    """Return what a person hears who asks for an officer of an agency that has some.

    While the office is open and the platform lets officers write (`is_live`), one will answer in the conversation;
    otherwise the person may leave a message.
    """
    hotline = wording.text("gateway.hotline", lang, hotline=agency.hotline) if agency.hotline else ""
    if is_live and agency.is_open(now):
        text = wording.text("gateway.officer_called", lang)
        return Reply(AnswerStatus.HANDED_OVER, f"{text} {hotline}".strip(), lang=lang)
    opens = agency.opens_after(now)
    if is_live and opens is not None:
        at = opens.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
        text = wording.text("gateway.office_closed", lang, opens=at)
    else:
        text = wording.text("gateway.no_officer_here", lang)
    title = wording.text("gateway.leave_message", lang)
    return Reply(AnswerStatus.HANDED_OVER, f"{text} {hotline}".strip(), buttons=(Button(title, title),), lang=lang)


def _folded(text: str) -> str:
    """Fold case, accents, punctuation and blanks away, so that "Trợ lý!" and "tro ly" are one."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c)).split())
