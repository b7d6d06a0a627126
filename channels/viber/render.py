"""From an outcome to Viber messages within its limits: pure.

Choices are numbered in the text, because a number can be typed on every client; where they fit a keyboard they are its
buttons too. No button opens an address: Viber sends the address of such a button to the bot as if it had been typed
(keyboards, read 2026-11-29 [A]); addresses stand in the text, where phones make links of them. Rich media are not used:
what they add is pictures.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.wording import Wording
from channels.buttons import Buttons
from channels.choices import Choice, numbered, offered
from channels.citation import with_sources
from channels.event import TurnOutcome
from channels.parts import Block, pack
from channels.text import length, shorten, tidy
from channels.viber.limits import (
    ENVELOPE_BYTES,
    MAX_BUTTON_BODY_CHARS,
    MAX_BUTTON_TEXT_CHARS,
    MAX_BUTTONS,
    MAX_REQUEST_BYTES,
    MAX_TEXT_CHARS,
)
from channels.viber.parse import CHANNEL

Fields = dict[str, object]

_NO_MARKUP = str.maketrans("<>", "‹›")
"""A button's text may hold tags (keyboards [A]); whether entities are understood is not said."""


def render(outcome: TurnOutcome, wording: Wording, *, account: str, buttons: Buttons) -> tuple[str, ...]:
    """Return the messages as JSON `{"message": {"type": "text", "text": …, "keyboard"?: …}}`.

    Notices stand in messages of their own before the answer, which takes as few as can be; the last has the sources,
    the choices and the keyboard. No text is blank.
    """
    last = outcome.replies[-1]
    needed, optional = offered(last, sign=lambda text: buttons.sign(CHANNEL, account, text))
    notices = [Block(tidy(notice)) for notice in outcome.notices]
    answer = [block for reply in outcome.replies for block in with_sources(reply, wording)]
    answer.append(Block(numbered(needed, last.lang, wording), is_whole=True))
    texts = [part for blocks in (notices, answer) for part in pack(blocks, MAX_TEXT_CHARS)]
    payloads = [_payload(text) for text in texts]
    shown = _shown(needed, optional)
    if payloads and shown:
        with_keyboard = _payload(texts[-1], keyboard=_keyboard(shown))
        if len(with_keyboard.encode()) <= MAX_REQUEST_BYTES - ENVELOPE_BYTES:
            payloads[-1] = with_keyboard
    return tuple(payloads)


def _payload(text: str, **more: object) -> str:
    return json.dumps({"message": {"type": "text", "text": text, **more}}, ensure_ascii=False)


def _shown(needed: Sequence[Choice], optional: Sequence[Choice]) -> list[Choice]:
    """Return every choice that the answer needs, or none at all; and optional ones while there is room."""
    if len(needed) > MAX_BUTTONS or not all(map(_fits, needed)):
        return []
    return [*needed, *filter(_fits, optional)][:MAX_BUTTONS]


def _fits(choice: Choice) -> bool:
    return length(choice.payload) <= MAX_BUTTON_BODY_CHARS


def _keyboard(shown: Sequence[Choice]) -> Fields:
    """A row for each choice. `Silent`: the phone does not show what the button sends back, which is no text to read."""
    return {
        "Type": "keyboard",
        "DefaultHeight": False,
        "Buttons": [
            {
                "Columns": 6,
                "Rows": 1,
                "Silent": True,
                "ActionType": "reply",
                "ActionBody": choice.payload,
                "Text": shorten(choice.title.translate(_NO_MARKUP), MAX_BUTTON_TEXT_CHARS),
            }
            for choice in shown
        ],
    }
