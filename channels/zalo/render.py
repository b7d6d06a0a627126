"""From an outcome to Zalo messages within its limits: pure.

Choices are numbered in the text, because a number can be typed on every client; where they fit a card they are its
buttons too. Cards are not officially advertised for consultation messages (reference/zalo-oa.md section 7, read
2026-11-29), so each carries the same text without buttons, to be sent when it is refused.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.wording import Wording
from channels.buttons import Buttons
from channels.choices import Choice, numbered, offered
from channels.citation import only_address, with_sources
from channels.event import TurnOutcome
from channels.parts import Block, pack
from channels.text import length, tidy
from channels.zalo.limits import MAX_BUTTON_PAYLOAD_CHARS, MAX_BUTTON_TITLE_CHARS, MAX_BUTTONS, MAX_TEXT_CHARS
from channels.zalo.parse import CHANNEL

Fields = dict[str, object]


def render(outcome: TurnOutcome, wording: Wording, *, account: str, buttons: Buttons) -> tuple[str, ...]:
    """Return the messages as JSON `{"message": {"text": …, "attachment"?: …}, "fallback"?: {"text": …}}`.

    Notices stand in messages of their own before the answer, which takes as few as can be; the last has the sources,
    the choices and the buttons. No text is blank.
    """
    last = outcome.replies[-1]
    needed, optional = offered(last, sign=lambda text: buttons.sign(CHANNEL, account, text))
    notices = [Block(tidy(notice)) for notice in outcome.notices]
    answer = [block for reply in outcome.replies for block in with_sources(reply, wording)]
    answer.append(Block(numbered(needed, last.lang, wording), is_whole=True))
    texts = [{"text": part} for blocks in (notices, answer) for part in pack(blocks, MAX_TEXT_CHARS)]
    messages: list[Fields] = [{"message": text} for text in texts]
    shown = _query_buttons(needed, optional)
    if texts and shown:
        if len(shown) < MAX_BUTTONS and (url := only_address(last)):
            title = wording.text("gateway.open_source", last.lang)
            shown.append({"title": title, "type": "oa.open.url", "payload": {"url": url}})
        attachment = {"type": "template", "payload": {"buttons": shown}}
        messages[-1] = {"message": {**texts[-1], "attachment": attachment}, "fallback": texts[-1]}
    return tuple(json.dumps(message, ensure_ascii=False) for message in messages)


def _query_buttons(needed: Sequence[Choice], optional: Sequence[Choice]) -> list[Fields]:
    """Return every choice that the answer needs as a button, or none at all; and optional ones while there is room."""
    if len(needed) > MAX_BUTTONS or not all(map(_fits, needed)):
        return []
    shown = [*needed, *filter(_fits, optional)][:MAX_BUTTONS]
    return [{"title": choice.title, "type": "oa.query.hide", "payload": choice.payload} for choice in shown]


def _fits(choice: Choice) -> bool:
    return length(choice.title) <= MAX_BUTTON_TITLE_CHARS and length(choice.payload) <= MAX_BUTTON_PAYLOAD_CHARS
