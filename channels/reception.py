"""Takes webhooks in: verify, parse, accept, and only then 200."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sanic import HTTPResponse, Request
from sanic.response import text

from channels.errors import BadSignature, MalformedEvent, StoreUnavailable
from channels.event import Acceptance, EventKind, InboundEvent, Signal, SignalKind
from channels.metrics import GatewayMetrics
from channels.ports import Clock, Inbox, WebhookChannel
from channels.responses import error_answer

MAX_WEBHOOK_BYTES = 1_000_000
"""Larger webhook bodies get 413 (design section 3)."""

class Reception:
    """The way in, for all channels; `on_accepted` is called when a new event waits for the worker.

    Events older than `max_age` are let go: beyond it nobody waits for an answer, and a replay that came after its
    event was purged from the store would be taken for a new question.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        clock: Clock,
        metrics: GatewayMetrics,
        on_accepted: Callable[[], None],
        max_age: timedelta = timedelta(hours=24),
    ) -> None:
        self._inbox = inbox
        self._clock = clock
        self._metrics = metrics
        self._on_accepted = on_accepted
        self._max_age = max_age

    async def accept(self, event: InboundEvent) -> Acceptance:
        """Store one event durably. Raises StoreUnavailable."""
        acceptance = await self._inbox.accept(event)
        self._metrics.events.labels(event.channel, acceptance.value).inc()
        if acceptance is Acceptance.NEW:
            self._on_accepted()
        return acceptance

    async def webhook(self, channel: WebhookChannel, request: Request) -> HTTPResponse:
        """Answer one request of a platform: 200 once all its events are stored or let go, 403, 413 or 503 otherwise.

        Of a refused body nothing is logged. A signed body that cannot be read gets 200, because resending it
        would not help.
        """
        try:
            outcome, response = await self._take(channel, request)
        except BadSignature as error:
            structlog.get_logger().warning("webhook_refused", channel=channel.name, reason=str(error))
            outcome, response = "bad_signature", error_answer(403, "bad_signature", str(error))
        except MalformedEvent as error:
            structlog.get_logger().warning("webhook_malformed", channel=channel.name, reason=str(error))
            outcome, response = "malformed", text("")
        except StoreUnavailable as error:
            structlog.get_logger().error("store_unavailable", reason=str(error))
            sentence = "nothing was stored, please send it again"
            outcome, response = "unavailable", error_answer(503, "store_unavailable", sentence)
        self._metrics.webhooks.labels(channel.name, outcome).inc()
        return response

    async def _take(self, channel: WebhookChannel, request: Request) -> tuple[str, HTTPResponse]:
        if len(request.body) > MAX_WEBHOOK_BYTES:
            sentence = f"the body is larger than {MAX_WEBHOOK_BYTES} bytes"
            return "too_large", error_answer(413, "too_large", sentence)
        verified = channel.verify(request.body, _headers(request))
        if verified is None:
            return "probe", text("")
        parsed = channel.parse(verified)
        for kind in parsed.ignored:
            self._metrics.ignored.labels(channel.name, kind).inc()
        if parsed.malformed:
            self._metrics.events.labels(channel.name, "malformed").inc(parsed.malformed)
        oldest = self._clock.now() - self._max_age
        fresh = [event for event in parsed.events if event.occurred_at >= oldest]
        if stale := len(parsed.events) - len(fresh):
            structlog.get_logger().warning("events_stale", channel=channel.name, count=stale)
            self._metrics.events.labels(channel.name, "stale").inc(stale)
        work = [*(self.accept(event) for event in fresh), *(self._note(signal) for signal in parsed.signals)]
        if len(work) == 1:
            await work[0]
        else:  # a batch shares its commits
            await asyncio.gather(*work)
        return "accepted", text("")

    async def _note(self, signal: Signal) -> None:
        """Act on an event that gets no answer. Raises StoreUnavailable."""
        self._metrics.ignored.labels(signal.channel, signal.name).inc()
        at = signal.occurred_at or self._clock.now()
        match signal.kind:
            case SignalKind.ECHO:
                if not await self._inbox.settle_echo(signal):
                    await self.accept(_officer_spoke(signal, at))
            case SignalKind.INTERACTED | SignalKind.STANDBY if signal.person:
                await self._inbox.note_interaction(signal.channel, signal.account, signal.person, at)
            case SignalKind.WITHDREW if signal.person:
                rows = await self._inbox.forget(signal.conversation, before=at)
                structlog.get_logger().info("conversation_forgotten", channel=signal.channel, rows=rows)
            case SignalKind.POLICY:
                self._metrics.alerts.labels(signal.channel, "policy").inc()
                structlog.get_logger().error(
                    "platform_policy", channel=signal.channel, account=signal.account, action=signal.detail
                )


def _officer_spoke(echo: Signal, at: datetime) -> InboundEvent:
    """A message of the account that we did not send: a person, or another app, is answering."""
    key = f"{echo.account}:echo:{echo.message_id}"
    return InboundEvent(
        channel=echo.channel,
        account=echo.account,
        person=echo.person,
        dedup_key=key,
        message_id=echo.message_id,
        kind=EventKind.OFFICER_SPOKE,
        text="",
        occurred_at=at,
    )


def _headers(request: Request) -> dict[str, list[str]]:
    headers: dict[str, list[str]] = {}
    for name, value in request.headers.items():
        headers.setdefault(name.lower(), []).append(value)
    return headers
