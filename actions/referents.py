"""Which document a follow-up is about: the one it names, the one it picks, or the one that was talked about."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from actions.another_subject import another_document
from actions.answer import ask_what, ask_which, not_found
from actions.desk import Desk
from actions.naming import named_by_title
from actions.numbers import named_documents, number_not_found
from actions.own_words import points_back
from actions.picking import find_pick
from actions.question import Question
from actions.topic import Topic
from bot.reply import Reply
from index.document import Document, Passage
from index.text.number import type_of
from index.text.unicode import fold, syllables

CHOICES_AT_MOST = 4
"""Documents offered where the one meant is not clear."""

FILLERS_AT_MOST = 2
"""Words that no title has and no table knows, up to which they are taken for fillers and not for a document's name."""

NEAR_AT_MOST = 2
"""Documents named where none is the one that was asked about."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The document that a message is about."""

    document: Document
    is_named: bool  # the message named it itself, so it stands for itself; else the conversation told


def document_meant(question: Question, desk: Desk) -> Meant | Reply:
    """Return the document that a follow-up is about, or what to say where that is not clear.

    A number in the message decides, then a pick where there is something to pick from, then words of its own (first
    against the document talked about, then against every title), and without any of these the document talked about.
    """
    parsed, documents = named_documents(question, desk)
    if parsed is not None:
        if not documents:
            return number_not_found(parsed, question, desk)
        if len(documents) > 1:
            return ask_which(documents[:CHOICES_AT_MOST], wording=desk.wording, lang=question.lang)
        return Meant(documents[0], is_named=True)
    reading = desk.read(question.text)
    known = documents_of(question.topic, desk)
    pick = find_pick(reading)
    topic = question.topic
    if pick is not None and topic is not None and (topic.choices or topic.listed or len(known) > 1):
        return _picked(pick, question, known, desk)
    own = set(desk.conversation_words.own_words(reading))
    leans = bool(known) and points_back(reading)
    is_elliptical = not desk.conversation_words.own_words(reading, with_aspects=False)
    another = another_document(question, desk) if known and is_elliptical else None
    if another is not None:
        return Meant(another, is_named=True)
    asks_of_any = is_elliptical and (not own or type_of(question.text) is None)  # "luật giá" is a law's name
    # A foreign word or two find some document or other.
    if known and (asks_of_any or (leans and question.written_in != "vi")):
        return Meant(known[0], is_named=False)
    if not own:
        return ask_what(wording=desk.wording, lang=question.lang)
    for document in known:
        if own <= set(syllables(fold(f"{document.type} {document.title} {document.issuing_body}"))):
            return Meant(document, is_named=False)
    source, near = named_by_title(question, desk)
    if source is not None and (not known or question.written_in != "vi" or _is_called(own, source.document)):
        return Meant(source.document, is_named=True)
    is_filler = len(own) <= FILLERS_AT_MOST and type_of(question.text) is None
    if leans or (known and is_filler):
        return Meant(known[0], is_named=False)
    checked_on = desk.checked_on(question.lang)
    return not_found(near[:NEAR_AT_MOST], wording=desk.wording, lang=question.lang, checked_on=checked_on)


def documents_of(topic: Topic | None, desk: Desk) -> list[Document]:
    """Return the documents of a topic that the catalogue still holds, best first."""
    found = (desk.catalogue.get(document_id) for document_id in (topic.documents if topic else ()))
    return [document for document in found if document is not None]


def passage_shown(topic: Topic | None, document: Document, desk: Desk) -> Passage | None:
    """Return the passage of a document that was shown last; None where that was a passage of another one, or none."""
    passage = desk.catalogue.passage(topic.passage) if topic and topic.passage else None
    return passage if passage and passage.document_id == document.id else None


def choice_picked(pick: int, topic: Topic) -> str | None:
    """Return the text of the choice with a number (-1: the last), None where there are not so many."""
    place = len(topic.choices) - 1 if pick < 0 else pick - 1
    return topic.choices[place] if 0 <= place < len(topic.choices) else None


def _is_called(own: AbstractSet[str], document: Document) -> bool:
    """Say whether a document has one of these folded words in its title or in what people call it.

    What else made it fit is how the question is put: "có hiệu lực từ hôm nào" fits whatever was asked about so before.
    """
    called = f"{document.type} {document.title} {' '.join(document.aliases)}"
    return not own.isdisjoint(syllables(fold(called)))


def _picked(pick: int, question: Question, known: list[Document], desk: Desk) -> Meant | Reply:
    topic = question.topic
    choice = choice_picked(pick, topic) if topic else None
    if choice is not None:
        _, documents = named_documents(question.asking(choice), desk)
        if documents:
            return Meant(documents[0], is_named=False)
    picked = topic.picked(pick) if topic else None
    document = desk.catalogue.get(picked) if picked else None
    if document is not None:
        return Meant(document, is_named=False)
    if known:
        lead = "actions.yes_which"
        return ask_which(known[:CHOICES_AT_MOST], wording=desk.wording, lang=question.lang, lead=lead)
    return ask_what(wording=desk.wording, lang=question.lang)
