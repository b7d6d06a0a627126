"""When to try again: pure, from an error and the number of attempts to a decision."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reply import BotRefused
from channels.errors import Refused


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential back-off between attempts, in seconds."""

    first_s: float
    cap_s: float
    max_attempts: int


TURN_POLICY = RetryPolicy(first_s=0.5, cap_s=10.0, max_attempts=16)
"""A turn is tried for about two minutes: a restart of the bot fits in, and a person still waits for the answer."""

SEND_POLICY = RetryPolicy(first_s=1.0, cap_s=300.0, max_attempts=20)
"""A message is tried for about an hour: an outage of a platform or a token renewed by hand fits in."""


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """Try again after `delay_s` seconds, or None: give up."""

    delay_s: float | None
    reason: str


def decide(error: Exception, attempts: int, policy: RetryPolicy, *, jitter: float) -> RetryDecision:
    """Decide about attempt number `attempts` (from 1) that ended with `error`.

    `jitter` in [0, 1) spreads the delay over 75–125 % of its nominal value, so that a recovering
    collaborator is not met by everybody at once.
    """
    reason = type(error).__name__
    if isinstance(error, (BotRefused, Refused)) or attempts >= policy.max_attempts:
        return RetryDecision(None, reason)
    nominal = min(policy.cap_s, policy.first_s * 2.0 ** (attempts - 1))
    return RetryDecision(nominal * (0.75 + 0.5 * jitter), reason)
