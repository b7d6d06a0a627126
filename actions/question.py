"""What a citizen asked, read from Rasa's tracker once, so that no action looks into the tracker itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from actions.further import Further
from actions.languages import find_wish, named_language
from actions.topic import Topic
from index.text.language import detect
from index.text.reading import Reading

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LANGUAGES = ("vi", "en", "zh")

SURE = 0.6
"""Probability from which the NLU is believed about a message that may as well be another question."""


@dataclass(frozen=True, slots=True)
class Question:
    """One message of a citizen, with what the channel said about it and what was said before."""

    text: str  # as typed, once taken apart with short forms and slips written out; without a wish for a language
    lang: str  # vi | en | zh: in which language the fixed sentences answer
    as_of: date  # validity is judged on this day, Vietnam time
    today: date  # the day it was asked, Vietnam time
    intents: tuple[tuple[str, float], ...] = ()  # (intent, probability) as the NLU ranked them, best first
    topic: Topic | None = None  # what the conversation is about
    also: tuple[Further, ...] = ()  # further wants in the same message
    insults: int = 0  # how many there were in this conversation
    wished_lang: str | None = None  # the language that the message itself wishes for
    sources: tuple[str, ...] = ()  # names of the sources that may answer; empty: all

    @classmethod
    def read(
        cls,
        message: Mapping[str, object],
        *,
        chosen_lang: str | None,
        now: datetime,
        read: Callable[[str], Reading],
        topic: object = None,
        insults: object = None,
    ) -> Question:
        """Read a tracker's latest message, and the slots `lang`, `topic` and `insults`, whatever they hold.

        The language is the one that the message wishes for, else the one the channel names, else the one chosen in the
        conversation, else the one it is written in. An unusable `lang`, `as_of` or `sources` counts as not given: the
        gateway has already refused it where a person can see it.
        """
        text = str(message.get("text") or "")
        metadata = message.get("metadata")
        metadata = metadata if isinstance(metadata, Mapping) else {}
        today = now.astimezone(VIETNAM).date()
        also = Further.read_all(message.get("also"))
        wish = find_wish(text)
        if wish and any(map(str.isalnum, wish[1])):
            text = wish[1]
        named = (named_language(part.text) for part in also if part.intent == "change_language")
        wished = wish[0] if wish else next(filter(None, named), None)
        candidates = (wished, metadata.get("lang"), chosen_lang)
        lang = next((lang for lang in candidates if lang in LANGUAGES), None) or read(text).lang
        try:
            as_of = date.fromisoformat(str(metadata.get("as_of")))
        except ValueError:
            as_of = today
        return cls(
            text=text,
            lang=str(lang),
            as_of=as_of,
            today=today,
            intents=tuple(_read_ranking(message.get("intent_ranking"))),
            topic=Topic.read(topic),
            also=also,
            insults=insults if isinstance(insults, int) and not isinstance(insults, bool) else 0,
            wished_lang=wished,
            sources=tuple(_read_sources(metadata.get("sources"))),
        )

    @property
    def intent(self) -> str | None:
        """The intent that the NLU ranked first; None where it ranked none."""
        return self.intents[0][0] if self.intents else None

    @property
    def is_doubtful(self) -> bool:
        """Whether the NLU ranked an intent first without being sure of it."""
        return bool(self.intents) and self.intents[0][1] < SURE

    @property
    def written_in(self) -> str:
        """The language of the text, which may be another than that of the answer: vi | en | zh."""
        return detect(self.text)

    def asking(self, text: str) -> Question:
        """Return a question with another text at the same moment: nothing that the NLU found in this one is kept."""
        return replace(self, text=text, intents=(), also=())


def _read_sources(value: object) -> list[str]:
    """Return the names of sources in a turn's metadata; none for anything but a list of names."""
    names = value if isinstance(value, list) else []
    return names if all(isinstance(name, str) and name for name in names) else []


def _read_ranking(value: object) -> Iterator[tuple[str, float]]:
    """Yield the intents of `latest_message["intent_ranking"]`; entries that are none are left out."""
    for entry in value if isinstance(value, list) else []:
        name, share = (entry.get("name"), entry.get("confidence")) if isinstance(entry, Mapping) else (None, None)
        if isinstance(name, str) and isinstance(share, (int, float)):
            yield name, float(share)
