"""What a reply offers to choose from: as parts of a message, and as numbered text for where no button is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.reply import Reply
from bot.wording import Wording
from channels.text import is_blank, one_line, tidy


@dataclass(frozen=True, slots=True)
class Choice:
    """One button of a reply, fit to be shown."""

    title: str  # on one line, not blank, of any length
    payload: str  # signed; what comes back when it is pressed
    number: int | None  # by which it can be typed, as `channels.turn.choices` counts; None for an optional one


def offered(reply: Reply, *, sign: Callable[[str], str]) -> tuple[list[Choice], list[Choice]]:
    """Return the choices that the answer needs, and the optional ones; what says nothing when pressed is left out."""
    needed: list[Choice] = []
    optional: list[Choice] = []
    number = 0
    for button in reply.buttons:
        number += not button.is_optional
        text = tidy(button.text)
        if is_blank(text):
            continue
        title = one_line(button.title)
        choice = Choice(
            title=one_line(text) if is_blank(title) else title,
            payload=sign(text),
            number=None if button.is_optional else number,
        )
        (optional if button.is_optional else needed).append(choice)
    return needed, optional


def numbered(choices: Sequence[Choice], lang: str, wording: Wording) -> str:
    """Return the choices as lines to be answered by number, under a sentence that says so; "" without any."""
    if not choices:
        return ""
    lines = [f"{choice.number}. {choice.title}" for choice in choices]
    return "\n".join([wording.text("gateway.choices_intro", lang), *lines])
