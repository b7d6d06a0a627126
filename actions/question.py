"""What a citizen asked, read from Rasa's tracker once, so that no action looks into the tracker itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from index.text.language import detect

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LANGUAGES = ("vi", "en", "zh")


@dataclass(frozen=True, slots=True)
class Question:
    """One message of a citizen, with what the channel said about it."""

    text: str  # raw, as typed
    lang: str  # vi | en | zh: in which language the fixed sentences answer
    as_of: date  # validity is judged on this day, Vietnam time
    today: date  # the day it was asked, Vietnam time
    intents: tuple[tuple[str, float], ...] = ()  # (intent, probability) as the NLU ranked them, best first

    @classmethod
    def read(cls, message: Mapping[str, object], *, chosen_lang: str | None, now: datetime) -> Question:
        """Read a tracker's latest message.

        The language is the one the channel names, else the one chosen in the conversation, else the one it is written
        in. An unusable `lang` or `as_of` counts as not given: the gateway has already refused it where a
        person can see it.
        """
        text = str(message.get("text") or "")
        metadata = message.get("metadata")
        metadata = metadata if isinstance(metadata, Mapping) else {}
        today = now.astimezone(VIETNAM).date()
        lang = next((lang for lang in (metadata.get("lang"), chosen_lang) if lang in LANGUAGES), None) or detect(text)
        try:
            as_of = date.fromisoformat(str(metadata.get("as_of")))
        except ValueError:
            as_of = today
        ranking = message.get("intent_ranking")
        intents = tuple(
            (str(intent["name"]), float(intent["confidence"]))
            for intent in (ranking if isinstance(ranking, list) else [])
        )
        return cls(text=text, lang=str(lang), as_of=as_of, today=today, intents=intents)
