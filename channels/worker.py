"""Answers accepted events: one turn in flight per conversation, replies into the outbox, failures tried again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from bot.reply import AnswerStatus, BotUnavailable, TurnResult
from bot.wording import Wording
from channels import turn
from channels.agency import Directory
from channels.errors import LeaseLost
from channels.event import Claim
from channels.loop import ClaimLoop
from channels.metrics import GatewayMetrics
from channels.ports import Bot, Channel, Clock, Inbox
from channels.privacy import Pseudonyms
from channels.retry import TURN_POLICY, RetryPolicy, decide

TURN_TIMEOUT_S = 12.0
"""Longest a turn may take before it counts as failed; the API waits 15 s, so a first failure leaves little time."""

LEASE_S = 60.0
"""Longer than the longest turn, so that a living worker never loses its lease; a dead one's work waits this long
only when nobody releases its leases at start."""


class Worker:
    """Claims events, asks the bot and finishes them; `on_finished` is called when there is something to send.

    `jitter` gives numbers from 0 to below 1 that spread the attempts; see `channels.retry.decide`.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        bot: Bot,
        channels: Mapping[str, Channel],
        planner: turn.Planner,
        directory: Directory,
        wording: Wording,
        clock: Clock,
        pseudonyms: Pseudonyms,
        metrics: GatewayMetrics,
        owner: str,
        on_finished: Callable[[], None],
        concurrency: int = 16,
        policy: RetryPolicy = TURN_POLICY,
        jitter: Callable[[], float] = random.random,
        turn_timeout_s: float = TURN_TIMEOUT_S,
    ) -> None:
        self._inbox = inbox
        self._bot = bot
        self._channels = channels
        self._planner = planner
        self._directory = directory
        self._wording = wording
        self._clock = clock
        self._pseudonyms = pseudonyms
        self._metrics = metrics
        self._on_finished = on_finished
        self._policy = policy
        self._jitter = jitter
        self._turn_timeout_s = turn_timeout_s
        self.loop: ClaimLoop[Claim] = ClaimLoop(
            name="worker",
            claim=lambda free: inbox.claim(owner=owner, limit=free, lease_s=LEASE_S),
            work=self.answer,
            concurrency=concurrency,
        )

    async def answer(self, claim: Claim) -> None:
        """Answer one claimed event, or give it back for another attempt. Raises StoreUnavailable only."""
        started = time.perf_counter()
        agency = self._directory.agency(claim.event.channel, claim.event.account)
        planned = self._planner.plan(claim, agency, self._clock.now())
        if planned.turn is None and planned.reply is None:
            await self._finish(claim, planned, None, time.perf_counter() - started)
            return
        try:
            result = await self._result(planned)
        except Exception as error:  # noqa: BLE001 - whatever happened, the turn ends in a named status or a retry
            if await self._retried(claim, error):
                return
            status = AnswerStatus.ERROR_TIMEOUT if isinstance(error, TimeoutError) else AnswerStatus.ERROR_BOT
            result = TurnResult((turn.failure(status, claim.event.lang, self._wording),))
        spoken = self._planner.outcome(planned, result, claim.event, agency, self._clock.now())
        await self._finish(claim, planned, spoken, time.perf_counter() - started)

    async def _result(self, planned: turn.Plan) -> TurnResult:
        if planned.reply is not None:
            return TurnResult((planned.reply,))
        assert planned.turn is not None  # noqa: S101 - silence was finished before
        async with asyncio.timeout(self._turn_timeout_s):
            return await self._bot.ask(planned.turn)

    async def _retried(self, claim: Claim, error: Exception) -> bool:
        name = type(error).__name__
        log = structlog.get_logger().bind(conversation=self._pseudonyms.of(claim.event.conversation))
        decision = decide(error, claim.attempts, self._policy, jitter=self._jitter())
        expected = isinstance(error, (BotUnavailable, TimeoutError))
        if not expected or decision.delay_s is None:
            log.error("turn_failed", error=name, attempts=claim.attempts)
            return False
        self._metrics.turn_retries.labels(name).inc()
        log.warning("turn_retried", error=name, attempts=claim.attempts, delay_s=round(decision.delay_s, 2))
        try:
            retry_at = self._clock.now() + timedelta(seconds=decision.delay_s)
            await self._inbox.fail(claim, retry_at=retry_at, reason=name)
        except LeaseLost:
            log.warning("lease_lost")
        return True

    async def _finish(self, claim: Claim, planned: turn.Plan, spoken: turn.Spoken | None, seconds: float) -> None:
        event = claim.event
        log = structlog.get_logger().bind(conversation=self._pseudonyms.of(event.conversation))
        try:
            messages = self._channels[event.channel].render(spoken.outcome, account=event.account) if spoken else ()
            await self._inbox.finish(
                claim,
                messages=messages,
                standing=spoken.standing if spoken else planned.standing,
                left_message=planned.left_message,
            )
        except LeaseLost:
            log.warning("lease_lost")
            return
        status = spoken.outcome.replies[-1].status.value if spoken else "silent"
        intent = spoken.outcome.intent if spoken else None
        self._metrics.turns.labels(event.channel, status).inc()
        self._metrics.turn_seconds.observe(seconds)
        log.info("turn_finished", status=status, intent=intent, messages=len(messages), seconds=round(seconds, 3))
        self._on_finished()
