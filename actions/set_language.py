"""`action_set_language`: answer in another language from now on, a question in the same message included."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk.events import SlotSet

from actions.answer import list_documents, show
from actions.answer_question import AnswerQuestion
from actions.base import FollowUp
from actions.languages import named_language, wants_repetition
from actions.numbers import opening, tell_validity
from actions.question import Question
from actions.referents import documents_of, passage_shown
from actions.routing import action_for
from actions.told import Told
from actions.topic import Kind
from bot.reply import CITING, AnswerStatus, Reply
from index.text.number import find_numbers

FEWEST_OWN_WORDS = 2
"""Words of its own from which a wish for a language is looked up as a question."""


class SetLanguage(FollowUp):
    """Change the language of the fixed sentences; official texts stay in Vietnamese."""

    action_name = "action_set_language"

    def answer(self, question: Question) -> Told:
        """Answer the question that came with the wish, or the last one again, or confirm in the language wanted."""
        asked = replace(question, lang=self._wanted(question))
        own = self.desk.own_words(question.text)
        if len(own) >= FEWEST_OWN_WORDS or find_numbers(question.text):
            intents = [intent for intent, _ in question.intents if intent != "change_language"]
            action = action_for(intents[0], self.desk) if intents else None
            told = (action or AnswerQuestion(self.desk)).answer(asked)
            is_answered = isinstance(told.reply, Reply) and told.reply.status in CITING
            if is_answered or question.wished_lang:
                return told
        again = self._again(asked) if wants_repetition(question.text) else None
        if again is not None:
            return again
        text = self.desk.wording.text("actions.language_set", asked.lang)
        return Told(Reply(AnswerStatus.CHATTED, text, lang=asked.lang))

    def events_after(self, question: Question) -> list[dict[str, Any]]:
        """Remember the language for the rest of the conversation."""
        return [SlotSet("lang", self._wanted(question))]

    def _wanted(self, question: Question) -> str:
        return question.wished_lang or named_language(question.text) or question.lang

    def _again(self, question: Question) -> Told | None:
        """Show what the last answer showed, with the sentences around it in the question's language."""
        topic = question.topic
        documents = documents_of(topic, self.desk)
        if topic is None or topic.kind in (Kind.NOTHING, Kind.CHOICES):
            return None
        if topic.kind in (Kind.PLACES, Kind.CONTACT):
            action = action_for(topic.intent, self.desk)
            return action.answer(question.asking(topic.question)) if action else None
        if not documents:
            return None
        wording = self.desk.wording
        if topic.kind is Kind.LIST:
            sources = [self.desk.source(document, question.as_of) for document in documents]  # the last page
            lead = wording.text("actions.again_lead", question.lang)
            first = max(topic.shown - len(sources), 0) + 1
            reply = list_documents(lead, sources, more=0, first=first, wording=wording, lang=question.lang)
            return Told(reply, shown=topic.shown)
        if topic.passage is None and topic.intent == "ask_validity":
            return Told(tell_validity(documents[0], question, self.desk))
        passage = passage_shown(topic, documents[0], self.desk) or opening(documents[0], self.desk)
        source = self.desk.source(documents[0], question.as_of, passage)
        related = [self.desk.source(document, question.as_of) for document in documents[1:]]
        return Told(show(source, related, wording=wording, lang=question.lang))
