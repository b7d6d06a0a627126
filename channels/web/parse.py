"""From the bodies of POST /api/v1/answers and of the widget's requests to what they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from channels.errors import BadRequest, MalformedEvent
from channels.event import EventKind, InboundEvent
from channels.settings import MAX_VERSION_CHARS
from channels.text import is_blank, tidy
from channels.web.limits import MAX_ADDRESS_CHARS, MAX_BODY_BYTES, MAX_CONVERSATION_ID_CHARS, MAX_WHY_CHARS
from channels.wire import read_object

CHANNEL = "api"

LANGUAGES = ("vi", "en", "zh")

_CONVERSATION_ID = re.compile(rf"[A-Za-z0-9._-]{{1,{MAX_CONVERSATION_ID_CHARS}}}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RANDOM_ID = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}")
_ADDRESS = re.compile(r"https?://[!-~]+")
_FEWEST_DIGITS = 8  # different ones: of a random id fewer come once in ten million, a counter never has so many


@dataclass(frozen=True, slots=True)
class PageConsent:
    """What a person agreed to on a page before they sent a message."""

    lang: str  # in which it was asked
    notice: str | None  # address of the notice that was shown
    version: str | None


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What a page sends in the name of its person."""

    id: str  # random, made by the page: the same one twice is one message
    text: str = field(repr=False)  # tidy
    lang: str | None
    agency: str | None  # None: as the token says, or the default one
    consent: PageConsent | None = None


@dataclass(frozen=True, slots=True)
class PageFeedback:
    """What a person thinks of an answer."""

    message_id: str
    is_useful: bool
    why: str = field(repr=False)  # tidy


def parse(body: bytes, *, new_id: Callable[[], str], now: datetime) -> InboundEvent:
    """Return the event of one question; `new_id` names the message and, where the client does not, the conversation.

    Raises BadRequest with a code for each fault: too_large, malformed_json, invalid_question, empty_question,
    invalid_conversation_id, invalid_lang, invalid_as_of. Fields that we do not know are let be.
    """
    fields = _fields(body)
    message_id = new_id()
    conversation_id = _optional_text(fields.get("conversation_id"), "conversation_id")
    return InboundEvent(
        channel=CHANNEL,
        account="",
        person=_conversation_id(new_id() if conversation_id is None else conversation_id),
        dedup_key=message_id,
        message_id=message_id,
        kind=EventKind.TEXT,
        text=_question(fields.get("question"), "question"),
        occurred_at=now,
        lang=_lang(_optional_text(fields.get("lang"), "lang")),
        as_of=_as_of(_optional_text(fields.get("as_of"), "as_of")),
    )


def parse_message(body: bytes) -> PageMessage:
    """Return what POST /api/v1/widget/messages says.

    Raises BadRequest: too_large, malformed_json, invalid_id, invalid_text, empty_text, invalid_lang, invalid_agency,
    invalid_consent.
    """
    fields = _fields(body)
    return PageMessage(
        id=random_id(fields.get("id")),
        text=_question(fields.get("text"), "text"),
        lang=_lang(_optional_text(fields.get("lang"), "lang")),
        agency=_optional_text(fields.get("agency"), "agency"),
        consent=read_consent(fields.get("consent")),
    )


def read_consent(value: object) -> PageConsent | None:
    """Return what somebody agreed to: an object with lang and, where there are any, notice and version.

    Raises BadRequest: invalid_consent.
    """
    if value is None:
        return None
    said = value if isinstance(value, dict) else {}
    lang, notice, version = said.get("lang"), said.get("notice"), said.get("version")
    if (
        lang not in LANGUAGES
        or not (notice is None or _is_address(notice))
        or not (version is None or _is_name(version))
    ):
        raise BadRequest("invalid_consent", "consent is an object with lang, and the notice's address and version")
    return PageConsent(lang, notice, version)


def parse_feedback(body: bytes) -> PageFeedback:
    """Return what POST /api/v1/widget/feedback says.

    Raises BadRequest: too_large, malformed_json, invalid_message_id, invalid_useful, invalid_why.
    """
    fields = _fields(body)
    is_useful, why = fields.get("useful"), _optional_text(fields.get("why"), "why") or ""
    if not isinstance(is_useful, bool):
        raise BadRequest("invalid_useful", "useful is true or false")
    if len(why) > MAX_WHY_CHARS:
        raise BadRequest("invalid_why", f"why has at most {MAX_WHY_CHARS} characters")
    return PageFeedback(random_id(fields.get("message_id"), "message_id"), is_useful, tidy(why))


def random_id(value: object, name: str = "id") -> str:
    """Return an id that a page made. Raises BadRequest unless it is 32 random hex digits, as of a UUID."""
    text = value.lower() if isinstance(value, str) else ""
    if not _RANDOM_ID.fullmatch(text) or len(set(text) - {"-"}) < _FEWEST_DIGITS:
        raise BadRequest(f"invalid_{name}", f"{name} is a random UUID")
    return text


def _is_address(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_ADDRESS_CHARS and _ADDRESS.fullmatch(value) is not None


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_VERSION_CHARS and value == tidy(value)


def _fields(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_BODY_BYTES:
        raise BadRequest("too_large", f"the body is larger than {MAX_BODY_BYTES} bytes", http_status=413)
    try:
        return read_object(body)
    except MalformedEvent as error:
        raise BadRequest("malformed_json", str(error)) from None


def _optional_text(value: object, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise BadRequest(f"invalid_{name}", f"{name} is text")


def _question(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise BadRequest(f"invalid_{name}", f"{name} is text and must be there")
    text = tidy(value)
    if is_blank(text):
        raise BadRequest(f"empty_{name}", f"{name} has no visible character")
    return text


def _conversation_id(value: str) -> str:
    if not _CONVERSATION_ID.fullmatch(value):
        raise BadRequest(
            "invalid_conversation_id",
            f"conversation_id is 1 to {MAX_CONVERSATION_ID_CHARS} of A-Z a-z 0-9 . _ -",
        )
    return value


def _lang(value: str | None) -> str | None:
    if value is not None and value not in LANGUAGES:
        raise BadRequest("invalid_lang", f"lang is one of {', '.join(LANGUAGES)}")
    return value


def _as_of(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else _not_a_day()
    except ValueError:
        return _not_a_day()


def _not_a_day() -> date:
    raise BadRequest("invalid_as_of", "as_of is a day as YYYY-MM-DD")
