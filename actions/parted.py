"""Messages with several wants: what of the text belongs to the main one, and which parts stand for themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions.desk import Desk
from actions.further import Further
from actions.question import Question
from actions.routing import QUESTIONS
from actions.search import best_hit
from index.text.number import find_numbers

ANSWERED_AT_MOST = 2
"""Further questions that are answered in one reply; nobody reads more."""

SMALL_TALK = frozenset({"greet", "thank", "goodbye", "affirm", "give_feedback"})
"""Wants beside a question that no question is ever mistaken for."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A message taken apart."""

    main: Question  # with the text that belongs to the main want
    further: tuple[Further, ...]  # what else is to be answered or pointed to, in order


def take_apart(question: Question, desk: Desk) -> Parted:
    """Take the further wants out of a question's text, as far as the main one can do without them.

    "Nghị định 168, còn hiệu lực không" is one question whose document stands in the other part: where the rest names no
    subject, a part that does is no want of its own, but belongs to it.
    """
    main = question
    further: list[Further] = []
    for part in question.also:
        rest = main.text.replace(part.text, " ", 1).strip(" ,.;:!\n")
        is_question = part.intent in QUESTIONS
        if is_question and _has_subject(part.text, desk) and not _has_subject(rest, desk):
            continue
        if rest != main.text and any(map(str.isalnum, rest)):
            main = replace(main, text=rest)
        if not is_question or sum(other.intent in QUESTIONS for other in further) < ANSWERED_AT_MOST:
            further.append(part)
    return Parted(main, tuple(further))


def as_one_or_parted(question: Question, desk: Desk) -> Parted:
    """Take a message apart, unless the index knows the whole of it, and no two parts better as different documents.

    A comma parts "nhà em mới nghỉ việc, được trợ cấp mấy tháng" too, and what the NLU takes its halves for says little.
    """
    parted = take_apart(question, desk)
    is_talk = all(part.intent in SMALL_TALK for part in question.also)
    if parted.main.text == question.text or is_talk or find_numbers(question.text):
        return parted
    whole = best_hit(replace(question, text=desk.read(question.text).written_out), desk)
    if whole is None or not desk.policy.accepts(whole):
        return parted
    asked = (parted.main.text, *(part.text for part in parted.further if part.intent in QUESTIONS))
    others = [best_hit(replace(question, text=desk.read(text).written_out), desk) for text in asked]
    at_least = desk.policy.strength(whole)
    stronger = {other.document_id for other in others if other and desk.policy.strength(other) >= at_least}
    return parted if len(stronger) > 1 else Parted(replace(question, also=()), ())


def _has_subject(text: str, desk: Desk) -> bool:
    return bool(find_numbers(text)) or bool(desk.own_words(text, with_aspects=False))
