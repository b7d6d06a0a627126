"""The shell around every action: read the tracker, answer, send, remember, and never fail without a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

import structlog
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.another_country import is_about_another_country
from actions.answer_question import AnswerQuestion
from actions.ask_again import AskAgain
from actions.asked_of_topic import answer_of_topic, turned_to
from actions.base import InformingAction
from actions.certain import answer_after_all, answer_beside, answer_certainly, is_empty_handed
from actions.desk import Desk
from actions.exchange import only_exchanges
from actions.fixed import FixedReply
from actions.further import DANGERS, POINTERS, Further, join
from actions.memory import remember
from actions.offers import with_follow_ups
from actions.parted import as_one_or_parted
from actions.picked import answer_pick
from actions.pointing_back import Leaning
from actions.question import Question
from actions.routing import action_for
from actions.second_look import OFFICERS, RESPONSES, FixedResponse, intent_of_none_found, urgent_intent
from actions.told import Told
from actions.topic import Topic
from bot.reply import AnswerStatus, Reply
from index.errors import IndexProblem
from index.text.number import find_numbers

LONGEST_WAIT_S = 0.25
"""How long a question waits for a new snapshot to open before the old one answers it; a small one opens in 0.1 s."""

log = structlog.get_logger()


class Shell:
    """Runs one action for Rasa. Everything that is remembered of a conversation is read and written here."""

    def __init__(self, action: InformingAction, desk: Desk) -> None:
        self._action = action
        self._desk = desk

    def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],  # noqa: ARG002 - rasa-sdk's signature
    ) -> list[dict[str, Any]]:
        """Answer the tracker's latest message; whatever breaks on the way ends as `error_index`, never as silence."""
        question = Question.read(
            tracker.latest_message,
            chosen_lang=tracker.get_slot("lang"),
            now=self._desk.now(),
            read=self._desk.read,
            topic=tracker.get_slot("topic"),
            insults=tracker.get_slot("insults"),
        )
        self._take_over_new_snapshot()
        try:
            said, topic = self._within(question.sources)._answer(question)
        except Exception as error:  # noqa: BLE001 - the one broad handler of the action server
            # Only the kind of error: its text may hold words of the citizen.
            log.error("action_failed", action=self._action.action_name, error=type(error).__name__)  # noqa: TRY400 - no traceback
            text = self._desk.wording.text("actions.index_unavailable", question.lang)
            said, topic = [Reply(AnswerStatus.ERROR_INDEX, text, lang=question.lang)], None
        for reply in said:
            if isinstance(reply, FixedResponse):
                dispatcher.utter_message(response=reply.name)
            else:
                wire = {"reply": reply.to_wire(), "snapshot": self._desk.engine.snapshot_id}
                dispatcher.utter_message(json_message=wire)
        return [*self._action.events_after(question), *_events(said, topic, question)]

    def _answer(self, question: Question) -> tuple[list[Reply | FixedResponse], Topic | None]:
        """Return what to say and the topic after it; None where it stays."""
        for danger, response in DANGERS.items():
            if any(part.intent == danger for part in question.also):
                added, topic = self._beside(question)
                return [FixedResponse(response), *added], topic
        parted = as_one_or_parted(question, self._desk)
        question = replace(parted.main, text=self._desk.read(parted.main.text).written_out)
        told = self._tell(question)
        if isinstance(told.reply, FixedResponse) and told.reply.name in DANGERS.values():
            added, topic = self._beside(question)
            return [told.reply, *added], topic
        topic = remember(told, question, self._desk)
        lang = told.reply.lang if isinstance(told.reply, Reply) else question.lang  # the action may have changed it
        further = self._further(parted.further, replace(question, topic=topic or question.topic, lang=lang))
        if isinstance(told.reply, FixedResponse):
            return [told.reply, *([join(further[0], further[1:])] if further else [])], topic
        reply = told.reply
        if topic is not None:
            but = self._action.follow_up
            reply = with_follow_ups(reply, topic, self._desk, has_more=told.has_more, but=but)
        return [join(reply, further)], topic

    def _tell(self, question: Question) -> Told:
        """Let the action answer, unless the index is sure enough to answer before it, or it finds nothing."""
        action = AskAgain(self._desk) if only_exchanges(question, self._desk) else self._action
        if action.of_this_country and is_about_another_country(question, self._desk):
            action = AnswerQuestion(self._desk)
        picked = answer_pick(question, self._desk)
        if picked is not None:
            return picked
        question = turned_to(question, self._desk)
        of_topic = None if self._is_for_people(question) else answer_of_topic(question, self._desk)
        if of_topic is not None:
            return of_topic
        wanted = None if urgent_intent(question.intents) else action.gives_way(question)
        certain = answer_certainly(question, self._desk, wanted) if wanted else None
        if certain is not None:
            return certain
        told = action.answer(question)
        if is_empty_handed(told) and not action.looks_up:
            told = answer_after_all(question, self._desk) or told
        rather = intent_of_none_found(question.intents) if self._is_without_answer(told, question) else None
        return Told(FixedResponse(RESPONSES[rather])) if rather else told

    def _is_for_people(self, question: Question) -> bool:
        """Say whether a message needs help or an officer: "bao giờ có kết quả" asks neither when a decree holds."""
        wants_officer = question.intent in OFFICERS and not question.is_doubtful
        return bool(urgent_intent(question.intents)) or wants_officer or isinstance(self._action, FixedReply)

    def _is_without_answer(self, told: Told, question: Question) -> bool:
        """Say whether nothing was found for a message that names no document and does not lean on the one before."""
        if not isinstance(told.reply, Reply) or told.reply.status is not AnswerStatus.NO_ANSWER_NOT_FOUND:
            return False
        if find_numbers(question.text):
            return False
        return question.topic is None or not Leaning.of(question, self._desk).is_elliptical

    def _beside(self, question: Question) -> tuple[list[Reply | FixedResponse], Topic | None]:
        """Return the document that a message asks about beside its danger, and the topic; nothing where none is."""
        question = replace(question, text=self._desk.read(question.text).written_out)
        told = answer_beside(question, self._desk)
        return ([told.reply], remember(told, question, self._desk)) if told else ([], None)

    def _further(self, parts: Sequence[Further], question: Question) -> list[Reply]:
        """Answer the further wants of a message: questions in full, other wants by a pointer."""
        replies: list[Reply] = []
        for part in parts:
            if pointer := POINTERS.get(part.intent):
                text = self._desk.wording.text(pointer, question.lang)
                replies.append(Reply(AnswerStatus.SIGNPOSTED, text, lang=question.lang))
            elif action := action_for(part.intent, self._desk):
                asked = question.asking(self._desk.read(part.text).written_out)
                asked = replace(asked, intents=((part.intent, part.confidence),))
                reply = action.answer(asked).reply
                if isinstance(reply, FixedResponse):
                    continue
                if reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND:
                    reply = replace(reply, text=self._desk.wording.text("actions.further_not_found", question.lang))
                replies.append(replace(reply, buttons=()))
        return replies

    def _within(self, sources: tuple[str, ...]) -> Shell:
        """Return a shell whose desk, and that of every action it asks, knows the scope: none of them can forget it."""
        if not sources:
            return self
        scoped = copy(self)
        scoped._desk = self._desk.within(sources)
        scoped._action = type(self._action)(scoped._desk)
        return scoped

    def _take_over_new_snapshot(self) -> None:
        try:
            self._desk.engine.reload(wait_s=LONGEST_WAIT_S)
        except (IndexProblem, OSError) as error:
            # The old snapshot serves on; the message names files and remedies, never a citizen's words.
            log.error("snapshot_refused", reason=str(error))  # noqa: TRY400 - the reason says it all


def _events(said: Sequence[Reply | FixedResponse], topic: Topic | None, question: Question) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    if topic is not None:
        events.append(SlotSet("topic", topic.to_slot()))
    if question.wished_lang:
        events.append(SlotSet("lang", question.wished_lang))
    if any(isinstance(reply, FixedResponse) and reply.name.startswith("utter_insult") for reply in said):
        events.append(SlotSet("insults", question.insults + 1))
    return events
