"""Who a page speaks for: tokens signed by the gateway, good for one conversation on one origin."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from channels.errors import BadRequest
from channels.event import conversation_key
from channels.web.limits import TOKEN_LIFE

CHANNEL = "web"

_VERSION = "v1"
_PURPOSE = b"govchat widget session"
_MAX_TOKEN_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Session:
    """What a token says. Times are UTC, whole seconds."""

    agency: str
    person: str = field(repr=False)  # names the conversation; random, and known to nobody but its page and us
    origin: str
    issued_at: datetime
    expires_at: datetime

    @property
    def conversation(self) -> str:
        """The key "web:<agency>:<person>"."""
        return conversation_key(CHANNEL, self.agency, self.person)


class Sessions:
    """Makes tokens and reads them; nothing of them is stored, so any process reads what another one made.

    A token is `v1.<payload>.<HMAC-SHA256 of the payload>`, both in URL-safe base64.
    """

    def __init__(self, secret: bytes, *, older: Sequence[bytes] = ()) -> None:
        self._keys = [hmac.new(each, _PURPOSE, hashlib.sha256).digest() for each in (secret, *older)]

    def begin(self, agency: str, origin: str, message_id: str) -> str:
        """Return the person of a new conversation, the same for the same first message.

        So a page that lost the answer to its first message sends it again and is in the same conversation. Its id is
        random (`parse_message` sees to that) and the page's own secret, as the token is; who knows it on another
        origin is in another conversation.
        """
        said = "\n".join(("person", agency, origin, message_id)).encode()
        return _text(hmac.new(self._keys[0], said, hashlib.sha256).digest()[:18])

    def issue(self, agency: str, person: str, origin: str, now: datetime) -> tuple[str, Session]:
        """Return a token for a conversation, and what it says."""
        issued_at = now.replace(microsecond=0)
        session = Session(agency, person, origin, issued_at, issued_at + TOKEN_LIFE)
        payload = _text(_payload(session))
        return f"{_VERSION}.{payload}.{_text(_signature(self._keys[0], payload))}", session

    def read(self, token: str, *, origin: str, now: datetime) -> Session:
        """Return what a token says.

        Raises BadRequest: 401 for a token that is not ours or no longer good, 403 for one of another origin. Neither
        says what was sent.
        """
        version, _, rest = token.partition(".")
        payload, _, signature = rest.partition(".")
        if (
            not token.isascii()
            or len(token) > _MAX_TOKEN_CHARS
            or version != _VERSION
            or not self._is_ours(payload, signature)
        ):
            raise BadRequest("invalid_token", "the token is none of ours", http_status=401)
        session = _session(payload)
        if not session.issued_at - timedelta(minutes=5) <= now < session.expires_at:
            raise BadRequest("expired_token", "the token is no longer good", http_status=401)
        if session.origin != origin:
            raise BadRequest("foreign_token", "the token is of a page on another origin", http_status=403)
        return session

    def _is_ours(self, payload: str, signature: str) -> bool:
        found = [hmac.compare_digest(_text(_signature(key, payload)), signature) for key in self._keys]
        return any(found)


def _payload(session: Session) -> bytes:
    said = {
        "a": session.agency,
        "p": session.person,
        "o": session.origin,
        "i": int(session.issued_at.timestamp()),
        "e": int(session.expires_at.timestamp()),
    }
    return json.dumps(said, separators=(",", ":")).encode()


def _session(payload: str) -> Session:
    """Read a payload whose signature held."""
    said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    issued_at, expires_at = (datetime.fromtimestamp(said[name], UTC) for name in ("i", "e"))
    return Session(said["a"], said["p"], said["o"], issued_at, expires_at)


def _signature(key: bytes, payload: str) -> bytes:
    return hmac.new(key, f"{_VERSION}.{payload}".encode(), hashlib.sha256).digest()


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
