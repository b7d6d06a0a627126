"""One call to a platform: a JSON object comes back, or an error that says whether anything left us."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from channels.doubt import lost
from channels.errors import InDoubt

MAX_ANSWER_BYTES = 1_000_000
"""Longest answer that is read; fifty messages of a history are a tenth of it."""

_NUMBER = re.compile(r"-?[0-9]{1,18}")


class NoAnswer(ValueError):
    """What a platform answered is no JSON object."""


@dataclass(frozen=True, slots=True)
class PlatformAnswer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any] = field(repr=False)


async def call(
    http: httpx.AsyncClient,
    platform: str,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    body: Mapping[str, object] | None = None,
) -> PlatformAnswer:
    """Return the object that was answered. Errors name the `platform` and nothing that was sent.

    Raises RetryLater where nothing had left us, InDoubt where no answer came, or none that is a JSON object of at most
    MAX_ANSWER_BYTES.
    """
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    encoded = {name.encode(): value.encode() for name, value in headers.items()}
    try:
        async with http.stream(method, url, params=params, content=content, headers=encoded) as response:
            answer = bytearray()
            async for chunk in response.aiter_bytes():
                answer += chunk
                if len(answer) > MAX_ANSWER_BYTES:
                    raise InDoubt(f"{platform} answered {response.status_code} without an end")
    except httpx.HTTPError as error:  # its cause may quote a header
        raise lost(platform, error) from None
    try:
        read = read_answer(answer)
    except NoAnswer as error:
        raise InDoubt(f"{platform} answered {response.status_code} {error}") from None
    return PlatformAnswer(response.status_code, response.headers, read)


def read_answer(content: bytes | bytearray) -> dict[str, Any]:
    """Return the JSON object that a platform answered. Raises NoAnswer, whose message says what it was without."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise NoAnswer("without JSON") from None
    if not isinstance(answer, dict):
        raise NoAnswer("without an object")
    return answer


def whole_number(value: object) -> int | None:
    """Return a number that a platform wrote as a number or, as platforms do, as text; None for anything else."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
