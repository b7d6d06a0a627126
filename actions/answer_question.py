"""`action_answer_question`: a question about policy, and everything that the NLU was not sure of."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import ask_what
from actions.base import InformingAction
from actions.fixed import SignpostPetition
from actions.numbers import answer_by_number
from actions.question import Question
from actions.search import answer_from_index
from actions.second_look import PETITIONS, RESPONSES, FixedResponse, fixed_intent, urgent_intent
from actions.words import subject_of
from bot.reply import AnswerStatus, Reply
from index.text.number import type_of


class AnswerQuestion(InformingAction):
    """Answer with the passage of an official document."""

    action_name = "action_answer_question"

    def reply_to(self, question: Question) -> Reply | FixedResponse:
        """A document named by number answers first, then the index; what neither knows may have been no question."""
        urgent = urgent_intent(question.intents)
        if urgent:
            return FixedResponse(RESPONSES[urgent])
        by_number = answer_by_number(question, self.desk)
        if by_number is not None:
            return by_number
        if self._says_nothing(question):
            answer = ask_what(wording=self.desk.wording, lang=question.lang)
        else:
            is_out_of_scope = question.intents[:1] and question.intents[0][0] == "out_of_scope"
            policy = self.desk.policy.overruling if is_out_of_scope else self.desk.policy
            answer = answer_from_index(question, replace(self.desk, policy=policy))
            if answer.status is AnswerStatus.ANSWERED:
                return answer
        intent = fixed_intent(question.intents)
        if intent in PETITIONS:
            return SignpostPetition(self.desk).reply_to(question)
        return FixedResponse(RESPONSES[intent]) if intent else answer

    def _says_nothing(self, question: Question) -> bool:
        is_bare = not any(character.isdigit() for character in question.text) and type_of(question.text) is None
        return question.lang == "vi" and is_bare and not subject_of(question.text, self.desk.function_words)
