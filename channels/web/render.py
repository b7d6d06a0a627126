"""From an outcome to the JSON answer of the API: pure, always one message."""

from __future__ import annotations

import json

from bot.reply import AnswerStatus, Reply
from channels.event import TurnOutcome


def render(outcome: TurnOutcome) -> tuple[str, ...]:
    """Return the one answer as JSON, without `conversation_id`, which the waiting request knows.

    The text of several replies is joined by blank lines; status and language are those of the reply that says most.
    `notice` holds the gateway's own sentences (machine notice, question cut), null where there is none, so that
    `text` is the bot's and nothing else.
    """
    main = _main(outcome.replies)
    answer = {
        "status": main.status.value,
        "text": "\n\n".join(reply.text for reply in outcome.replies),
        "lang": main.lang,
        "intent": outcome.intent,
        "snapshot": outcome.snapshot,
        "notice": "\n\n".join(outcome.notices) or None,
        "citations": [citation.to_wire() for reply in outcome.replies for citation in reply.citations],
        "buttons": [
            {"title": button.title, "text": button.text, "is_optional": button.is_optional}
            for reply in outcome.replies
            for button in reply.buttons
        ],
    }
    return (json.dumps(answer, ensure_ascii=False),)


def _main(replies: tuple[Reply, ...]) -> Reply:
    """The first reply that cites, else the first that is more than small talk, else the first."""
    citing = (reply for reply in replies if reply.citations)
    telling = (reply for reply in replies if reply.status is not AnswerStatus.CHATTED)
    return next(citing, None) or next(telling, None) or replies[0]
