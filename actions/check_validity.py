"""`action_check_validity`: does a document still hold."""

from __future__ import annotations

from actions.base import InformingAction
from actions.numbers import answer_by_number, tell_validity
from actions.question import Question
from actions.search import answer_from_index, find
from bot.reply import Reply


class CheckValidity(InformingAction):
    """Tell from when to when a document holds, as far as the catalogue knows."""

    action_name = "action_check_validity"

    def reply_to(self, question: Question) -> Reply:
        """Tell the validity of the document named by number, else of the one whose name fits best."""
        by_number = answer_by_number(question, self.desk, about_validity=True)
        if by_number is not None:
            return by_number
        for found in find(question, self.desk):
            if self.desk.policy.accepts(found.hit, question.lang):
                return tell_validity(found.source.document, question, self.desk)
            break
        return answer_from_index(question, self.desk)
