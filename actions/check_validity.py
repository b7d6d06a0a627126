"""`action_check_validity`: does a document still hold."""

from __future__ import annotations

from actions.base import FollowUp
from actions.numbers import answer_by_number, tell_validity
from actions.question import Question
from actions.referents import document_meant
from actions.told import Told
from bot.reply import Reply


class CheckValidity(FollowUp):
    """Tell from when to when a document holds, as far as the catalogue knows."""

    action_name = "action_check_validity"
    intent = "ask_validity"

    def answer(self, question: Question) -> Told:
        """Tell the validity of the document named, else of the one that the conversation is about."""
        by_number = answer_by_number(question, self.desk, about_validity=True)
        if by_number is not None:
            return Told(by_number, about=question, intent=self.intent)
        meant = document_meant(question, self.desk)
        if isinstance(meant, Reply):
            return self.instead(meant, question)
        reply = tell_validity(meant.document, question, self.desk)
        return Told(reply, about=question if meant.is_named else None, intent=self.intent)
