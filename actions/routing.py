"""Which action answers a question of an intent, for questions that no rule of Rasa has led to one."""

from __future__ import annotations

from actions.answer import CHOICES
from actions.answer_question import AnswerQuestion
from actions.base import InformingAction
from actions.check_rumour import CheckRumour
from actions.check_validity import CheckValidity
from actions.desk import Desk
from actions.explain_commune import ExplainCommune
from actions.explain_province import ExplainProvince
from actions.find_responsible_agency import FindResponsibleAgency
from actions.find_successor import FindSuccessor
from actions.list_latest import ListLatest
from actions.lookup_contact import LookupContact
from actions.lookup_document import LookupDocument
from actions.show_article import ShowArticle
from actions.topic import Kind, Topic
from actions.weigh_personal_case import WeighPersonalCase

QUESTIONS: dict[str, type[InformingAction]] = {
    "ask_policy": AnswerQuestion,
    "ask_personal_case": WeighPersonalCase,
    "ask_document_by_number": LookupDocument,
    "ask_validity": CheckValidity,
    "ask_successor": FindSuccessor,
    "ask_article": ShowArticle,
    "ask_latest_documents": ListLatest,
    "ask_agency_contact": LookupContact,
    "ask_responsible_agency": FindResponsibleAgency,
    "ask_province_merger": ExplainProvince,
    "ask_commune_merger": ExplainCommune,
    "check_rumour": CheckRumour,
}
"""Intents of questions and what answers them, as data/rules has it."""

_INTENT_OF_CHOICE = {
    "latest": "ask_latest_documents",
    "decrees": "ask_latest_documents",
    "wage": "ask_policy",
    "provinces": "ask_policy",
}
"""Intents of the things that people often want to know (`answer.CHOICES`)."""


def action_for(intent: str, desk: Desk) -> InformingAction | None:
    """Return the action that answers questions of an intent, None for an intent that asks nothing."""
    action = QUESTIONS.get(intent)
    return action(desk) if action else None


def action_for_choice(choice: str, topic: Topic, desk: Desk) -> InformingAction:
    """Return the action that answers a choice which was offered."""
    intent = topic.intent if topic.kind is Kind.CHOICES else "ask_document_by_number"
    for name in CHOICES:
        if choice == desk.wording.text(f"actions.choice_{name}_text"):
            intent = _INTENT_OF_CHOICE[name]
    return action_for(intent, desk) or AnswerQuestion(desk)
