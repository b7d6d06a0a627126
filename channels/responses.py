"""The few shapes in which the gateway answers over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sanic import HTTPResponse
from sanic.response import raw


def json_answer(body: Mapping[str, object], *, status: int = 200) -> HTTPResponse:
    """Return `body` as JSON with real characters."""
    content = json.dumps(body, ensure_ascii=False).encode()
    return raw(content, status=status, content_type="application/json; charset=utf-8")


def error_answer(status: int, code: str, message: str, **more: object) -> HTTPResponse:
    """Return {"error": {"code", "message"}} and what else the caller should know; `code` is stable."""
    return json_answer({"error": {"code": code, "message": message}, **more}, status=status)
