"""One message to Viber's bot API. Source: docs/bots-api of github.com/Viber/creators-hub, read 2026-11-29 [A]."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx

from channels.errors import InDoubt, Reaction, send_error
from channels.event import OutboxMessage
from channels.platform_call import call, whole_number
from channels.privacy import mask
from channels.viber.limits import MAX_ATTEMPTS, REACTIONS

SEND_PATH = "/pa/send_message"


async def send(
    http: httpx.AsyncClient, message: OutboxMessage, *, api_url: str, auth_token: str, sender_name: str
) -> str:
    """Send one message and return Viber's token of it. Raises RetryLater or Refused by the status code.

    InDoubt is raised where the answer was lost: Viber knows no idempotency key.
    """
    content = json.loads(message.payload)["message"]
    body = {"receiver": message.person, "sender": {"name": sender_name}, **content}
    answer = await ask(http, SEND_PATH, body, api_url=api_url, auth_token=auth_token)
    return str(answer.get("message_token", ""))


async def ask(
    http: httpx.AsyncClient, path: str, body: Mapping[str, object], *, api_url: str, auth_token: str
) -> Mapping[str, Any]:
    """Make one call of the API and return its answer, whose `status` is 0. Raises SendError otherwise.

    Refusals come with HTTP 200: the `status` field of the answer decides.
    """
    answer = await call(
        http, "viber", "POST", f"{api_url.rstrip('/')}{path}", headers={"x-viber-auth-token": auth_token}, body=body
    )
    status = whole_number(answer.body.get("status"))
    if status is None:
        raise InDoubt(f"viber answered {answer.status} without a status")
    if status != 0:
        reason = f"viber status {status}: {mask(str(answer.body.get('status_message', '')))}"
        raise send_error(reason, REACTIONS.get(status, Reaction.RETRY), at_most=MAX_ATTEMPTS.get(status))
    return answer.body
