"""`action_answer_question`: a question about policy, and everything that the NLU was not sure of."""

from __future__ import annotations

from actions.answer import ask_what
from actions.base import InformingAction
from actions.numbers import answer_by_number
from actions.question import Question
from actions.search import answer_from_index
from actions.words import subject_of
from bot.reply import Reply


class AnswerQuestion(InformingAction):
    """Answer with the passage of an official document."""

    action_name = "action_answer_question"

    def reply_to(self, question: Question) -> Reply:
        """A document named by number answers first; a message without content is asked back."""
        by_number = answer_by_number(question, self.desk)
        if by_number is not None:
            return by_number
        if not subject_of(question.text, self.desk.function_words) and question.lang == "vi":
            return ask_what(wording=self.desk.wording, lang=question.lang)
        return answer_from_index(question, self.desk)
