"""One message to the Send API. Source: reference/messenger.md sections 6.7, 7, 8, 9 and 11, read 2026-11-29."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from channels.doubt import CLOCK_SKEW, await_echo
from channels.errors import InDoubt, NotOurs, Reaction, RetryLater, SendError, send_error
from channels.event import OutboxMessage
from channels.messenger.limits import (
    GRAPH_VERSION,
    IN_DOUBT,
    MAX_ATTEMPTS,
    PAGE_INBOX_APP_ID,
    REACTIONS,
    WINDOW,
    reaction_to,
)
from channels.platform_call import PlatformAnswer, call, whole_number
from channels.privacy import mask
from channels.text import tidy

HISTORY_COUNT = 50
"""Messages of a conversation among which one in doubt is looked for."""

NOT_OWNER = (10, 2018300)
"""Another app controls the conversation (section 9) [D]."""

PASS, TAKE = "pass_thread_control", "take_thread_control"
"""What moves a conversation to the Page inbox, and back to us (section 6.7)."""

_USAGE_HEADERS = ("x-business-use-case-usage", "x-app-usage")
_TRACE = re.compile(r"[A-Za-z0-9_-]{1,64}")

INVALID_PARAMETER = 100

_Code = tuple[int, int | None]


async def send(
    http: httpx.AsyncClient, message: OutboxMessage, *, api_url: str, page_token: str, app_secret: str
) -> str:
    """Send one message as a RESPONSE, or move the conversation, and return Meta's id of it ("" where it has none).

    The outbox id travels as metadata, by which the echo can be matched. Raises RetryLater or Refused by code and
    subcode, NotOurs where another app has the conversation and keeps it, InDoubt where the answer was lost.
    """
    payload = json.loads(message.payload)
    recipient = {"id": message.person}
    if control := payload.get("control"):
        path = control
        target = {"target_app_id": PAGE_INBOX_APP_ID} if control == PASS else {}
        body = {"recipient": recipient, **target, "metadata": str(message.id)}
    else:
        path = "messages"
        content = {**payload["message"], "metadata": str(message.id)}
        body = {"recipient": recipient, "messaging_type": "RESPONSE", "message": content}
    answer = await call(
        http,
        "messenger",
        "POST",
        f"{versioned(api_url)}/{message.account}/{path}",
        headers=_headers(page_token),
        params={"appsecret_proof": appsecret_proof(page_token, app_secret)},
        body=body,
    )
    code = _error_of(answer, "messenger")
    if control and (code is None or (code == NOT_OWNER and control == PASS)):
        return ""  # the other way round too: it is with somebody else, which is what was wanted
    if code is not None:
        raise _refusal(code, answer, takes_back=control == TAKE)
    if not (message_id := answer.body.get("message_id")):
        raise InDoubt(f"messenger answered {answer.status} without the message's id")
    return str(message_id)


async def find_sent(
    http: httpx.AsyncClient, message: OutboxMessage, *, api_url: str, page_token: str, app_secret: str, now: datetime
) -> str | None:
    """Return Meta's id of a message in doubt, None when the conversation does not have it.

    Raises RetryLater when that cannot be told now. The history shows texts: of a card, and of everything where the
    history is refused for good, the echo alone can tell.
    """
    payload = json.loads(message.payload)
    if "control" in payload:
        return None  # moving a conversation twice is moving it once
    since = message.doubtful_since or now
    text = tidy(payload["message"].get("text") or "")
    if not text:
        await_echo("a card", since=since, now=now)
        return None
    answer = await call(
        http,
        "messenger history",
        "GET",
        f"{versioned(api_url)}/{message.account}/conversations",
        headers=_headers(page_token),
        params={
            "platform": "messenger",
            "user_id": message.person,
            "fields": f"messages.limit({HISTORY_COUNT}){{id,message,from,created_time}}",
            "appsecret_proof": appsecret_proof(page_token, app_secret),
        },
    )
    code = _error_of(answer, "messenger history")
    if code is not None:
        reason, reaction = f"messenger history error {_named(code)}", reaction_to(*code)
        if reaction is Reaction.RENEW_TOKEN or (reaction is Reaction.RETRY and _is_known(code)):
            raise RetryLater(reason, reaction, after_s=_regains_access_in_s(answer.headers))
        await_echo(reason, since=since, now=now)
        return None
    for item in _history(answer.body):
        is_ours = _mapping(item.get("from")).get("id") == message.account
        if is_ours and tidy(str(item.get("message", ""))) == text and _at(item) >= since - CLOCK_SKEW:
            return str(item.get("id") or "")
    return None


def versioned(api_url: str) -> str:
    """Return `api_url` with the Graph version that this code is written for, unless it names one itself."""
    base = api_url.rstrip("/")
    last = base.rpartition("/")[2]
    return base if last.startswith("v") and last[1:].replace(".", "").isdigit() else f"{base}/{GRAPH_VERSION}"


def appsecret_proof(token: str, app_secret: str) -> str:
    """Return the proof that whoever holds `token` also knows the app secret (section 10)."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _headers(page_token: str) -> dict[str, str]:
    """The token travels in a header, so that it stays out of address logs."""
    return {"authorization": f"Bearer {page_token}", "content-type": "application/json"}


