"""Whatever is done to them, the inbox on disk and the plain one in memory say the same."""

import asyncio
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.errors import LeaseLost
from channels.event import Claim, EventKind, OutboxMessage, Pause, Standing
from channels.inbox.sqlite import SqliteInbox
from channels.ports import Inbox
from channels.testing import ManualClock, MemoryInbox
from tests.contract.inbox import CAP, WROTE_AT, event
from tests.contract.outbox import echo, saying

LEASE_S = 30

OFTEN = Counter(
    accept=6, answer=4, claim=5, finish=4, fail=2, claim_outbox=8, mark_sent=4, mark_unsent=4, echo_of_our_id=1,
    echo_of_a_text=2, note_interaction=1, forget=1, pause=1, resend=2, purge=1, release_leases=1, wait=4,
)  # fmt: skip
"""What is done, and how often of 51 times."""


class Step(NamedTuple):
    """One thing to do; each takes of it what it needs."""

    name: str
    who: tuple[str, str]  # account and person
    owner: str
    work: int  # which of the pieces of work handed out, 0 the newest
    seconds: int | None
    texts: list[str]
    is_so: bool
    kind: EventKind


STEPS = st.lists(
    st.builds(
        Step,
        name=st.sampled_from(sorted(OFTEN.elements())),
        who=st.sampled_from([("9", "1"), ("9", "1"), ("9", "1"), ("9", "2"), ("8", "1")]),
        owner=st.sampled_from("aab"),
        work=st.sampled_from([0, 0, 0, 1, 2]),
        seconds=st.sampled_from([None, 0, 1, 10, 31, 31, 40 * 86_400]),
        texts=st.lists(st.sampled_from("ab"), max_size=3),
        is_so=st.booleans(),
        kind=st.sampled_from([*EventKind, *[EventKind.TEXT] * 10]),
    ),
    min_size=30,
    max_size=60,
)


