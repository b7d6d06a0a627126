"""When to try again: pure, from an error and the number of attempts to a decision."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reply import BotRefused
from channels.errors import ALERTING, Refused, RetryLater


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential back-off between attempts, in seconds."""

    first_s: float
    cap_s: float
    max_attempts: int


TURN_POLICY = RetryPolicy(first_s=0.5, cap_s=10.0, max_attempts=16)
"""A turn is tried for about two minutes: a restart of the bot fits in, and a person still waits for the answer."""

SEND_POLICY = RetryPolicy(first_s=1.0, cap_s=300.0, max_attempts=3_000)
"""The platform's window ends a message, not the number of attempts: they are more than a week has, Zalo's longest
window, also where a sanction has used up most of them and the first real attempt then meets a broken connection."""


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """Try again after `delay_s` seconds, or None: give up."""

    delay_s: float | None
    reason: str


def decide(
    error: Exception, attempts: int, policy: RetryPolicy, *, jitter: float, alike: int | None = None
) -> RetryDecision:
    """Decide about attempt number `attempts` (from 1) that ended with `error`.

    `alike` counts those of them that ended with an error that is worth so many attempts only (`at_most`), this one
    included; without it all count.

    `jitter` in [0, 1) spreads the delay over 75–125 % of its nominal value, so that a recovering
    collaborator is not met by everybody at once. What stops a whole account or has its own time never gives up here:
    the platform's window ends it.
    """
    reason = type(error).__name__
    nominal = min(policy.cap_s, policy.first_s * 2.0 ** min(attempts - 1, 30))
    delay_s = nominal * (0.75 + 0.5 * jitter)
    if isinstance(error, RetryLater):
        if error.after_s is not None:
            return RetryDecision(error.after_s, reason)
        if error.reaction in ALERTING:
            return RetryDecision(delay_s, reason)
        if error.at_most is not None and (alike or attempts) >= error.at_most:
            return RetryDecision(None, reason)
    if isinstance(error, (BotRefused, Refused)) or attempts >= policy.max_attempts:
        return RetryDecision(None, reason)
    return RetryDecision(delay_s, reason)
