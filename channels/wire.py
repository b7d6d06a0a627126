"""Reading JSON that strangers wrote: the only place where its types are not yet known."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

from channels.errors import MalformedEvent
from channels.event import Place
from channels.text import is_wordless, tidy

T = TypeVar("T")

MAX_IDENTIFIER_CHARS = 255
"""Longest id that is taken from a platform, and longest key that is made here."""

_IDENTIFIER = re.compile(rf"[\x21-\x7e]{{1,{MAX_IDENTIFIER_CHARS}}}")
_MAX_INSTANT_MS = 4_102_444_800_000  # the year 2100
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_OWN_WORDS = ("title", "name", "description", "url")  # by which an attachment is described


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)  # Python alone would take NaN and Infinity


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`, which may begin with a byte order mark.

    Raises MalformedEvent for bad UTF-8, bad JSON, nesting without end, or anything but an object.
    """
    try:
        value = _DECODER.decode(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise MalformedEvent(f"not JSON: {type(error).__name__}") from None
    if not isinstance(value, dict):
        raise MalformedEvent(f"a JSON object is expected, not {type(value).__name__}")
    return value


def object_at(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the object at `key`, {} where it is absent. Raises MalformedEvent for another type."""
    found = value.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise MalformedEvent(f"{key} is not an object")
    return found


def objects_at(value: Mapping[str, Any], key: str) -> list[Any]:
    """Return the list at `key`, [] where it is absent. Raises MalformedEvent for another type."""
    found = value.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise MalformedEvent(f"{key} is not a list")
    return found


def text_at(value: Mapping[str, Any], key: str) -> str:
    """Return the text at `key`, "" where it is absent. Raises MalformedEvent for another type."""
    found = value.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise MalformedEvent(f"{key} is not text")
    return found


def identifier_at(value: Mapping[str, Any], key: str) -> str:
    """Return the platform id at `key` as a string; ids come as strings or as integers.

    Raises MalformedEvent when it is absent or not 1 to 255 visible ASCII characters.
    """
    found = value.get(key)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str) or not _IDENTIFIER.fullmatch(found):
        raise MalformedEvent(f"{key} is not an id")
    return found


def instant_at(value: Mapping[str, Any], key: str) -> datetime:
    """Return the instant at `key` (epoch milliseconds, number or text) in UTC. Raises MalformedEvent otherwise."""
    found = value.get(key)
    digits = str(found) if isinstance(found, (str, int)) and not isinstance(found, bool) else ""
    if not re.fullmatch(r"[0-9]{1,13}", digits) or int(digits) > _MAX_INSTANT_MS:
        raise MalformedEvent(f"{key} is not an instant in milliseconds")
    return datetime.fromtimestamp(int(digits) / 1000, UTC)


def if_readable(read: Callable[[Mapping[str, Any], str], T], value: Mapping[str, Any], key: str) -> T | None:
    """Return what one of the readers above finds at `key`, None where it would raise."""
    try:
        return read(value, key)
    except MalformedEvent:
        return None


def attachments_of(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the objects among a message's `attachments`: what else stands there is no reason to lose the message."""
    return [found for found in if_readable(objects_at, message, "attachments") or [] if isinstance(found, dict)]


def payload_of(attachment: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `payload` of an attachment, {} where it has none that is an object."""
    return if_readable(object_at, attachment, "payload") or {}


def caption_of(message: Mapping[str, Any]) -> str:
    """Return the tidy `text` that a person typed beside attachments.

    "" where nothing but links was typed, or where the text only repeats what an attachment says of itself.
    """
    text = tidy(if_readable(text_at, message, "text") or "")
    if is_wordless(_LINK.sub("", text)):
        return ""
    described = (part for found in attachments_of(message) for part in (found, payload_of(found)))
    own_words = {tidy(if_readable(text_at, part, key) or "") for part in described for key in _OWN_WORDS}
    return "" if text in own_words else text


def place_in(candidates: Iterable[object]) -> Place | None:
    """Return the first place on Earth among objects that may hold coordinates; None where there is none.

    Degrees come as numbers or as text, under `latitude` and `longitude` (Zalo), `lat` and `long` (Messenger) or `lon`
    (Viber).
    """
    for found in candidates:
        if isinstance(found, dict):
            latitude = _degrees(found.get("latitude", found.get("lat")), 90)
            longitude = _degrees(found.get("longitude", found.get("long", found.get("lon"))), 180)
            if latitude is not None and longitude is not None:
                return Place(latitude, longitude)
    return None


def _degrees(value: object, most: int) -> float | None:
    if isinstance(value, str) and _DEGREES.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -most <= value <= most:
        return None
    return float(value)


def key_of(*parts: str) -> str:
    """Return a key of at most 255 characters that is the parts joined by colons, or the digest of a longer one."""
    key = ":".join(parts)
    return key if len(key) <= MAX_IDENTIFIER_CHARS else hashlib.sha256(key.encode()).hexdigest()


def milliseconds(instant: datetime) -> str:
    """Return an instant as the decimal text of its epoch milliseconds, as keys hold it."""
    return str(round(instant.timestamp() * 1000))


def digest_of(value: object) -> str:
    """Return 64 hex digits that are the same for the same JSON value, whatever the order of its keys.

    Raises MalformedEvent when it is nested too deep.
    """
    try:
        return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
    except RecursionError:
        raise MalformedEvent("nested too deep") from None
