"""What the gateway sends, a turn or the wish that a conversation be forgotten, read strictly."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

MAX_TEXT = 2_000
"""Characters of a message; the gateway cuts longer ones before it asks."""

MAX_KEY = 255
"""Characters of a conversation key or a message id."""

MAX_SOURCES = 50
"""Names in a scope of sources."""

MAX_SOURCE = 200
"""Characters of the name of a source."""

LANGUAGES = ("vi", "en", "zh")

COMMAND_SIGN = "/"
"""Rasa takes text that begins with this for an intent."""

TEXT_SIGN = "\uff0f"
"""The full-width solidus: reads the same, is as long, and is plain text to Rasa; normalising turns it back."""


class MalformedTurn(ValueError):
    """The request is not what it should be; sending it again is useless."""


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One turn, checked."""

    conversation: str
    message_id: str
    text: str = field(repr=False)  # never begins with COMMAND_SIGN
    metadata: dict[str, str | list[str] | None]  # channel, lang, as_of, message_id, sources


def read_turn(body: bytes) -> TurnRequest:
    """Read the JSON of a turn. Raises MalformedTurn with a reason that quotes nothing of the text."""
    fields = _object(body)
    conversation = _text(fields, "conversation", limit=MAX_KEY)
    message_id = _text(fields, "message_id", limit=MAX_KEY)
    text = _text(fields, "text", limit=MAX_TEXT)
    channel = _text(fields, "channel", limit=MAX_KEY)
    lang, as_of = fields.get("lang"), fields.get("as_of")
    if lang is not None and lang not in LANGUAGES:
        raise MalformedTurn("lang is vi, en, zh or null")
    if as_of is not None:
        try:
            date.fromisoformat(as_of)
        except (TypeError, ValueError):
            raise MalformedTurn("as_of is YYYY-MM-DD or null") from None
    sources = fields.get("sources")
    if sources is None:
        sources = []
    if not isinstance(sources, list) or len(sources) > MAX_SOURCES:
        raise MalformedTurn(f"sources is a list of {MAX_SOURCES} names at most")
    sources = [_checked(source, "a source", limit=MAX_SOURCE) for source in sources]
    return TurnRequest(
        conversation=conversation,
        message_id=message_id,
        text=as_plain_text(text),
        metadata={"channel": channel, "lang": lang, "as_of": as_of, "message_id": message_id, "sources": sources},
    )


def read_conversation(body: bytes) -> str:
    """Return the conversation that is to be forgotten. Raises MalformedTurn, which does not quote it."""
    return _text(_object(body), "conversation", limit=MAX_KEY)


def as_plain_text(text: str) -> str:
    """Return `text` without outer blanks, and so that Rasa never reads it as a command ("/restart", "/greet{…}")."""
    text = text.strip()
    return TEXT_SIGN + text[1:] if text.startswith(COMMAND_SIGN) else text


def _object(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedTurn("the body is not JSON in UTF-8") from None
    if not isinstance(fields, dict):
        raise MalformedTurn("the body is not a JSON object")
    return fields


def _text(fields: dict[str, object], name: str, *, limit: int) -> str:
    return _checked(fields.get(name), name, limit=limit)


def _checked(value: object, name: str, *, limit: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise MalformedTurn(f"{name} is text and not empty")
    if len(value) > limit:
        raise MalformedTurn(f"{name} has more than {limit} characters")
    # Half a surrogate pair can be written in JSON, but not in UTF-8, and so in no database.
    return value.encode("utf-8", "replace").decode("utf-8")
