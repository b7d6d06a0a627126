"""One message to the Send API. Source: reference/messenger.md sections 6.7, 7, 8, 9 and 11, read 2026-11-29."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from channels.doubt import CLOCK_SKEW, lost
from channels.errors import InDoubt, RetryLater, SendError, send_error
from channels.event import OutboxMessage
from channels.messenger.limits import GRAPH_VERSION, IN_DOUBT, MAX_ATTEMPTS, PAGE_INBOX_APP_ID, reaction_to
from channels.privacy import mask
from channels.text import tidy

CARD_DOUBT = timedelta(minutes=10)
"""How long the echo of a card in doubt is waited for: the history shows texts, and nobody promises more."""

HISTORY_COUNT = 20

_USAGE_HEADERS = ("x-business-use-case-usage", "x-app-usage")


async def send(
    http: httpx.AsyncClient, message: OutboxMessage, *, api_url: str, page_token: str, app_secret: str
) -> str:
    """Send one message as a RESPONSE, or pass the conversation on, and return Meta's id of it ("" where it has none).

    The outbox id travels as metadata, by which the echo can be matched. Raises RetryLater or Refused by code and
    subcode, InDoubt where the answer was lost.
    """
    payload = json.loads(message.payload)
    recipient = {"id": message.person}
    if "control" in payload:
        body = {"recipient": recipient, "target_app_id": PAGE_INBOX_APP_ID, "metadata": str(message.id)}
        path = payload["control"]
    else:
        content = {**payload["message"], "metadata": str(message.id)}
        body = {"recipient": recipient, "messaging_type": "RESPONSE", "message": content}
        path = "messages"
    try:
        response = await http.post(
            f"{versioned(api_url)}/{message.account}/{path}",
            params={"appsecret_proof": appsecret_proof(page_token, app_secret)},
            content=json.dumps(body, ensure_ascii=False).encode(),
            headers=_headers(page_token),
        )
        answer = read_answer(response)
    except httpx.HTTPError as error:
        raise lost("messenger", error) from error
    return str(answer.get("message_id", ""))


async def find_sent(
    http: httpx.AsyncClient, message: OutboxMessage, *, api_url: str, page_token: str, app_secret: str, now: datetime
) -> str | None:
    """Return Meta's id of a message in doubt, None when the conversation does not have it.

    Raises RetryLater when that cannot be told now: the history cannot be read, or the message is a card, which only
    its echo proves, and the echo may still come.
    """
    payload = json.loads(message.payload)
    since = message.doubtful_since or now
    if "control" in payload:
        return None  # passing a conversation on twice is passing it on once
    if "text" not in payload["message"]:
        if now - since < CARD_DOUBT:
            raise RetryLater("waiting for the echo of a card", after_s=(CARD_DOUBT - (now - since)).total_seconds())
        return None
    params = {
        "platform": "messenger",
        "user_id": message.person,
        "fields": f"messages.limit({HISTORY_COUNT}){{id,message,from,created_time}}",
        "appsecret_proof": appsecret_proof(page_token, app_secret),
    }
    try:
        response = await http.get(
            f"{versioned(api_url)}/{message.account}/conversations", params=params, headers=_headers(page_token)
        )
        answer = read_answer(response)
    except httpx.HTTPError as error:
        raise lost("messenger history", error) from error
    except SendError as error:
        raise RetryLater(f"messenger history: {error.reason}", error.reaction) from error
    text = tidy(payload["message"]["text"])
    for item in _history(answer):
        is_ours = _mapping(item.get("from")).get("id") == message.account
        if is_ours and tidy(str(item.get("message", ""))) == text and _at(item) >= since - CLOCK_SKEW:
            return str(item.get("id", ""))
    return None


def versioned(api_url: str) -> str:
    """Return `api_url` with the Graph version that this code is written for, unless it names one itself."""
    base = api_url.rstrip("/")
    last = base.rpartition("/")[2]
    return base if last.startswith("v") and last[1:].replace(".", "").isdigit() else f"{base}/{GRAPH_VERSION}"


def appsecret_proof(token: str, app_secret: str) -> str:
    """Return the proof that whoever holds `token` also knows the app secret (section 10)."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def read_answer(response: httpx.Response) -> dict[str, Any]:
    """Return the object that the Graph API answered. Raises RetryLater, InDoubt or Refused for an error or nonsense."""
    try:
        answer = response.json()
    except ValueError:
        raise InDoubt(f"messenger answered {response.status_code} without JSON") from None
    if not isinstance(answer, dict):
        raise InDoubt(f"messenger answered {response.status_code} without an object")
    error = answer.get("error")
    if isinstance(error, dict):
        code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
        said = mask(str(error.get("message", "")))
        reason = f"messenger error {code}/{subcode} ({error.get('fbtrace_id', '')}): {said}"
        if (code, subcode) in IN_DOUBT:
            raise InDoubt(reason)
        raise send_error(
            reason,
            reaction_to(code or 0, subcode),
            after_s=_regains_access_in_s(response.headers),
            at_most=MAX_ATTEMPTS.get(code or 0),
        )
    if not response.is_success:
        raise InDoubt(f"messenger answered {response.status_code} without an error object")
    return answer


def _headers(page_token: str) -> dict[str, str]:
    """The token travels in a header, so that it stays out of address logs."""
    return {"authorization": f"Bearer {page_token}", "content-type": "application/json"}


def _regains_access_in_s(headers: Mapping[str, str]) -> float | None:
    """The longest `estimated_time_to_regain_access`, minutes, of the usage headers (section 8), None without any."""
    minutes = [0.0]
    for name in _USAGE_HEADERS:
        try:
            usage = json.loads(headers.get(name, "{}"))
        except ValueError:
            continue
        for cases in _mapping(usage).values():
            for case in cases if isinstance(cases, list) else []:
                told = _mapping(case).get("estimated_time_to_regain_access")
                minutes += [float(told)] if isinstance(told, (int, float)) else []
    return max(minutes) * 60 or None


def _history(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    conversations = answer.get("data")
    return [
        _mapping(item)
        for conversation in (conversations if isinstance(conversations, list) else [])
        for item in _mapping(_mapping(conversation).get("messages")).get("data", [])
    ]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _at(item: Mapping[str, Any]) -> datetime:
    """When a message of the history was sent; long ago where it does not say."""
    try:
        return datetime.fromisoformat(str(item.get("created_time"))).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
