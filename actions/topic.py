"""What a conversation is about: the little that is remembered from one message to the next, in Rasa's slot `topic`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

QUESTION_AT_MOST = 500
"""Characters of a question that are remembered."""

DOCUMENTS_AT_MOST = 10
"""Documents that are remembered."""

CHOICES_AT_MOST = 4
"""Choices that are remembered: no question back offers more."""

TEXT_AT_MOST = 300
"""Characters of an id or a choice that are believed; nothing of ours is longer."""


class Kind(str, Enum):
    """What the last answer was."""

    DOCUMENT = "document"  # one document, its passage, validity or source
    LIST = "list"  # several documents, numbered
    PLACES = "places"  # provinces and communes, from our tables
    CONTACT = "contact"  # bodies: how to reach them, what they are in charge of
    CHOICES = "choices"  # a question back
    NOTHING = "nothing"  # nothing was found


@dataclass(frozen=True, slots=True)
class Topic:
    """The question that stood for itself last, and what was shown for it. Holds ids, never text of an answer."""

    question: str = ""  # raw, cut; "" where only choices were offered so far
    base: str = ""  # the same without the words that a follow-up added; "" where none were
    intent: str = "ask_policy"  # under which it was answered
    kind: Kind = Kind.NOTHING
    documents: tuple[str, ...] = ()  # ids of the documents cited, best first
    listed: tuple[str, ...] = ()  # ids of the last page of the last list, which may still be picked from
    passage: str | None = None  # id of the passage shown last
    shown: int = 0  # how many results of that list were shown in all
    choices: tuple[str, ...] = ()  # what may be picked: each a text that can be typed

    @classmethod
    def read(cls, slot: object) -> Topic | None:
        """Read what `to_slot` wrote; None for anything that it did not write, whoever wrote it."""
        if not isinstance(slot, Mapping):
            return None
        try:
            kind = Kind(slot.get("kind"))
        except ValueError:
            return None
        shown = slot.get("shown")
        return cls(
            question=_text(slot.get("question"))[:QUESTION_AT_MOST],
            base=_text(slot.get("base"))[:QUESTION_AT_MOST],
            intent=_text(slot.get("intent"))[:TEXT_AT_MOST] or "ask_policy",
            kind=kind,
            documents=_texts(slot.get("documents"), DOCUMENTS_AT_MOST),
            listed=_texts(slot.get("listed"), DOCUMENTS_AT_MOST),
            passage=_text(slot.get("passage"))[:TEXT_AT_MOST] or None,
            shown=shown if isinstance(shown, int) and not isinstance(shown, bool) and shown >= 0 else 0,
            choices=_texts(slot.get("choices"), CHOICES_AT_MOST),
        )

    def to_slot(self) -> dict[str, object]:
        """Return the JSON object that Rasa keeps."""
        return {
            "question": self.question[:QUESTION_AT_MOST],
            "base": self.base[:QUESTION_AT_MOST],
            "intent": self.intent,
            "kind": self.kind.value,
            "documents": list(self.documents[:DOCUMENTS_AT_MOST]),
            "listed": list(self.listed[:DOCUMENTS_AT_MOST]),
            "passage": self.passage,
            "shown": self.shown,
            "choices": [choice[:TEXT_AT_MOST] for choice in self.choices[:CHOICES_AT_MOST]],
        }

    def picked(self, pick: int) -> str | None:
        """Return the id of the result with a number, as the last list counted them; None where there is none.

        Numbers run on from page to page, but people also count what they see: "cái thứ hai" of the second page is its
        second line. -1 is the last one. Without a list, the documents named beside an answer are counted.
        """
        results = self.listed or self.documents
        if pick < 0:
            return results[-1] if results else None
        before = max(self.shown - len(results), 0) if self.listed else 0
        for place in (pick - before - 1, pick - 1):
            if 0 <= place < len(results):
                return results[place]
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object, at_most: int) -> tuple[str, ...]:
    items = value if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, str) and 0 < len(item) <= TEXT_AT_MOST)[:at_most]
