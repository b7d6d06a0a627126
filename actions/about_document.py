"""Follow-ups that show something of one document: its source, its full text, what it says in short."""

from __future__ import annotations

from abc import abstractmethod

from actions.answer_question import AnswerQuestion
from actions.base import FollowUp
from actions.question import Question
from actions.referents import Meant, document_meant
from actions.told import Told
from bot.reply import AnswerStatus, Reply


class AboutDocument(FollowUp):
    """Shows something of the document named, else of the one that the conversation is about."""

    intent = "ask_document_by_number"

    def answer(self, question: Question) -> Told:
        """Find the document; what names none that is known is looked up like a question."""
        meant = document_meant(question, self.desk)
        if not isinstance(meant, Reply):
            return self.tell(meant, question)
        if meant.status is AnswerStatus.NO_ANSWER_NOT_FOUND:
            return AnswerQuestion(self.desk).answer(question)
        return self.instead(meant, question)

    @abstractmethod
    def tell(self, meant: Meant, question: Question) -> Told:
        """Show it for the document meant."""
