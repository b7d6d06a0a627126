"""`action_ask_again`: the last question for another place, body, type, period or number: "thế ở Đà Nẵng thì sao?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.another_subject import another_document, is_named_in
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
from actions.told import Told
from actions.topic import Kind
from bot.reply import AnswerStatus, Reply
from index.document import Document
from index.search import SearchQuery


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
        naming = [document for document in documents_of(topic, self.desk) if is_named_in(added, document)]
        another = self._of_another_subject(added, question) if added and not naming else None
        if another is not None:
            return another
        new = exchanged(topic.base or topic.question, question, self.desk)
        action = action_for(topic.intent, self.desk) or AnswerQuestion(self.desk)
        told = action.answer(question.asking(new.text))
        if added and naming:
            if not self._is_of(told, naming):
                told = Told(
                    show_document(naming[0], question.asking(new.text), self.desk), about=question.asking(new.text)
                )
        elif new.base and not self._fits(told, question):
            return AnswerQuestion(self.desk).answer(question)
        return replace(told, base=new.base)

    def _added(self, question: Question) -> str:
        """Return what a message adds to an answer from a document; "" where it exchanges something or adds nothing.

        What the document says in the same words is a part of its subject, "còn học bổng thì sao"; anything else may be
        another one, "còn luật phá sản thì sao".
        """
        topic = question.topic
        if topic is None or topic.kind is not Kind.DOCUMENT:
            return ""
        adds_any = telling(without_named(question.text, self.desk), self.desk)
        return telling(question.text, self.desk) if adds_any else ""

    def _of_another_subject(self, added: str, question: Question) -> Told | None:
        """Answer what was added from the document that it is the subject of; None where it is not clearly one."""
        alone = question.asking(added)
        if another_document(alone, self.desk, sure=Sureness.ANSWERS) is None:
            return None
        return answer_as_asked(alone, self.desk)

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
        query = SearchQuery(question.text, lang=question.written_in, document_id=documents[0], limit=1)
        hits = self.desk.engine.search(query)
        return bool(hits) and self.desk.policy.considers(hits[0])
