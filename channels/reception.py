"""Takes webhooks in: verify, parse, accept, and only then 200."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import structlog
from sanic import HTTPResponse, Request
from sanic.response import text

from channels.errors import BadSignature, MalformedEvent, StoreUnavailable
from channels.event import Acceptance, EventKind, InboundEvent, Signal, SignalKind
from channels.metrics import GatewayMetrics
from channels.ports import Clock, Inbox, WebhookChannel
from channels.responses import error_answer
from channels.wire import key_of

MAX_WEBHOOK_BYTES = 1_000_000
"""Larger webhook bodies get 413 (design section 3)."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How a request ended: a name for the counter, the HTTP status, and for a refusal a sentence about it."""

    outcome: str  # accepted | probe | malformed | bad_signature | too_large | store_unavailable
    status: int = HTTPStatus.OK
    sentence: str = ""


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

    async def accept(self, event: InboundEvent, *, needs_consent: bool = False) -> Acceptance:
        """Store one event durably; see `Inbox.accept`. Raises StoreUnavailable."""
        acceptance = await self._inbox.accept(event, needs_consent=needs_consent)
        self._metrics.events.labels(event.channel, acceptance.value).inc()
        if acceptance is Acceptance.NEW:
            self._on_accepted()
        return acceptance

    async def webhook(self, channel: WebhookChannel, request: Request) -> HTTPResponse:
        """Answer one request of a platform over HTTP; see `take`."""
        taken = await self.take(channel, request.body, _headers(request))
        if taken.status == HTTPStatus.OK:
            return text("")
        return error_answer(taken.status, taken.outcome, taken.sentence)

    async def take(self, channel: WebhookChannel, body: bytes, headers: Mapping[str, Sequence[str]]) -> Taken:
        """Take one request of a platform in: 200 once all its events are stored or let go, 403, 413 or 503 otherwise.

        Of a refused body nothing is logged. A signed body that cannot be read gets 200, because resending it
        would not help. `headers` is as `WebhookChannel.verify` wants it.
        """
        if len(body) > MAX_WEBHOOK_BYTES:
            sentence = f"the body is larger than {MAX_WEBHOOK_BYTES} bytes"
            return self._counted(channel, Taken("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, sentence))
        try:
            taken = Taken(await self._take(channel, body, headers))
        except BadSignature as error:
            structlog.get_logger().warning("webhook_refused", channel=channel.name, reason=str(error))
            taken = Taken("bad_signature", HTTPStatus.FORBIDDEN, str(error))
        except MalformedEvent as error:
            structlog.get_logger().warning("webhook_malformed", channel=channel.name, reason=str(error))
            taken = Taken("malformed")
        except StoreUnavailable as error:
            structlog.get_logger().error("store_unavailable", reason=str(error))
            sentence = "nothing was stored, please send it again"
            taken = Taken("store_unavailable", HTTPStatus.SERVICE_UNAVAILABLE, sentence)
        return self._counted(channel, taken)

    def _counted(self, channel: WebhookChannel, taken: Taken) -> Taken:
        self._metrics.webhooks.labels(channel.name, taken.outcome).inc()
        return taken

    async def _take(self, channel: WebhookChannel, body: bytes, headers: Mapping[str, Sequence[str]]) -> str:
        verified = channel.verify(body, headers)
        if verified is None:
            return "probe"
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
        return "accepted"

    async def _note(self, signal: Signal) -> None:
        """Act on an event that gets no answer. Raises StoreUnavailable."""
        self._metrics.ignored.labels(signal.channel, signal.name).inc()
        at = signal.occurred_at or self._clock.now()
        match signal.kind:
            case SignalKind.ECHO:
                if not await self._inbox.settle_echo(signal):
                    await self.accept(_officer_spoke(signal, at))
            case SignalKind.INTERACTED if signal.person:
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
    return InboundEvent(
        channel=echo.channel,
        account=echo.account,
        person=echo.person,
        dedup_key=key_of(echo.account, "echo", echo.message_id),
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
