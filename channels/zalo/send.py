"""One consultation message to Zalo's OpenAPI. Source: reference/zalo-oa.md sections 6 and 9, read 2026-11-22."""

from __future__ import annotations

import json

import httpx

from channels.errors import Reaction, RetryLater, send_error
from channels.event import OutboxMessage
from channels.privacy import mask
from channels.zalo.limits import REACTIONS

PATH = "/v3.0/oa/message/cs"


async def send(http: httpx.AsyncClient, message: OutboxMessage, *, api_url: str, access_token: str) -> str:
    """Send one message and return Zalo's id of it. Raises RetryLater or Refused by the `error` field of the answer.

    The HTTP status decides nothing: failures come with 200 as well. After a time-out nobody can know whether the
    message left; it is sent again, because an answer twice is better than none.
    """
    body = {"recipient": {"user_id": message.person}, "message": json.loads(message.payload)}
    try:
        response = await http.post(
            f"{api_url.rstrip('/')}{PATH}",
            content=json.dumps(body, ensure_ascii=False).encode(),
            headers={"access_token": access_token, "content-type": "application/json"},
        )
    except httpx.HTTPError as error:
        raise RetryLater(f"zalo {type(error).__name__}") from error
    return _platform_id(response)


def _platform_id(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        raise RetryLater(f"zalo answered {response.status_code} without JSON") from None
    code = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(code, int):
        raise RetryLater(f"zalo answered {response.status_code} without an error field")
    if code != 0:
        reaction = REACTIONS.get(code, Reaction.RETRY)
        raise send_error(f"zalo error {code}: {mask(str(answer.get('message', '')))}", reaction)
    data = answer.get("data")
    return str(data.get("message_id", "")) if isinstance(data, dict) else ""
