"""`action_ask_again`: the last question for another place, body, type, period or number: "thế ở Đà Nẵng thì sao?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.another_subject import another_document
from actions.answer import ask_what
from actions.answer_question import AnswerQuestion
from actions.base import FollowUp
from actions.certain import answer_as_asked
from actions.exchange import exchanged, telling, without_named
from actions.memory import ids_of
from actions.numbers import show_document
from actions.policy import Sureness
from actions.question import Question
from actions.referents import documents_of
from actions.routing import action_for
from actions.search import best_hit_in
from actions.told import Told
from actions.topic import Kind
from bot.reply import AnswerStatus, Reply
from index.document import Document
from index.text.unicode import fold, normalise, syllables


@dataclass(frozen=True, slots=True)
class Added:
    """What a message adds to an answer from a document: "còn học bổng thì sao"."""

    words: str
    by_accents: bool  # the message is typed with accents, so these tell "bố" from "bộ"

    def stand_in(self, text: str) -> bool:
        """Say whether a text has these very words; without accents one syllable alone may be any word."""
        held, said = (
            syllables(normalise(each).lower() if self.by_accents else fold(each)) for each in (text, self.words)
        )
        return len(said) >= (1 if self.by_accents else 2) and f" {' '.join(said)} " in f" {' '.join(held)} "


class AskAgain(FollowUp):
    """Ask the question that the conversation is about again, with something in it exchanged or added."""

    action_name = "action_ask_again"

    def answer(self, question: Question) -> Told:
        """Answer the question so made as if it had been typed; without one before, the message itself."""
        topic = question.topic
        if topic is None or not topic.question:
            if self.desk.own_words(without_named(question.text, self.desk)):
                return AnswerQuestion(self.desk).answer(question)
            return Told(ask_what(wording=self.desk.wording, lang=question.lang), intent=self.intent)
        added = self._added(question)
        naming = [
            document
            for document in documents_of(topic, self.desk)
            if added and added.stand_in(f"{document.title}\n{document.text}")
        ]
        another = self._of_another_subject(added, naming, question) if added else None
        if another is not None:
            return another
        new = exchanged(topic.base or topic.question, question, self.desk)
        action = action_for(topic.intent, self.desk) or AnswerQuestion(self.desk)
        told = action.answer(question.asking(new.text))
        if naming:
            if not self._is_of(told, naming):
                asked = question.asking(new.text)
                told = Told(show_document(naming[0], asked, self.desk), about=asked)
        elif new.base and not self._fits(told, question):
            return AnswerQuestion(self.desk).answer(question)
        return replace(told, base=new.base)

    def _added(self, question: Question) -> Added | None:
        """Return what a message adds to an answer from a document; None where it exchanges something or adds nothing.

        What the document says in the same words is a part of its subject, "còn học bổng thì sao"; anything else may be
        another one, "còn luật phá sản thì sao".
        """
        topic = question.topic
        if topic is None or topic.kind is not Kind.DOCUMENT:
            return None
        if not telling(without_named(question.text, self.desk), self.desk):
            return None
        words = telling(question.text, self.desk)
        return Added(words, by_accents=fold(question.text) != normalise(question.text).lower())

    def _of_another_subject(self, added: Added, naming: Sequence[Document], question: Question) -> Told | None:
        """Answer what was added from the document that it is the subject of; None where it is not clearly one.

        What documents talked about name themselves, `naming`, is the subject of another only if that one is called so
        and none of them is.
        """
        alone = question.asking(added.words)
        another = another_document(alone, self.desk, sure=Sureness.ANSWERS)
        if another is None:
            return None
        is_theirs = not added.stand_in(another.title) or any(added.stand_in(document.title) for document in naming)
        return None if naming and is_theirs else answer_as_asked(alone, self.desk)

    def _is_of(self, told: Told, documents: Sequence[Document]) -> bool:
        """Say whether an answer cites one of these documents first."""
        cited = ids_of(told.reply.citations[:1], self.desk) if isinstance(told.reply, Reply) else ()
        return any(document.id in cited for document in documents)

    def _fits(self, told: Told, question: Question) -> bool:
        """Say whether an answer is one to the new words too: the old question alone would find its document again.

        Words that were only added must be near the document by themselves.
        """
        reply = told.reply
        if not isinstance(reply, Reply) or reply.status is not AnswerStatus.ANSWERED:
            return True
        own = self.desk.own_words(question.text, with_aspects=False)
        documents = ids_of(reply.citations[:1], self.desk)
        if len(own) < 2 or not documents:
            return True
        hit = best_hit_in(documents[0], question, self.desk)
        return hit is not None and self.desk.policy.considers(hit)
