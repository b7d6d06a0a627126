"""Sends what stands in the outbox, in order within a conversation, at least once; what cannot be sent is kept."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta

import structlog

from channels.errors import ALERTING, LeaseLost, RetryLater, SendError
from channels.event import OutboxMessage
from channels.loop import ClaimLoop
from channels.metrics import GatewayMetrics
from channels.ports import Channel, Clock, Inbox
from channels.retry import SEND_POLICY, RetryPolicy, decide

LEASE_S = 60.0
"""Longer than the HTTP time-out, so that a living sender never loses its lease."""


class Sender:
    """Claims messages and hands them to their channels. The attempt is on record before the platform hears of it."""

    def __init__(
        self,
        *,
        inbox: Inbox,
        channels: Mapping[str, Channel],
        clock: Clock,
        metrics: GatewayMetrics,
        owner: str,
        concurrency: int = 32,
        policy: RetryPolicy = SEND_POLICY,
    ) -> None:
        self._inbox = inbox
        self._channels = channels
        self._clock = clock
        self._metrics = metrics
        self._policy = policy
        self.loop: ClaimLoop[OutboxMessage] = ClaimLoop(
            name="sender",
            claim=lambda free: inbox.claim_outbox(owner=owner, limit=free, lease_s=LEASE_S),
            work=self.deliver,
            concurrency=concurrency,
        )

    async def deliver(self, message: OutboxMessage) -> None:
        """Send one message and record how it went. Raises StoreUnavailable only."""
        try:
            try:
                platform_id = await self._channels[message.channel].send(message)
            except SendError as error:
                await self._unsent(message, error)
            except Exception as error:  # noqa: BLE001 - a bug in a channel must not lose the message
                await self._unsent(message, RetryLater(type(error).__name__))
            else:
                await self._inbox.mark_sent(message, platform_id=platform_id)
                self._metrics.sends.labels(message.channel, "sent").inc()
        except LeaseLost:
            structlog.get_logger().warning("lease_lost", outbox_id=message.id)

    async def _unsent(self, message: OutboxMessage, error: SendError) -> None:
        decision = decide(error, message.attempts, self._policy, jitter=random.random())  # noqa: S311 - not a secret
        outcome = "dead" if decision.delay_s is None else "retried"
        retry_at = None if decision.delay_s is None else self._clock.now() + timedelta(seconds=decision.delay_s)
        await self._inbox.mark_unsent(message, retry_at=retry_at, reason=error.reason)
        self._metrics.sends.labels(message.channel, outcome).inc()
        if error.reaction in ALERTING:
            self._metrics.alerts.labels(message.channel, error.reaction.value).inc()
        structlog.get_logger().warning(
            "message_unsent", channel=message.channel, outbox_id=message.id, outcome=outcome,
            reaction=error.reaction.value, reason=error.reason, attempts=message.attempts,
        )  # fmt: skip
