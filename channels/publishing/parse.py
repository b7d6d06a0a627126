"""From the body of POST /api/v1/documents to what is announced; the index reads the document itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date

from channels.errors import BadRequest, MalformedEvent
from channels.wire import read_object

MAX_BODY_BYTES = 4 * 1024 * 1024
"""Larger announcements get 413. The longest real decree at hand is 311 KB of text; scans are announced by address."""

MAX_URL_CHARS = 2_000
MAX_WORDS_CHARS = 500  # of a reason, a title or a number

_KINDS = ("document", "url", "withdraw")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse(body: bytes) -> dict[str, object]:
    """Return {"kind", "document", "url", "number", "issued_on", "reason"} of one announcement.

    The body names exactly one of `document` (a row as `python -m index ingest` reads it: number, type, title,
    issuing_body, issued_on, text …), `url` (a page to fetch) and `withdraw` (number, issued_on, reason). Raises
    BadRequest with a code for each fault: too_large, malformed_json, invalid_announcement, invalid_document,
    invalid_url, invalid_withdrawal.
    """
    if len(body) > MAX_BODY_BYTES:
        raise BadRequest("too_large", f"the body is larger than {MAX_BODY_BYTES} bytes", http_status=413)
    try:
        fields = read_object(body)
        json.dumps(fields, ensure_ascii=False, allow_nan=False).encode()
    except MalformedEvent as error:
        raise BadRequest("malformed_json", str(error)) from None
    except (ValueError, RecursionError):  # half of a surrogate pair, 1e999: nothing that can be stored
        raise BadRequest("malformed_json", "not JSON: text or a number that cannot be stored") from None
    named = [kind for kind in _KINDS if fields.get(kind) is not None]
    if len(named) != 1 or set(fields) - set(_KINDS):
        raise BadRequest("invalid_announcement", f"the body names exactly one of {', '.join(_KINDS)}")
    empty: dict[str, object] = dict.fromkeys(("document", "url", "number", "issued_on", "reason"))
    value = fields[named[0]]
    if named == ["document"]:
        return empty | {"kind": "document", "document": _document(value)}
    if named == ["url"]:
        return empty | {"kind": "url", "url": _url(value)}
    return empty | {"kind": "withdraw"} | _withdrawal(value)


def _document(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise BadRequest("invalid_document", "document is an object")
    for name in ("number", "title", "text"):
        if not isinstance(value.get(name), str) or not value[name].strip():
            raise BadRequest("invalid_document", f"document.{name} is text and must be there")
    if len(value["number"]) > MAX_WORDS_CHARS:
        raise BadRequest("invalid_document", "document.number is no document number")
    return value


def _url(value: object) -> str:
    if not isinstance(value, str) or not value.startswith("https://") or len(value) > MAX_URL_CHARS:
        raise BadRequest("invalid_url", f"url begins with https:// and has at most {MAX_URL_CHARS} characters")
    return value


def _withdrawal(value: object) -> dict[str, object]:
    if not isinstance(value, Mapping):
        raise BadRequest("invalid_withdrawal", "withdraw is an object with number, issued_on and reason")
    for name in ("number", "reason"):
        if not isinstance(value.get(name), str) or not 0 < len(value[name].strip()) <= MAX_WORDS_CHARS:
            raise BadRequest("invalid_withdrawal", f"withdraw.{name} is text of 1 to {MAX_WORDS_CHARS} characters")
    issued_on = value.get("issued_on")
    if issued_on is not None and not _is_day(issued_on):
        raise BadRequest("invalid_withdrawal", "withdraw.issued_on is a day as YYYY-MM-DD")
    return {"number": value["number"], "issued_on": issued_on, "reason": value["reason"]}


def _is_day(value: object) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
