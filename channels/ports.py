"""What the gateway needs from others, as protocols; every implementation passes the same contract suite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.reply import Turn, TurnResult
from channels.event import (
    Acceptance,
    Claim,
    Consent,
    DeadLetter,
    Depth,
    Erasure,
    InboundEvent,
    LeftMessage,
    OutboxMessage,
    ParsedRequest,
    Pause,
    Signal,
    Standing,
    TurnOutcome,
)
from channels.thread import Changes, Cursor, Entry, Feedback, Notice


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """Return the present instant, UTC and aware."""


class Bot(Protocol):
    """Whoever answers a turn."""

    async def ask(self, turn: Turn) -> TurnResult:
        """Return the replies to one turn. Raises BotUnavailable (try again) or BotRefused (do not)."""

    async def forget(self, conversation: str) -> None:
        """Return when nothing of a conversation is in the bot's memory. Raises BotUnavailable and BotRefused."""

    async def check(self) -> None:
        """Return when the bot can answer now; raises BotError otherwise."""


class Inbox(Protocol):
    """Durable store of accepted events and of the messages that answer them.

    Every method may raise StoreUnavailable, and then nothing has changed.
    """

    async def accept(self, event: InboundEvent, *, needs_consent: bool = False) -> Acceptance:
        """Store an event unless its (channel, dedup_key) is known; on return it survives a crash.

        A consent that comes with a new one is kept in the same transaction, once for each notice. With `needs_consent`
        one has to come with it, or to stand in its conversation at that instant.
        """

    async def claim(self, *, owner: str, limit: int, lease_s: float) -> list[Claim]:
        """Lease up to `limit` events, oldest first, each the oldest open one of a conversation with none in flight."""

    async def finish(
        self, claim: Claim, *, messages: Sequence[str], standing: Standing, left_message: str | None = None
    ) -> None:
        """In one transaction: the event is done, its messages are in the outbox, the conversation stands anew.

        `left_message` is kept for the officers. Raises LeaseLost, and changes nothing, when the lease is no longer
        the claim's owner's.
        """

    async def fail(self, claim: Claim, *, retry_at: datetime | None, reason: str) -> None:
        """Offer the event again at `retry_at`, its conversation waiting for it; None gives it up. Raises LeaseLost."""

    async def claim_outbox(self, *, owner: str, limit: int, lease_s: float) -> list[OutboxMessage]:
        """Lease up to `limit` messages, oldest first, at most one of a conversation, none of a paused account.

        A message whose former lease ended without a word comes back with `doubtful_since` set.
        """

    async def mark_sent(self, message: OutboxMessage, *, platform_id: str) -> None:
        """The platform took the message under its own id. Raises LeaseLost unless an echo has said so before."""

    async def mark_unsent(
        self, message: OutboxMessage, *, retry_at: datetime | None, reason: str, is_in_doubt: bool = False
    ) -> None:
        """The platform did not take it: offer it again at `retry_at`, or None for a dead letter. Raises LeaseLost.

        `is_in_doubt` says that the message may have arrived all the same. Nothing changes when an echo has proved it.
        """

    async def settle_echo(self, echo: Signal) -> bool:
        """Tell whether an echo is of a message of ours, and mark that message as proved, and sent where it was not yet.

        It is ours when the outbox holds its `outbox_id` or platform id in that conversation, or a message with its
        text that is being sent or is in doubt.
        """

    async def note_interaction(self, channel: str, account: str, person: str, at: datetime) -> None:
        """The person did something at `at` that opens the platform's window."""

    async def forget(self, conversation: str, *, before: datetime) -> int:
        """Delete everything of a conversation that came before; return how many rows. Work in hand is let go too.

        In the same transaction an erasure is noted, for the bot has to forget it as well. Of a consent stays that it
        was given, and now withdrawn.
        """

    async def erasures(self) -> list[Erasure]:
        """Return what the bot has still to forget, oldest first, at most 1,000.

        Where a turn was in hand when the conversation was forgotten, its erasure is there when that turn's lease is
        over: by then the bot has heard the last of it.
        """

    async def end_erasure(self, erasure: Erasure) -> None:
        """The bot has forgotten it."""

    async def consents(self, conversation: str | None = None) -> list[Consent]:
        """Return what was agreed to in a conversation, or in any, the newest first, at most 1,000.

        What was withdrawn is there too. After two years nothing of it is.
        """

    async def count_consents(self, conversation: str | None = None) -> tuple[int, int]:
        """Return how often somebody agreed in a conversation, or in any, and how often it was withdrawn since."""

    async def pause(self, pause: Pause) -> None:
        """Send nothing to an account until then; a later call replaces it, one in the past ends it."""

    async def pauses(self) -> list[Pause]:
        """Return the accounts to which nothing is sent now."""

    async def replies_to(self, channel: str, message_id: str) -> list[str]:
        """Return the payloads stored in answer to one event, in order; [] while it is open."""

    async def release_leases(self) -> int:
        """End all leases at once and return how many: for the start of the only gateway of this store."""

    async def purge(self, *, before: datetime) -> int:
        """Forget finished events, sent and dead messages and idle conversations older than `before`; count them."""

    async def depth(self) -> Depth:
        """Count the work that waits."""

    async def dead_letters(self) -> list[DeadLetter]:
        """Return what was given up, newest first, at most 1,000."""

    async def resend(self, queue: str, ids: Sequence[int]) -> int:
        """Offer dead letters of a queue (inbox | outbox) again from their first attempt; return how many there were."""

    async def last_events(self, channel: str, account: str) -> dict[str, datetime]:
        """Return when each kind of event of an account last came, UTC, by the values of EventKind.

        Under SignalKind.ECHO's stands when the last message was sent that an echo has shown.
        """

    async def left_messages(self) -> list[LeftMessage]:
        """Return what people wrote to a closed office, oldest first, at most 1,000."""

    async def entries_after(self, conversation: str, cursor: Cursor, *, limit: int) -> list[Entry]:
        """Return the first `limit` texts and answers of a conversation that a reader at `cursor` has not read.

        Each answer comes after its question. Answers are there as soon as they are in the outbox.
        """

    async def position(self, conversation: str) -> Cursor | None:
        """Return the cursor of who has read all of a conversation; None where nothing of it is kept."""

    async def changes_after(self, channel: str, cursor: Cursor | None) -> Changes:
        """Return the conversations of a channel in which something came after `cursor`, whichever process wrote it.

        None tells only where to look from.
        """

    async def give_feedback(self, feedback: Feedback) -> bool:
        """Keep what a person thinks of an answer, in place of before; False where that conversation has no such."""

    async def feedback(self) -> list[Feedback]:
        """Return what people think of answers, newest first, at most 1,000."""

    async def count_feedback(self) -> tuple[int, int]:
        """Return how many answers people found useful, and how many not."""

    async def pin_notice(self, agency: str, notice: Notice | None) -> None:
        """Pin a notice over the conversations of an agency in place of the one before; None takes it off."""

    async def notices(self) -> dict[str, Notice]:
        """Return the notices that are pinned now, by agency."""


