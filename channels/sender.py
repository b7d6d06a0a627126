"""Sends what stands in the outbox, in order within a conversation; what cannot be sent is kept, and nothing twice.

A message whose answer was lost is in doubt: before it is sent again, its channel asks the platform whether it arrived.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog

from channels.errors import ALERTING, InDoubt, LeaseLost, NotOurs, RetryLater, SendError, StoreUnavailable
from channels.event import EventKind, InboundEvent, OutboxMessage, Pause
from channels.loop import ClaimLoop
from channels.metrics import GatewayMetrics
from channels.ports import Channel, Clock, Inbox
from channels.rate import RateLimiter
from channels.retry import SEND_POLICY, RetryPolicy, decide
from channels.wire import key_of

LEASE_S = 60.0

SEND_TIMEOUT_S = 50.0
"""Longest attempt, with all its calls and the renewal of a token: a living sender never loses its lease."""

PAUSE = timedelta(minutes=5)
"""How long an account rests after an error that concerns all of it; then as many messages as the sender works on at
once try whether it is over."""

DOUBT_S = 5.0
"""Shortest wait before a message in doubt is looked for: its echo usually comes first and settles it."""


class Sender:
    """Claims messages and hands them to their channels. The attempt is on record before the platform hears of it.

    `jitter` gives numbers from 0 to below 1 that spread the attempts; see `channels.retry.decide`.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        channels: Mapping[str, Channel],
        limiter: RateLimiter,
        clock: Clock,
        metrics: GatewayMetrics,
        owner: str,
        concurrency: int = 16,
        policy: RetryPolicy = SEND_POLICY,
        jitter: Callable[[], float] = random.random,
        timeout_s: float = SEND_TIMEOUT_S,
    ) -> None:
        self._inbox = inbox
        self._channels = channels
        self._limiter = limiter
        self._clock = clock
        self._metrics = metrics
        self._policy = policy
        self._jitter = jitter
        self._timeout_s = timeout_s
        self._alike: dict[int, int] = {}  # by outbox id: how often an error came that only few attempts are worth
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
                platform_id = await self._attempt(message)
            except SendError as error:
                await self._unsent(message, error)
            else:
                self._alike.pop(message.id, None)
                await self._inbox.mark_sent(message, platform_id=platform_id)
                self._metrics.sends.labels(message.channel, "sent").inc()
        except LeaseLost:
            structlog.get_logger().warning("lease_lost", outbox_id=message.id)

    async def _attempt(self, message: OutboxMessage) -> str:
        """Return the platform's id of the message. Raises SendError only: a bug in a channel must not lose it."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._send(message)
        except SendError:
            raise
        except StoreUnavailable as error:  # the tokens': the platform was not asked, or has refused one
            raise RetryLater(type(error).__name__) from error
        except Exception as error:  # a bug, or no end in time: nobody knows how far it came
            raise InDoubt(type(error).__name__) from error

    async def _send(self, message: OutboxMessage) -> str:
        channel = self._channels[message.channel]
        if message.doubtful_since is not None:
            found = await self._find(channel, message)
            if found is not None:
                return found
        wait_s = self._limiter.wait_s(message.channel, message.account, self._clock.now())
        if wait_s > 0:
            raise RetryLater("our own rate limit", after_s=wait_s)
        return await channel.send(message)

    async def _find(self, channel: Channel, message: OutboxMessage) -> str | None:
        """Return the platform's id of a message in doubt, None where it did not arrive. Raises InDoubt: it still is."""
        try:
            return await channel.find_sent(message)
        except RetryLater as error:
            raise InDoubt(error.reason, error.reaction, after_s=error.after_s) from error
        except Exception as error:  # to send again for a bug in looking would be to send twice
            raise InDoubt(type(error).__name__) from error

    async def _unsent(self, message: OutboxMessage, error: SendError) -> None:
        now = self._clock.now()
        alike = self._count_alike(message, error)
        delay_s = decide(error, message.attempts, self._policy, jitter=self._jitter(), alike=alike).delay_s
        if isinstance(error, InDoubt) and delay_s is not None:
            delay_s = max(delay_s, DOUBT_S)
        retry_at = None if delay_s is None else now + timedelta(seconds=delay_s)
        if retry_at is None:
            self._alike.pop(message.id, None)
        if error.reaction in ALERTING:  # it concerns the whole account: its messages wait, none is spent on trying
            await self._pause(message, error)
        if isinstance(error, NotOurs):
            await self._inbox.accept(_taken_over(message, now))
        await self._inbox.mark_unsent(
            message, retry_at=retry_at, reason=error.reason, is_in_doubt=isinstance(error, InDoubt)
        )
        outcome = "dead" if delay_s is None else "retried"
        self._metrics.sends.labels(message.channel, outcome).inc()
        structlog.get_logger().warning(
            "message_unsent", channel=message.channel, outbox_id=message.id, outcome=outcome,
            reaction=error.reaction.value, reason=error.reason, attempts=message.attempts,
        )  # fmt: skip

    def _count_alike(self, message: OutboxMessage, error: SendError) -> int | None:
        """Attempts that an outage or our own rate limit took are not held against a message."""
        if not isinstance(error, RetryLater) or error.at_most is None:
            return None
        self._alike[message.id] = alike = self._alike.get(message.id, 0) + 1
        return alike

    async def _pause(self, message: OutboxMessage, error: SendError) -> None:
        until = self._clock.now() + PAUSE
        await self._inbox.pause(Pause(message.channel, message.account, until, error.reason))
        self._metrics.alerts.labels(message.channel, error.reaction.value).inc()
        structlog.get_logger().error(
            "account_paused", channel=message.channel, account=message.account,
            reaction=error.reaction.value, reason=error.reason, until=until.isoformat(),
        )  # fmt: skip


def _taken_over(message: OutboxMessage, at: datetime) -> InboundEvent:
    """What a platform tells by refusing a message: somebody else has the conversation, so the machine falls silent."""
    key = key_of(message.account, "refused", str(message.id))
    return InboundEvent(
        channel=message.channel,
        account=message.account,
        person=message.person,
        dedup_key=key,
        message_id=key,
        kind=EventKind.TAKEN_OVER,
        text="",
        occurred_at=at,
    )
