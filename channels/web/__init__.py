"""The API and the widget as channels: their modules bound to the requests and the pages that wait in this process."""

from __future__ import annotations

from dataclasses import dataclass, field

from channels.event import OutboxMessage, TurnOutcome, conversation_key
from channels.web.parse import CHANNEL
from channels.web.render import render
from channels.web.send import WaitingRequests
from channels.web.session import CHANNEL as WIDGET
from channels.web.stream import Streams


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


@dataclass(frozen=True, slots=True)
class WidgetChannel:
    """Pages with the widget. The store is where they read: to be in the outbox is to be sent."""

    streams: Streams
    name: str = WIDGET

    def render(self, outcome: TurnOutcome, *, account: str) -> tuple[str, ...]:  # noqa: ARG002 - the same for all
        """See `Channel.render`."""
        return render(outcome)

    async def send(self, message: OutboxMessage) -> str:
        """See `Channel.send`: wakes the pages of the conversation; who is not there reads it on coming back."""
        self.streams.wake(conversation_key(message.channel, message.account, message.person))
        return message.in_reply_to

    async def find_sent(self, message: OutboxMessage) -> str | None:  # noqa: ARG002 - waking a page twice is harmless
        """See `Channel.find_sent`: there is no doubt about what everybody reads from the store."""
        return None
