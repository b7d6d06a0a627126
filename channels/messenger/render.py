"""From an outcome to Messenger messages within its limits: pure.

Choices become quick replies under the last message. Titles hold 20 characters, so longer ones stand in full, and
numbered, in the text; what does not fit 13 quick replies or their payload is reached by typing its number.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.reply import Button
from bot.wording import Wording
from channels.citation import with_sources
from channels.event import TurnOutcome
from channels.messenger.limits import (
    MAX_PAYLOAD_CHARS,
    MAX_QUICK_REPLIES,
    MAX_QUICK_REPLY_TITLE_CHARS,
    MAX_TEXT_CHARS,
)
from channels.text import length, shorten, split


def render(outcome: TurnOutcome, wording: Wording) -> tuple[str, ...]:
    """Return the messages as JSON `{"text": …, "quick_replies"?: […]}`, notices first, within every limit."""
    texts = [*outcome.notices, *(with_sources(reply, wording) for reply in outcome.replies)]
    last = outcome.replies[-1]
    if last.buttons and not _all_short(last.buttons):
        choices = [f"{number}. {button.title.strip()}" for number, button in enumerate(last.buttons, start=1)]
        texts.append("\n".join([wording.text("gateway.choices_intro", last.lang), *choices]))
    messages: list[dict[str, object]] = [{"text": part} for text in texts for part in split(text, MAX_TEXT_CHARS)]
    quick_replies = _quick_replies(last.buttons)
    if messages and quick_replies:
        messages[-1]["quick_replies"] = quick_replies  # earlier ones vanish with the next message
    return tuple(json.dumps(message, ensure_ascii=False) for message in messages)


def _all_short(buttons: Sequence[Button]) -> bool:
    return len(buttons) <= MAX_QUICK_REPLIES and all(
        length(button.title.strip()) <= MAX_QUICK_REPLY_TITLE_CHARS and length(button.text) <= MAX_PAYLOAD_CHARS
        for button in buttons
    )


def _quick_replies(buttons: Sequence[Button]) -> list[dict[str, str]]:
    numbered = not _all_short(buttons)
    return [
        {
            "content_type": "text",
            "title": shorten(f"{number}. {title}" if numbered else title, MAX_QUICK_REPLY_TITLE_CHARS),
            "payload": button.text,
        }
        for number, button in enumerate(buttons[:MAX_QUICK_REPLIES], start=1)
        if (title := button.title.strip()) and button.text.strip() and length(button.text) <= MAX_PAYLOAD_CHARS
    ]
