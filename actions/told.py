"""What an action says, and which question that answers."""

from __future__ import annotations

from dataclasses import dataclass

from actions.question import Question
from actions.second_look import FixedResponse
from actions.topic import Kind
from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class Told:
    """A reply, or a response of domain.yml, with what the conversation's topic needs to know of it."""

    reply: Reply | FixedResponse
    about: Question | None = None  # the question it answers, which stood for itself; None: that of the topic
    intent: str = "ask_policy"  # under which that question would be asked again
    kind: Kind = Kind.DOCUMENT  # what an answer of this action is; lists and questions back show it themselves
    base: str = ""  # `about` without the words that a follow-up added to it; "" where it added none
    shown: int | None = None  # results shown in all, the pages before included; None: those cited
    has_more: bool = False  # further results wait
    documents: tuple[str, ...] | None = None  # ids, the one talked about first; None: those cited, in their order
    passage: str | None = None  # id of the passage shown last; None: the one that is quoted
