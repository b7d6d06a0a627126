"""Messages that are nothing but a choice: "cái thứ hai", "số 3", or the very text of a choice that was offered."""

from __future__ import annotations

from actions.desk import Desk
from actions.exchange import names_only_places
from actions.explain_commune import ExplainCommune
from actions.explain_province import ExplainProvince
from actions.numbers import show_document
from actions.picking import find_pick
from actions.question import Question
from actions.referents import choice_picked
from actions.routing import action_for, action_for_choice
from actions.told import Told
from actions.topic import Kind, Topic
from bot.reply import Reply
from index.text.number import find_numbers
from index.text.unicode import syllables

_FILLERS = frozenset(
    """
    cai thu so nhat hai ba tu bon nam dau tien cuoi cung sau chon lua muc dong y ket qua phuong an van ban nghi dinh
    thong luat quyet chi thi toi minh em anh chi a u um ok oke vang da dung roi khong phai la xem cho muon lay di nhe
    nha ay do nay the con thi sao noi gi ve quy dung
    the first second third fourth fifth last one number no option please yes document decree law result show me
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""Folded syllables that a message may hold beside a number to be nothing but a choice."""

_OF_PLACES = frozenset({ExplainCommune.intent, ExplainProvince.intent})
"""Intents whose question back asks for a province or district, which may be another than the few it offers."""


def answer_pick(question: Question, desk: Desk) -> Told | None:
    """Answer what was picked among choices or results; None for any other message."""
    topic = question.topic
    if topic is None:
        return None
    choice = question.text.strip() if question.text.strip() in topic.choices and topic.kind is Kind.CHOICES else None
    reading = desk.read(question.text)
    pick = None if find_numbers(question.text) else find_pick(reading)
    words = syllables(reading.folded)
    is_bare = reading.lang == "zh" or all(word in _FILLERS or word.isdigit() for word in words)
    if choice is None and pick is not None and is_bare:
        choice = choice_picked(pick, topic)
    if choice is not None:
        return action_for_choice(choice, topic, desk).answer(question.asking(choice))
    if topic.kind is Kind.CHOICES and topic.intent in _OF_PLACES and names_only_places(question.text, desk):
        return _answer_place(question, topic, desk)
    picked = topic.picked(pick) if pick is not None and is_bare and not topic.choices else None
    document = desk.catalogue.get(picked) if picked else None
    return Told(show_document(document, question.asking(""), desk)) if document else None


def _answer_place(question: Question, topic: Topic, desk: Desk) -> Told | None:
    """Ask the question before again with the place that was wanted; None where no such commune lies in it."""
    action = action_for(topic.intent, desk)
    told = action.answer(question.asking(f"{topic.question}, {question.text}")) if action else None
    if told is None or not isinstance(told.reply, Reply):
        return None
    offered = tuple(button.text for button in told.reply.buttons)
    return None if offered == topic.choices else told
