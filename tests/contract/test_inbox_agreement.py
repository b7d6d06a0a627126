"""Whatever is done to them, the inbox on disk and the plain one in memory say the same."""

import asyncio
import random
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.errors import LeaseLost
from channels.event import Claim, Consent, EventKind, OutboxMessage, Pause, Standing
from channels.inbox.sqlite import SqliteInbox
from channels.ports import Inbox
from channels.testing import ManualClock, MemoryInbox
from channels.thread import Cursor, Feedback, Notice
from tests.contract.inbox import CAP, event
from tests.contract.outbox import echo, saying

LEASE_S = 30

LENGTH = 80
"""Steps in a game."""

OFTEN = Counter(
    accept=6, answer=10, claim=5, finish=5, fail=2, claim_outbox=14, mark_sent=5, mark_unsent=5, echo_of_our_id=2,
    echo_of_a_text=3, note_interaction=2, forget=2, pause=1, resend=3, purge=1, release_leases=1, wait=6, read=3,
    give_feedback=3, pin_notice=1, end_erasure=1,
)  # fmt: skip
"""What is done, and how often beside the others."""


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


def steps_of(seed: int) -> list[Step]:
    """Return a random game. Hypothesis' own lists of steps differ too little from each other to find anything."""
    dice = random.Random(seed)
    names = sorted(OFTEN.elements())
    return [
        Step(
            name=dice.choice(names),
            who=dice.choice([("9", "1"), ("9", "1"), ("9", "1"), ("9", "2"), ("8", "1")]),
            owner=dice.choice("aab"),
            work=dice.choice([0, 0, 0, 1, 2]),
            seconds=dice.choice([None, None, 0, 1, 10, 10, 31, 31, 31, 31, 31, 40 * 86_400]),
            texts=dice.choices("ab", k=dice.randint(0, 3)),
            is_so=dice.random() < 0.5,
            kind=dice.choice([*EventKind, *[EventKind.TEXT] * 10]),
        )
        for _ in range(LENGTH)
    ]


class Player:
    """Does the steps to one inbox, and keeps the work that it hands out."""

    def __init__(self, inbox: Inbox, clock: ManualClock) -> None:
        self.inbox = inbox
        self.clock = clock
        self.claims: list[Claim] = []
        self.messages: list[OutboxMessage] = []
        self.proved: set[int] = set()
        self.keys = 0
        self.read_to: dict[str, Cursor] = {}
        self.seen: Cursor | None = None

    async def play(self, step: Step) -> object:
        """Return what the inbox said, ids left out."""
        try:
            said = await getattr(self, step.name)(step)
        except LeaseLost:
            said = "lease lost"
        return [said, await self.inbox.depth()]

    async def lists(self) -> list[object]:
        depth, letters, left, pauses, last, feedback, notices, erasures, *others = await asyncio.gather(
            self.inbox.depth(),
            self.inbox.dead_letters(),
            self.inbox.left_messages(),
            self.inbox.pauses(),
            self.inbox.last_events("zalo", "9"),
            self.inbox.feedback(),
            self.inbox.notices(),
            self.inbox.erasures(),
            self.inbox.consents(),
            self.inbox.consents("zalo:9:1"),
            self.inbox.count_consents(),
            self.inbox.count_consents("zalo:9:1"),
            self.inbox.count_feedback(),
            *(self.inbox.replies_to("zalo", f"m-{key}") for key in range(self.keys + 1)),
        )
        letters = [replace(letter, id=0) for letter in letters]
        left = [replace(message, id=0) for message in left]
        forgotten = [erasure.conversation for erasure in erasures]
        return [depth, letters, left, pauses, last, feedback, notices, forgotten, *others]

    async def accept(self, step: Step) -> object:
        self.keys += step.work == 0  # else the platform sends its last event again
        account, person = step.who
        occurred_at = self.clock.now() - timedelta(seconds=step.seconds or 0)
        one = event(str(self.keys), account=account, person=person, kind=step.kind, occurred_at=occurred_at)
        agreed = Consent("hue", self.clock.now(), "vi", None, "".join(step.texts))
        return await self.inbox.accept(
            replace(one, consent=agreed if step.is_so else None), needs_consent=step.seconds is None
        )

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
        is_ours = await self.inbox.settle_echo(
            echo(account=account, person=person, message_id=f"echo-{message.id}", outbox_id=str(message.id))
        )
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
        return await self.inbox.note_interaction("zalo", *step.who, self.clock.now())

    async def forget(self, step: Step) -> object:
        before = self.clock.now() - timedelta(seconds=(step.seconds or 0) - 1)
        return await self.inbox.forget(":".join(("zalo", *step.who)), before=before)

    async def end_erasure(self, _: Step) -> object:
        due = await self.inbox.erasures()
        for erasure in due[:1]:
            await self.inbox.end_erasure(erasure)
        return [erasure.conversation for erasure in due]

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

    async def read(self, step: Step) -> object:
        """A page of the person reads on; only the numbers of the two stores differ."""
        conversation = ":".join(("zalo", *step.who))
        before = self.read_to.get(conversation, Cursor())
        entries = await self.inbox.entries_after(conversation, before, limit=1 + step.work)
        if entries:
            self.read_to[conversation] = entries[-1].cursor
        changes = await self.inbox.changes_after("zalo", self.seen)
        self.seen = changes.cursor
        position = await self.inbox.position(conversation)
        is_at_end = position is None or position == self.read_to.get(conversation, Cursor())
        return [[replace(entry, cursor=Cursor()) for entry in entries], sorted(changes.conversations), is_at_end]

    async def give_feedback(self, step: Step) -> object:
        key = f"m-{self.keys - step.work}"
        return await self.inbox.give_feedback(
            Feedback(":".join(("zalo", *step.who)), key, step.is_so, "".join(step.texts), self.clock.now())
        )

    async def pin_notice(self, step: Step) -> object:
        notice = Notice("".join(step.texts), None, self.after(step.seconds))
        return await self.inbox.pin_notice(step.who[0], notice if step.is_so else None)

    async def wait(self, step: Step) -> None:
        self.clock.advance(step.seconds or 0)

    def after(self, seconds: int | None) -> datetime | None:
        return None if seconds is None else self.clock.now() + timedelta(seconds=seconds)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_both_inboxes_say_the_same(seed: int) -> None:
    async def play(folder: str) -> None:
        clocks = ManualClock(), ManualClock()
        disk = SqliteInbox(Path(folder) / "g.db", clock=clocks[0], pending_cap=CAP)
        await disk.open()
        (await disk._writer.run(lambda connection: connection)).execute("PRAGMA synchronous = OFF")
        players = Player(disk, clocks[0]), Player(MemoryInbox(clock=clocks[1], pending_cap=CAP), clocks[1])
        try:
            for number, step in enumerate(steps_of(seed)):
                on_disk, in_memory = [await player.play(step) for player in players]
                assert on_disk == in_memory, f"step {number}: {step}"
            on_disk, in_memory = [await player.lists() for player in players]
            assert on_disk == in_memory
        finally:
            await disk.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(folder))


def test_every_method_of_the_port_is_among_the_steps() -> None:
    listed = {"depth", "dead_letters", "left_messages", "pauses", "last_events", "replies_to"}
    listed |= {"feedback", "notices", "erasures", "consents", "count_consents", "count_feedback"}
    read = {"entries_after", "changes_after", "position"}
    methods = {name for name in vars(Inbox) if not name.startswith("_")}
    echoes = {"echo_of_our_id", "echo_of_a_text"}
    assert methods - listed - read - {"settle_echo"} == set(OFTEN) - echoes - {"answer", "wait", "read"}
