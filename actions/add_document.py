"""`action_add_document`: after a fixed reply to a danger, the document that the message asks about beside it."""

from __future__ import annotations

from actions.answer_question import AnswerQuestion
from actions.desk import Desk
from actions.question import Question
from actions.second_look import FixedResponse
from actions.shell import Shell
from actions.topic import Topic
from bot.reply import Reply


class AddDocument(Shell):
    """Says what the index is more than usually sure of, or nothing at all: Rasa has said the numbers to call before.

    "Hàng xóm đánh con, bị phạt theo văn bản nào?" tells of a danger and asks for a document. Whoever is in danger
    needs the number first, also when this server is down, so the two are two steps of one rule.
    """

    action_name = "action_add_document"

    def __init__(self, desk: Desk) -> None:
        super().__init__(AnswerQuestion(desk), desk)

    def _answer(self, question: Question) -> tuple[list[Reply | FixedResponse], Topic | None]:
        return self._beside(question)

    def _excuse(self, question: Question) -> list[Reply | FixedResponse]:  # noqa: ARG002 - the shell's
        return []
