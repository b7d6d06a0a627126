"""The nouns of the gateway: what a person sent, the work it becomes, and what goes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from bot.reply import Reply


class EventKind(str, Enum):
    """Kinds of event that a person causes and that get an answer."""

    TEXT = "text"  # typed, or a button that stands for a typed text
    OPENED = "opened"  # followed the account, tapped "get started": the person is there but has asked nothing
    OTHER = "other"  # image, sticker, file, location …: understood as far as "not text"


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """One thing that one person sent, whatever the platform."""

    channel: str  # zalo | messenger | api
    account: str  # whom the person wrote to: OA id, Page id; empty for the API
    person: str  # where the answer goes: the platform's user id; for the API its conversation id
    dedup_key: str  # unique within the channel for as long as the platform resends
    message_id: str  # the platform's id of the message, or the dedup key where it has none
    kind: EventKind
    text: str  # tidy (see channels.text), any length; empty unless kind is TEXT
    occurred_at: datetime  # UTC, as the platform says
    lang: str | None = None  # vi | en | zh when the request names one
    as_of: date | None = None  # validity is judged on this day; None: today

    @property
    def conversation(self) -> str:
        """The namespaced key "zalo:<oa>:<user>", "messenger:<page>:<psid>" or "api:<id>"."""
        return ":".join(part for part in (self.channel, self.account, self.person) if part)


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """What one webhook request held: events to accept and the names of those let go."""

    events: tuple[InboundEvent, ...] = ()
    ignored: tuple[str, ...] = ()  # kinds that are never answered: receipts, echoes, unknown ones
    malformed: int = 0  # items of a batch that could not be read


class Acceptance(str, Enum):
    """What the inbox did with an event."""

    NEW = "new"
    DUPLICATE = "duplicate"
    FULL = "full"  # the conversation has too many unanswered events: nothing was stored


@dataclass(frozen=True, slots=True)
class Claim:
    """An event under a lease: this owner answers it, nobody else."""

    id: int
    owner: str
    event: InboundEvent
    attempts: int  # this one included: 1 the first time
    is_first: bool  # nothing has been answered in this conversation yet
    choices: tuple[str, ...]  # texts of the choices offered last, in the order of their numbers


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What goes back for one event, before any platform's limits are applied."""

    replies: tuple[Reply, ...]
    notices: tuple[str, ...] = ()  # sentences of the gateway itself, shown before the replies
    intent: str | None = None
    snapshot: str | None = None


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One platform message under a lease of the sender."""

    id: int
    owner: str
    channel: str
    account: str
    person: str
    in_reply_to: str  # message_id of the event that it answers
    payload: str  # JSON as the channel's render wrote it
    attempts: int  # this one included


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message given up; no text of anybody."""

    id: int
    channel: str
    reason: str
    attempts: int
    died_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Depth:
    """How much work waits."""

    inbox_open: int  # accepted and not finished
    outbox_open: int  # to be sent
    dead: int  # given up, both sides
