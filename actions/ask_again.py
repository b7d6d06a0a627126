"""`action_ask_again`: the last question for another place, body, type, period or number: "thế ở Đà Nẵng thì sao?"."""

from __future__ import annotations

from collections.abc import Sequence

from actions.answer import ask_what
from actions.answer_question import AnswerQuestion
from actions.base import FollowUp
from actions.desk import Desk
from actions.list_latest import ISSUING
from actions.question import Question
from actions.routing import action_for
from actions.told import Told
from actions.words import Span, without
from index.text.bodies import find_bodies
from index.text.communes import find_communes
from index.text.dates import find_period
from index.text.names import NameTable
from index.text.number import TYPE_NAMES, find_numbers
from index.text.places import find_places
from index.text.skeleton import skeleton

_TYPES: NameTable[str] = NameTable((name, name) for name in TYPE_NAMES.values())

_FILLERS = frozenset(
    """
    the con thi sao vay a o nhi nhe ha hen vs voi va nhu nao cua tai cho doi so neu la gi
    and what how about in for of the at with or then from
    """.split()  # noqa: SIM905
)
"""Folded words that join a new place or period to the old question and say nothing."""

_CHINESE_FILLERS = "那呢么吗在的和怎样"

LONGEST_PERIOD = 6
"""Words in which a period is named: "từ ngày 1 tháng 7"."""


def _places(text: str, desk: Desk) -> list[Span]:
    communes = find_communes(text, desk.gazetteer)
    provinces = find_places(text, desk.gazetteer)
    return [*communes, *provinces]


def _bodies(text: str, desk: Desk) -> list[Span]:
    return [match for match in find_bodies(text, desk.bodies) if match.body.kind in ISSUING]


def _numbers(text: str, desk: Desk) -> list[Span]:  # noqa: ARG001 - one shape for all kinds
    return list(find_numbers(text))


def _types(text: str, desk: Desk) -> list[Span]:  # noqa: ARG001 - one shape for all kinds
    numbers = find_numbers(text)
    return [
        match
        for match in _TYPES.find(text)
        if not any(number.start < match.end and match.start < number.end for number in numbers)
    ]


KINDS = (_numbers, _places, _bodies, _types)
"""What may be exchanged, apart from a period."""


class AskAgain(FollowUp):
    """Ask the question that the conversation is about again, with something in it exchanged or added."""

    action_name = "action_ask_again"
    takes_picks = True

    def answer(self, question: Question) -> Told:
        """Answer the question so made as if it had been typed; without one before, the message itself."""
        topic = question.topic
        if topic is None or not topic.question:
            reading = self.desk.read(question.text)
            if self.desk.conversation_words.own_words(reading):
                return AnswerQuestion(self.desk).answer(question)
            return Told(ask_what(wording=self.desk.wording, lang=question.lang), intent=self.intent)
        asked = question.asking(exchanged(topic.question, question, self.desk))
        action = action_for(topic.intent, self.desk) or AnswerQuestion(self.desk)
        return action.answer(asked)


def exchanged(before: str, question: Question, desk: Desk) -> str:
    """Return the question `before` with what the new message names in the place of its like, else added to it."""
    new = question.text
    rest = new
    for find in KINDS:
        named = find(rest, desk)
        if not named:
            continue
        words = _around(rest, named)
        old = find(before, desk)
        before = _replaced(before, old, words) if old else f"{before} {words}"
        rest = without(rest, named)
    if find_period(rest, question.today) is not None:
        before = _without_period(before, question)
        return f"{before} {_telling(rest)}"
    if told := _telling(rest):
        before = f"{before} {told}"
    return before


def _around(text: str, spans: Sequence[Span]) -> str:
    return " ".join(text[span.start : span.end] for span in sorted(spans, key=lambda span: span.start))


def _replaced(text: str, spans: Sequence[Span], words: str) -> str:
    """Put `words` in the place of the first span, and nothing in that of the others."""
    first, *others = sorted(spans, key=lambda span: span.start)
    for span in reversed([other for other in others if other.start >= first.end]):
        text = f"{text[: span.start]} {text[span.end :]}"
    return f"{text[: first.start]}{words}{text[first.end :]}"


def _telling(text: str) -> str:
    """Return the words of a message that say something, as typed."""
    kept = []
    for word in text.split():
        plain = "".join(filter(str.isalnum, skeleton(word).text))
        if plain and plain not in _FILLERS and not all(character in _CHINESE_FILLERS for character in plain):
            kept.append(word.strip("?!.,;:？！。，"))
    return " ".join(kept)


def _without_period(text: str, question: Question) -> str:
    """Return `text` without the words that name a period: the shortest run of words without which it names none."""
    words = text.split()
    if find_period(text, question.today) is None:
        return text
    for length in range(1, min(LONGEST_PERIOD, len(words)) + 1):
        for start in range(len(words) - length + 1):
            shorter = " ".join([*words[:start], *words[start + length :]])
            if find_period(shorter, question.today) is None:
                return shorter
    return text
