"""The nouns of the gateway: what a person sent, the work it becomes, and what goes back.

Words of people are never shown by repr: an error may carry a noun into a log.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from bot.reply import Reply


class EventKind(str, Enum):
    """Kinds of event that change a conversation, in the order in which they came."""

    TEXT = "text"  # typed, or a button of ours that stands for a typed text
    OPENED = "opened"  # followed the account, tapped "get started": the person is there but has asked nothing
    IMAGE = "image"  # a picture or a GIF
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    STICKER = "sticker"
    LOCATION = "location"  # `place` is set where the platform gave coordinates
    CONTACT = "contact"  # somebody's business card
    LINK = "link"  # a shared page or post
    OTHER = "other"  # a message of a kind that we cannot name
    ASIDE = "aside"  # of whatever kind, written while another app owns the conversation
    OFFICER_SPOKE = "officer_spoke"  # a person of the agency, or another app, writes in the conversation
    TAKEN_OVER = "taken_over"  # the platform gave the conversation to somebody else, and lets us write no more
    RETURNED = "returned"  # the platform gave the conversation back to the machine


BY_PERSON = frozenset(EventKind) - {EventKind.OFFICER_SPOKE, EventKind.TAKEN_OVER, EventKind.RETURNED}
"""Kinds that the citizen caused: they open the platform's window."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is, in degrees (WGS 84)."""

    latitude: float  # -90 to 90
    longitude: float  # -180 to 180


@dataclass(frozen=True, slots=True)
class Consent:
    """That a person agreed to the processing of what they write (Law 91/2025/QH15, Article 9), and to which notice."""

    agency: str  # its id
    given_at: datetime  # UTC, by our clock
    lang: str  # in which it was asked: vi | en | zh
    notice: str | None  # address of the notice about personal data that was shown with the question
    version: str | None  # what the agency calls the state of that notice
    withdrawn_at: datetime | None = None  # UTC


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """One thing that one person sent, or that was done in a conversation, whatever the platform."""

    channel: str  # zalo | messenger | viber | api | web
    account: str  # whom the person wrote to: OA id, Page id, our name of a Viber bot, the agency; empty for the API
    person: str  # where the answer goes: the platform's user id; for the API its conversation id
    dedup_key: str  # unique within the channel for as long as the platform resends
    message_id: str  # the platform's id of the message, or the dedup key where it has none
    kind: EventKind
    text: str = field(repr=False)  # tidy (see channels.text), any length; empty unless kind is TEXT or ASIDE
    occurred_at: datetime  # UTC, as the platform says
    lang: str | None = None  # vi | en | zh when the request names one
    as_of: date | None = None  # validity is judged on this day; None: today
    place: Place | None = None  # kind LOCATION only
    consent: Consent | None = None  # that came with it; kept beside the conversation, so no claim holds it

    @property
    def conversation(self) -> str:
        """The namespaced key "zalo:<oa>:<user>", "messenger:<page>:<psid>" or "api:<id>"."""
        return conversation_key(self.channel, self.account, self.person)


def conversation_key(channel: str, account: str, person: str) -> str:
    """Return the key of a conversation; empty parts are left out."""
    return ":".join(part for part in (channel, account, person) if part)


class SignalKind(str, Enum):
    """Kinds of event that get no answer: the first three change what we know, an operator hears of the fourth.

    The others are counted and let go.
    """

    ECHO = "echo"  # the account wrote to a person: we, an officer or another app
    INTERACTED = "interacted"  # opens the window and asks nothing: a reaction, a call, submitted data, a referral
    WITHDREW = "withdrew"  # the person wants their data deleted
    POLICY = "policy"  # the platform warns, blocks or unblocks the account
    REACTED = "reacted"  # did something of which no source says that it opens the window
    UNFOLLOWED = "unfollowed"
    DELIVERED = "delivered"
    FAILED = "failed"  # a message that the platform had taken did not get through
    READ = "read"
    EDITED = "edited"  # of a message that is answered already
    OWNER = "owner"  # who may answer the conversation, where it is not about us
    LINKED = "linked"  # an account of the person was joined or parted
    TAGGED = "tagged"
    GROUP = "group"  # everything of group chats, which are not served
    CALLED = "called"  # the account called a person, or asked whether it may
    TEMPLATE = "template"  # paid templates and their quotas, which we do not use
    ADMINISTRATION = "administration"  # widgets, extensions, shops and the like
    ANONYMOUS = "anonymous"  # a visitor out of our reach: no id (Zalo, Messenger), or not subscribed (Viber)


