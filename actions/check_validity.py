"""`action_check_validity`: does a document still hold."""

from __future__ import annotations

import re

from actions.answer_question import AnswerQuestion
from actions.base import FollowUp
from actions.certain import answer_certainly, answer_rather
from actions.numbers import answer_by_number, tell_validity
from actions.question import Question
from actions.referents import document_meant
from actions.told import Told
from bot.reply import Reply

VALIDITY = re.compile(
    r"\b(?:hieu luc|het|hl|con|thay|bai bo|(?:bi|da|duoc) bo|huy|sua|bao gio|"
    r"(?:khi|luc|hom|tu|den|ngay|thang|nam) (?:nao|may)|"
    r"valid|force|effect\w*|expire\w*|when|still|since|until|replaced|amended|repealed)\b|效|废|失|期|何时|什么时候|替|取代"
)
"""Folded words of which a question about validity has one."""


class CheckValidity(FollowUp):
    """Tell from when to when a document holds, as far as the catalogue knows."""

    action_name = "action_check_validity"
    intent = "ask_validity"

    def answer(self, question: Question) -> Told:
        """Tell the validity of the document named, else of the one that the conversation is about."""
        if self._asks_something_else(question):
            return AnswerQuestion(self.desk).answer(question)
        by_number = answer_by_number(question, self.desk, about_validity=True)
        if by_number is not None:
            return Told(by_number, about=question, intent=self.intent)
        meant = document_meant(question, self.desk)
        if isinstance(meant, Reply):
            return answer_certainly(question, self.desk) or self.instead(meant, question)
        rather = answer_rather(question, self.desk, meant.document) if meant.is_named else None
        if rather is not None:
            return rather
        reply = tell_validity(meant.document, question, self.desk)
        return Told(reply, about=question if meant.is_named else None, intent=self.intent)

    def gives_way(self, question: Question) -> None:
        """Return that the validity of what is named by its title is told before the index is asked."""

    def _asks_something_else(self, question: Question) -> bool:
        """Say whether a message has no word of validity: "cái này áp dụng cho ai", "hướng dẫn Luật A là văn bản nào".

        In a conversation it may do without ("thế còn nó"), where the NLU is sure of it.
        """
        may_be = question.is_doubtful or question.topic is None
        return may_be and VALIDITY.search(self.desk.read(question.text).folded) is None
