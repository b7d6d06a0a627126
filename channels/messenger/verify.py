"""Is this request from Meta? HMAC-SHA256 over the raw body, and the handshake when the address is saved.

Source: reference/messenger.md sections 2 and 3, read 2026-11-22.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from channels.errors import BadSignature
from channels.ports import VerifiedRequest

SIGNATURE_HEADER = "x-hub-signature-256"
PREFIX = "sha256="


def verify(body: bytes, headers: Mapping[str, Sequence[str]], *, app_secret: str | None) -> VerifiedRequest:
    """Return the verified request. Raises BadSignature; the legacy SHA-1 header is never looked at."""
    signatures = headers.get(SIGNATURE_HEADER, ())
    if not app_secret:
        raise BadSignature("the channel is off")
    if len(signatures) != 1:
        raise BadSignature("unsigned" if not signatures else "more than one signature")
    expected = PREFIX + signature(body, app_secret)
    if not hmac.compare_digest(expected.encode(), signatures[0].strip().encode("utf-8", "replace")):
        raise BadSignature("the signature does not match")
    return VerifiedRequest(body)


def signature(body: bytes, app_secret: str) -> str:
    """Return the 64 lower-case hex digits that Meta puts after "sha256="."""
    return hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def handshake(*, mode: str | None, token: str | None, challenge: str | None, verify_token: str | None) -> str:
    """Return the challenge to answer, verbatim. Raises BadSignature when mode or token are not ours."""
    if not verify_token or mode != "subscribe" or challenge is None or token is None:
        raise BadSignature("not a handshake for us")
    if not hmac.compare_digest(verify_token.encode(), token.encode("utf-8", "replace")):
        raise BadSignature("the verify token does not match")
    return challenge
