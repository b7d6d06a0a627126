"""Is this request from Zalo? Plain SHA-256 over app id, raw body, timestamp and OA secret key.

Source: reference/zalo-oa.md sections 2 and 3, read 2026-11-29. Whether an app has one OA secret key or each of its OAs
its own is not known (section 15 d), so every key of the app may sign, the one of the OA that the body names first.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from channels.agency import ZaloAccount
from channels.errors import BadSignature, MalformedEvent
from channels.ports import VerifiedRequest
from channels.wire import identifier_at, if_readable, object_at, read_object

SIGNATURE_HEADER = "x-zevent-signature"
TIMESTAMP_HEADER = "x-zevent-timestamp"

PROBES = (b"", b"{}")
"""Bodies, blanks apart, of the unsigned request by which Zalo tries an address."""

JSON_BLANKS = b" \t\r\n"


def verify(
    body: bytes, headers: Mapping[str, Sequence[str]], *, accounts: Collection[ZaloAccount]
) -> VerifiedRequest | None:
    """Return the verified request, or None for the unsigned probe `{}` that Zalo sends when the address is saved.

    Without accounts the probe is all that passes: a key is shown only after the address was saved. Nothing is hashed
    for an app that is not ours; a body that names no app is tried with the keys of all. Raises BadSignature.
    """
    signatures = headers.get(SIGNATURE_HEADER, ())
    if not signatures and body.translate(None, JSON_BLANKS) in PROBES:
        return None
    if not accounts:
        raise BadSignature("the channel is off")
    if len(signatures) != 1:
        raise BadSignature("unsigned" if not signatures else "more than one signature")
    fields = _fields(body)
    candidates = _candidates(fields, accounts)
    if not candidates:
        raise BadSignature("another app")
    timestamp = _timestamp(fields, headers)
    given = signatures[0].replace(" ", "").lower().removeprefix("mac=").encode("utf-8", "replace")
    for app_id, secret_key in candidates:
        expected = mac(app_id=app_id, body=body, timestamp=timestamp, secret_key=secret_key)
        if hmac.compare_digest(expected.encode(), given):
            return VerifiedRequest(body)
    raise BadSignature("the signature does not match")


def mac(*, app_id: str, body: bytes, timestamp: str, secret_key: str) -> str:
    """Return the 64 lower-case hex digits that Zalo puts into the header after "mac="."""
    digest = hashlib.sha256(app_id.encode())
    digest.update(body)
    digest.update(timestamp.encode())
    digest.update(secret_key.encode())
    return digest.hexdigest()


def _candidates(fields: Mapping[str, Any], accounts: Collection[ZaloAccount]) -> list[tuple[str, str]]:
    """App ids and keys that may have signed, each once, those of an OA that the body names first."""
    app_id = _decimal(fields["app_id"]) if "app_id" in fields else None
    named = {if_readable(identifier_at, fields, "oa_id")}
    for end in ("sender", "recipient"):
        named.add(if_readable(identifier_at, if_readable(object_at, fields, end) or {}, "id"))
    ours = [account for account in accounts if app_id is None or account.app_id == app_id]
    ours.sort(key=lambda account: account.oa_id not in named)
    return list(dict.fromkeys((account.app_id, account.oa_secret_key) for account in ours))


def _fields(body: bytes) -> dict[str, Any]:
    try:
        return read_object(body)
    except MalformedEvent:
        return {}


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
