"""What every inbox promises to those who look after it: restarts, purging, forgetting, dead letters, messages left."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.errors import LeaseLost
from channels.event import Acceptance, EventKind, Pause, Standing
from channels.inbox.upkeep import LEFT_MESSAGES_KEPT
from channels.ports import Inbox
from channels.testing import ManualClock
from tests.contract.inbox import WROTE_AT, StoreContract, event
from tests.contract.outbox import echo, saying, sending

ME = "zalo:9:1"


class UpkeepContract(StoreContract):
    """The store as a whole."""

    async def test_released_leases_are_offered_at_once_to_the_next_owner(self, inbox: Inbox) -> None:
        await inbox.accept(event("1"))
        await inbox.accept(event("2", person="2"))
        [one, _] = await self.claim(inbox, owner="dead")
        await inbox.finish(one, messages=["a"], standing=Standing())
        await inbox.claim_outbox(owner="dead", limit=9, lease_s=30)
        assert await inbox.release_leases() == 2
        assert [claim.event.dedup_key for claim in await self.claim(inbox, owner="next")] == ["2"]
        assert len(await inbox.claim_outbox(owner="next", limit=9, lease_s=30)) == 1

    async def test_purging_forgets_what_is_done_and_old_and_nothing_that_waits(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await inbox.accept(event("done"))
        await inbox.accept(event("open", person="2"))
        [claim, _] = await self.claim(inbox)
        await inbox.finish(claim, messages=["unsent"], standing=Standing())
        clock.advance(8 * 86_400)
        assert await inbox.purge(before=clock.now() - timedelta(days=7)) == 2  # the event and its idle conversation
        depth = await inbox.depth()
        assert (depth.inbox_open, depth.outbox_open) == (1, 1)
        assert await inbox.accept(event("done")) is Acceptance.NEW
        assert await inbox.accept(event("open", person="2")) is Acceptance.DUPLICATE

    async def test_purging_ends_pauses_that_are_over_and_forgets_idle_interactions(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await inbox.pause(Pause("zalo", "9", clock.now() + timedelta(seconds=1), "x"))
        await inbox.pause(Pause("zalo", "8", clock.now() + timedelta(days=9), "x"))
        await inbox.note_interaction("zalo", "9", "1", clock.now())
        clock.advance(8 * 86_400)
        assert await inbox.purge(before=clock.now() - timedelta(days=7)) == 2
        assert [pause.account for pause in await inbox.pauses()] == ["8"]

    # Messages left for the officers

    async def left(self, inbox: Inbox, key: str, text: str, *, person: str = "1", **more: Any) -> None:
        await inbox.accept(event(key, person=person, **more))
        [claim] = await self.claim(inbox)
        await inbox.finish(claim, messages=[], standing=Standing(), left_message=text)

    async def test_messages_left_are_listed_oldest_first(self, inbox: Inbox) -> None:
        await self.left(inbox, "1", "gọi lại cho tôi")
        await self.left(inbox, "2", "hồ sơ 12", person="2")
        assert [(left.conversation, left.text, left.left_at) for left in await inbox.left_messages()] == [
            ("zalo:9:1", "gọi lại cho tôi", WROTE_AT),
            ("zalo:9:2", "hồ sơ 12", WROTE_AT),
        ]

    async def test_messages_left_outlive_the_rest_for_a_month(self, inbox: Inbox, clock: ManualClock) -> None:
        await self.left(inbox, "1", "gọi lại cho tôi")
        clock.advance(LEFT_MESSAGES_KEPT.total_seconds())
        await inbox.purge(before=clock.now() - timedelta(days=7))
        assert len(await inbox.left_messages()) == 1
        clock.advance(1)
        assert await inbox.purge(before=clock.now() - timedelta(days=7)) == 1
        assert await inbox.left_messages() == []

    # Dead letters

    async def test_dead_letters_of_both_queues_are_listed_newest_first(self, inbox: Inbox, clock: ManualClock) -> None:
        await self.answered(inbox, "1", "a")
        [message] = await sending(inbox)
        await inbox.mark_unsent(message, retry_at=None, reason="blocked")
        clock.advance(1)
        await inbox.accept(event("2"))
        [claim] = await self.claim(inbox)
        await inbox.fail(claim, retry_at=None, reason="hopeless")
        letters = [(letter.queue, letter.id, letter.reason, letter.died_at) for letter in await inbox.dead_letters()]
        assert letters == [
            ("inbox", claim.id, "hopeless", clock.now()),
            ("outbox", message.id, "blocked", clock.now() - timedelta(seconds=1)),
        ]

    async def test_dead_letters_are_offered_again_from_their_first_attempt(self, inbox: Inbox) -> None:
        await inbox.accept(event("1"))
        [claim] = await self.claim(inbox)
        await inbox.fail(claim, retry_at=None, reason="hopeless")
        assert await inbox.resend("outbox", [claim.id]) == 0
        assert await inbox.resend("inbox", [claim.id, claim.id + 99]) == 1
        assert await inbox.resend("inbox", [claim.id]) == 0  # it is not dead any more
        [again] = await self.claim(inbox)
        assert (again.event, again.attempts) == (event("1"), 1)
        await inbox.finish(again, messages=["a"], standing=Standing())
        [message] = await sending(inbox)
        await inbox.mark_unsent(message, retry_at=None, reason="blocked")
        assert await inbox.resend("outbox", [message.id]) == 1
        [resent] = await sending(inbox)
        assert (resent.payload, resent.attempts) == ("a", 1)
        assert (await inbox.depth()).dead == 0

    async def test_a_dead_letter_offered_again_waits_for_what_is_in_flight(self, inbox: Inbox) -> None:
        await inbox.accept(event("1"))
        await inbox.accept(event("2"))
        [first] = await self.claim(inbox)
        await inbox.fail(first, retry_at=None, reason="hopeless")
        [second] = await self.claim(inbox)
        await inbox.resend("inbox", [first.id])
        assert await self.claim(inbox) == []
        await inbox.finish(second, messages=["x"], standing=Standing())
        assert [claim.event.dedup_key for claim in await self.claim(inbox)] == ["1"]

    async def test_there_is_no_third_queue(self, inbox: Inbox) -> None:
        with pytest.raises(ValueError, match="inbox or outbox"):
            await inbox.resend("inbox; DROP TABLE inbox", [1])

    # A person withdraws

    async def test_what_a_person_withdraws_is_gone_and_others_stay(self, inbox: Inbox, clock: ManualClock) -> None:
        await self.answered(inbox, "1", "sent", "unsent", standing=Standing(choices=("x",)))
        [message] = await sending(inbox)
        await inbox.mark_sent(message, platform_id="p-1")
        await self.left(inbox, "2", "tôi tên là")
        await inbox.accept(event("3"))
        await self.answered(inbox, "4", "other", person="2")
        clock.advance(1)
        # Three events, two messages, the conversation and the message left.
        assert await inbox.forget(ME, before=clock.now()) == 7
        assert await inbox.forget(ME, before=clock.now()) == 0
        assert (await inbox.replies_to("zalo", "m-1"), await inbox.left_messages()) == ([], [])
        assert [message.payload for message in await sending(inbox)] == ["other"]
        assert await self.claim(inbox) == []
        await inbox.accept(event("5"))
        [claim] = await self.claim(inbox)
        assert claim.is_first

    async def test_a_forgotten_event_that_the_platform_sends_again_is_known(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", "a")
        await inbox.accept(event("2"))
        clock.advance(1)
        await inbox.forget(ME, before=clock.now())
        assert await inbox.accept(event("1")) is Acceptance.DUPLICATE
        assert await inbox.accept(event("2")) is Acceptance.DUPLICATE

    async def test_work_in_hand_on_a_forgotten_conversation_is_let_go(self, inbox: Inbox, clock: ManualClock) -> None:
        await self.answered(inbox, "1", saying("a"))
        [message] = await sending(inbox)
        await inbox.accept(event("2"))
        [claim] = await self.claim(inbox)
        clock.advance(1)
        await inbox.forget(ME, before=clock.now())
        with pytest.raises(LeaseLost):
            await inbox.finish(claim, messages=["x"], standing=Standing(), left_message="x")
        with pytest.raises(LeaseLost):
            await inbox.fail(claim, retry_at=clock.now(), reason="x")
        with pytest.raises(LeaseLost):
            await inbox.mark_unsent(message, retry_at=clock.now(), reason="x")
        clock.advance(31)
        assert (await self.claim(inbox), await sending(inbox), await inbox.left_messages()) == ([], [], [])

    async def test_the_echo_of_a_forgotten_message_is_still_ours(self, inbox: Inbox, clock: ManualClock) -> None:
        await self.answered(inbox, "1", saying("a"), saying("b"))
        [sent] = await sending(inbox)
        await inbox.mark_sent(sent, platform_id="p-1")
        [under_way] = await sending(inbox)
        clock.advance(1)
        await inbox.forget(ME, before=clock.now())
        assert await inbox.settle_echo(echo(message_id="p-1"))
        assert await inbox.settle_echo(echo(message_id="p-3", outbox_id=str(under_way.id)))
        assert not await inbox.settle_echo(echo(message_id="p-2", text="b"))
        await inbox.mark_sent(under_way, platform_id="p-2")  # the platform had it already
        assert await inbox.settle_echo(echo(message_id="p-2"))

    async def test_what_came_after_the_withdrawal_stays(self, inbox: Inbox, clock: ManualClock) -> None:
        await self.answered(inbox, "1", "before", standing=Standing(choices=("x",)))
        clock.advance(1)
        withdrew = clock.now()
        clock.advance(1)
        await self.answered(inbox, "2", "after", standing=Standing(choices=("y",)), occurred_at=clock.now())
        await self.left(inbox, "3", "sau đó", occurred_at=clock.now())
        assert await inbox.forget(ME, before=withdrew) == 2  # the event and its message
        assert [message.payload for message in await sending(inbox)] == ["after"]
        await inbox.accept(event("4"))
        [claim] = await self.claim(inbox)
        assert (claim.standing, len(await inbox.left_messages())) == (Standing(), 1)

    async def test_what_was_written_before_the_withdrawal_and_held_up_by_an_outage_goes_too(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        wrote_at = clock.now()
        clock.advance(1)
        withdrew = clock.now()
        clock.advance(3600)
        await self.answered(inbox, "1", "late", occurred_at=wrote_at)
        await self.left(inbox, "2", "muộn", occurred_at=wrote_at)
        await inbox.accept(event("3", occurred_at=wrote_at))
        await inbox.forget(ME, before=withdrew)
        assert (await sending(inbox), await inbox.left_messages(), await self.claim(inbox)) == ([], [], [])

    async def test_an_answer_is_as_old_as_its_question(self, inbox: Inbox, clock: ManualClock) -> None:
        await inbox.accept(event("1"))
        clock.advance(1)
        withdrew = clock.now()
        [claim] = await self.claim(inbox)
        await inbox.finish(claim, messages=["late"], standing=Standing(), left_message="muộn")
        assert await inbox.forget(ME, before=withdrew) == 4  # the event, its message, the conversation, what was left
        assert (await sending(inbox), await inbox.left_messages()) == ([], [])

    async def test_an_interaction_after_the_withdrawal_opens_the_window_and_no_more(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", standing=Standing(choices=("x",)))
        clock.advance(1)
        withdrew = clock.now()
        clock.advance(1)
        await inbox.note_interaction("zalo", "9", "1", clock.now())
        assert await inbox.forget(ME, before=withdrew) == 2
        claim = await self.answered(inbox, "2", "b")
        [message] = await sending(inbox)
        assert (claim.is_first, message.last_user_at) == (True, clock.now())

    async def test_the_last_event_of_each_kind_of_an_account_is_known(self, inbox: Inbox) -> None:
        later = WROTE_AT + timedelta(minutes=5)
        await inbox.accept(replace(event("1"), occurred_at=later))
        await inbox.accept(event("2"))
        await inbox.accept(replace(event("3"), kind=EventKind.IMAGE))
        await inbox.accept(replace(event("4"), account="8", kind=EventKind.AUDIO))
        assert await inbox.last_events("zalo", "9") == {"text": later, "image": WROTE_AT}
        assert await inbox.last_events("messenger", "9") == {}
