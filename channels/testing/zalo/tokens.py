"""OAuth v4 of the fake Zalo: consent codes, and pairs of tokens of which only the newest is good.

Source: reference/zalo-oa.md section 11, read 2026-11-29. The codes of the error shape are invented within the range
that was observed (-140xx): whoever relies on one relies on nothing.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = timedelta(hours=25)
REFRESH_LIFE = timedelta(days=90)

INVALID, EXPIRED = -216, -220
"""Errors of the API for an access token that is unknown or replaced, and for one that is over or was taken back."""


@dataclass(slots=True)
class Grant:
    """What an OA has granted an app, with the pair that is good now."""

    app_id: str
    oa_id: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_until: datetime
    refresh_until: datetime
    is_revoked: bool = False
    refreshes: int = 0


@dataclass(frozen=True, slots=True)
class _Code:
    app_id: str
    oa_id: str
    challenge: str | None
    until: datetime


class OAuthFault(Exception):
    """The token endpoint refuses; `code` and the text go into its error shape."""

    def __init__(self, code: int, name: str) -> None:
        super().__init__(name)
        self.code = code
        self.name = name

    def as_json(self) -> dict[str, object]:
        """Return the error shape of section 11."""
        return {"error": self.code, "error_name": self.name, "error_description": self.name, "error_reason": self.name}


class Grants:
    """All grants, by (app, OA), and the codes on their way to one.

    `on_change` is called with every new pair before anybody is told of it: a fake that must outlive its process keeps
    it there.
    """

    def __init__(self) -> None:
        self.on_change: Callable[[Grant], None] = lambda grant: None  # noqa: ARG005
        self._grants: dict[tuple[str, str], Grant] = {}
        self._codes: dict[str, _Code] = {}

    def get(self, app_id: str, oa_id: str) -> Grant | None:
        """Return the grant of an OA to an app."""
        return self._grants.get((app_id, oa_id))

    def of_account(self, oa_id: str) -> list[Grant]:
        """Return the grants of an OA, revoked ones too."""
        return [grant for grant in self._grants.values() if grant.oa_id == oa_id]

    def give(
        self,
        app_id: str,
        oa_id: str,
        now: datetime,
        *,
        access_token: str | None = None,
        refresh_token: str | None = None,
    ) -> Grant:
        """Give an app a new pair, random where it is not named; a pair that it had before is dead."""
        grant = Grant(
            app_id,
            oa_id,
            access_token or f"access-{secrets.token_urlsafe(24)}",
            refresh_token or f"refresh-{secrets.token_urlsafe(24)}",
            now + ACCESS_LIFE,
            now + REFRESH_LIFE,
        )
        self._grants[app_id, oa_id] = grant
        self.on_change(grant)
        return grant

    def revoke(self, app_id: str, oa_id: str) -> None:
        """The OA's administrator takes the grant back: both tokens are dead, and the app hears no events of the OA."""
        self._grants[app_id, oa_id].is_revoked = True

    def check(self, access_token: str | None, now: datetime) -> Grant | int:
        """Return the grant of an access token, or the error with which the API answers."""
        for grant in self._grants.values():
            if access_token and secrets.compare_digest(grant.access_token.encode(), access_token.encode()):
                return EXPIRED if grant.is_revoked or now >= grant.access_until else grant
        return INVALID

    def code(self, app_id: str, oa_id: str, now: datetime, *, challenge: str | None) -> str:
        """Return a code for the callback, good once and for ten minutes."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(app_id, oa_id, challenge, now + CODE_LIFE)
        return code

    def exchange(self, form: Mapping[str, str], now: datetime) -> dict[str, object]:
        """Answer `grant_type=authorization_code`. Raises OAuthFault; a code is used up by the first attempt."""
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.app_id != form.get("app_id") or now >= code.until:
            raise OAuthFault(-14010, "Invalid authorization code")
        if code.challenge is not None and challenge(form.get("code_verifier", "")) != code.challenge:
            raise OAuthFault(-14012, "Invalid code verifier")
        return _pair(self.give(code.app_id, code.oa_id, now))

    def refresh(self, form: Mapping[str, str], now: datetime) -> dict[str, object]:
        """Answer `grant_type=refresh_token`: a new pair, and both old tokens stop at once. Raises OAuthFault."""
        token = form.get("refresh_token", "").encode()
        for grant in self._grants.values():
            if grant.app_id == form.get("app_id") and secrets.compare_digest(grant.refresh_token.encode(), token):
                break
        else:
            raise OAuthFault(-14014, "Invalid refresh token")
        if grant.is_revoked or now >= grant.refresh_until:
            raise OAuthFault(-14015, "Refresh token expired")
        renewed = self.give(grant.app_id, grant.oa_id, now)
        renewed.refreshes = grant.refreshes + 1
        return _pair(renewed)


def challenge(verifier: str) -> str:
    """Return the PKCE challenge of a verifier: base64url without padding of its SHA-256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _pair(grant: Grant) -> dict[str, object]:
    expires_in = str(int(ACCESS_LIFE.total_seconds()))
    return {"access_token": grant.access_token, "refresh_token": grant.refresh_token, "expires_in": expires_in}
