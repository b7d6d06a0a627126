"""`action_check_rumour`: is it true that …; only an official document confirms anything."""

from __future__ import annotations

from dataclasses import replace

from actions.answer import show
from actions.base import FollowUp
from actions.check_validity import VALIDITY
from actions.numbers import answer_by_number, opening
from actions.pointing_back import Leaning
from actions.question import Question
from actions.referents import documents_of, passage_shown
from actions.search import answer_from_index
from actions.told import Told
from bot.reply import AnswerStatus, Reply


class CheckRumour(FollowUp):
    """Put the nearest official document beside the rumour, or say that none confirms it."""

    action_name = "action_check_rumour"
    intent = "check_rumour"
    looks_up = True

    def answer(self, question: Question) -> Told:
        """A strong match is shown as what the State has published, not as a verdict on the rumour; the document
        that it names by number before any other.

        "Cái này có thật không?" is about what the conversation is about.
        """
        is_about_validity = VALIDITY.search(self.desk.read(question.text).folded) is not None
        by_number = answer_by_number(question, self.desk, about_validity=is_about_validity)
        if by_number is not None:
            is_answered = by_number.status is AnswerStatus.ANSWERED
            return Told(self._beside(by_number) if is_answered else by_number, about=question, intent=self.intent)
        leaning = Leaning.of(question, self.desk)
        known = documents_of(question.topic, self.desk)
        if known and leaning.is_elliptical:
            passage = passage_shown(question.topic, known[0], self.desk) or opening(known[0], self.desk)
            source = self.desk.source(known[0], question.as_of, passage)
            return Told(self._beside(show(source, wording=self.desk.wording, lang=question.lang)))
        reply = answer_from_index(question, self.desk)
        if reply.status is AnswerStatus.ANSWERED:
            return Told(self._beside(reply), about=question, intent=self.intent)
        wording, lang = self.desk.wording, question.lang
        text = wording.text("actions.rumour_unconfirmed", lang, checked_on=self.desk.checked_on(lang))
        reply = Reply(AnswerStatus.NO_ANSWER_NOT_FOUND, text, lang=lang)
        return Told(reply, about=question, intent=self.intent)

    def _beside(self, reply: Reply) -> Reply:
        lead = self.desk.wording.text("actions.rumour_official", reply.lang)
        return replace(reply, text=f"{lead}\n\n{reply.text}")
