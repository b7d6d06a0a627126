"""What becomes of a webhook request: stored, noted, let go or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from channels.errors import BadSignature, MalformedEvent, StoreUnavailable
from channels.event import Acceptance, EventKind, InboundEvent, ParsedRequest, Signal, SignalKind, Standing
from channels.metrics import GatewayMetrics
from channels.ports import VerifiedRequest
from channels.reception import MAX_WEBHOOK_BYTES, Reception
from channels.testing import ManualClock, MemoryInbox, RecordingSender

CLOCK = ManualClock()
NOW = CLOCK.now()


@dataclass
class Platform(RecordingSender):
    """A channel that reads into every request what a test has put there."""

    parsed: ParsedRequest = field(default_factory=ParsedRequest)
    error: Exception | None = None
    is_probe: bool = False
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__init__("zalo")

    def verify(self, body: bytes, headers: Mapping[str, Sequence[str]]) -> VerifiedRequest | None:
        if isinstance(self.error, BadSignature):
            raise self.error
        return None if self.is_probe else VerifiedRequest(body)

    def parse(self, request: VerifiedRequest) -> ParsedRequest:
        if self.error:
            raise self.error
        return self.parsed


class FullInbox(MemoryInbox):
    """A store whose disk is full."""

    async def accept(self, event: InboundEvent, *, needs_consent: bool = False) -> Acceptance:
        raise StoreUnavailable("database or disk is full")

    async def note_interaction(self, channel: str, account: str, person: str, at: datetime) -> None:
        raise StoreUnavailable("database or disk is full")


class Office:
    """A reception with its store."""

    def __init__(self, inbox: MemoryInbox | None = None) -> None:
        self.inbox = inbox or MemoryInbox(clock=CLOCK)
        self.metrics = GatewayMetrics()
        self.rung = 0
        self.reception = Reception(inbox=self.inbox, clock=CLOCK, metrics=self.metrics, on_accepted=self.ring)

    def ring(self) -> None:
        self.rung += 1

    async def take(self, platform: Platform, body: bytes = b"{}") -> tuple[str, int]:
        taken = await self.reception.take(platform, body, {})
        return taken.outcome, taken.status


def event(key: str = "k", *, age: timedelta = timedelta(0)) -> InboundEvent:
    return InboundEvent("zalo", "9", "7", key, key, EventKind.TEXT, "hỏi", NOW - age)


def signal(kind: SignalKind, **more: object) -> Signal:
    return Signal("zalo", "9", kind, kind.value, person="7", occurred_at=NOW, **more)  # type: ignore[arg-type]


async def test_a_batch_is_stored_and_announced_and_a_repeat_changes_nothing() -> None:
    office, platform = Office(), Platform(parsed=ParsedRequest((event("a"), event("b")), malformed=1, ignored=("x",)))
    assert await office.take(platform) == ("accepted", 200)
    assert await office.take(platform) == ("accepted", 200)
    assert (office.rung, (await office.inbox.depth()).inbox_open) == (2, 2)


@pytest.mark.parametrize(
    ("platform", "ending"),
    [
        (Platform(is_probe=True), ("probe", 200)),
        (Platform(error=MalformedEvent("nonsense")), ("malformed", 200)),
        (Platform(error=BadSignature("no")), ("bad_signature", 403)),
    ],
)
async def test_what_is_not_an_event_ends_by_name(platform: Platform, ending: tuple[str, int]) -> None:
    assert await Office().take(platform) == ending


async def test_a_body_over_the_limit_is_not_looked_at() -> None:
    assert await Office().take(Platform(), b"x" * (MAX_WEBHOOK_BYTES + 1)) == ("too_large", 413)


@pytest.mark.parametrize("parsed", [ParsedRequest((event(),)), ParsedRequest(signals=(signal(SignalKind.INTERACTED),))])
async def test_a_store_that_cannot_take_it_is_never_told_as_success(parsed: ParsedRequest) -> None:
    assert await Office(FullInbox(clock=CLOCK)).take(Platform(parsed=parsed)) == ("store_unavailable", 503)


async def test_an_event_older_than_a_day_is_let_go() -> None:
    office = Office()
    await office.take(Platform(parsed=ParsedRequest((event(age=timedelta(hours=25)),))))
    assert (await office.inbox.depth()).inbox_open == 0


async def test_an_echo_of_ours_is_settled_and_one_of_nobody_we_know_is_an_officers() -> None:
    office = Office()
    await office.inbox.accept(event())
    [claim] = await office.inbox.claim(owner="w", limit=1, lease_s=60)
    await office.inbox.finish(claim, messages=['{"message": {"text": "đáp"}}'], standing=Standing())
    await office.inbox.claim_outbox(owner="s", limit=1, lease_s=60)
    ours = signal(SignalKind.ECHO, message_id="m1", text="đáp")
    await office.take(Platform(parsed=ParsedRequest(signals=(ours,))))
    assert await office.inbox.claim(owner="w", limit=1, lease_s=60) == []
    theirs = signal(SignalKind.ECHO, message_id="m2", text="tôi là cán bộ")
    for _ in range(2):
        await office.take(Platform(parsed=ParsedRequest(signals=(theirs,))))
    [officer] = await office.inbox.claim(owner="w", limit=2, lease_s=60)
    assert officer.event.kind is EventKind.OFFICER_SPOKE


async def test_a_reaction_opens_the_window_without_an_answer() -> None:
    office = Office()
    await office.inbox.accept(event(age=timedelta(hours=20)))
    [claim] = await office.inbox.claim(owner="w", limit=1, lease_s=60)
    await office.inbox.finish(claim, messages=["một"], standing=Standing())
    await office.take(Platform(parsed=ParsedRequest(signals=(signal(SignalKind.INTERACTED),))))
    [message] = await office.inbox.claim_outbox(owner="s", limit=1, lease_s=60)
    assert message.last_user_at == NOW


async def test_who_withdraws_is_forgotten() -> None:
    office = Office()
    await office.inbox.accept(event(age=timedelta(hours=1)))
    CLOCK.advance(1)
    withdrawal = Signal("zalo", "9", SignalKind.WITHDREW, "user_withdraw", person="7")
    await office.take(Platform(parsed=ParsedRequest(signals=(withdrawal,))))
    assert await office.inbox.claim(owner="w", limit=1, lease_s=60) == []


async def test_what_a_platform_does_to_the_account_is_told_to_the_operator() -> None:
    office = Office()
    await office.take(Platform(parsed=ParsedRequest(signals=(signal(SignalKind.POLICY, detail="block"),))))
    alerts = office.metrics.registry.get_sample_value(
        "govchat_send_alerts_total", {"channel": "zalo", "reaction": "policy"}
    )
    assert alerts == 1


@pytest.mark.parametrize("kind", [SignalKind.READ, SignalKind.DELIVERED, SignalKind.TAGGED, SignalKind.GROUP])
async def test_the_rest_is_counted_and_changes_nothing(kind: SignalKind) -> None:
    office = Office()
    await office.take(Platform(parsed=ParsedRequest(signals=(signal(kind),))))
    counted = office.metrics.registry.get_sample_value(
        "govchat_events_ignored_total", {"channel": "zalo", "kind": kind.value}
    )
    assert (counted, office.rung) == (1, 0)
