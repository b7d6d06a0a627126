"""`action_weigh_personal_case`: the rule where a document states it, never a verdict on one case."""

from __future__ import annotations

from dataclasses import replace

from actions.base import InformingAction
from actions.numbers import answer_by_number
from actions.question import Question
from actions.search import answer_from_index
from actions.second_look import RESPONSES, FixedResponse
from bot.reply import CITING, AnswerStatus, Reply


class WeighPersonalCase(InformingAction):
    """Show the rule that applies in general and who decides the case, or decline."""

    action_name = "action_weigh_personal_case"

    def reply_to(self, question: Question) -> Reply | FixedResponse:
        """The rule is shown as one, with who decides the case; where no document has it, the case is declined."""
        answer = answer_by_number(question, self.desk)
        if answer is None:
            answer = answer_from_index(question, self.desk)
        if answer.status not in CITING:
            return FixedResponse(RESPONSES["ask_personal_case"])
        note = self.desk.wording.text("actions.case_note", question.lang)
        return replace(answer, status=AnswerStatus.ANSWERED, text=f"{note}\n\n{answer.text}")
