"""Is this request from Viber, and for which bot? HMAC-SHA256 over the raw body under a bot's auth token.

Source: developers.viber.com, REST API, "Callbacks", and Viber's SDKs, read 2026-11-29 [A]. No callback names its bot,
and Viber lets several bots share an address (FAQ [A]): so the token that signed says which bot it is, and one address
serves all of them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from channels.errors import BadSignature, MalformedEvent
from channels.ports import VerifiedRequest
from channels.wire import read_object

SIGNATURE_HEADER = "x-viber-content-signature"

PROBE = "webhook"
"""Event by which Viber tries an address when it is set."""


def verify(
    body: bytes, headers: Mapping[str, Sequence[str]], *, auth_tokens: Mapping[str, str]
) -> VerifiedRequest | None:
    """Return the verified request with the account whose token signed it. Raises BadSignature.

    `auth_tokens` are the bots' by account; all are tried, whichever matches. None stands for an unsigned probe: that
    every callback is signed is documented, that this first one is has been denied [C], and it asks for nothing.
    """
    signatures = headers.get(SIGNATURE_HEADER, ())
    if not auth_tokens:
        raise BadSignature("the channel is off")
    if not signatures and _is_probe(body):
        return None
    if len(signatures) != 1:
        raise BadSignature("unsigned" if not signatures else "more than one signature")
    given = signatures[0].strip().lower().encode("utf-8", "replace")
    signers = [
        account
        for account, auth_token in auth_tokens.items()
        if hmac.compare_digest(signature(body, auth_token).encode(), given)
    ]
    if not signers:
        raise BadSignature("the signature does not match")
    return VerifiedRequest(body, account=signers[0])


def signature(body: bytes, auth_token: str) -> str:
    """Return the 64 lower-case hex digits that Viber puts into the header."""
    return hmac.new(auth_token.encode(), body, hashlib.sha256).hexdigest()


def _is_probe(body: bytes) -> bool:
    try:
        return read_object(body).get("event") == PROBE
    except MalformedEvent:
        return False
