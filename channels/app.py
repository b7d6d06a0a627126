"""The HTTP face of the gateway: thin routes, each handing over to the part that does the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, TypeAlias

import structlog
from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException
from sanic.response import raw, text

from bot.wording import DEFAULT_LANGUAGE, Wording
from channels.errors import BadSignature, StoreUnavailable
from channels.event import Pause
from channels.health import Check, readiness
from channels.messenger import MessengerChannel
from channels.metrics import GatewayMetrics
from channels.ports import Inbox, WebhookChannel
from channels.publishing.desk import PublishingDesk
from channels.questions import Questions
from channels.reception import Reception
from channels.responses import error_answer, json_answer
from channels.settings import GatewaySettings
from channels.viber import ViberChannel
from channels.web import portal
from channels.web.routes import WidgetPages, add_widget
from channels.zalo import ZaloChannel

GatewayApp: TypeAlias = Sanic[Any, Any]

MAX_READ_BYTES = 8_000_000
"""How much is read at all: a sender somewhat over the limit still hears its 413 instead of a broken connection."""

EXAMPLE_URL = "https://chat.example.gov.vn"
"""Stands for the gateway's address where nobody has set GOVCHAT_PUBLIC_URL."""

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
    viber: ViberChannel,
    reception: Reception,
    questions: Questions,
    widget: WidgetPages,
    publishing: PublishingDesk,
    wording: Wording,
    metrics: GatewayMetrics,
    checks: Mapping[str, Check],
    name: str = "govchat",
) -> GatewayApp:
    """Return the Sanic app with every route; nothing runs and nothing is opened yet.

    `checks` are the collaborators of /health/ready by name.
    """
    app: GatewayApp = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_READ_BYTES
    app.config.PROXIES_COUNT = settings.proxy_count
    _add_channels(app, zalo, messenger, viber, reception, questions)
    add_widget(app, widget)
    _add_publishing(app, publishing)
    _add_page(
        app,
        portal.pages(
            wording,
            site_verification=settings.zalo_site_verification,
            has_chat=not widget.desk.agency(None).requires_consent,
        ),
        portal.embedding_pages(wording, gateway=settings.public_url or EXAMPLE_URL),
    )
    _add_operation(app, inbox, (zalo, messenger, viber), publishing, metrics, checks)
    app.exception(Exception)(_failed)
    return app


def _add_channels(
    app: GatewayApp,
    zalo: ZaloChannel,
    messenger: MessengerChannel,
    viber: ViberChannel,
    reception: Reception,
    questions: Questions,
) -> None:
    @app.post("/webhooks/zalo")
    async def zalo_webhook(request: Request) -> HTTPResponse:
        return await reception.webhook(zalo, request)

    @app.post("/webhooks/messenger")
    async def messenger_webhook(request: Request) -> HTTPResponse:
        return await reception.webhook(messenger, request)

    @app.get("/webhooks/messenger")
    async def messenger_handshake(request: Request) -> HTTPResponse:
        try:
            challenge = messenger.handshake(
                mode=request.args.get("hub.mode"),
                token=request.args.get("hub.verify_token"),
                challenge=request.args.get("hub.challenge"),
            )
        except BadSignature as error:
            return error_answer(403, "bad_signature", str(error))
        return text(challenge, headers={"x-content-type-options": "nosniff"})

    @app.post("/webhooks/viber")
    async def viber_webhook(request: Request) -> HTTPResponse:
        return await reception.webhook(viber, request)

    @app.post("/api/v1/answers")
    async def answers(request: Request) -> HTTPResponse:
        return await questions.answer(request)


def _add_publishing(app: GatewayApp, publishing: PublishingDesk) -> None:
    @app.post("/api/v1/documents")
    async def announce(request: Request) -> HTTPResponse:
        return await publishing.announce(request)

    @app.get("/api/v1/documents/<announcement_id:str>")
    async def announcement_state(request: Request, announcement_id: str) -> HTTPResponse:
        return await publishing.state(request, announcement_id)


