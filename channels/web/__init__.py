"""The API and the plain web page as a channel: its modules bound to the requests that wait in this process."""

from __future__ import annotations

from dataclasses import dataclass, field

from channels.event import OutboxMessage, TurnOutcome
from channels.web.parse import CHANNEL
from channels.web.render import render
from channels.web.send import WaitingRequests


@dataclass(frozen=True, slots=True)
class WebChannel:
    """Answers `POST /api/v1/answers`; always on."""

    waiting: WaitingRequests = field(default_factory=WaitingRequests)
    name: str = CHANNEL

    def render(self, outcome: TurnOutcome, *, account: str) -> tuple[str, ...]:  # noqa: ARG002 - there is one
        """See `Channel.render`."""
        return render(outcome)

    async def send(self, message: OutboxMessage) -> str:
        """See `Channel.send`: wakes the waiting request, whose message id is the platform's id."""
        self.waiting.deliver(message)
        return message.in_reply_to

    async def find_sent(self, message: OutboxMessage) -> str | None:  # noqa: ARG002 - waking a request twice is harmless
        """See `Channel.find_sent`: nothing is ever in doubt for long, the request reads the store itself."""
        return None
