"""One consultation message to Zalo's OpenAPI. Source: reference/zalo-oa.md sections 6, 9 and 12, read 2026-11-29."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from channels.doubt import CLOCK_SKEW, await_echo
from channels.errors import InDoubt, Reaction, RetryLater, SendError, send_error
from channels.event import OutboxMessage
from channels.inbox.echo import texts_of
from channels.platform_call import PlatformAnswer, call, whole_number
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

HISTORY_PAGES = 5
"""So many calls at most look for a message behind what the person has written since."""

_FROM_OA = 0


async def send(
    http: httpx.AsyncClient,
    message: OutboxMessage,
    *,
    api_url: str,
    access_token: str,
    app_secret: str | None,
    now: datetime,
    takes_cards: bool = True,
    on_card_refused: Callable[[], None] = lambda: None,
) -> str:
    """Send one message and return Zalo's id of it; a refused button card goes as numbered text instead.

    Unless the account `takes_cards` the text goes at once; `on_card_refused` is called where it shows that it does not.
    The `error` field of the answer decides, for failures come with HTTP 200 as well. Raises RetryLater or Refused by
    it, and InDoubt where the answer was lost: Zalo knows no idempotency key.
    """
    payload = json.loads(message.payload)
    url, headers = f"{api_url.rstrip('/')}{PATH}", _headers(access_token, app_secret)
    text = payload.get("fallback")
    tries_card = takes_cards or text is None
    answer, code = await _post(http, url, headers, message.person, payload["message"] if tries_card else text)
    if code in CARD_REFUSED and tries_card and text is not None:
        answer, code = await _post(http, url, headers, message.person, text)
        if code == 0:  # so it was the card
            on_card_refused()
    if code != 0:
        raise _refusal(code, answer, now)
    data = answer.body.get("data")
    return str(data.get("message_id") or "") if isinstance(data, dict) else ""


async def find_sent(
    http: httpx.AsyncClient,
    message: OutboxMessage,
    *,
    api_url: str,
    access_token: str,
    app_secret: str | None,
    now: datetime,
) -> str | None:
    """Return Zalo's id of a message in doubt, None when the history of the conversation does not have it.

    Raises RetryLater when the history cannot be read now. Where it is refused for good, the echo alone can tell.
    """
    texts = texts_of(message.payload)
    doubtful_since = message.doubtful_since or now
    since = doubtful_since - CLOCK_SKEW
    url, headers = f"{api_url.rstrip('/')}{HISTORY_PATH}", _headers(access_token, app_secret)
    for page in range(HISTORY_PAGES):
        query = json.dumps({"user_id": message.person, "offset": page * HISTORY_COUNT, "count": HISTORY_COUNT})
        answer = await call(http, "zalo history", "GET", url, headers=headers, params={"data": query})
        code = _error_of(answer, "zalo history")
        if code != 0:
            reaction = REACTIONS.get(code)
            if reaction in (Reaction.RETRY, Reaction.RENEW_TOKEN):
                raise RetryLater(f"zalo history error {code}", reaction)
            await_echo(f"zalo history error {code}", since=doubtful_since, now=now)
            return None
        data = answer.body.get("data")
        items = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
        for item in items:
            if _is_from_oa(item) and _at(item) >= since and tidy(str(item.get("message", ""))) in texts:
                return str(item.get("message_id") or "")
        if len(items) < HISTORY_COUNT or any(_at(item) < since for item in items):
            return None
    return None


def appsecret_proof(access_token: str, app_secret: str) -> str:
    """Return the proof that whoever holds the token also knows the app secret (section 6)."""
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def _headers(access_token: str, app_secret: str | None) -> dict[str, str]:
    headers = {"access_token": access_token, "content-type": "application/json"}
    return headers | {"appsecret_proof": appsecret_proof(access_token, app_secret)} if app_secret else headers


async def _post(
    http: httpx.AsyncClient, url: str, headers: Mapping[str, str], person: str, message: Mapping[str, Any]
) -> tuple[PlatformAnswer, int]:
    """Return the answer and its error code."""
    body = {"recipient": {"user_id": person}, "message": message}
    answer = await call(http, "zalo", "POST", url, headers=headers, body=body)
    return answer, _error_of(answer, "zalo")


def _error_of(answer: PlatformAnswer, platform: str) -> int:
    """Return the number that decides, 0 for success. Raises InDoubt where there is none."""
    code = whole_number(answer.body.get("error"))
    if code is None:
        raise InDoubt(f"{platform} answered {answer.status} without an error field")
    return code


def _refusal(code: int, answer: PlatformAnswer, now: datetime) -> SendError:
    reason = f"zalo error {code}: {mask(str(answer.body.get('message', '')))}"
    after_s = night_ends_in_s(now) if code == NIGHT else None
    reaction = REACTIONS.get(code, Reaction.RETRY)
    return send_error(reason, reaction, after_s=after_s, at_most=MAX_ATTEMPTS.get(code))


def _is_from_oa(item: Mapping[str, Any]) -> bool:
    return whole_number(item.get("src")) == _FROM_OA


def _at(item: Mapping[str, Any]) -> datetime:
    """When a message of the history was sent, by its milliseconds; long ago where it does not say."""
    time = item.get("time")
    milliseconds = whole_number(int(time) if isinstance(time, float) and time.is_integer() else time)
    try:
        return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