def _add_page(app: GatewayApp, pages: Mapping[str, str], embedding: Mapping[str, str]) -> None:
    assets = {file: portal.asset(file) for file in portal.ASSETS}
    openapi = portal.FOLDER.with_name("openapi.json").read_bytes()

    @app.get("/")
    async def page(request: Request) -> HTTPResponse:
        html = pages.get(request.args.get("lang") or DEFAULT_LANGUAGE, pages[DEFAULT_LANGUAGE])
        return raw(html.encode(), content_type="text/html; charset=utf-8", headers=PAGE_HEADERS)

    @app.get("/docs/embedding")
    async def embedding_page(request: Request) -> HTTPResponse:
        html = embedding.get(request.args.get("lang") or DEFAULT_LANGUAGE, embedding[DEFAULT_LANGUAGE])
        return raw(html.encode(), content_type="text/html; charset=utf-8", headers=PAGE_HEADERS)

    @app.get("/assets/<file:str>")
    async def page_asset(request: Request, file: str) -> HTTPResponse:  # noqa: ARG001
        if file not in assets:
            return error_answer(404, "not_found", "no such file")
        return raw(assets[file], content_type=portal.ASSETS[file], headers=PAGE_HEADERS)

    @app.get("/openapi.json")
    async def openapi_document(request: Request) -> HTTPResponse:  # noqa: ARG001
        return raw(openapi, content_type="application/json")


def _add_operation(
    app: GatewayApp,
    inbox: Inbox,
    channels: Sequence[WebhookChannel],
    publishing: PublishingDesk,
    metrics: GatewayMetrics,
    checks: Mapping[str, Check],
) -> None:
    @app.get("/health/live")
    async def live(request: Request) -> HTTPResponse:  # noqa: ARG001
        return json_answer({"state": "live"})

    @app.get("/health/ready")
    async def ready(request: Request) -> HTTPResponse:  # noqa: ARG001
        collaborators = await readiness(checks)
        is_ready = all(found["state"] == "ready" for found in collaborators.values())
        pauses: list[Pause] = []
        with suppress(StoreUnavailable):  # which `collaborators` says
            pauses = await inbox.pauses()
        switches = {channel.name: _switch(channel.missing, channel.name, pauses) for channel in channels} | {
            "api": _switch(()),
            "web": _switch(()),
            "publishing": _switch(publishing.missing),
        }
        body = {"ready": is_ready, "collaborators": collaborators, "channels": switches}
        return json_answer(body, status=200 if is_ready else 503)

    @app.get("/metrics")
    async def figures(request: Request) -> HTTPResponse:  # noqa: ARG001
        # Counters are wanted most while the store is down; its own figures are then those of the last look.
        with suppress(StoreUnavailable):
            depth = await inbox.depth()
            metrics.depth.labels("inbox").set(depth.inbox_open)
            metrics.depth.labels("outbox").set(depth.outbox_open)
            metrics.depth.labels("dead").set(depth.dead)
        return raw(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


async def _failed(request: Request, error: Exception) -> HTTPResponse:
    """Turn whatever went wrong into an error object; only a fault of ours is logged, by its name."""
    status = error.status_code if isinstance(error, SanicException) else 500
    if status >= 500:
        structlog.get_logger().error("request_failed", route=request.name, error=type(error).__name__)
    phrase = HTTPStatus(status).phrase
    answer = error_answer(status, "too_large" if status == 413 else phrase.lower().replace(" ", "_"), phrase)
    if isinstance(error, SanicException):
        answer.headers.update(error.headers)  # a 405 names the methods that are allowed
    return answer


def _switch(missing: tuple[str, ...], channel: str = "", pauses: Sequence[Pause] = ()) -> dict[str, object]:
    """Say whether a channel is on, and which of its accounts rest after an error that concerns all of an account."""
    if missing:
        return {"state": "off", "missing": list(missing)}
    resting = [
        {"account": pause.account, "until": pause.until.isoformat(), "reason": pause.reason}
        for pause in pauses
        if pause.channel == channel
    ]
    return {"state": "on", "resting": resting} if resting else {"state": "on"}
