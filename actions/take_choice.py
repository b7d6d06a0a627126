"""`action_take_yes` and `action_take_no`: what a yes or a no means after what was said before."""

from __future__ import annotations

from collections.abc import Sequence

from actions.answer_question import AnswerQuestion
from actions.base import FollowUp
from actions.citing import show_date
from actions.question import Question
from actions.referents import documents_of
from actions.routing import action_for_choice
from actions.second_look import FixedResponse
from actions.told import Told
from actions.topic import Kind, Topic
from bot.reply import AnswerStatus, Button, Reply
from index.document import Document
from index.text.number import find_numbers

SHORT_TITLE = 60
"""Characters of a title in a choice."""


class TakeYes(FollowUp):
    """Take up a yes: the one choice that was offered, or the question which one."""

    action_name = "action_take_yes"

    def answer(self, question: Question) -> Told:
        """A yes to several choices is asked which; a yes after an answer, whether there is anything else."""
        topic = question.topic
        if topic and question.is_doubtful:
            return AnswerQuestion(self.desk).answer(question)
        if topic and len(topic.choices) == 1:
            asked = question.asking(topic.choices[0])
            return action_for_choice(topic.choices[0], topic, self.desk).answer(asked)
        if topic and topic.choices:
            buttons = [Button(choice, choice) for choice in topic.choices]
            return Told(self._which("actions.yes_which", buttons, question), intent=topic.intent)
        if topic and topic.kind is not Kind.NOTHING:
            text = self.desk.wording.text("actions.yes_anything_else", question.lang)
            return Told(Reply(AnswerStatus.CHATTED, text, lang=question.lang))
        return Told(FixedResponse("utter_affirm"))

    def _which(self, key: str, buttons: Sequence[Button], question: Question) -> Reply:
        items = "\n".join(f"• {button.title}" for button in buttons)
        text = f"{self.desk.wording.text(key, question.lang)}\n\n{items}"
        return Reply(AnswerStatus.CLARIFY_AMBIGUOUS, text, buttons=tuple(buttons), lang=question.lang)


class TakeNo(TakeYes):
    """Take up a no: what was meant instead, with the choices that are left."""

    action_name = "action_take_no"

    def answer(self, question: Question) -> Told:
        """A no that says what was meant is a question; else the choices are offered again without the first."""
        own = self.desk.own_words(question.text)
        if own or find_numbers(question.text) or (question.topic and question.is_doubtful):
            told = AnswerQuestion(self.desk).answer(question)
            if isinstance(told.reply, Reply) and told.reply.status is not AnswerStatus.NO_ANSWER_NOT_FOUND:
                return told
        topic = question.topic
        left = self._left(topic, question) if topic else []
        if topic is None or not left:
            return Told(FixedResponse("utter_deny"))
        return Told(self._which("actions.no_which", left, question), intent=topic.intent)

    def _left(self, topic: Topic, question: Question) -> list[Button]:
        """Return the choices without the first: those offered, else the documents that were named beside the answer."""
        if topic.choices:
            return [Button(choice, choice) for choice in topic.choices[1:]]
        if topic.kind is not Kind.DOCUMENT:
            return []
        return [self._choice(document, question) for document in documents_of(topic, self.desk)[1:4]]

    def _choice(self, document: Document, question: Question) -> Button:
        day = show_date(document.issued_on, question.lang)
        title = document.title if len(document.title) <= SHORT_TITLE else f"{document.title[:SHORT_TITLE].rstrip()}…"
        name = f"{document.type} {document.number} ({day})"
        return Button(f"{name}: {title}", name)
