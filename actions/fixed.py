"""Actions whose reply is one fixed sentence: handing over, petitions, language, feedback."""

from __future__ import annotations

from typing import Any, ClassVar

from rasa_sdk.events import SlotSet

from actions.base import InformingAction
from actions.question import Question
from bot.reply import AnswerStatus, Reply
from index.text.unicode import fold, normalise


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


class RecordFeedback(FixedReply):
    """`action_record_feedback`: the answer was useful or not."""

    action_name = "action_record_feedback"
    status = AnswerStatus.CHATTED
    key = "actions.feedback_thanks"


class SetLanguage(FixedReply):
    """`action_set_language`: answer in another language from now on."""

    action_name = "action_set_language"
    status = AnswerStatus.CHATTED
    key = "actions.language_set"

    # Folded words by which a message names the language it wants; Chinese is also named in Chinese.
    names: ClassVar[dict[str, tuple[str, ...]]] = {
        "en": ("english", "tieng anh", "anh ngu", "英文", "英语"),
        "zh": ("chinese", "tieng trung", "tieng hoa", "hoa ngu", "中文", "汉语"),
        "vi": ("vietnamese", "tieng viet", "viet ngu", "越南语", "越南文"),
    }

    def reply_to(self, question: Question) -> Reply:
        """Confirm in the language that was asked for."""
        lang = self._wanted(question)
        return Reply(self.status, self.desk.wording.text(self.key, lang), lang=lang)

    def events_after(self, question: Question) -> list[dict[str, Any]]:
        """Remember the language for the rest of the conversation."""
        return [SlotSet("lang", self._wanted(question))]

    def _wanted(self, question: Question) -> str:
        text = fold(normalise(question.text))
        return next((lang for lang, names in self.names.items() if any(name in text for name in names)), question.lang)
