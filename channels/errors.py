"""Everything that can go wrong at the gateway, named by what the caller does next.

ChannelError
├── BadSignature        the request is not from the platform: 403, nothing else
├── MalformedEvent      signed, but not an event we can read: 200 and a counter, resending would not help
├── BadRequest          a client of the API sent something unusable: 4xx with a code and a sentence
├── StoreUnavailable    nothing was stored: 503, the platform resends
├── LeaseLost           somebody else has taken this piece of work over: drop the result
└── SendError           a message did not reach the platform
    ├── RetryLater      try the same message again
    │   └── InDoubt     as before, but first find out whether the message arrived all the same
    └── Refused         never try it again: dead letter
        └── NotOurs     as before, and keep silent: another app answers in the conversation
"""

from __future__ import annotations

from enum import Enum


class Reaction(str, Enum):
    """What to do about an error code of a platform."""

    RETRY = "retry"  # transient or rate limit
    RENEW_TOKEN = "renew_token"  # noqa: S105 - the access token is no longer good: renewed where it can be, else an operator is told
    STOP_PERSON = "stop_person"  # this person cannot be reached now (window, blocked): no retry
    STOP_CHANNEL = "stop_channel"  # configuration or sanction: an operator is told, the message waits
    BUG = "bug"  # the platform will never accept this message: no retry


ALERTING = frozenset({Reaction.RENEW_TOKEN, Reaction.STOP_CHANNEL})
"""Reactions that an operator must hear of."""


class ChannelError(Exception):
    """Base of the errors of this package."""


class BadSignature(ChannelError):
    """The request is unsigned, altered or signed by somebody else. The message says which, never what was sent."""


class MalformedEvent(ChannelError):
    """A verified request that is not an event as the platform describes it."""


class BadRequest(ChannelError):
    """A request to the API that cannot be served; `code` is stable, the message is for the developer who reads it.

    `retry_after_s` is set where the same request may be good after so many seconds.
    """

    def __init__(self, code: str, message: str, *, http_status: int = 400, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.http_status = http_status
        self.retry_after_s = retry_after_s


class StoreUnavailable(ChannelError):
    """The inbox could not store or read; nothing of the request has been accepted."""


class LeaseLost(ChannelError):
    """The lease ran out and another owner holds the work: the result at hand must be dropped."""


class SendError(ChannelError):
    """A platform did not take a message; `reaction` is the class of its error."""

    def __init__(self, reason: str, reaction: Reaction) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reaction = reaction


class RetryLater(SendError):
    """The message may go through later.

    `after_s` is set where the platform or the hour says after how many seconds, `at_most` where the error may be for
    good and only so many attempts are worth it.
    """

    def __init__(
        self,
        reason: str,
        reaction: Reaction = Reaction.RETRY,
        *,
        after_s: float | None = None,
        at_most: int | None = None,
    ) -> None:
        super().__init__(reason, reaction)
        self.after_s = after_s
        self.at_most = at_most


class InDoubt(RetryLater):
    """The answer was lost: the message may have arrived."""


class Refused(SendError):
    """The message will never go through."""

    def __init__(self, reason: str, reaction: Reaction = Reaction.BUG) -> None:
        super().__init__(reason, reaction)


class NotOurs(Refused):
    """Another app has the conversation, and the platform lets us neither write in it nor take it."""


def send_error(
    reason: str, reaction: Reaction, *, after_s: float | None = None, at_most: int | None = None
) -> SendError:
    """Return the error that stands for `reaction`: an outage, a token and a stopped channel wait, the rest is final."""
    if reaction in (Reaction.STOP_PERSON, Reaction.BUG):
        return Refused(reason, reaction)
    return RetryLater(reason, reaction, after_s=after_s, at_most=at_most)
