"""`action_ask_again`: the last question for another place, body, type, period or number: "thế ở Đà Nẵng thì sao?"."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import ask_what
from actions.answer_question import AnswerQuestion
from actions.base import FollowUp
from actions.exchange import exchanged, without_named
from actions.memory import ids_of
from actions.question import Question
from actions.routing import action_for
from actions.told import Told
from bot.reply import AnswerStatus, Reply
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
        new = exchanged(topic.base or topic.question, question, self.desk)
        action = action_for(topic.intent, self.desk) or AnswerQuestion(self.desk)
        told = action.answer(question.asking(new.text))
        if new.base and not self._fits(told, question):
            return AnswerQuestion(self.desk).answer(question)
        return replace(told, base=new.base)

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