class Channel(Protocol):
    """One way out to people: turns an outcome into messages and delivers them."""

    @property
    def name(self) -> str:
        """Name in conversation keys, logs and metrics."""

    def render(self, outcome: TurnOutcome, *, account: str) -> tuple[str, ...]:
        """Return the messages (JSON payloads) within the platform's limits, in order; pure, never fails."""

    async def send(self, message: OutboxMessage) -> str:
        """Deliver one message and return the platform's id of it. Raises RetryLater, InDoubt or Refused."""

    async def find_sent(self, message: OutboxMessage) -> str | None:
        """Ask the platform whether a message in doubt arrived: its id, or None when it certainly did not.

        Raises RetryLater when the platform cannot say now.
        """


@dataclass(frozen=True, slots=True)
class VerifiedRequest:
    """The raw body of a request whose signature held."""

    body: bytes = field(repr=False)
    account: str = ""  # whose key signed it, where the body names no account


class WebhookChannel(Channel, Protocol):
    """A channel whose platform calls us."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the settings without which the channel is off; empty when it serves at least one account."""

    def verify(self, body: bytes, headers: Mapping[str, Sequence[str]]) -> VerifiedRequest | None:
        """Check the signature over the raw bytes; None is a probe: answer 200 and do nothing. Raises BadSignature.

        `headers` maps lower-case names to all values received under that name.
        """

    def parse(self, request: VerifiedRequest) -> ParsedRequest:
        """Return what a verified request says. Raises MalformedEvent when the whole of it is unreadable."""