class Player:
    """Does the steps to one inbox, and keeps the work that it hands out."""

    def __init__(self, inbox: Inbox, clock: ManualClock) -> None:
        self.inbox = inbox
        self.clock = clock
        self.claims: list[Claim] = []
        self.messages: list[OutboxMessage] = []
        self.proved: set[int] = set()
        self.keys = 0

    async def play(self, step: Step) -> object:
        """Return what the inbox said, ids left out."""
        try:
            said = await getattr(self, step.name)(step)
        except LeaseLost:
            said = "lease lost"
        return [said, await self.lists()]

    async def lists(self) -> list[object]:
        depth, letters, left, pauses, *replies = await asyncio.gather(
            self.inbox.depth(),
            self.inbox.dead_letters(),
            self.inbox.left_messages(),
            self.inbox.pauses(),
            *(self.inbox.replies_to("zalo", f"m-{key}") for key in range(self.keys + 1)),
        )
        return [
            depth,
            [replace(each, id=0) for each in letters],
            [replace(each, id=0) for each in left],
            pauses,
            replies,
        ]

    async def accept(self, step: Step) -> object:
        self.keys += step.work == 0  # else the platform sends its last event again
        account, person = step.who
        occurred_at = WROTE_AT + timedelta(seconds=step.seconds or 0)
        one = event(str(self.keys), account=account, person=person, kind=step.kind, occurred_at=occurred_at)
        return await self.inbox.accept(one)

    async def answer(self, step: Step) -> object:
        """A person asks, and everything that waits is answered."""
        account, person = step.who
        self.keys += 1
        await self.inbox.accept(event(str(self.keys), account=account, person=person))
        found = await self.inbox.claim(owner=step.owner, limit=9, lease_s=LEASE_S)
        for claim in found:
            await self.inbox.finish(claim, messages=[saying(text) for text in ["a", *step.texts]], standing=Standing())
        return [replace(claim, id=0) for claim in found]

    async def claim(self, step: Step) -> object:
        found = await self.inbox.claim(owner=step.owner, limit=1 + step.work, lease_s=LEASE_S)
        self.claims += found
        return [replace(claim, id=0) for claim in found]

    async def finish(self, step: Step) -> object:
        if step.work >= len(self.claims):
            return None
        standing = Standing(tuple(step.texts), silent_until=self.after(step.seconds), is_leaving_message=step.is_so)
        return await self.inbox.finish(
            self.claims[-1 - step.work],
            messages=[saying(text) for text in step.texts],
            standing=standing,
            left_message="x" if step.is_so else None,
        )

    async def fail(self, step: Step) -> object:
        if step.work >= len(self.claims):
            return None
        return await self.inbox.fail(self.claims[-1 - step.work], retry_at=self.after(step.seconds), reason="r")

    async def claim_outbox(self, step: Step) -> object:
        found = await self.inbox.claim_outbox(owner=step.owner, limit=1 + step.work, lease_s=LEASE_S)
        assert not self.proved & {message.id for message in found}
        self.messages += found
        return [replace(message, id=0) for message in found]

    async def mark_sent(self, step: Step) -> object:
        if step.work >= len(self.messages):
            return None
        return await self.inbox.mark_sent(self.messages[-1 - step.work], platform_id=f"p-{step.is_so}")

    async def mark_unsent(self, step: Step) -> object:
        if step.work >= len(self.messages):
            return None
        return await self.inbox.mark_unsent(
            self.messages[-1 - step.work], retry_at=self.after(step.seconds), reason="r", is_in_doubt=step.is_so
        )

    async def echo_of_our_id(self, step: Step) -> object:
        if step.work >= len(self.messages):
            return None
        message, (account, person) = self.messages[-1 - step.work], step.who
        is_ours = await self.inbox.settle_echo(echo(account=account, person=person, outbox_id=str(message.id)))
        if is_ours:
            self.proved.add(message.id)
        return is_ours

    async def echo_of_a_text(self, step: Step) -> object:
        account, person = step.who
        message_id = f"p-{step.is_so}" if step.work else ""
        return await self.inbox.settle_echo(
            echo(account=account, person=person, message_id=message_id, text="".join(step.texts[:1]))
        )

    async def note_interaction(self, step: Step) -> object:
        return await self.inbox.note_interaction("zalo", *step.who, WROTE_AT + timedelta(seconds=step.seconds or 0))

    async def forget(self, step: Step) -> object:
        before = self.clock.now() - timedelta(seconds=(step.seconds or 0) - 1)
        return await self.inbox.forget(":".join(("zalo", *step.who)), before=before)

    async def pause(self, step: Step) -> object:
        return await self.inbox.pause(Pause("zalo", step.who[0], self.after(step.seconds) or self.clock.now(), "r"))

    async def resend(self, step: Step) -> object:
        queue = "outbox" if step.is_so else "inbox"
        ids = [letter.id for letter in await self.inbox.dead_letters() if letter.queue == queue]
        return await self.inbox.resend(queue, ids)

    async def purge(self, step: Step) -> object:
        return await self.inbox.purge(before=self.clock.now() - timedelta(seconds=step.seconds or 0))

    async def release_leases(self, _: Step) -> object:
        return await self.inbox.release_leases()

    async def wait(self, step: Step) -> None:
        self.clock.advance(step.seconds or 0)

    def after(self, seconds: int | None) -> datetime | None:
        return None if seconds is None else self.clock.now() + timedelta(seconds=seconds)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_both_inboxes_say_the_same(steps: list[Step]) -> None:
    async def play(folder: str) -> None:
        clocks = ManualClock(), ManualClock()
        disk = SqliteInbox(Path(folder) / "g.db", clock=clocks[0], pending_cap=CAP)
        await disk.open()
        (await disk._writer.run(lambda connection: connection)).execute("PRAGMA synchronous = OFF")
        players = Player(disk, clocks[0]), Player(MemoryInbox(clock=clocks[1], pending_cap=CAP), clocks[1])
        try:
            for step in steps:
                on_disk, in_memory = [await player.play(step) for player in players]
                assert on_disk == in_memory, step.name
        finally:
            await disk.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(folder))


def test_every_method_of_the_port_is_among_the_steps() -> None:
    listed = {"depth", "dead_letters", "left_messages", "pauses", "replies_to", "settle_echo", "open", "close"}
    methods = {name for name in vars(SqliteInbox) if not name.startswith("_")}
    assert methods - listed == set(OFTEN) - {"answer", "wait", "echo_of_our_id", "echo_of_a_text"}
