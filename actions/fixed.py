"""Actions whose reply is one fixed sentence: handing over, petitions, feedback, insults."""

from __future__ import annotations

from typing import ClassVar

from actions.base import InformingAction
from actions.certain import answer_beside
from actions.further import join
from actions.question import Question
from actions.second_look import RESPONSES, FixedResponse
from bot.reply import AnswerStatus, Reply


class FixedReply(InformingAction):
    """An action that always says the same sentence."""

    status: ClassVar[AnswerStatus]
    key: ClassVar[str]

    def reply_to(self, question: Question) -> Reply:
        """Say the sentence in the question's language."""
        return Reply(self.status, self.desk.wording.text(self.key, question.lang), lang=question.lang)


class HandOver(FixedReply):
    """`action_hand_over`: a person wants to talk to an officer."""

    action_name = "action_hand_over"
    status = AnswerStatus.HANDED_OVER
    key = "actions.hand_over"


class SignpostPetition(FixedReply):
    """`action_signpost_petition`: where petitions, complaints and denunciations go."""

    action_name = "action_signpost_petition"
    status = AnswerStatus.SIGNPOSTED
    key = "actions.petition"
    is_easily_mistaken = True  # "luật quy định thế nào về khiếu nại"

    def reply_to(self, question: Question) -> Reply:
        """Say where petitions go, and under it what the index has on the matter, if that is more than enough."""
        signpost = super().reply_to(question)
        told = answer_beside(question, self.desk)
        return join(signpost, [told.reply]) if told and isinstance(told.reply, Reply) else signpost


class GiveFixedReply(InformingAction):
    """`action_give_fixed_reply`: the response of domain.yml for an intent that is easily mistaken.

    A pick among choices ("số 2") and what the index certainly knows come first, as with every action.
    """

    action_name = "action_give_fixed_reply"
    is_easily_mistaken = True

    def reply_to(self, question: Question) -> FixedResponse:
        """Say the response of the likeliest intent that has one."""
        intents = (intent for intent, _ in question.intents if intent in RESPONSES)
        return FixedResponse(RESPONSES[next(intents, "out_of_scope")])


class RecordFeedback(FixedReply):
    """`action_record_feedback`: the answer was useful or not."""

    action_name = "action_record_feedback"
    status = AnswerStatus.CHATTED
    key = "actions.feedback_thanks"


class MeetInsult(InformingAction):
    """`action_meet_insult`: calm once; the second time one sentence ends it."""

    action_name = "action_meet_insult"

    def reply_to(self, question: Question) -> FixedResponse:
        """Say the response of domain.yml; the shell counts."""
        return FixedResponse("utter_insult_again" if question.insults else RESPONSES["insult"])
