"""Is this request from Zalo? Plain SHA-256 over app id, raw body, timestamp and OA secret key.

Source: reference/zalo-oa.md sections 2 and 3, read 2026-11-22.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from channels.errors import BadSignature, MalformedEvent
from channels.ports import VerifiedRequest
from channels.wire import read_object

SIGNATURE_HEADER = "x-zevent-signature"
TIMESTAMP_HEADER = "x-zevent-timestamp"

PROBES = (b"", b"{}")
"""Bodies, blanks apart, of the unsigned request by which Zalo tries an address."""

JSON_BLANKS = b" \t\r\n"


def verify(
    body: bytes, headers: Mapping[str, Sequence[str]], *, app_id: str | None, secret_key: str | None
) -> VerifiedRequest | None:
    """Return the verified request, or None for the unsigned probe `{}` that Zalo sends when the address is saved.

    Without `app_id` or `secret_key` the probe is all that passes: the key is shown only after the address was saved.
    Raises BadSignature for everything else.
    """
    signatures = headers.get(SIGNATURE_HEADER, ())
    if not signatures and body.translate(None, JSON_BLANKS) in PROBES:
        return None
    if not app_id or not secret_key:
        raise BadSignature("the channel is off")
    if len(signatures) != 1:
        raise BadSignature("unsigned" if not signatures else "more than one signature")
    fields = _fields(body)
    if fields is not None and _decimal(fields.get("app_id", app_id)) != app_id:
        raise BadSignature("another app")
    timestamp = _timestamp(fields or {}, headers)
    expected = mac(app_id=app_id, body=body, timestamp=timestamp, secret_key=secret_key)
    given = signatures[0].replace(" ", "").lower().removeprefix("mac=")
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise BadSignature("the signature does not match")
    return VerifiedRequest(body)


def mac(*, app_id: str, body: bytes, timestamp: str, secret_key: str) -> str:
    """Return the 64 lower-case hex digits that Zalo puts into the header after "mac="."""
    digest = hashlib.sha256(app_id.encode())
    digest.update(body)
    digest.update(timestamp.encode())
    digest.update(secret_key.encode())
    return digest.hexdigest()


def _fields(body: bytes) -> dict[str, Any] | None:
    try:
        return read_object(body)
    except MalformedEvent:
        return None


def _timestamp(fields: Mapping[str, Any], headers: Mapping[str, Sequence[str]]) -> str:
    if "timestamp" in fields:
        return _decimal(fields["timestamp"])
    values = headers.get(TIMESTAMP_HEADER, ())
    return _decimal(values[0]) if len(values) == 1 else ""


def _decimal(value: object) -> str:
    """The text of an id or a timestamp, which come as strings and sometimes as integers; "" for anything else.

    Half a surrogate pair, which JSON can spell and a header's stray bytes become, cannot be hashed: "?" in its place.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
