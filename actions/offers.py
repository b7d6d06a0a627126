"""The four follow-ups that an answer offers as buttons: more, source, full text, in short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.desk import Desk
from actions.topic import Kind, Topic
from bot.reply import CITING, Button, Reply
from index.document import Passage, TextKind

FOLLOW_UPS = ("more", "source", "full_text", "short")
"""Keys of the wording: title and text of each."""


def with_follow_ups(reply: Reply, topic: Topic, desk: Desk, *, has_more: bool, but: str | None = None) -> Reply:
    """Add the follow-ups that make sense to a reply that cites; `but` is the one that the reply has just given.

    They are optional: a channel without buttons leaves them out, for numbered text would be noise.
    """
    if reply.status not in CITING or not topic.documents or reply.buttons:
        return reply
    passages = list(desk.catalogue.passages(topic.documents[0]))
    makes_sense = {
        "more": has_more or _goes_on(topic, passages),
        "source": True,
        "full_text": topic.kind is not Kind.LIST or len(topic.documents) == 1,
        "short": topic.kind is Kind.DOCUMENT and _can_be_shorter(topic, passages),
    }
    buttons = tuple(
        Button(
            desk.wording.text(f"actions.offer_{name}", reply.lang),
            desk.wording.text(f"actions.offer_{name}_text", reply.lang),
            is_optional=True,
        )
        for name in FOLLOW_UPS
        if makes_sense[name] and name != but
    )
    return replace(reply, buttons=buttons)


def _goes_on(topic: Topic, passages: Sequence[Passage]) -> bool:
    """Say whether the document has more text than the passage shown, or other documents were named beside it."""
    if topic.kind is not Kind.DOCUMENT:
        return False
    if len(topic.documents) > 1 and topic.intent == "ask_policy":
        return True
    official = [passage.id for passage in passages if passage.text_kind is TextKind.OFFICIAL]
    return topic.passage in official[:-1]


def _can_be_shorter(topic: Topic, passages: Sequence[Passage]) -> bool:
    """Say whether a summary of ours is held that was not what was shown."""
    summaries = [passage.id for passage in passages if passage.text_kind is TextKind.SUMMARY]
    return bool(summaries) and topic.passage not in summaries
