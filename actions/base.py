"""What every action is: from a question to one reply, as a pure function of the question and the desk."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from actions.desk import Desk
from actions.policy import Sureness
from actions.question import Question
from actions.second_look import FixedResponse
from actions.told import Told
from actions.topic import Kind
from bot.reply import AnswerStatus, Reply


class InformingAction(ABC):
    """An action that answers with exactly one reply. Subclasses give `action_name` and `reply_to`, or `answer`.

    Not a subclass of rasa-sdk's `Action`: that one is found by scanning and made without arguments, ours are handed a
    desk and registered by name (`actions.__main__`), in the shell that reads and writes Rasa's tracker.
    """

    action_name: ClassVar[str]  # as domain.yml and the rules name it
    intent: ClassVar[str] = "ask_policy"  # under which its questions are asked again
    kind: ClassVar[Kind] = Kind.DOCUMENT  # what its answers are
    follow_up: ClassVar[str | None] = None  # the follow-up of `actions.offers` that it answers, if it does
    looks_up: ClassVar[bool] = False  # asks the index itself whatever it is asked, so there is no second asking
    of_this_country: ClassVar[bool] = False  # answers from tables and lists that hold nothing of any other country
    is_easily_mistaken: ClassVar[bool] = False  # questions that documents answer are taken for what it answers

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @abstractmethod
    def reply_to(self, question: Question) -> Reply | FixedResponse:
        """Answer one question."""

    def answer(self, question: Question) -> Told:
        """Answer one question, and say which one that was: the question itself unless a subclass knows better."""
        return Told(self.reply_to(question), about=question, intent=self.intent, kind=self.kind)

    def gives_way(self, question: Question) -> Sureness | None:  # noqa: ARG002 - for subclasses
        """Return how sure the index must be (`actions.certain`) to answer instead; None: however sure it is, not."""
        return Sureness.CERTAIN if self.is_easily_mistaken else None

    def events_after(self, question: Question) -> list[dict[str, Any]]:  # noqa: ARG002 - for subclasses
        """Return the Rasa events that follow the reply: none, unless a subclass remembers something."""
        return []


class FollowUp(InformingAction):
    """An action that lives on what was said before: it knows best which question it answers."""

    @abstractmethod
    def answer(self, question: Question) -> Told:
        """Answer one question, from the conversation where it does not stand for itself."""

    def reply_to(self, question: Question) -> Reply | FixedResponse:
        """Answer one question."""
        return self.answer(question).reply

    def gives_way(self, question: Question) -> Sureness | None:
        """Return that the index may answer instead where nothing was said before that the question could follow up."""
        return Sureness.CERTAIN if question.topic is None else None

    def instead(self, reply: Reply, question: Question) -> Told:
        """Say something in place of the answer: a question back about what was shown leaves the topic as it is."""
        about = None if reply.status is AnswerStatus.CLARIFY_AMBIGUOUS else question
        return Told(reply, about=about, intent=self.intent, kind=self.kind)
