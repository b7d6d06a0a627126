"""Whatever is done to them, the inbox on disk and the plain one in memory say the same."""

import asyncio
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.errors import LeaseLost
from channels.event import Claim, OutboxMessage, Standing
from channels.inbox.sqlite import SqliteInbox
from channels.ports import Inbox
from channels.testing import ManualClock, MemoryInbox
from tests.contract.inbox import CAP, event

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("accept"), st.integers(0, 9), st.integers(0, 2)),
        st.tuples(st.sampled_from(["claim", "claim_outbox"]), st.sampled_from("ab"), st.integers(1, 3)),
        st.tuples(st.sampled_from(["finish", "retry", "give_up"]), st.integers(0, 5), st.integers(0, 2)),
        st.tuples(st.sampled_from(["sent", "unsent", "dead"]), st.integers(0, 5), st.just(0)),
        st.tuples(st.sampled_from(["wait", "release", "purge"]), st.just(0), st.integers(1, 40)),
    ),
    max_size=40,
)


class Player:
    """Plays steps on one inbox and writes down everything it said, ids left out."""

    def __init__(self, inbox: Inbox, clock: ManualClock) -> None:
        self.inbox = inbox
        self.clock = clock
        self.claims: list[Claim] = []
        self.messages: list[OutboxMessage] = []
        self.said: list[object] = []

    async def play(self, step: tuple[Any, Any, Any]) -> None:
        try:
            self.said.append(await self._play(*step))
        except LeaseLost:
            self.said.append("lease lost")
        self.said.append(await self.inbox.depth())

    async def _play(self, name: str, first: Any, second: Any) -> object:
        inbox = self.inbox
        if name == "accept":
            return await inbox.accept(event(str(first), person=str(second)))
        if name == "claim":
            found = await inbox.claim(owner=first, limit=second, lease_s=30)
            self.claims += found
            return [replace(claim, id=0) for claim in found]
        if name == "claim_outbox":
            messages = await inbox.claim_outbox(owner=first, limit=second, lease_s=30)
            self.messages += messages
            return sorted((message.payload, message.in_reply_to, message.attempts) for message in messages)
        if name in ("finish", "retry", "give_up") and first < len(self.claims):
            claim = self.claims[-1 - first]
            later = self.clock.now() + timedelta(seconds=5) if name == "retry" else None
            if name != "finish":
                return await inbox.fail(claim, retry_at=later, reason="r")
            return await inbox.finish(
                claim, messages=[str(number) for number in range(second)], standing=Standing(choices=("x",) * second)
            )
        if name in ("sent", "unsent", "dead") and first < len(self.messages):
            message = self.messages[-1 - first]
            if name == "sent":
                return await inbox.mark_sent(message, platform_id="p")
            later = self.clock.now() + timedelta(seconds=5) if name == "unsent" else None
            return await inbox.mark_unsent(message, retry_at=later, reason="r")
        if name == "wait":
            self.clock.advance(second)
        if name == "release":
            return await inbox.release_leases()
        if name == "purge":
            return await inbox.purge(before=self.clock.now() - timedelta(seconds=second))
        return None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_both_inboxes_say_the_same(steps: list[tuple[Any, Any, Any]]) -> None:
    async def play(folder: str) -> None:
        clocks = ManualClock(), ManualClock()
        disk = SqliteInbox(Path(folder) / "g.db", clock=clocks[0], pending_cap=CAP)
        await disk.open()
        players = Player(disk, clocks[0]), Player(MemoryInbox(clock=clocks[1], pending_cap=CAP), clocks[1])
        try:
            for step in steps:
                for player in players:
                    await player.play(step)
                assert players[0].said == players[1].said
        finally:
            await disk.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(folder))
