"""Reading JSON that strangers wrote: the only place where its types are not yet known."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

from channels.errors import MalformedEvent

_IDENTIFIER = re.compile(r"[\x21-\x7e]{1,255}")
_MAX_INSTANT_MS = 4_102_444_800_000  # the year 2100


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
