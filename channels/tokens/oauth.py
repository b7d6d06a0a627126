"""Zalo's OAuth v4, one request a function, without retries: whoever asks decides what a lost answer means.

Source: reference/zalo-oa.md section 11 (tokens, PKCE) and section 12 (getoa), read 2026-11-29.

OAuthError
├── NotSent        the platform never got the request
├── AnswerLost     the request may have been carried out, or not
├── GrantRefused   the platform carried nothing out
└── OtherAccount   the platform gave the tokens of another OA than was asked for
"""

from __future__ import annotations

import secrets
import string
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx

from channels.agency import ZaloAccount
from channels.doubt import NOT_SENT
from channels.errors import ChannelError
from channels.platform_call import NoAnswer, read_answer
from channels.privacy import mask
from channels.tokens.pair import Pair

ACCESS_TOKEN_LIFE = timedelta(hours=25)
"""Life of an access token (official); stands in for an `expires_in` that cannot be read."""

TOKEN_PATH = "/v4/oa/access_token"  # noqa: S105 - a path
"""Where codes and refresh tokens are exchanged, on the OAuth host."""

GETOA_PATH = "/v2.0/oa/getoa"
"""What the OA of an access token is, on the API's host; the cheapest call that a token is good for."""

_PERMISSION_PATH = "/v4/oa/permission"
_VERIFIER_CHARS = 43  # of mixed-case letters and digits, as the guide asks
_NOT_SENT = (*NOT_SENT, httpx.LocalProtocolError)  # for instance a line break in the secret


class OAuthError(ChannelError):
    """A request for tokens did not succeed; the message never holds a token, a code or a secret."""


class NotSent(OAuthError):
    """No connection: the request never left, and the same one may be made again."""


class AnswerLost(OAuthError):
    """The connection broke, time ran out, or the answer was unreadable: the tokens may have changed."""


class GrantRefused(OAuthError):
    """The platform answered with an error."""


class OtherAccount(OAuthError):
    """The tokens that came are of another OA: whoever sent the code is not who was asked."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What the platform gave: a pair, and how long its access token lives."""

    pair: Pair
    life: timedelta


def new_verifier() -> str:
    """Return a fresh PKCE verifier."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(_VERIFIER_CHARS))


def challenge_of(verifier: str) -> str:
    """Return the PKCE challenge of a verifier: its SHA-256 in base64url without padding."""
    return urlsafe_b64encode(sha256(verifier.encode("ascii")).digest()).decode().rstrip("=")


class ZaloOAuth:
    """Asks Zalo for tokens and after tokens. Blocks: meant for a thread of its own, where nothing can cancel it."""

    def __init__(self, http: httpx.Client, *, oauth_url: str, api_url: str) -> None:
        """Use `http` (with its time-outs) for every request; the URLs have no slash at their end."""
        self._http = http
        self._oauth_url = oauth_url
        self._api_url = api_url

    def permission_url(self, account: ZaloAccount, *, redirect_uri: str, verifier: str, state: str) -> str:
        """Return the page on which an administrator of the OA consents."""
        query = {
            "app_id": account.app_id,
            "redirect_uri": redirect_uri,
            "code_challenge": challenge_of(verifier),
            "state": state,
        }
        return f"{self._oauth_url}{_PERMISSION_PATH}?{urlencode(query)}"

    def refresh(self, account: ZaloAccount, refresh_token: str, *, on_sent: Callable[[], None]) -> Grant:
        """Use up a refresh token. `on_sent` is called between the request and its answer. Raises OAuthError."""
        return self._ask(account, {"grant_type": "refresh_token", "refresh_token": refresh_token}, on_sent)

    def exchange(self, account: ZaloAccount, *, code: str, verifier: str) -> Grant:
        """Use up an authorization code. Raises OAuthError."""
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        return self._ask(account, form, lambda: None)

    def health(self, access_token: str) -> int:
        """Return the error code that `getoa` gives an access token, 0 when it works. Raises AnswerLost."""
        answer = self._getoa(access_token)
        code = answer.get("error")
        if not isinstance(code, int):
            raise AnswerLost("getoa answered without an error field")
        return code

    def owner(self, access_token: str) -> str:
        """Return the id of the OA that an access token is of, "" where `getoa` does not say. Raises AnswerLost."""
        data = self._getoa(access_token).get("data")
        return str(data.get("oaid") or "") if isinstance(data, dict) else ""

    def _getoa(self, access_token: str) -> dict[str, Any]:
        try:
            response = self._http.get(f"{self._api_url}{GETOA_PATH}", headers=_header("access_token", access_token))
        except httpx.HTTPError as error:
            raise AnswerLost(f"getoa: {type(error).__name__}") from None
        return _object(response)

    def _ask(self, account: ZaloAccount, form: Mapping[str, str], on_sent: Callable[[], None]) -> Grant:
        def trace(event: str, details: Mapping[str, Any]) -> None:  # noqa: ARG001 - httpcore's signature
            if event == "http11.send_request_body.complete":
                on_sent()

        try:
            response = self._http.post(
                f"{self._oauth_url}{TOKEN_PATH}",
                data={"app_id": account.app_id, **form},
                headers=_header("secret_key", account.app_secret or ""),
                extensions={"trace": trace},
            )
        except _NOT_SENT as error:
            raise NotSent(f"token request: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise AnswerLost(f"token request: {type(error).__name__}") from None
        return _grant(response, said=(account.app_secret or "", *form.values()))


def _header(name: str, value: str) -> Mapping[bytes, bytes]:
    # As bytes, so that a mistyped secret is refused there and raises nothing here.
    return {name.encode(): value.encode()}


def _grant(response: httpx.Response, *, said: Iterable[str]) -> Grant:
    answer = _object(response)
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if isinstance(access, str) and isinstance(refresh, str) and access and refresh:
        return Grant(Pair(access, refresh), _life(answer.get("expires_in")))
    if response.status_code < 500 and answer.get("error"):
        why = str(answer.get("error_description") or answer.get("error_reason") or answer.get("error_name") or "")
        for secret in filter(None, said):  # an error may quote what it refuses
            why = why.replace(secret, "[…]")
        raise GrantRefused(f"zalo token error {str(answer['error'])[:20]}: {mask(why)}")
    raise AnswerLost(f"token request answered {response.status_code} without tokens")


def _life(expires_in: object) -> timedelta:
    """Read `expires_in`, seconds as a string or a number; a pair is never lost over it."""
    digits = str(expires_in)
    return timedelta(seconds=int(digits)) if digits.isdecimal() and len(digits) < 9 else ACCESS_TOKEN_LIFE


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        return read_answer(response.content)
    except NoAnswer:
        return {}
