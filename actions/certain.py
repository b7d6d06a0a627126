"""What the index knows so well that it does not matter what the NLU took the message for.

A question about a storm shares its words with a prediction, one about a rating with an opinion. Where a document is
known to answer a question that says nearly the same, it answers, and no refusal or list stands in its way.
"""

from __future__ import annotations

from actions.another_subject import another_document
from actions.desk import Desk
from actions.numbers import named_documents
from actions.pointing_back import Leaning
from actions.policy import Sureness
from actions.question import Question
from actions.search import answer_from_index, best_hit, best_hit_in
from actions.told import Told
from bot.reply import AnswerStatus, Reply
from index.document import Document
from index.text.number import find_numbers

CLEARLY = 0.02
"""By how much stronger the best hit must be than that of a document which was found by its title."""


def answer_certainly(question: Question, desk: Desk, wanted: Sureness = Sureness.CERTAIN) -> Told | None:
    """Answer from the index where its best hit is certain; None for anything else.

    A document named by number is never certain, nor is a message that says nothing without the one before, unless it is
    about another subject for all that. Where none was before, such a message may still be a question of few words
    ("công dân số là gì").
    """
    if find_numbers(question.text):
        return None
    leans = question.topic is not None and Leaning.of(question, desk).is_elliptical
    if leans and another_document(question, desk) is None:
        return None
    best = best_hit(question, desk)
    if best is None or not desk.policy.is_certain(best, wanted):
        return None
    return answer_as_asked(question, desk)


def answer_beside(question: Question, desk: Desk) -> Told | None:
    """Answer from the index what people ask nearly so, with some more evidence than usual, after another reply.

    It takes less than to be certain: where a danger or a petition was signposted, the document stands in nobody's way.
    """
    if find_numbers(question.text) or Leaning.of(question, desk).is_elliptical:
        return None
    best = best_hit(question, desk)
    policy = desk.policy.overruling
    is_near = best is not None and policy.accepts(best) and best.asked >= policy.asked_at_least
    return answer_as_asked(question, desk) if is_near else None


def answer_naming(question: Question, desk: Desk) -> Told | None:
    """Answer with the document that is beyond doubt and has the number asked about in its title; None for any other.

    "Hướng dẫn Nghị quyết 254" asks for what guides it. The document of that number comes first where it is held, unless
    the number is a short one ("nghị quyết 29") that other documents share.
    """
    parsed, documents = named_documents(question, desk)
    if parsed is None or (documents and parsed.year is not None):
        return None
    best = best_hit(question, desk)
    if best is None or not desk.policy.is_certain(best, Sureness.BEYOND_DOUBT):
        return None
    document = desk.catalogue.get(best.document_id)
    if document is None or document in documents:
        return None
    named = (number.number for number in find_numbers(f"{document.title} {best.passage.text}"))
    return answer_as_asked(question, desk) if parsed.number in named else None


def is_empty_handed(told: Told) -> bool:
    """Say whether an action found nothing of the kind it looks for, or did not know what is meant."""
    empty = (AnswerStatus.NO_ANSWER_NOT_FOUND, AnswerStatus.CLARIFY_VAGUE)
    return isinstance(told.reply, Reply) and told.reply.status in empty


def answer_after_all(question: Question, desk: Desk) -> Told | None:
    """Answer from the index what an action came back from with empty hands; None where the index has nothing either.

    "Luật này ra đời năm nào" is taken for a question for the source, and no conversation tells which law: where the
    message has a subject of its own it may be a question like any other.
    """
    if find_numbers(question.text):
        return answer_naming(question, desk)
    if Leaning.of(question, desk).is_elliptical:
        return answer_certainly(question, desk)
    return answer_as_asked(question, desk)


def answer_as_asked(question: Question, desk: Desk) -> Told | None:
    """Answer from the index what the words of a message ask, whatever it was taken for; None where nothing answers."""
    reply = answer_from_index(question, desk)
    return Told(reply, about=question) if reply.status is AnswerStatus.ANSWERED else None


def answer_rather(question: Question, desk: Desk, document: Document) -> Told | None:
    """Answer from the index where it is certain of another document than `document`, which fits less; else None."""
    best = best_hit(question, desk)
    if best is None or best.document_id == document.id or not desk.policy.is_certain(best):
        return None
    own = best_hit_in(document.id, question, desk)
    known = desk.policy.strength(own) if own else 0.0
    return answer_as_asked(question, desk) if desk.policy.strength(best) >= known + CLEARLY else None
