"""What travels between the channels and the bot: a turn, its replies, and how a turn can end.

Standard library only and Python 3.10 syntax, because Rasa's environment and the services both import it.

Errors
------
BotError                    a turn that brought no reply
├── BotUnavailable          the bot or its action server is down, slow or empty-handed: try the same turn again
└── BotRefused              the bot understood the request and will never accept it: a bug, do not retry
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

WIRE_VERSION = 1
"""Version of the JSON form of a reply; a reader refuses another one."""


class BotError(Exception):
    """A turn that brought no reply."""


class BotUnavailable(BotError):
    """The bot or its action server is down, slow or empty-handed: try the same turn again later."""


class BotRefused(BotError):
    """The bot will never accept this request; retrying it is useless."""


class AnswerStatus(str, Enum):
    """Every way a turn can end; each has its own wording and its own counter."""

    ANSWERED = "answered"
    LISTED = "listed"
    CHATTED = "chatted"
    CLARIFY_VAGUE = "clarify_vague"
    CLARIFY_AMBIGUOUS = "clarify_ambiguous"
    NO_ANSWER_NOT_FOUND = "no_answer_not_found"
    NO_ANSWER_OUT_OF_SCOPE = "no_answer_out_of_scope"
    NO_ANSWER_DECLINED = "no_answer_declined"
    SIGNPOSTED = "signposted"
    HANDED_OVER = "handed_over"
    ERROR_BOT = "error_bot"
    ERROR_INDEX = "error_index"
    ERROR_TIMEOUT = "error_timeout"


CITING = frozenset({AnswerStatus.ANSWERED, AnswerStatus.LISTED})
"""The only statuses that may carry citations."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One official document (văn bản) that an answer stands on; field for field the JSON of `POST /api/v1/answers`."""

    number: str  # số, ký hiệu, as printed: "161/2026/NĐ-CP"
    type: str  # loại văn bản: "Nghị định"
    title: str  # trích yếu
    issuing_body: str  # cơ quan ban hành
    issued_on: date | None
    effective_on: date | None
    validity: str  # in_force | not_yet_in_force | partly_expired | expired | suspended | unknown
    replaced_by: tuple[str, ...]  # numbers of the documents that replaced or abolished it
    checked_on: date | None  # up to when the sources were read
    text_kind: str  # official | summary
    location: str | None  # "Điều 3, khoản 2"; official passages only
    quote: str | None  # the passage itself; official passages only
    url: str | None

    def __post_init__(self) -> None:
        if self.text_kind not in ("official", "summary"):
            raise ValueError(f"text_kind is official or summary, not {self.text_kind!r}")
        if self.text_kind == "summary" and (self.quote or self.location):
            raise ValueError("a summary is our own wording: it has no quote and no location")

    def to_wire(self) -> dict[str, object]:
        """Return the JSON object of this citation; dates as YYYY-MM-DD or null."""
        return {
            "number": self.number,
            "type": self.type,
            "title": self.title,
            "issuing_body": self.issuing_body,
            "issued_on": _date_out(self.issued_on),
            "effective_on": _date_out(self.effective_on),
            "validity": self.validity,
            "replaced_by": list(self.replaced_by),
            "checked_on": _date_out(self.checked_on),
            "text_kind": self.text_kind,
            "location": self.location,
            "quote": self.quote,
            "url": self.url,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Citation:
        """Read what `to_wire` wrote. Raises ValueError on anything else."""
        replaced_by = wire.get("replaced_by") or []
        if not isinstance(replaced_by, Sequence) or isinstance(replaced_by, str):
            raise ValueError("replaced_by is a list of document numbers")  # noqa: TRY004 - what from_wire promises
        return cls(
            number=_text_in(wire, "number"),
            type=_text_in(wire, "type"),
            title=_text_in(wire, "title"),
            issuing_body=_text_in(wire, "issuing_body"),
            issued_on=_date_in(wire, "issued_on"),
            effective_on=_date_in(wire, "effective_on"),
            validity=_text_in(wire, "validity"),
            replaced_by=tuple(str(number) for number in replaced_by),
            checked_on=_date_in(wire, "checked_on"),
            text_kind=_text_in(wire, "text_kind"),
            location=_optional_text_in(wire, "location"),
            quote=_optional_text_in(wire, "quote"),
            url=_optional_text_in(wire, "url"),
        )


@dataclass(frozen=True, slots=True)
class Button:
    """A choice offered under a reply. Pressing it is the same as typing `text`."""

    title: str
    text: str
    is_optional: bool = False  # a convenience: a channel that shows choices as numbered text leaves it out


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the bot, before any platform's limits are applied."""

    status: AnswerStatus
    text: str  # NFC; paragraphs separated by blank lines; no markup
    citations: tuple[Citation, ...] = ()
    buttons: tuple[Button, ...] = ()
    lang: str = "vi"  # vi | en | zh: the language of the fixed sentences around the passage

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a reply has text")
        if self.citations and self.status not in CITING:
            raise ValueError(f"citations stand only with answered and listed, not with {self.status.value}")

    def to_wire(self) -> dict[str, object]:
        """Return the versioned JSON object that Rasa carries as a custom payload."""
        return {
            "version": WIRE_VERSION,
            "status": self.status.value,
            "text": self.text,
            "citations": [citation.to_wire() for citation in self.citations],
            "buttons": [
                {"title": button.title, "text": button.text, "is_optional": button.is_optional}
                for button in self.buttons
            ],
            "lang": self.lang,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> Reply:
        """Read what `to_wire` wrote. Raises ValueError on another version or shape."""
        if wire.get("version") != WIRE_VERSION:
            raise ValueError(f"reply of version {wire.get('version')!r}, expected {WIRE_VERSION}")
        return cls(
            status=AnswerStatus(_text_in(wire, "status")),
            text=_text_in(wire, "text"),
            citations=tuple(Citation.from_wire(item) for item in _objects_in(wire, "citations")),
            buttons=tuple(
                Button(_text_in(item, "title"), _text_in(item, "text"), is_optional=item.get("is_optional") is True)
                for item in _objects_in(wire, "buttons")
            ),
            lang=_text_in(wire, "lang"),
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a citizen on its way to the bot."""

    conversation: str  # namespaced key, e.g. "zalo:<oa id>:<user id>" or "api:<id>"
    message_id: str  # the platform's id of this message, unique within the conversation
    text: str  # raw text as typed, NFC, at most 2,000 characters
    channel: str  # zalo | messenger | web | api
    lang: str | None = None  # language the channel asks for; None: as the text is written
    as_of: date | None = None  # validity is judged on this day; None: today in Vietnam
    sources: tuple[str, ...] = ()  # names of the sources that may answer; empty: all


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What the bot said to one turn: at least one reply, in order."""

    replies: tuple[Reply, ...]
    intent: str | None = None  # the intent that Rasa ranked first
    snapshot: str | None = field(default=None)  # id of the index snapshot that answered, where one did

    def __post_init__(self) -> None:
        if not self.replies:
            raise ValueError("a turn has at least one reply; an empty answer is a failure")


def _date_out(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _text_in(wire: Mapping[str, object], key: str) -> str:
    value = wire.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key} is text, not {type(value).__name__}")  # noqa: TRY004 - what from_wire promises
    return value


def _optional_text_in(wire: Mapping[str, object], key: str) -> str | None:
    return None if wire.get(key) is None else _text_in(wire, key)


def _date_in(wire: Mapping[str, object], key: str) -> date | None:
    text = _optional_text_in(wire, key)
    return date.fromisoformat(text) if text else None


def _objects_in(wire: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = wire.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ValueError(f"{key} is a list of objects")
    return value
