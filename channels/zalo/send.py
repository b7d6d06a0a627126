"""One consultation message to Zalo's OpenAPI. Source: reference/zalo-oa.md sections 6, 9 and 12, read 2026-11-29."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from channels.doubt import CLOCK_SKEW, lost
from channels.errors import InDoubt, Reaction, RetryLater, send_error
from channels.event import OutboxMessage
from channels.privacy import mask
from channels.text import tidy
from channels.zalo.limits import MAX_ATTEMPTS, REACTIONS, night_ends_in_s

PATH = "/v3.0/oa/message/cs"
HISTORY_PATH = "/v2.0/oa/conversation"

CARD_REFUSED = frozenset({-201, -233})
"""Codes by which a button card may be refused: cards are not advertised for this call (section 7)."""

NIGHT = -234

HISTORY_COUNT = 10
"""Messages of a conversation that one call shows (section 12)."""

_FROM_OA = 0


async def send(
    http: httpx.AsyncClient,
    message: OutboxMessage,
    *,
    api_url: str,
    access_token: str,
    app_secret: str | None,
    now: datetime,
) -> str:
    """Send one message and return Zalo's id of it; a refused button card goes as numbered text instead.

    The `error` field of the answer decides, for failures come with HTTP 200 as well. Raises RetryLater or Refused by
    it, and InDoubt where the answer was lost: Zalo knows no idempotency key.
    """
    payload = json.loads(message.payload)
    headers = _headers(access_token, app_secret)
    answer = await _post(http, api_url, headers, message.person, payload["message"])
    if answer["error"] in CARD_REFUSED and "fallback" in payload:
        answer = await _post(http, api_url, headers, message.person, payload["fallback"])
    if answer["error"] != 0:
        raise _refusal(answer, now)
    data = answer.get("data")
    return str(data.get("message_id", "")) if isinstance(data, dict) else ""


async def find_sent(
    http: httpx.AsyncClient, message: OutboxMessage, *, api_url: str, access_token: str, app_secret: str | None
) -> str | None:
    """Return Zalo's id of a message in doubt, None when the history of the conversation does not have it.

    Raises RetryLater when the history cannot be read.
    """
    query = json.dumps({"user_id": message.person, "offset": 0, "count": HISTORY_COUNT})
    try:
        response = await http.get(
            f"{api_url.rstrip('/')}{HISTORY_PATH}", params={"data": query}, headers=_headers(access_token, app_secret)
        )
        answer = _object(response)
    except httpx.HTTPError as error:
        raise lost("zalo history", error) from error
    if answer["error"] != 0:
        code = answer["error"]
        raise RetryLater(f"zalo history error {code}", REACTIONS.get(code, Reaction.RETRY))
    payload = json.loads(message.payload)
    texts = {tidy(str(body.get("text", ""))) for body in payload.values()}
    since = message.doubtful_since - CLOCK_SKEW if message.doubtful_since else None
    items = answer.get("data")
    for item in items if isinstance(items, list) else []:
        if _is_from_oa(item) and tidy(str(item.get("message", ""))) in texts and (since is None or _at(item) >= since):
            return str(item.get("message_id", ""))
    return None


def appsecret_proof(access_token: str, app_secret: str) -> str:
    """Return the proof that whoever holds the token also knows the app secret (section 6)."""
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def _headers(access_token: str, app_secret: str | None) -> dict[str, str]:
    headers = {"access_token": access_token, "content-type": "application/json"}
    return headers | {"appsecret_proof": appsecret_proof(access_token, app_secret)} if app_secret else headers


async def _post(
    http: httpx.AsyncClient, api_url: str, headers: Mapping[str, str], person: str, body: Mapping[str, Any]
) -> dict[str, Any]:
    content = json.dumps({"recipient": {"user_id": person}, "message": body}, ensure_ascii=False).encode()
    try:
        return _object(await http.post(f"{api_url.rstrip('/')}{PATH}", content=content, headers=dict(headers)))
    except httpx.HTTPError as error:
        raise lost("zalo", error) from error


def _object(response: httpx.Response) -> dict[str, Any]:
    """Return the answer, whose `error` is a number. Raises InDoubt for anything else."""
    try:
        answer = response.json()
    except ValueError:
        raise InDoubt(f"zalo answered {response.status_code} without JSON") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("error"), int):
        raise InDoubt(f"zalo answered {response.status_code} without an error field")
    return answer


def _refusal(answer: Mapping[str, Any], now: datetime) -> Exception:
    code = answer["error"]
    reason = f"zalo error {code}: {mask(str(answer.get('message', '')))}"
    after_s = night_ends_in_s(now) if code == NIGHT else None
    reaction = REACTIONS.get(code, Reaction.RETRY)
    return send_error(reason, reaction, after_s=after_s, at_most=MAX_ATTEMPTS.get(code))


def _is_from_oa(item: object) -> bool:
    return isinstance(item, dict) and item.get("src") == _FROM_OA


def _at(item: Mapping[str, Any]) -> datetime:
    """When a message of the history was sent; long ago where it does not say."""
    digits = str(item.get("time", ""))
    return datetime.fromtimestamp(int(digits) / 1000 if digits.isdecimal() else 0, UTC)
