"""The HTTP face of the gateway: thin routes that verify, parse, accept and answer."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias

import structlog
from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import raw, text

from bot.wording import DEFAULT_LANGUAGE, Wording
from channels.errors import BadRequest, BadSignature, MalformedEvent, StoreUnavailable
from channels.event import Acceptance, InboundEvent
from channels.health import Check, readiness
from channels.messenger import MessengerChannel
from channels.metrics import GatewayMetrics
from channels.ports import Clock, Inbox, WebhookChannel
from channels.settings import GatewaySettings
from channels.web import WebChannel, portal
from channels.web.limits import ANSWER_TIMEOUT_S
from channels.web.parse import parse as parse_question
from channels.web.verify import verify as verify_origin
from channels.zalo import ZaloChannel

GatewayApp: TypeAlias = Sanic[Any, Any]

MAX_WEBHOOK_BYTES = 1_000_000
"""Larger webhook bodies get 413 (design section 3)."""

MAX_READ_BYTES = 8_000_000
"""How much is read at all: a sender somewhat over the limit still hears its 413 instead of a broken connection."""

PAGE_HEADERS = {
    "content-security-policy": portal.CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def create_gateway(
    settings: GatewaySettings,
    *,
    inbox: Inbox,
    zalo: ZaloChannel,
    messenger: MessengerChannel,
    web: WebChannel,
    clock: Clock,
    wording: Wording,
    metrics: GatewayMetrics,
    checks: Mapping[str, Check],
    on_accepted: Callable[[], None],
    answer_timeout_s: float = ANSWER_TIMEOUT_S,
    name: str = "govchat",
) -> GatewayApp:
    """Return the Sanic app with every route; nothing runs and nothing is opened yet.

    `checks` are the collaborators of /health/ready; `on_accepted` is called when a new event waits for the worker.
    """
    app: GatewayApp = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_READ_BYTES
    app.config.PROXIES_COUNT = settings.proxy_count
    app.config.FALLBACK_ERROR_FORMAT = "json"
    pages = portal.pages(wording, site_verification=settings.zalo_site_verification)
    assets = {file: portal.asset(file) for file in portal.ASSETS}
    openapi = portal.FOLDER.with_name("openapi.json").read_bytes()

    async def accept(event: InboundEvent) -> Acceptance:
        acceptance = await inbox.accept(event)
        metrics.events.labels(event.channel, acceptance.value).inc()
        if acceptance is Acceptance.NEW:
            on_accepted()
        return acceptance

    async def receive(channel: WebhookChannel, request: Request) -> HTTPResponse:
        if len(request.body) > MAX_WEBHOOK_BYTES:
            metrics.webhooks.labels(channel.name, "too_large").inc()
            return _error(413, "too_large", f"the body is larger than {MAX_WEBHOOK_BYTES} bytes")
        try:
            verified = channel.verify(request.body, _headers(request))
            if verified is None:
                metrics.webhooks.labels(channel.name, "probe").inc()
                return text("")
            parsed = channel.parse(verified)
            for kind in parsed.ignored:
                metrics.ignored.labels(channel.name, kind).inc()
            if parsed.malformed:
                metrics.events.labels(channel.name, "malformed").inc(parsed.malformed)
            if len(parsed.events) == 1:
                await accept(parsed.events[0])
            else:  # a batch shares its commits
                await asyncio.gather(*(accept(event) for event in parsed.events))
        except BadSignature as error:
            metrics.webhooks.labels(channel.name, "bad_signature").inc()
            structlog.get_logger().warning("webhook_refused", channel=channel.name, reason=str(error))
            return _error(403, "bad_signature", str(error))
        except MalformedEvent as error:
            metrics.webhooks.labels(channel.name, "malformed").inc()
            structlog.get_logger().warning("webhook_malformed", channel=channel.name, reason=str(error))
            return text("")
        except StoreUnavailable:
            metrics.webhooks.labels(channel.name, "unavailable").inc()
            raise
        metrics.webhooks.labels(channel.name, "accepted").inc()
        return text("")

    @app.post("/webhooks/zalo")
    async def zalo_webhook(request: Request) -> HTTPResponse:
        return await receive(zalo, request)

    @app.post("/webhooks/messenger")
    async def messenger_webhook(request: Request) -> HTTPResponse:
        return await receive(messenger, request)

    @app.get("/webhooks/messenger")
    async def messenger_handshake(request: Request) -> HTTPResponse:
        try:
            challenge = messenger.handshake(
                mode=request.args.get("hub.mode"),
                token=request.args.get("hub.verify_token"),
                challenge=request.args.get("hub.challenge"),
            )
        except BadSignature as error:
            return _error(403, "bad_signature", str(error))
        return text(challenge, headers={"x-content-type-options": "nosniff"})

    @app.post("/api/v1/answers")
    async def answers(request: Request) -> HTTPResponse:
        response = await answer(request)
        metrics.questions.labels(str(response.status)).inc()
        return response

    async def answer(request: Request) -> HTTPResponse:
        try:
            verify_origin(origin=request.headers.get("origin"), host=request.host)
            event = parse_question(request.body, new_id=lambda: secrets.token_urlsafe(18), now=clock.now())
        except BadRequest as error:
            return _error(error.http_status, error.code, str(error))
        web.waiting.expect(event.message_id)
        try:
            if await accept(event) is Acceptance.FULL:
                return _error(429, "too_many_pending", "this conversation has too many unanswered questions")
            payload = await web.waiting.wait(
                event.message_id,
                timeout_s=answer_timeout_s,
                look_up=lambda: inbox.replies_to(event.channel, event.message_id),
            )
        except StoreUnavailable:
            return _error(503, "store_unavailable", "the question could not be stored, please send it again")
        finally:
            web.waiting.forget(event.message_id)
        if payload is None:
            return _error(504, "timeout", "the answer did not come in time", conversation_id=event.person)
        return _json({**json.loads(payload), "conversation_id": event.person})

    @app.get("/")
    async def page(request: Request) -> HTTPResponse:
        html = pages.get(request.args.get("lang") or DEFAULT_LANGUAGE, pages[DEFAULT_LANGUAGE])
        return raw(html.encode(), content_type="text/html; charset=utf-8", headers=PAGE_HEADERS)

    @app.get("/assets/<file:str>")
    async def page_asset(request: Request, file: str) -> HTTPResponse:  # noqa: ARG001
        if file not in assets:
            return _error(404, "not_found", "no such file")
        return raw(assets[file], content_type=portal.ASSETS[file], headers=PAGE_HEADERS)

    @app.get("/openapi.json")
    async def openapi_document(request: Request) -> HTTPResponse:  # noqa: ARG001
        return raw(openapi, content_type="application/json")

    @app.get("/health/live")
    async def live(request: Request) -> HTTPResponse:  # noqa: ARG001
        return _json({"state": "live"})

    @app.get("/health/ready")
    async def ready(request: Request) -> HTTPResponse:  # noqa: ARG001
        collaborators = await readiness(checks)
        is_ready = all(found["state"] == "ready" for found in collaborators.values())
        channels = {channel.name: _switch(channel.missing) for channel in (zalo, messenger)} | {web.name: _switch(())}
        body = {"ready": is_ready, "collaborators": collaborators, "channels": channels}
        return _json(body, status=200 if is_ready else 503)

    @app.get("/metrics")
    async def figures(request: Request) -> HTTPResponse:  # noqa: ARG001
        depth = await inbox.depth()
        metrics.depth.labels("inbox").set(depth.inbox_open)
        metrics.depth.labels("outbox").set(depth.outbox_open)
        metrics.depth.labels("dead").set(depth.dead)
        return raw(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")

    @app.exception(StoreUnavailable)
    async def unavailable(request: Request, error: StoreUnavailable) -> HTTPResponse:  # noqa: ARG001
        structlog.get_logger().error("store_unavailable", reason=str(error))
        return _error(503, "store_unavailable", "nothing was stored, please send it again")

    @app.exception(Exception)
    async def unexpected(request: Request, error: Exception) -> HTTPResponse:
        status = error.status_code if isinstance(error, SanicException) else 500
        if status >= 500:
            structlog.get_logger().error("request_failed", route=request.name, error=type(error).__name__)
        phrase = HTTPStatus(status).phrase
        return _error(status, "too_large" if status == 413 else phrase.lower().replace(" ", "_"), phrase)

    return app


def _headers(request: Request) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in request.headers.items():
        headers.setdefault(name.lower(), []).append(value)
    return headers


def _switch(missing: tuple[str, ...]) -> dict[str, object]:
    return {"state": "off", "missing": list(missing)} if missing else {"state": "on"}


def _json(body: Mapping[str, object], *, status: int = 200) -> HTTPResponse:
    content = json.dumps(body, ensure_ascii=False).encode()
    return raw(content, status=status, content_type="application/json; charset=utf-8")


def _error(status: int, code: str, message: str, **more: object) -> HTTPResponse:
    return _json({"error": {"code": code, "message": message}, **more}, status=status)
