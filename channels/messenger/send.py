"""One message to the Send API. Source: reference/messenger.md sections 7, 9 and 10, read 2026-11-22."""

from __future__ import annotations

import hashlib
import hmac
import json

import httpx

from channels.errors import RetryLater, send_error
from channels.event import OutboxMessage
from channels.messenger.limits import GRAPH_VERSION, reaction_to
from channels.privacy import mask


async def send(
    http: httpx.AsyncClient, message: OutboxMessage, *, api_url: str, page_id: str, page_token: str, app_secret: str
) -> str:
    """Send one message as a RESPONSE and return Meta's id of it. Raises RetryLater or Refused by code and subcode.

    The outbox id travels as metadata, by which the echo can be matched. The token travels in a header, so that it
    stays out of address logs.
    """
    body = {
        "recipient": {"id": message.person},
        "messaging_type": "RESPONSE",
        "message": {**json.loads(message.payload), "metadata": str(message.id)},
    }
    try:
        response = await http.post(
            f"{versioned(api_url)}/{page_id}/messages",
            params={"appsecret_proof": appsecret_proof(page_token, app_secret)},
            content=json.dumps(body, ensure_ascii=False).encode(),
            headers={"authorization": f"Bearer {page_token}", "content-type": "application/json"},
        )
    except httpx.HTTPError as error:
        raise RetryLater(f"messenger {type(error).__name__}") from error
    return _platform_id(response)


def versioned(api_url: str) -> str:
    """Return `api_url` with the Graph version that this code is written for, unless it names one itself."""
    base = api_url.rstrip("/")
    last = base.rpartition("/")[2]
    return base if last.startswith("v") and last[1:].replace(".", "").isdigit() else f"{base}/{GRAPH_VERSION}"


def appsecret_proof(token: str, app_secret: str) -> str:
    """Return the proof that whoever holds `token` also knows the app secret (section 10)."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _platform_id(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        raise RetryLater(f"messenger answered {response.status_code} without JSON") from None
    if not isinstance(answer, dict):
        raise RetryLater(f"messenger answered {response.status_code} without an object")
    error = answer.get("error")
    if isinstance(error, dict):
        code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
        trace = mask(str(error.get("message", "")))
        raise send_error(f"messenger error {code}/{subcode}: {trace}", reaction_to(code or 0, subcode))
    if not response.is_success:
        raise RetryLater(f"messenger answered {response.status_code} without an error object")
    return str(answer.get("message_id", ""))


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