def _error_of(answer: PlatformAnswer, platform: str) -> _Code | None:
    """Return code and subcode, None for success. Raises InDoubt where the answer is neither."""
    error = answer.body.get("error")
    if isinstance(error, dict):
        return whole_number(error.get("code")) or 0, whole_number(error.get("error_subcode"))
    if error is not None or not 200 <= answer.status < 300:
        raise InDoubt(f"{platform} answered {answer.status} without an error object")
    return None


def _refusal(code: _Code, answer: PlatformAnswer, *, takes_back: bool) -> SendError:
    error = answer.body["error"]
    said, trace = str(error.get("message", "")), error.get("fbtrace_id")
    named = trace if isinstance(trace, str) and _TRACE.fullmatch(trace) else ""
    reason = f"messenger error {_named(code)} ({named}): {mask(said)}"
    if code in IN_DOUBT:
        return InDoubt(reason)
    # A proof by another secret comes as an invalid parameter, and is no fault of this message.
    is_proof = code[0] == INVALID_PARAMETER and "appsecret_proof" in said
    reaction, at_most = Reaction.STOP_CHANNEL if is_proof else reaction_to(*code), MAX_ATTEMPTS.get(code[0])
    # Only the Page's default app may take a conversation (section 6.7). What code another one gets is not documented:
    # whatever looks like a missing right is held against this conversation, and the account's next message finds out.
    if code == NOT_OWNER or (takes_back and reaction is Reaction.STOP_CHANNEL and not is_proof):
        return NotOurs(reason, Reaction.STOP_PERSON)
    is_limit = reaction is Reaction.RETRY and at_most is None
    after_s = _regains_access_in_s(answer.headers) if is_limit else None
    return send_error(reason, reaction, after_s=after_s, at_most=at_most)


def _named(code: _Code) -> str:
    return f"{code[0]}/{code[1]}" if code[1] is not None else str(code[0])


def _is_known(code: _Code) -> bool:
    return code in REACTIONS or (code[0], None) in REACTIONS


def _regains_access_in_s(headers: Mapping[str, str]) -> float | None:
    """The longest `estimated_time_to_regain_access`, minutes, of the usage headers (section 8), None without any.

    It is never longer than the window in which the message may go out.
    """
    minutes = 0
    for name in _USAGE_HEADERS:
        try:
            usage = json.loads(headers.get(name, "{}"))
        except (ValueError, RecursionError):
            continue
        for cases in _mapping(usage).values():
            for case in cases if isinstance(cases, list) else []:
                minutes = max(minutes, whole_number(_mapping(case).get("estimated_time_to_regain_access")) or 0)
    return min(minutes * 60.0, WINDOW.total_seconds()) or None


def _history(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for conversation in _objects(answer):
        yield from _objects(_mapping(conversation.get("messages")))


def _objects(holder: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    data = holder.get("data")
    yield from (each for each in data if isinstance(each, dict)) if isinstance(data, list) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _at(item: Mapping[str, Any]) -> datetime:
    """When a message of the history was sent, UTC where it names no zone; long ago where it does not say."""
    try:
        at = datetime.fromisoformat(str(item.get("created_time")))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)
