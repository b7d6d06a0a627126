"""Answers POST /api/v1/answers: the question takes the road of every channel, the request waits at its end."""

from __future__ import annotations

import json
import secrets

from sanic import HTTPResponse, Request

from channels.errors import BadRequest, StoreUnavailable
from channels.event import Acceptance, InboundEvent
from channels.metrics import GatewayMetrics
from channels.ports import Clock, Inbox
from channels.reception import Reception
from channels.responses import error_answer, json_answer
from channels.web import WebChannel
from channels.web.limits import ANSWER_TIMEOUT_S
from channels.web.parse import parse
from channels.web.verify import verify


class Questions:
    """One question in, one JSON answer out, within `timeout_s` seconds or 504."""

    def __init__(
        self,
        *,
        reception: Reception,
        inbox: Inbox,
        web: WebChannel,
        clock: Clock,
        metrics: GatewayMetrics,
        timeout_s: float = ANSWER_TIMEOUT_S,
        requires_consent: bool = False,
    ) -> None:
        """Take questions; with `requires_consent` none of a page in a browser, for the widget asks its people first."""
        self._reception = reception
        self._inbox = inbox
        self._web = web
        self._clock = clock
        self._metrics = metrics
        self._timeout_s = timeout_s
        self._requires_consent = requires_consent

    async def answer(self, request: Request) -> HTTPResponse:
        """Return the answer, or an error object with the status that openapi.json gives it."""
        response = await self._answer(request)
        self._metrics.questions.labels(str(response.status)).inc()
        return response

    async def _answer(self, request: Request) -> HTTPResponse:
        try:
            verify(origin=request.headers.get("origin"), host=request.host, requires_consent=self._requires_consent)
            event = parse(request.body, new_id=lambda: secrets.token_urlsafe(18), now=self._clock.now())
        except BadRequest as error:
            return error_answer(error.http_status, error.code, str(error))
        self._web.waiting.expect(event.message_id)
        try:
            return await self._answer_to(event)
        except StoreUnavailable:
            return error_answer(503, "store_unavailable", "the question could not be stored, please send it again")
        finally:
            self._web.waiting.forget(event.message_id)

    async def _answer_to(self, event: InboundEvent) -> HTTPResponse:
        if await self._reception.accept(event) is Acceptance.FULL:
            return error_answer(429, "too_many_pending", "this conversation has too many unanswered questions")
        payload = await self._web.waiting.wait(
            event.message_id,
            timeout_s=self._timeout_s,
            look_up=lambda: self._inbox.replies_to(event.channel, event.message_id),
        )
        if payload is None:
            return error_answer(504, "timeout", "the answer did not come in time", conversation_id=event.person)
        return json_answer({**json.loads(payload), "conversation_id": event.person})
