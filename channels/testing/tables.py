"""The tables of the inbox in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from channels.event import BY_PERSON, Consent, Erasure, InboundEvent, LeftMessage, Pause, Signal, SignalKind, Standing
from channels.inbox.echo import RECENT_S, texts_of
from channels.thread import Feedback, Notice


@dataclass(slots=True)
class Row:
    """An event, or a message that answers one."""

    id: int
    conversation: str  # "" once it is forgotten
    accepted_at: datetime
    due_at: datetime
    changed_at: datetime
    event: InboundEvent
    payload: str = ""
    answers: int = 0  # a message: the id of its event
    state: str = "pending"  # pending | leased | done | dead
    attempts: int = 0
    owner: str | None = None
    leased_at: datetime | None = None
    lease_until: datetime | None = None
    reason: str = ""
    platform_id: str = ""
    doubtful_since: datetime | None = None
    is_proved: bool = False

    @property
    def came_at(self) -> datetime:
        """When the event was accepted, or written where that is earlier: an outage may have held it up."""
        return min(self.accepted_at, self.event.occurred_at)

    @property
    def is_open(self) -> bool:
        """Neither done nor given up."""
        return self.state in ("pending", "leased")

    def is_in_flight(self, now: datetime) -> bool:
        """Tell whether somebody works on it at `now`."""
        return self.state == "leased" and self.lease_until is not None and self.lease_until > now

    def is_ready(self, now: datetime) -> bool:
        """Tell whether it can be leased at `now`, whatever else is in its conversation."""
        return self.due_at <= now if self.state == "pending" else self.state == "leased" and not self.is_in_flight(now)

    def doubt(self) -> None:
        """Nobody knows how the attempt ended."""
        self.doubtful_since = self.doubtful_since or self.leased_at

    def settle(self, state: str, now: datetime) -> None:
        """End the lease in a new state."""
        self.state, self.owner, self.lease_until, self.changed_at = state, None, None, now


@dataclass(slots=True)
class Conversation:
    """What is known of a conversation; `came_at` is when the event came that was answered last."""

    changed_at: datetime
    standing: Standing | None = None
    came_at: datetime | None = None
    last_user_at: datetime | None = None


@dataclass(slots=True)
class Tables:
    """All there is."""

    inbox: list[Row] = field(default_factory=list)
    outbox: list[Row] = field(default_factory=list)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    left: list[tuple[datetime, LeftMessage]] = field(default_factory=list)  # with the time at which it was accepted
    pauses: dict[tuple[str, str], Pause] = field(default_factory=dict)
    feedback: dict[tuple[str, str], Feedback] = field(default_factory=dict)  # by conversation and message id
    notices: dict[str, Notice] = field(default_factory=dict)
    erasures: list[tuple[datetime, Erasure]] = field(default_factory=list)  # with the time from which it may be done
    consents: list[tuple[str, Consent]] = field(default_factory=list)  # with the conversation

    def count(self) -> int:
        """Count the rows of all tables."""
        return sum(
            map(
                len,
                (
                    self.inbox,
                    self.outbox,
                    self.conversations,
                    self.left,
                    self.pauses,
                    self.feedback,
                    self.notices,
                    self.consents,
                ),
            )
        )

    def row_of(self, echo: Signal, now: datetime) -> Row | None:
        """Return the oldest message that an echo can be of: by our id, by the platform's, by its text."""
        recent = now - timedelta(seconds=RECENT_S)
        here = [
            row
            for row in self.outbox
            if (row.event.channel, row.event.account) == (echo.channel, echo.account)
            and row.conversation in (echo.conversation, "")
        ]
        ways: tuple[Callable[[Row], object], ...] = (
            lambda row: str(row.id) == echo.outbox_id and (row.attempts or row.doubtful_since),
            lambda row: echo.message_id and row.platform_id == echo.message_id,
            lambda row: (row.state == "leased" or row.doubtful_since) and echo.text in texts_of(row.payload),
            lambda row: row.state == "done" and row.changed_at >= recent and echo.text in texts_of(row.payload),
        )
        return next((row for is_it in ways for row in here if is_it(row)), None)

    def last_events(self, channel: str, account: str) -> dict[str, datetime]:
        """Return when each kind of event of an account last came; see `Inbox.last_events`."""
        came = [(row.event, row.event.kind.value, row.event.occurred_at) for row in self.inbox]
        shown = [
            (row.event, SignalKind.ECHO.value, row.leased_at) for row in self.outbox if row.is_proved and row.leased_at
        ]
        found: dict[str, datetime] = {}
        for event, kind, at in [*came, *shown]:
            if (event.channel, event.account) == (channel, account):
                found[kind] = max(at, found.get(kind, at))
        return found

    def last_act(self, conversation: str) -> datetime | None:
        """Return when the person last did something that opens the window, what waits for its answer included."""
        known = self.conversations.get(conversation)
        acts = [
            row.event.occurred_at
            for row in self.inbox
            if row.is_open and row.conversation == conversation and row.event.kind in BY_PERSON
        ]
        return max([*acts, known.last_user_at] if known and known.last_user_at else acts, default=None)
