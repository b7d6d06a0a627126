"""Calls to Zalo's OpenAPI other than sends: what the OA is, and whether Zalo takes our proofs.

Source: reference/zalo-oa.md sections 6, 9, 11 and 12, read 2026-11-29.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import httpx

from channels.agency import ZaloAccount
from channels.errors import ChannelError
from channels.platform_call import NoAnswer, read_answer, whole_number
from channels.privacy import mask
from channels.tokens.oauth import GETOA_PATH, TOKEN_PATH
from channels.zalo.send import appsecret_proof

AccessToken = Callable[[ZaloAccount], Awaitable[str]]
"""Returns the token with which to speak for an OA now. Raises ChannelError, NeedsConsent where a person has to act."""


class OpenApiError(ChannelError):
    """A call brought no answer to work with; the message holds neither token nor secret."""


class OpenApiUnreachable(OpenApiError):
    """No answer, or one that is not the platform's: another day may bring another."""


class OpenApiRefused(OpenApiError):
    """The platform answered with an error code (section 9)."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"Zalo's error {code}: {words}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Oa:
    """What Zalo says of an Official Account; a field that it did not tell is None."""

    oa_id: str | None
    name: str | None = None
    is_verified: bool | None = None
    kind: int | None = None  # 2 business, 4 government
    package: str | None = None
    package_until: date | None = None


async def read_oa(http: httpx.AsyncClient, *, api_url: str, access_token: str, app_secret: str | None = None) -> Oa:
    """Return the OA behind a token; with the app secret, the call also proves that we know it. Raises OpenApiError."""
    headers = {"access_token": access_token.encode()}
    if app_secret is not None:
        headers["appsecret_proof"] = appsecret_proof(access_token, app_secret).encode()
    data = (await _ask(http, "GET", f"{api_url}{GETOA_PATH}", headers=headers)).get("data")
    fields: Mapping[str, Any] = data if isinstance(data, dict) else {}
    return Oa(
        oa_id=_text(fields, "oaid"),
        name=_text(fields, "name"),
        is_verified=fields["is_verified"] if isinstance(fields.get("is_verified"), bool) else None,
        kind=whole_number(fields.get("oa_type")),
        package=_text(fields, "package_name"),
        package_until=_day(_text(fields, "package_valid_through_date")),
    )


async def set_menu(
    http: httpx.AsyncClient, *, api_url: str, path: str, access_token: str, body: Mapping[str, object]
) -> None:
    """Post the OA's menu. Raises OpenApiError."""
    await _ask(http, "POST", f"{api_url}{path}", headers={"access_token": access_token.encode()}, json=body)


async def refusal_of_a_false_token(http: httpx.AsyncClient, account: ZaloAccount, *, oauth_url: str) -> str:
    """Return what Zalo says to a refresh token that never existed; nothing of the OA's is used up.

    Raises OpenApiUnreachable, also where the answer is no refusal.
    """
    form = {"grant_type": "refresh_token", "app_id": account.app_id, "refresh_token": "never-issued"}
    try:
        response = await http.post(
            f"{oauth_url}{TOKEN_PATH}", data=form, headers={b"secret_key": (account.app_secret or "").encode()}
        )
    except httpx.HTTPError as error:
        raise OpenApiUnreachable(f"Zalo's OAuth cannot be reached: {type(error).__name__}") from None
    answer = _object(response)
    if not answer.get("error"):
        raise OpenApiUnreachable("Zalo's OAuth did not refuse a token that never existed")
    words = answer.get("error_description") or answer.get("error_reason") or answer.get("error_name") or ""
    return f"{answer['error']} ({mask(str(words))})"


async def _ask(http: httpx.AsyncClient, method: str, url: str, **request: Any) -> dict[str, Any]:
    try:
        answer = _object(await http.request(method, url, **request))
    except httpx.HTTPError as error:
        raise OpenApiUnreachable(f"Zalo's OpenAPI cannot be reached: {type(error).__name__}") from None
    code = answer.get("error")
    if not isinstance(code, int):
        raise OpenApiUnreachable("Zalo's OpenAPI answered without an error field")
    if code != 0:
        raise OpenApiRefused(code, mask(str(answer.get("message", ""))))
    return answer


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        return read_answer(response.content)
    except NoAnswer as error:
        raise OpenApiUnreachable(f"Zalo answered {response.status_code} {error}") from None


def _text(fields: Mapping[str, Any], key: str) -> str | None:
    value = fields.get(key)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "" else None


def _day(text: str | None) -> date | None:
    """Read "31/12/2026", Zalo's way of writing days, or an ISO day."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime((text or "")[:10], form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
