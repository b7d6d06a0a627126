"""What is remembered after an answer: the topic that the next message may lean on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.desk import Desk
from actions.question import Question
from actions.second_look import FixedResponse
from actions.told import Told
from actions.topic import CHOICES_AT_MOST, DOCUMENTS_AT_MOST, QUESTION_AT_MOST, Kind, Topic
from bot.reply import CITING, AnswerStatus, Citation, Reply
from index.text.number import number_key

NOT_A_QUESTION = frozenset({"nlu_fallback", "out_of_scope"})
"""Intents that are looked up to make sure: where nothing is found, they were a detour and the topic stays."""


def remember(told: Told, question: Question, desk: Desk) -> Topic | None:
    """Return the topic after an answer; None where the one before stays: small talk, detours, what was declined."""
    reply = told.reply
    if isinstance(reply, FixedResponse):
        return None
    if reply.status in CITING:
        return _after_answer(told, reply, question, desk)
    offered = tuple(button.text for button in reply.buttons if not button.is_optional)[:CHOICES_AT_MOST]
    if reply.status is AnswerStatus.CLARIFY_VAGUE:
        return replace(question.topic or Topic(intent=told.intent), choices=offered)
    if reply.status is AnswerStatus.CLARIFY_AMBIGUOUS:
        kept = _frame(told, question)
        documents = kept.documents if told.about is None else ()
        return replace(kept, kind=Kind.CHOICES, documents=documents, choices=offered)
    is_detour = question.intent in NOT_A_QUESTION
    if reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND and told.about is not None and not is_detour:
        documents = told.documents or ()  # the document is known, what was asked of it is not there
        kind = Kind.DOCUMENT if documents else Kind.NOTHING
        return replace(_frame(told, question), kind=kind, documents=documents, passage=None, shown=0)
    return None


def ids_of(citations: Sequence[Citation], desk: Desk) -> tuple[str, ...]:
    """Return the ids of the documents cited, in order, each once; a document that left the catalogue is left out."""
    found: dict[str, None] = {}
    for citation in citations[:DOCUMENTS_AT_MOST]:
        for document in desk.catalogue.find(key=number_key(citation.number)):
            if (document.issued_on, document.issuing_body) == (citation.issued_on, citation.issuing_body):
                found[document.id] = None
                break
    return tuple(found)


def _after_answer(told: Told, reply: Reply, question: Question, desk: Desk) -> Topic:
    kind = Kind.LIST if reply.status is AnswerStatus.LISTED else told.kind
    documents = ids_of(reply.citations, desk) if told.documents is None else told.documents
    frame = _frame(told, question)
    is_list = kind is Kind.LIST
    return replace(
        frame,
        kind=kind,
        documents=documents,
        listed=documents if is_list else frame.listed,
        passage=told.passage or _passage_shown(reply, documents, desk),
        shown=(told.shown or len(documents)) if is_list else frame.shown,
        choices=(),
    )


def _frame(told: Told, question: Question) -> Topic:
    """The question that the topic is about: the one answered, or the one before where the answer leaned on it."""
    if told.about is None and question.topic is not None:
        return question.topic
    about = told.about or question
    return Topic(question=about.text[:QUESTION_AT_MOST], base=told.base[:QUESTION_AT_MOST], intent=told.intent)


def _passage_shown(reply: Reply, documents: Sequence[str], desk: Desk) -> str | None:
    """Return the id of the passage that the first citation quotes, or of our summary where that was shown instead."""
    if not documents:
        return None
    quote = reply.citations[0].quote
    return next(
        (
            passage.id
            for passage in desk.catalogue.passages(documents[0])
            if passage.text == quote or (quote is None and passage.text.strip() and passage.text in reply.text)
        ),
        None,
    )
