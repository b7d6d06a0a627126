"""From the body of POST /api/v1/answers to an event."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from channels.errors import BadRequest, MalformedEvent
from channels.event import EventKind, InboundEvent
from channels.text import is_blank, tidy
from channels.web.limits import MAX_BODY_BYTES, MAX_CONVERSATION_ID_CHARS
from channels.wire import read_object

CHANNEL = "api"

LANGUAGES = ("vi", "en", "zh")

_CONVERSATION_ID = re.compile(rf"[A-Za-z0-9._-]{{1,{MAX_CONVERSATION_ID_CHARS}}}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse(body: bytes, *, new_id: Callable[[], str], now: datetime) -> InboundEvent:
    """Return the event of one question; `new_id` names the message and, where the client does not, the conversation.

    Raises BadRequest with a code for each fault: too_large, malformed_json, invalid_question, empty_question,
    invalid_conversation_id, invalid_lang, invalid_as_of. Fields that we do not know are let be.
    """
    if len(body) > MAX_BODY_BYTES:
        raise BadRequest("too_large", f"the body is larger than {MAX_BODY_BYTES} bytes", http_status=413)
    try:
        fields = read_object(body)
    except MalformedEvent as error:
        raise BadRequest("malformed_json", str(error)) from None
    message_id = new_id()
    conversation_id = _optional_text(fields.get("conversation_id"), "conversation_id")
    return InboundEvent(
        channel=CHANNEL,
        account="",
        person=_conversation_id(new_id() if conversation_id is None else conversation_id),
        dedup_key=message_id,
        message_id=message_id,
        kind=EventKind.TEXT,
        text=_question(fields.get("question")),
        occurred_at=now,
        lang=_lang(_optional_text(fields.get("lang"), "lang")),
        as_of=_as_of(_optional_text(fields.get("as_of"), "as_of")),
    )


def _optional_text(value: object, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise BadRequest(f"invalid_{name}", f"{name} is text")


def _question(value: object) -> str:
    if not isinstance(value, str):
        raise BadRequest("invalid_question", "question is text and must be there")
    text = tidy(value)
    if is_blank(text):
        raise BadRequest("empty_question", "question has no visible character")
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
