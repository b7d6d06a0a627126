"""`action_check_rumour`: is it true that …; only an official document confirms anything."""

from __future__ import annotations

from dataclasses import replace

from actions.base import InformingAction
from actions.question import Question
from actions.search import answer_from_index
from bot.reply import AnswerStatus, Reply


class CheckRumour(InformingAction):
    """Put the nearest official document beside the rumour, or say that none confirms it."""

    action_name = "action_check_rumour"
    intent = "check_rumour"

    def reply_to(self, question: Question) -> Reply:
        """A strong match is shown as what the State has published, not as a verdict on the rumour."""
        answer = answer_from_index(question, self.desk)
        wording, lang = self.desk.wording, question.lang
        if answer.status is AnswerStatus.ANSWERED:
            return replace(answer, text=f"{wording.text('actions.rumour_official', lang)}\n\n{answer.text}")
        text = wording.text("actions.rumour_unconfirmed", lang, checked_on=self.desk.checked_on(lang))
        return Reply(AnswerStatus.NO_ANSWER_NOT_FOUND, text, lang=lang)
