"""The shell that every action shares: read the question, ask for a reply, send it, and never fail without a name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import structlog
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.desk import Desk
from actions.question import Question
from actions.second_look import FixedResponse
from bot.reply import AnswerStatus, Reply
from index.errors import IndexProblem

LONGEST_WAIT_S = 0.25
"""How long a question waits for a new snapshot to open before the old one answers it; a small one opens in 0.1 s."""

log = structlog.get_logger()


class InformingAction(ABC):
    """An action that answers with exactly one reply. Subclasses give `action_name` and `reply_to`.

    Not a subclass of rasa-sdk's `Action`: that one is found by scanning and made without arguments, ours are handed a
    desk and registered by name (`actions.__main__`).
    """

    action_name: ClassVar[str]  # as domain.yml and the rules name it

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @abstractmethod
    def reply_to(self, question: Question) -> Reply | FixedResponse:
        """Answer one question."""

    def events_after(self, question: Question) -> list[dict[str, Any]]:  # noqa: ARG002 - for subclasses
        """Return the Rasa events that follow the reply: none, unless a subclass remembers something."""
        return []

    def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],  # noqa: ARG002 - rasa-sdk's signature
    ) -> list[dict[str, Any]]:
        """Answer the tracker's latest message; whatever breaks on the way ends as `error_index`, never as silence."""
        question = Question.read(tracker.latest_message, chosen_lang=tracker.get_slot("lang"), now=self.desk.now())
        self._take_over_new_snapshot()
        try:
            reply: Reply | FixedResponse = self.reply_to(question)
        except Exception as error:  # noqa: BLE001 - the one broad handler of the action server
            # Only the kind of error: its text may hold words of the citizen.
            log.error("action_failed", action=self.action_name, error=type(error).__name__)  # noqa: TRY400
            text = self.desk.wording.text("actions.index_unavailable", question.lang)
            reply = Reply(AnswerStatus.ERROR_INDEX, text, lang=question.lang)
        if isinstance(reply, FixedResponse):
            dispatcher.utter_message(response=reply.name)
        else:
            dispatcher.utter_message(json_message={"reply": reply.to_wire(), "snapshot": self.desk.engine.snapshot_id})
        return self.events_after(question)

    def _take_over_new_snapshot(self) -> None:
        try:
            self.desk.engine.reload(wait_s=LONGEST_WAIT_S)
        except (IndexProblem, OSError) as error:
            # The old snapshot serves on; the message names files and remedies, never a citizen's words.
            log.error("snapshot_refused", reason=str(error))  # noqa: TRY400
