"""From an outcome to Zalo text messages within its limits: pure.

Choices become numbered text, because button cards are not officially advertised for consultation messages
(reference/zalo-oa.md section 7, read 2026-11-22) and a number can be typed on every client.
"""

from __future__ import annotations

import json

from bot.reply import Reply
from bot.wording import Wording
from channels.citation import with_sources
from channels.event import TurnOutcome
from channels.text import split
from channels.zalo.limits import MAX_TEXT_CHARS


def render(outcome: TurnOutcome, wording: Wording) -> tuple[str, ...]:
    """Return the messages as JSON `{"text": …}`, notices first, every text within the limit and none empty."""
    texts = [*outcome.notices, *(with_sources(reply, wording) for reply in outcome.replies)]
    texts[-1] += _choices(outcome.replies[-1], wording)
    return tuple(
        json.dumps({"text": part}, ensure_ascii=False) for text in texts for part in split(text, MAX_TEXT_CHARS)
    )


def _choices(reply: Reply, wording: Wording) -> str:
    needed = [button for button in reply.buttons if not button.is_optional]
    if not needed:
        return ""
    lines = [f"{number}. {button.title.strip()}" for number, button in enumerate(needed, start=1)]
    return "\n\n" + "\n".join([wording.text("gateway.choices_intro", reply.lang), *lines])
