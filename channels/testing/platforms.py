"""Fake Zalo and fake Graph API: check a send as the platforms would, keep what arrived, answer in their shapes."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sanic import HTTPResponse, Request, Sanic
from sanic.response import json as json_response

from channels.errors import MalformedEvent
from channels.messenger.limits import MAX_METADATA_CHARS, MAX_PAYLOAD_CHARS, MAX_QUICK_REPLIES
from channels.messenger.limits import MAX_QUICK_REPLY_TITLE_CHARS as MAX_TITLE
from channels.messenger.limits import MAX_TEXT_CHARS as MAX_MESSENGER_TEXT
from channels.messenger.send import appsecret_proof
from channels.text import length
from channels.wire import identifier_at, object_at, objects_at, read_object, text_at
from channels.zalo.limits import MAX_TEXT_CHARS as MAX_ZALO_TEXT
from channels.zalo.send import PATH

FakeApp = Sanic[Any, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that a fake platform took."""

    person: str
    message: dict[str, Any]

    @property
    def text(self) -> str:
        """Its text."""
        return str(self.message.get("text", ""))


@dataclass(slots=True)
class FakeZalo:
    """Zalo's OpenAPI as far as consultation messages go; `errors` are answered first, one a request."""

    access_token: str
    arrived: list[Arrival] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)

    def app(self) -> FakeApp:
        """Return the server: the API and `GET /arrived`, which shows what came."""
        app: FakeApp = Sanic(f"fake-zalo-{uuid4().hex[:8]}", configure_logging=False)

        @app.post(PATH)
        async def consult(request: Request) -> HTTPResponse:
            return json_response(self._answer(request))

        @app.get("/arrived")
        async def arrived(request: Request) -> HTTPResponse:  # noqa: ARG001
            return json_response(_shown(self.arrived))

        return app

    def _answer(self, request: Request) -> dict[str, object]:
        if self.errors:
            return self._refuse(self.errors.pop(0), "told to fail")
        if request.headers.get("access_token") != self.access_token:
            return self._refuse(-216, "Access token is invalid")
        try:
            body = read_object(request.body)
            person = identifier_at(object_at(body, "recipient"), "user_id")
            message = object_at(body, "message")
            text = text_at(message, "text")
        except MalformedEvent as error:
            return self._refuse(-201, f"Params is invalid: {error}")
        if not text.strip() or set(message) != {"text"}:
            return self._refuse(-201, "Params is invalid: message")
        if length(text) > MAX_ZALO_TEXT:
            return self._refuse(-210, "Parameter exceeds allowed limit: text")
        self.arrived.append(Arrival(person, message))
        data = {"message_id": uuid4().hex, "user_id": person, "sent_time": "1767225605000"}
        return {"error": 0, "message": "Success", "data": data}

    def _refuse(self, code: int, reason: str) -> dict[str, object]:
        self.refused.append(reason)
        return {"error": code, "message": reason}


@dataclass(slots=True)
class FakeGraph:
    """The Send API of one Page; `errors` are (code, subcode) answered first, one a request."""

    page_id: str
    page_token: str
    app_secret: str
    arrived: list[Arrival] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    errors: list[tuple[int, int | None]] = field(default_factory=list)

    def app(self) -> FakeApp:
        """Return the server: the API and `GET /arrived`, which shows what came."""
        app: FakeApp = Sanic(f"fake-graph-{uuid4().hex[:8]}", configure_logging=False)

        @app.post("/<version:str>/<page:str>/messages")
        async def messages(request: Request, version: str, page: str) -> HTTPResponse:
            return self._answer(request, version, page)

        @app.get("/arrived")
        async def arrived(request: Request) -> HTTPResponse:  # noqa: ARG001
            return json_response(_shown(self.arrived))

        return app

    def _answer(self, request: Request, version: str, page: str) -> HTTPResponse:
        if self.errors:
            return self._refuse(*self.errors.pop(0), "told to fail")
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if (bearer or request.args.get("access_token")) != self.page_token:
            return self._refuse(190, None, "Invalid OAuth access token")
        proof = request.args.get("appsecret_proof") or ""
        if not hmac.compare_digest(proof, appsecret_proof(self.page_token, self.app_secret)):
            return self._refuse(100, None, "Invalid appsecret_proof")
        if not version.startswith("v") or page not in (self.page_id, "me"):
            return self._refuse(100, 33, "Unsupported post request")
        try:
            body = read_object(request.body)
            person = identifier_at(object_at(body, "recipient"), "id")
            fault = _message_fault(body)
        except MalformedEvent as error:
            return self._refuse(100, None, str(error))
        if fault:
            return self._refuse(100, None, fault)
        self.arrived.append(Arrival(person, object_at(body, "message")))
        return json_response({"recipient_id": person, "message_id": f"m_{uuid4().hex}"})

    def _refuse(self, code: int, subcode: int | None, reason: str) -> HTTPResponse:
        self.refused.append(reason)
        error = {"message": reason, "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "A"}
        return json_response({"error": error}, status=400)


def _message_fault(body: dict[str, Any]) -> str | None:
    """Return what the Send API would not take, None when all is well."""
    message = object_at(body, "message")
    text = text_at(message, "text")
    quick_replies = objects_at(message, "quick_replies")
    if body.get("messaging_type") != "RESPONSE":
        return "messaging_type is not RESPONSE"
    if not text.strip() or length(text) > MAX_MESSENGER_TEXT:
        return "text is empty or too long"
    if len(text_at(message, "metadata")) > MAX_METADATA_CHARS:
        return "metadata is too long"
    if len(quick_replies) > MAX_QUICK_REPLIES:
        return "too many quick replies"
    for choice in quick_replies:
        title, payload = text_at(choice, "title"), text_at(choice, "payload")
        if not 0 < length(title) <= MAX_TITLE or not 0 < length(payload) <= MAX_PAYLOAD_CHARS:
            return "a quick reply breaks its limits"
    return None


def _shown(arrivals: list[Arrival]) -> list[dict[str, object]]:
    return [{"person": arrival.person, "message": arrival.message} for arrival in arrivals]
