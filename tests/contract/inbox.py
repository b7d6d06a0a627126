"""What every inbox promises about events; each implementation passes with a manual clock and a cap of 5."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from channels.errors import LeaseLost
from channels.event import Acceptance, Claim, EventKind, InboundEvent, Place, Standing
from channels.ports import Inbox
from channels.testing import ManualClock

CAP = 5


WROTE_AT = datetime(2026, 7, 1, tzinfo=UTC)
STANDING = Standing()


def event(
    key: str,
    *,
    person: str = "1",
    text: str = "chào",
    account: str = "9",
    kind: EventKind = EventKind.TEXT,
    occurred_at: datetime = WROTE_AT,
    place: Place | None = None,
) -> InboundEvent:
    return InboundEvent(
        channel="zalo", account=account, person=person, dedup_key=key, message_id=f"m-{key}", kind=kind, text=text,
        occurred_at=occurred_at, lang="vi", as_of=date(2026, 7, 1), place=place,
    )  # fmt: skip


class StoreContract:
    """Subclasses say how a store is opened."""

    def opened(self, clock: ManualClock) -> AbstractAsyncContextManager[Inbox]:
        raise NotImplementedError

    @pytest.fixture
    def clock(self) -> ManualClock:
        return ManualClock()

    @pytest.fixture
    async def inbox(self, clock: ManualClock) -> AsyncIterator[Inbox]:
        async with self.opened(clock) as inbox:
            yield inbox

    async def claim(self, inbox: Inbox, *, owner: str = "a", limit: int = 10) -> list[Claim]:
        return await inbox.claim(owner=owner, limit=limit, lease_s=30)

    async def answered(
        self, inbox: Inbox, key: str, *messages: str, person: str = "1", standing: Standing = STANDING, **more: Any
    ) -> Claim:
        """Accept an event and finish it with messages."""
        await inbox.accept(event(key, person=person, **more))
        [claim] = [each for each in await self.claim(inbox) if each.event.dedup_key == key]
        await inbox.finish(claim, messages=messages, standing=standing)
        return claim


class InboxContract(StoreContract):
    """Events: accepted once, claimed in order, finished or given up; and how their conversations stand."""

    async def test_an_event_is_claimed_as_it_was_accepted(self, inbox: Inbox) -> None:
        sent = event("1", text="lương “cơ sở” \U0001f600\nlà bao nhiêu")
        assert await inbox.accept(sent) is Acceptance.NEW
        [claim] = await self.claim(inbox)
        assert claim.event == sent
        assert (claim.attempts, claim.is_first, claim.standing, claim.owner) == (1, True, None, "a")

    async def test_a_duplicate_is_known_while_open_and_after_it_is_done(self, inbox: Inbox) -> None:
        await inbox.accept(event("1"))
        assert await inbox.accept(event("1")) is Acceptance.DUPLICATE
        [claim] = await self.claim(inbox)
        await inbox.finish(claim, messages=["x"], standing=Standing())
        assert await inbox.accept(event("1", text="nữa")) is Acceptance.DUPLICATE
        assert await self.claim(inbox) == []

    async def test_the_same_key_of_another_channel_is_another_event(self, inbox: Inbox) -> None:
        await inbox.accept(event("1"))
        assert await inbox.accept(replace(event("1"), channel="messenger")) is Acceptance.NEW

    async def test_many_at_once_with_duplicates_are_each_stored_once(self, inbox: Inbox) -> None:
        events = [event(str(number % 20), person=str(number % 20)) for number in range(60)]
        accepted = await asyncio.gather(*(inbox.accept(one) for one in events))
        assert accepted.count(Acceptance.NEW) == 20
        assert (await inbox.depth()).inbox_open == 20

    async def test_a_conversation_has_one_event_in_flight_and_keeps_its_order(self, inbox: Inbox) -> None:
        for key in "123":
            await inbox.accept(event(key))
        await inbox.accept(event("4", person="2"))
        first = await self.claim(inbox)
        assert [claim.event.dedup_key for claim in first] == ["1", "4"]
        assert await self.claim(inbox) == []
        await inbox.finish(first[0], messages=[], standing=Standing())
        assert [claim.event.dedup_key for claim in await self.claim(inbox)] == ["2"]

    async def test_no_more_than_the_limit_is_claimed(self, inbox: Inbox) -> None:
        for person in "12345":
            await inbox.accept(event(person, person=person))
        assert len(await self.claim(inbox, limit=2)) == 2
        assert len(await self.claim(inbox, limit=9)) == 3

    async def test_an_expired_lease_is_offered_again_and_the_late_owner_is_refused(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await inbox.accept(event("1"))
        [late] = await self.claim(inbox, owner="late")
        clock.advance(31)
        [now] = await self.claim(inbox, owner="now")
        assert now.attempts == 2
        with pytest.raises(LeaseLost):
            await inbox.finish(late, messages=["late"], standing=Standing())
        with pytest.raises(LeaseLost):
            await inbox.fail(late, retry_at=clock.now(), reason="late")
        await inbox.finish(now, messages=["now"], standing=Standing())
        assert await inbox.replies_to("zalo", "m-1") == ["now"]

    async def test_an_event_cannot_be_finished_twice(self, inbox: Inbox) -> None:
        await inbox.accept(event("1"))
        [claim] = await self.claim(inbox)
        await inbox.finish(claim, messages=["once"], standing=Standing())
        with pytest.raises(LeaseLost):
            await inbox.finish(claim, messages=["twice"], standing=Standing())
        assert await inbox.replies_to("zalo", "m-1") == ["once"]

    async def test_a_refused_finish_harms_no_other_of_the_same_moment(self, inbox: Inbox) -> None:
        await inbox.accept(event("1"))
        [claim] = await self.claim(inbox)
        results = await asyncio.gather(
            inbox.accept(event("2", person="2")),
            inbox.finish(replace(claim, owner="other"), messages=["x"], standing=Standing()),
            inbox.accept(event("3", person="3")),
            return_exceptions=True,
        )
        assert results[0] is Acceptance.NEW
        assert isinstance(results[1], LeaseLost)
        assert results[2] is Acceptance.NEW

    async def test_a_failed_event_waits_for_its_time_and_holds_its_conversation(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await inbox.accept(event("1"))
        await inbox.accept(event("2"))
        [claim] = await self.claim(inbox)
        await inbox.fail(claim, retry_at=clock.now() + timedelta(seconds=5), reason="BotUnavailable")
        assert await self.claim(inbox) == []
        clock.advance(5)
        [again] = await self.claim(inbox)
        assert (again.event.dedup_key, again.attempts) == ("1", 2)

    async def test_an_event_given_up_is_listed_and_lets_the_next_one_go_on(self, inbox: Inbox) -> None:
        await inbox.accept(event("1"))
        await inbox.accept(event("2"))
        [claim] = await self.claim(inbox)
        await inbox.fail(claim, retry_at=None, reason="hopeless")
        [letter] = await inbox.dead_letters()
        assert (letter.channel, letter.reason, letter.attempts) == ("zalo", "hopeless", 1)
        assert (await inbox.depth()).dead == 1
        assert [found.event.dedup_key for found in await self.claim(inbox)] == ["2"]

    async def test_only_the_first_answer_of_a_conversation_is_first_and_choices_are_remembered(
        self, inbox: Inbox
    ) -> None:
        await inbox.accept(event("1"))
        await inbox.accept(event("2"))
        [claim] = await self.claim(inbox)
        await inbox.finish(claim, messages=["x"], standing=Standing(choices=("Điều 1", "Điều 2")))
        [second] = await self.claim(inbox)
        assert (second.is_first, second.standing) == (False, Standing(choices=("Điều 1", "Điều 2")))
        await inbox.finish(second, messages=["y"], standing=Standing())
        await inbox.accept(event("3"))
        [third] = await self.claim(inbox)
        assert third.standing == Standing()

    async def test_a_conversation_with_too_many_open_events_is_full_until_one_is_done(self, inbox: Inbox) -> None:
        for number in range(CAP):
            assert await inbox.accept(event(str(number))) is Acceptance.NEW
        assert await inbox.accept(event("over")) is Acceptance.FULL
        assert await inbox.accept(event("0")) is Acceptance.DUPLICATE
        assert await inbox.accept(event("other", person="2")) is Acceptance.NEW
        claim = (await self.claim(inbox))[0]
        await inbox.finish(claim, messages=[], standing=Standing())
        assert await inbox.accept(event("over")) is Acceptance.NEW

    @pytest.mark.parametrize("kind", EventKind)
    async def test_every_kind_of_event_comes_back_as_it_was(self, inbox: Inbox, kind: EventKind) -> None:
        sent = event("1", kind=kind, place=Place(10.776889, -106.700806) if kind is EventKind.LOCATION else None)
        await inbox.accept(sent)
        [claim] = await self.claim(inbox)
        assert claim.event == sent

    async def test_a_place_on_the_equator_is_a_place(self, inbox: Inbox) -> None:
        await inbox.accept(event("1", kind=EventKind.LOCATION, place=Place(0.0, 0.0)))
        [claim] = await self.claim(inbox)
        assert claim.event.place == Place(0.0, 0.0)

    async def test_a_conversation_stands_as_its_last_event_left_it(self, inbox: Inbox, clock: ManualClock) -> None:
        silent = Standing(silent_until=clock.now() + timedelta(minutes=60), is_leaving_message=True)
        await self.answered(inbox, "1", standing=silent)
        await inbox.accept(event("2"))
        await inbox.accept(event("3", person="2"))
        same, other = await self.claim(inbox)
        assert (same.standing, other.standing) == (silent, None)
        await inbox.finish(same, messages=[], standing=Standing())
        await inbox.accept(event("4"))
        [last] = await self.claim(inbox)
        assert last.standing == Standing()

    async def test_a_lost_lease_changes_no_standing_and_leaves_no_message(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await inbox.accept(event("1"))
        [late] = await self.claim(inbox, owner="late")
        clock.advance(31)
        await self.claim(inbox, owner="now")
        with pytest.raises(LeaseLost):
            await inbox.finish(late, messages=["x"], standing=Standing(choices=("x",)), left_message="x")
        clock.advance(31)
        [again] = await self.claim(inbox, owner="again")
        assert (again.standing, await inbox.left_messages()) == (None, [])

    async def test_an_interaction_alone_is_no_answer(self, inbox: Inbox, clock: ManualClock) -> None:
        await inbox.note_interaction("zalo", "9", "1", clock.now())
        await inbox.accept(event("1"))
        [claim] = await self.claim(inbox)
        assert claim.is_first
