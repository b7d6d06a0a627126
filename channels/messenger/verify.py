"""Is this request from Meta? HMAC-SHA256 over the raw body, and the handshake when the address is saved.

Source: reference/messenger.md sections 2 and 3, read 2026-11-29.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence

from channels.errors import BadSignature
from channels.ports import VerifiedRequest

SIGNATURE_HEADER = "x-hub-signature-256"
PREFIX = "sha256="


def verify(body: bytes, headers: Mapping[str, Sequence[str]], *, app_secrets: Sequence[str]) -> VerifiedRequest:
    """Return the verified request. Raises BadSignature; the legacy SHA-1 header is never looked at.

    `app_secrets` are those of all apps that serve us, two of one app while it is being rotated. A body does not say
    which app signed it, so each is tried, and all of them whichever matches.
    """
    signatures = headers.get(SIGNATURE_HEADER, ())
    if not app_secrets:
        raise BadSignature("the channel is off")
    if len(signatures) != 1:
        raise BadSignature("unsigned" if not signatures else "more than one signature")
    given = signatures[0].strip().encode("utf-8", "replace")
    matches = [
        hmac.compare_digest((PREFIX + signature(body, secret)).encode(), given) for secret in dict.fromkeys(app_secrets)
    ]
    if not any(matches):
        raise BadSignature("the signature does not match")
    return VerifiedRequest(body)


def signature(body: bytes, app_secret: str) -> str:
    """Return the 64 lower-case hex digits that Meta puts after "sha256="."""
    return hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def handshake(*, mode: str | None, token: str | None, challenge: str | None, verify_tokens: Collection[str]) -> str:
    """Return the challenge to answer, verbatim. Raises BadSignature when mode or token are not ours.

    Each app has its own token; any of ours will do, because the request does not name the app.
    """
    if mode != "subscribe" or challenge is None or token is None:
        raise BadSignature("not a handshake for us")
    given = token.encode("utf-8", "replace")
    if not any(hmac.compare_digest(known.encode(), given) for known in verify_tokens):
        raise BadSignature("the verify token does not match")
    return challenge
