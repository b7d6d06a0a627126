"""`action_answer_question`: a question about policy, and everything that the NLU was not sure of."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.another_subject import another_document
from actions.answer import ask_what
from actions.base import FollowUp
from actions.certain import answer_naming
from actions.document_facts import tell_facts
from actions.fixed import MeetInsult, SignpostPetition
from actions.numbers import answer_by_number, show_document
from actions.pointing_back import Leaning, answer_from_topic
from actions.policy import Policy
from actions.question import Question
from actions.referents import documents_of
from actions.search import answer_from_index
from actions.second_look import PETITIONS, RESPONSES, FixedResponse, fixed_intent, urgent_intent
from actions.told import Told
from actions.words import subject_of
from bot.reply import AnswerStatus, Reply
from index.text.number import type_of

CERTAINLY_NO_QUESTION = 0.75
"""Probability of small talk from which a message is not looked for in the topic's documents."""

SURELY_OUTSIDE = 0.95
"""Probability of `out_of_scope` that no question about a document reaches (docs/adr/0009-second-look.md)."""

WHAT_IS_IT = re.compile(
    r"\b(?:noi (?:ve )?(?:cai )?gi|la (?:cai )?gi|ve (?:cai )?(?:gi|van de gi)|noi dung (?:la )?(?:gi|the nao|sao)|"
    r"quy dinh (?:ve )?(?:cai )?gi|what is (?:it|this|that)\b(?! for)|(?:it|this|that) about)\b|讲什么|说什么|内容"
)
"""Folded words that ask what a document is about as a whole."""


class AnswerQuestion(FollowUp):
    """Answer with the passage of an official document."""

    action_name = "action_answer_question"
    looks_up = True

    def answer(self, question: Question) -> Told:
        """A document named by number answers first, then the index or what the conversation is about.

        A message that says nothing by itself is looked for in the documents of the conversation first, one that only
        points back is too, and any other where the index has nothing on it.
        """
        urgent = urgent_intent(question.intents)
        if urgent:
            return Told(FixedResponse(RESPONSES[urgent]))
        facts = tell_facts(question, self.desk)
        if facts is not None:
            return facts
        naming = answer_naming(question, self.desk)
        if naming is not None:
            return naming
        by_number = answer_by_number(question, self.desk)
        if by_number is not None:
            return Told(by_number, about=question, intent=self.intent)
        leaning = Leaning.of(question, self.desk)
        has_topic = question.topic is not None and bool(question.topic.documents)
        leans = has_topic and (leaning.is_elliptical or not self._is_detour(question))
        if leans and leaning.is_elliptical and another_document(question, self.desk) is not None:
            return self._or_no_question(self._by_itself(question), question)
        if leans and leaning.is_elliptical and WHAT_IS_IT.search(self.desk.read(question.text).folded):
            known = documents_of(question.topic, self.desk)[:1]
            if known:
                return Told(show_document(known[0], question.asking(""), self.desk))
        if leans and (leaning.is_elliptical or leaning.points_back):
            from_topic = answer_from_topic(question, self.desk, leaning=leaning)
            if from_topic is not None:
                return from_topic
        own = self._by_itself(question)
        if own.status is AnswerStatus.ANSWERED or not leans:
            return self._or_no_question(own, question)
        return answer_from_topic(question, self.desk, leaning=leaning) or self._or_no_question(own, question)

    def _by_itself(self, question: Question) -> Reply:
        if self._says_nothing(question):
            return ask_what(wording=self.desk.wording, lang=question.lang)
        return answer_from_index(question, replace(self.desk, policy=self._policy(question)))

    def _policy(self, question: Question) -> Policy:
        """Return how strong a hit must be: stronger, the surer the NLU is that the State has nothing to say."""
        policy = self.desk.policy
        if question.intent != "out_of_scope":
            return policy
        return policy.surely_outside if question.intents[0][1] >= SURELY_OUTSIDE else policy.overruling

    def _or_no_question(self, own: Reply, question: Question) -> Told:
        """What the index has nothing on may have been no question."""
        intent = fixed_intent(question.intents) if own.status is not AnswerStatus.ANSWERED else None
        if intent in PETITIONS:
            return Told(SignpostPetition(self.desk).reply_to(question))
        if intent == "insult":
            return Told(MeetInsult(self.desk).reply_to(question))
        if intent:
            return Told(FixedResponse(RESPONSES[intent]))
        return Told(own, about=question, intent=self.intent)

    def _is_detour(self, question: Question) -> bool:
        """Say whether a message has nothing to do with documents, as far as the NLU can tell."""
        return bool(question.intents) and fixed_intent(question.intents, at_least=CERTAINLY_NO_QUESTION) is not None

    def _says_nothing(self, question: Question) -> bool:
        if not any(map(str.isalpha, question.text)):
            return True  # a number alone, where nothing was offered to choose from
        is_bare = not any(character.isdigit() for character in question.text) and type_of(question.text) is None
        return question.lang == "vi" and is_bare and not subject_of(question.text, self.desk.function_words)
