"""Whatever is done to them, the inbox on disk and the plain one in memory say the same."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from channels.errors import LeaseLost
from channels.event import Claim, EventKind, OutboxMessage, Pause, Standing
from channels.inbox.sqlite import SqliteInbox
from channels.ports import Inbox
from channels.testing import ManualClock, MemoryInbox
from tests.contract.inbox import CAP, WROTE_AT, event
from tests.contract.outbox import echo, saying

LEASE_S = 30

persons = st.sampled_from("12")
accounts = st.sampled_from("98")
owners = st.sampled_from("ab")
recent = st.integers(0, 3)
"""Which of the pieces of work claimed last, 0 the newest."""
texts = st.sampled_from(["a", "b"])
seconds = st.integers(0, 40)


class Player:
    """One inbox, its clock, and the work that it has handed out."""

    def __init__(self, inbox: Inbox, clock: ManualClock) -> None:
        self.inbox = inbox
        self.clock = clock
        self.claims: list[Claim] = []
        self.messages: list[OutboxMessage] = []
        self.proved: set[int] = set()

    async def claim(self, owner: str, limit: int) -> list[Claim]:
        found = await self.inbox.claim(owner=owner, limit=limit, lease_s=LEASE_S)
        self.claims += found
        return [replace(claim, id=0) for claim in found]

    async def claim_outbox(self, owner: str, limit: int) -> list[OutboxMessage]:
        found = await self.inbox.claim_outbox(owner=owner, limit=limit, lease_s=LEASE_S)
        self.messages += found
        assert not self.proved & {message.id for message in found}
        return [replace(message, id=0) for message in found]

    async def settle(self, message: OutboxMessage, **signal: str) -> bool:
        is_ours = await self.inbox.settle_echo(echo(outbox_id=str(message.id), **signal))
        if is_ours:
            self.proved.add(message.id)
        return is_ours

    async def resend(self, queue: str) -> int:
        return await self.inbox.resend(
            queue, [letter.id for letter in await self.inbox.dead_letters() if letter.queue == queue]
        )

    async def lists(self) -> list[object]:
        letters = [replace(letter, id=0) for letter in await self.inbox.dead_letters()]
        left = [replace(left, id=0) for left in await self.inbox.left_messages()]
        replies = [await self.inbox.replies_to("zalo", f"m-{key}") for key in range(10)]
        return [await self.inbox.depth(), letters, left, await self.inbox.pauses(), replies]


class Agreement(RuleBasedStateMachine):
    """Both inboxes are told the same."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        clocks = ManualClock(), ManualClock()
        self.disk = SqliteInbox(Path(self.folder.name) / "g.db", clock=clocks[0], pending_cap=CAP)
        self.runner.run(self.disk.open())
        memory = MemoryInbox(clock=clocks[1], pending_cap=CAP)
        self.players = Player(self.disk, clocks[0]), Player(memory, clocks[1])

    def teardown(self) -> None:
        self.runner.run(self.disk.close())
        self.runner.close()
        self.folder.cleanup()

    def both(self, act: Callable[[Player], Awaitable[object]]) -> None:
        async def answer(player: Player) -> object:
            try:
                return await act(player)
            except LeaseLost:
                return "lease lost"

        on_disk, in_memory = (self.runner.run(answer(player)) for player in self.players)
        assert on_disk == in_memory

    def with_claim(self, index: int, act: Callable[[Player, Claim], Awaitable[object]]) -> None:
        if index < len(self.players[0].claims):
            self.both(lambda player: act(player, player.claims[-1 - index]))

    def with_message(self, index: int, act: Callable[[Player, OutboxMessage], Awaitable[object]]) -> None:
        if index < len(self.players[0].messages):
            self.both(lambda player: act(player, player.messages[-1 - index]))

    @rule(key=st.integers(0, 9), person=persons, account=accounts, kind=st.sampled_from(EventKind), hours=recent)
    def accept(self, key: int, person: str, account: str, kind: EventKind, hours: int) -> None:
        at = WROTE_AT + timedelta(hours=hours)
        one = event(str(key), person=person, account=account, kind=kind, occurred_at=at)
        self.both(lambda player: player.inbox.accept(one))

    @rule(owner=owners, limit=st.integers(1, 3))
    def claim(self, owner: str, limit: int) -> None:
        self.both(lambda player: player.claim(owner, limit))

    @rule(
        index=recent,
        messages=st.lists(texts, max_size=3),
        choices=st.lists(texts, max_size=2),
        silent=st.none() | seconds,
        leaves=st.booleans(),
        left=st.none() | texts,
    )
    def finish(
        self, index: int, messages: list[str], choices: list[str], silent: int | None, leaves: bool, left: str | None
    ) -> None:
        def act(player: Player, claim: Claim) -> Awaitable[object]:
            until = None if silent is None else player.clock.now() + timedelta(seconds=silent)
            standing = Standing(tuple(choices), silent_until=until, is_leaving_message=leaves)
            payloads = [saying(text) for text in messages]
            return player.inbox.finish(claim, messages=payloads, standing=standing, left_message=left)

        self.with_claim(index, act)

    @rule(index=recent, delay=st.none() | seconds)
    def fail(self, index: int, delay: int | None) -> None:
        self.with_claim(
            index, lambda player, claim: player.inbox.fail(claim, retry_at=_later(player, delay), reason="r")
        )

    @rule(owner=owners, limit=st.integers(1, 3))
    def claim_outbox(self, owner: str, limit: int) -> None:
        self.both(lambda player: player.claim_outbox(owner, limit))

    @rule(index=recent, platform_id=texts)
    def mark_sent(self, index: int, platform_id: str) -> None:
        self.with_message(index, lambda player, message: player.inbox.mark_sent(message, platform_id=platform_id))

    @rule(index=recent, delay=st.none() | seconds, is_in_doubt=st.booleans())
    def mark_unsent(self, index: int, delay: int | None, is_in_doubt: bool) -> None:
        self.with_message(
            index,
            lambda player, message: player.inbox.mark_unsent(
                message, retry_at=_later(player, delay), reason="r", is_in_doubt=is_in_doubt
            ),
        )

    @rule(index=recent, person=persons, account=accounts, message_id=texts)
    def echo_of_our_id(self, index: int, person: str, account: str, message_id: str) -> None:
        self.with_message(
            index,
            lambda player, message: player.settle(message, person=person, account=account, message_id=message_id),
        )

    @rule(person=persons, account=accounts, message_id=st.sampled_from(["", "a", "b"]), text=texts)
    def echo_of_a_text(self, person: str, account: str, message_id: str, text: str) -> None:
        signal = echo(person=person, account=account, message_id=message_id, text=text)
        self.both(lambda player: player.inbox.settle_echo(signal))

    @rule(person=persons, account=accounts, hours=recent)
    def note_interaction(self, person: str, account: str, hours: int) -> None:
        at = WROTE_AT + timedelta(hours=hours)
        self.both(lambda player: player.inbox.note_interaction("zalo", account, person, at))

    @rule(person=persons, account=accounts, ago=seconds)
    def forget(self, person: str, account: str, ago: int) -> None:
        conversation = f"zalo:{account}:{person}"
        self.both(
            lambda player: player.inbox.forget(conversation, before=player.clock.now() - timedelta(seconds=ago - 1))
        )

    @rule(account=accounts, duration=seconds)
    def pause(self, account: str, duration: int) -> None:
        self.both(
            lambda player: player.inbox.pause(
                Pause("zalo", account, player.clock.now() + timedelta(seconds=duration), "r")
            )
        )

    @rule(queue=st.sampled_from(["inbox", "outbox"]))
    def resend(self, queue: str) -> None:
        self.both(lambda player: player.resend(queue))

    @rule(ago=seconds)
    def purge(self, ago: int) -> None:
        self.both(lambda player: player.inbox.purge(before=player.clock.now() - timedelta(seconds=ago)))

    @rule()
    def release_leases(self) -> None:
        self.both(lambda player: player.inbox.release_leases())

    @rule(duration=st.sampled_from([1, 10, 31, 31 * 86_400]))
    def wait(self, duration: int) -> None:
        for player in self.players:
            player.clock.advance(duration)

    @invariant()
    def they_list_the_same(self) -> None:
        self.both(lambda player: player.lists())


def _later(player: Player, delay: int | None) -> datetime | None:
    return None if delay is None else player.clock.now() + timedelta(seconds=delay)


TestAgreement = Agreement.TestCase
TestAgreement.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