@dataclass(frozen=True, slots=True)
class Signal:
    """An event of the platform's catalogue that gets no answer."""

    channel: str
    account: str
    kind: SignalKind
    name: str  # the platform's own name of it, from a closed set: a label of the counter
    person: str = ""  # the citizen's platform id, "" where none is named
    occurred_at: datetime | None = None  # UTC; None where the platform gives none
    message_id: str = ""  # ECHO: the platform's id of the message
    text: str = field(default="", repr=False)  # ECHO: tidy, by which a send whose answer was lost is recognised
    outbox_id: str = ""  # ECHO: the metadata that we sent along, where the platform returns it
    detail: str = ""  # POLICY: the platform's word for what it did, from a closed set

    @property
    def conversation(self) -> str:
        """See `InboundEvent.conversation`."""
        return conversation_key(self.channel, self.account, self.person)


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """What one webhook request held: events to accept, signals, and the names of those let go."""

    events: tuple[InboundEvent, ...] = ()
    signals: tuple[Signal, ...] = ()
    ignored: tuple[str, ...] = ()  # names of what we do not know, from a closed set
    malformed: int = 0  # items of a batch that could not be read


class Acceptance(str, Enum):
    """What the inbox did with an event."""

    NEW = "new"
    DUPLICATE = "duplicate"
    FULL = "full"  # the conversation has too many unanswered events: nothing was stored
    UNAGREED = "unagreed"  # it needs a consent, and none came with it or stands: nothing was stored


@dataclass(frozen=True, slots=True)
class Standing:
    """How a conversation stands after an event."""

    choices: tuple[str, ...] = field(
        default=(), repr=False
    )  # texts of the choices offered last, in the order of their numbers
    silent_until: datetime | None = None  # a person answers until then, the machine keeps silent
    is_leaving_message: bool = False  # the office is closed and the next text is a message to it


@dataclass(frozen=True, slots=True)
class Claim:
    """An event under a lease: this owner answers it, nobody else."""

    id: int
    owner: str
    event: InboundEvent
    attempts: int  # this one included: 1 the first time
    standing: Standing | None  # None: nothing has happened in this conversation yet

    @property
    def is_first(self) -> bool:
        """Tell whether nothing has been answered in this conversation yet."""
        return self.standing is None


@dataclass(frozen=True, slots=True)
class TurnOutcome:
    """What goes back for one event, before any platform's limits are applied."""

    replies: tuple[Reply, ...] = field(repr=False)
    notices: tuple[str, ...] = ()  # sentences of the gateway itself, shown before the replies
    intent: str | None = None
    snapshot: str | None = None
    hands_over: bool = False  # a person takes the conversation: platforms that can be told are told
    takes_back: bool = False  # another app owns the conversation, and has to lose it before anything is said


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One platform message under a lease of the sender."""

    id: int
    owner: str
    channel: str
    account: str
    person: str
    in_reply_to: str  # message_id of the event that it answers
    payload: str = field(repr=False)  # JSON as the channel's render wrote it
    attempts: int  # this one included
    last_user_at: datetime | None = None  # UTC; when the person last did something that opens the window
    doubtful_since: datetime | None = None  # UTC; set while nobody knows whether the attempt then made arrived

    @property
    def conversation(self) -> str:
        """See `InboundEvent.conversation`."""
        return conversation_key(self.channel, self.account, self.person)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message given up; no text of anybody."""

    id: int  # of its queue
    channel: str
    reason: str
    attempts: int
    died_at: datetime  # UTC
    queue: str = "outbox"  # inbox: an event nobody could answer; outbox: a message nobody could deliver


@dataclass(frozen=True, slots=True)
class LeftMessage:
    """What a person wrote to an office that was closed."""

    id: int
    conversation: str
    text: str = field(repr=False)
    left_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Erasure:
    """A conversation that was forgotten here and that the bot has still to forget."""

    id: int
    conversation: str = field(repr=False)  # a platform's id of a person is part of it


@dataclass(frozen=True, slots=True)
class Pause:
    """An account to which nothing is sent until `until`, and why."""

    channel: str
    account: str
    until: datetime  # UTC
    reason: str


@dataclass(frozen=True, slots=True)
class Depth:
    """How much work waits."""

    inbox_open: int  # accepted and not finished
    outbox_open: int  # to be sent
    dead: int  # given up, both sides
