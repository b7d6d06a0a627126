"""What every inbox promises about messages: sent in order, once as far as anybody can know, never outside a window."""

import json
from datetime import timedelta

import pytest

from channels.errors import LeaseLost
from channels.event import EventKind, OutboxMessage, Pause, Signal, SignalKind, Standing
from channels.inbox.echo import RECENT_S
from channels.ports import Inbox
from channels.testing import ManualClock
from tests.contract.inbox import WROTE_AT, StoreContract, event


def saying(text: str, *, fallback: str | None = None) -> str:
    payload: dict[str, object] = {"message": {"text": text}}
    return json.dumps(payload if fallback is None else payload | {"fallback": {"text": fallback}})


def echo(
    *,
    channel: str = "zalo",
    account: str = "9",
    person: str = "1",
    message_id: str = "p-echo",
    text: str = "",
    outbox_id: str = "",
) -> Signal:
    return Signal(
        channel=channel,
        account=account,
        kind=SignalKind.ECHO,
        name="oa_send_text",
        person=person,
        message_id=message_id,
        text=text,
        outbox_id=outbox_id,
    )


async def sending(inbox: Inbox, *, owner: str = "s", lease_s: float = 30) -> list[OutboxMessage]:
    return await inbox.claim_outbox(owner=owner, limit=9, lease_s=lease_s)


class OutboxContract(StoreContract):
    """Messages."""

    async def test_messages_go_out_in_order_one_of_a_conversation_at_a_time(self, inbox: Inbox) -> None:
        await inbox.accept(event("1"))
        [claim] = await self.claim(inbox)
        await inbox.finish(claim, messages=["a", "b"], standing=Standing())
        [first] = await inbox.claim_outbox(owner="s", limit=9, lease_s=30)
        assert (first.payload, first.person, first.account, first.in_reply_to) == ("a", "1", "9", "m-1")
        assert await inbox.claim_outbox(owner="s", limit=9, lease_s=30) == []
        await inbox.mark_sent(first, platform_id="p1")
        [second] = await inbox.claim_outbox(owner="s", limit=9, lease_s=30)
        assert second.payload == "b"

    async def test_an_unsent_message_is_offered_again_in_time_and_a_dead_one_never(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await inbox.accept(event("1"))
        [claim] = await self.claim(inbox)
        await inbox.finish(claim, messages=["a", "b"], standing=Standing())
        [message] = await inbox.claim_outbox(owner="s", limit=9, lease_s=30)
        await inbox.mark_unsent(message, retry_at=clock.now() + timedelta(seconds=60), reason="busy")
        assert await inbox.claim_outbox(owner="s", limit=9, lease_s=30) == []
        clock.advance(60)
        [again] = await inbox.claim_outbox(owner="s", limit=9, lease_s=30)
        assert (again.payload, again.attempts) == ("a", 2)
        await inbox.mark_unsent(again, retry_at=None, reason="blocked")
        [following] = await inbox.claim_outbox(owner="s", limit=9, lease_s=30)
        assert following.payload == "b"
        assert [letter.reason for letter in await inbox.dead_letters()] == ["blocked"]
        with pytest.raises(LeaseLost):
            await inbox.mark_sent(again, platform_id="late")

    async def test_messages_of_several_conversations_go_out_oldest_first(self, inbox: Inbox) -> None:
        for person in "321":
            await self.answered(inbox, person, person, person=person)
        assert [message.payload for message in await inbox.claim_outbox(owner="s", limit=2, lease_s=30)] == ["3", "2"]

    # Windows

    async def test_a_message_tells_when_the_person_last_did_something(self, inbox: Inbox) -> None:
        await self.answered(inbox, "1", "a", occurred_at=WROTE_AT + timedelta(minutes=5))
        await self.answered(inbox, "2", "b", occurred_at=WROTE_AT)  # out of order: the later one counts
        [message] = await sending(inbox)
        assert message.last_user_at == WROTE_AT + timedelta(minutes=5)

    async def test_a_question_that_still_waits_counts_at_once(self, inbox: Inbox) -> None:
        await self.answered(inbox, "1", "a")
        await inbox.accept(event("2", occurred_at=WROTE_AT + timedelta(hours=30)))
        await inbox.accept(event("3", occurred_at=WROTE_AT + timedelta(hours=40), person="2"))
        [message] = await sending(inbox)
        assert message.last_user_at == WROTE_AT + timedelta(hours=30)

    async def test_a_question_that_was_given_up_still_opened_the_window(self, inbox: Inbox) -> None:
        await self.answered(inbox, "1", "a")
        await inbox.accept(event("2", occurred_at=WROTE_AT + timedelta(hours=30)))
        [claim] = await self.claim(inbox)
        await inbox.fail(claim, retry_at=None, reason="hopeless")
        [message] = await sending(inbox)
        assert message.last_user_at == WROTE_AT + timedelta(hours=30)

    @pytest.mark.parametrize("kind", [EventKind.OFFICER_SPOKE, EventKind.TAKEN_OVER, EventKind.RETURNED])
    async def test_what_an_officer_does_opens_no_window(self, inbox: Inbox, kind: EventKind) -> None:
        await self.answered(inbox, "1", "a", kind=kind)
        await inbox.accept(event("2", kind=kind))
        [message] = await sending(inbox)
        assert message.last_user_at is None

    async def test_an_interaction_opens_the_window_and_an_older_one_does_not_narrow_it(self, inbox: Inbox) -> None:
        await self.answered(inbox, "1", "a")
        await inbox.note_interaction("zalo", "9", "1", WROTE_AT + timedelta(hours=3))
        await inbox.note_interaction("zalo", "9", "1", WROTE_AT + timedelta(hours=2))
        await inbox.note_interaction("zalo", "9", "2", WROTE_AT + timedelta(hours=9))
        [message] = await sending(inbox)
        assert message.last_user_at == WROTE_AT + timedelta(hours=3)

    # Doubt

    async def test_a_message_is_not_in_doubt_at_first_nor_after_a_plain_refusal(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", "a")
        [first] = await sending(inbox)
        await inbox.mark_unsent(first, retry_at=clock.now(), reason="busy")
        [second] = await sending(inbox)
        assert (first.doubtful_since, second.doubtful_since) == (None, None)

    async def test_a_lease_that_ran_out_leaves_its_message_in_doubt_since_it_began(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", "a")
        began = clock.now()
        await sending(inbox)
        clock.advance(31)
        [second] = await sending(inbox)
        clock.advance(31)
        [third] = await sending(inbox)
        assert (second.doubtful_since, third.doubtful_since) == (began, began)  # the first doubt stays

    async def test_a_restart_in_the_middle_of_sending_leaves_the_message_in_doubt(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", "a")
        clock.advance(5)
        began = clock.now()
        await sending(inbox)
        clock.advance(5)
        await inbox.release_leases()
        [again] = await sending(inbox)
        assert again.doubtful_since == began

    async def test_a_lost_answer_puts_in_doubt_and_a_certain_refusal_clears_it(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", "a")
        began = clock.now()
        [first] = await sending(inbox)
        clock.advance(10)
        await inbox.mark_unsent(first, retry_at=clock.now(), reason="timeout", is_in_doubt=True)
        [second] = await sending(inbox)
        assert second.doubtful_since == began
        await inbox.mark_unsent(second, retry_at=clock.now(), reason="not there", is_in_doubt=False)
        [third] = await sending(inbox)
        assert third.doubtful_since is None

    async def test_a_dead_letter_in_doubt_is_in_doubt_still_when_it_is_offered_again(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", "a")
        began = clock.now()
        [message] = await sending(inbox)
        await inbox.mark_unsent(message, retry_at=None, reason="timeout", is_in_doubt=True)
        await inbox.resend("outbox", [message.id])
        [again] = await sending(inbox)
        assert (again.doubtful_since, again.attempts) == (began, 1)

    # Echoes

    async def test_an_echo_before_the_platforms_answer_settles_the_message(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", saying("a"), saying("b"))
        [message] = await sending(inbox)
        assert await inbox.settle_echo(echo(outbox_id=str(message.id)))
        await inbox.mark_sent(message, platform_id="p-1")
        await inbox.mark_unsent(message, retry_at=clock.now(), reason="timeout", is_in_doubt=True)
        await inbox.mark_unsent(message, retry_at=None, reason="timeout")
        assert ((await inbox.depth()).outbox_open, (await inbox.depth()).dead) == (1, 0)
        [following] = await sending(inbox)
        assert following.payload == saying("b")

    async def test_an_echo_after_the_platforms_answer_is_known_by_the_platforms_id(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", saying("a"))
        [message] = await sending(inbox)
        await inbox.mark_sent(message, platform_id="p-1")
        assert await inbox.settle_echo(echo(message_id="p-1"))
        assert await inbox.settle_echo(echo(message_id="p-1", text="a"))  # a retry of the platform
        assert await inbox.settle_echo(echo(message_id="p-2", text="a"))  # should the ids not be one after all
        clock.advance(RECENT_S + 1)
        assert not await inbox.settle_echo(echo(message_id="p-2", text="a"))  # an officer who says the same

    async def test_an_echo_after_the_platforms_answer_proves_the_message_and_lets_it_grow_old(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        sent_at = clock.now()
        await self.answered(inbox, "1", saying("a"), saying("b"))
        [message] = await sending(inbox)
        await inbox.mark_sent(message, platform_id="p-1")
        assert "echo" not in await inbox.last_events("zalo", "9")
        with pytest.raises(LeaseLost):
            await inbox.mark_sent(message, platform_id="again")
        clock.advance(300)
        assert await inbox.settle_echo(echo(message_id="p-1"))
        await inbox.mark_unsent(message, retry_at=None, reason="timeout")  # of a sender that lost its lease
        assert await inbox.dead_letters() == []
        assert (await inbox.last_events("zalo", "9"))["echo"] == sent_at
        assert await inbox.last_events("zalo", "8") == {}
        [following] = await sending(inbox)
        assert await inbox.settle_echo(echo(outbox_id=str(following.id)))
        assert (await inbox.last_events("zalo", "9"))["echo"] == clock.now()
        assert await inbox.purge(before=sent_at + timedelta(seconds=1)) == 3  # event, conversation, the first message

    @pytest.mark.parametrize("text", ["Xin chào", "Chào bạn"])
    async def test_an_echo_without_our_id_is_known_by_the_text_of_the_message_or_its_fallback(
        self, inbox: Inbox, text: str
    ) -> None:
        await self.answered(inbox, "1", saying(" Xin cha\u0300o\r\n", fallback="Chào\x07 bạn"))
        assert not await inbox.settle_echo(echo(text=text))  # nobody has tried to send it yet
        await sending(inbox)
        assert await inbox.settle_echo(echo(text=text))
        assert await sending(inbox) == []

    @pytest.mark.parametrize("retried", [True, False])
    async def test_an_echo_settles_a_message_in_doubt_that_waits_or_was_given_up(
        self, inbox: Inbox, clock: ManualClock, retried: bool
    ) -> None:
        await self.answered(inbox, "1", saying("a"))
        [message] = await sending(inbox)
        later = clock.now() + timedelta(seconds=9) if retried else None
        await inbox.mark_unsent(message, retry_at=later, reason="timeout", is_in_doubt=True)
        assert await inbox.settle_echo(echo(text="a"))
        clock.advance(10)
        assert (await sending(inbox), await inbox.dead_letters()) == ([], [])
        assert await inbox.resend("outbox", [message.id]) == 0

    async def test_of_equal_texts_each_echo_settles_one_the_oldest_first(self, inbox: Inbox) -> None:
        await self.answered(inbox, "1", saying("a"), saying("a"))
        [first] = await sending(inbox)
        assert await inbox.settle_echo(echo(message_id="p-1", text="a"))
        [second] = await sending(inbox)
        assert second.id != first.id
        assert await inbox.settle_echo(echo(message_id="p-1", text="a"))  # a retry of the first
        assert (await inbox.depth()).outbox_open == 1
        assert await inbox.settle_echo(echo(message_id="p-2", text="a"))
        assert (await inbox.depth()).outbox_open == 0

    async def test_two_messages_in_doubt_with_one_text_are_settled_oldest_first(self, inbox: Inbox) -> None:
        await self.answered(inbox, "1", saying("a"), saying("a"))
        ids = []
        for _ in range(2):
            [message] = await sending(inbox)
            ids.append(message.id)
            await inbox.mark_unsent(message, retry_at=None, reason="timeout", is_in_doubt=True)
        assert await inbox.settle_echo(echo(text="a"))
        assert [letter.id for letter in await inbox.dead_letters()] == ids[1:]

    async def test_an_echo_of_somebody_else_settles_nothing(self, inbox: Inbox) -> None:
        await self.answered(inbox, "1", saying("a"), saying("never tried"))
        [message] = await sending(inbox)
        ours = str(message.id)
        for foreign in (
            echo(text="b"),
            echo(text=""),
            echo(message_id="", text="b"),
            echo(text="a", outbox_id=ours, person="2"),
            echo(text="a", outbox_id=ours, account="8"),
            echo(text="a", outbox_id=ours, channel="messenger"),
            echo(outbox_id=str(message.id + 1)),  # ours, but nobody has tried to send it
            echo(outbox_id="9" * 40),
            echo(outbox_id=f"-{ours}"),
            echo(outbox_id="٣"),
            echo(outbox_id="another app's words"),
        ):
            assert not await inbox.settle_echo(foreign)
        await inbox.mark_sent(message, platform_id="p-1")

    async def test_an_echo_is_not_looked_for_in_payloads_without_text(self, inbox: Inbox) -> None:
        for key, payload in enumerate(
            ("{", "[]", "1", '{"message": 1}', '{"control": "x"}', '{"message": {"text": 1}}')
        ):
            await self.answered(inbox, str(key), payload)
            [message] = await sending(inbox)
            assert not await inbox.settle_echo(echo(text="1"))
            await inbox.mark_sent(message, platform_id=f"p-{key}")

    async def test_an_echo_of_a_refused_message_proves_that_it_arrived(self, inbox: Inbox) -> None:
        await self.answered(inbox, "1", saying("a"))
        [message] = await sending(inbox)
        await inbox.mark_unsent(message, retry_at=None, reason="refused")
        assert not await inbox.settle_echo(echo(text="a"))  # certainly not taken: its text alone proves nothing
        assert await inbox.settle_echo(echo(outbox_id=str(message.id)))
        assert await inbox.dead_letters() == []

    # Pauses

    async def test_nothing_is_sent_to_a_paused_account_until_the_pause_is_over(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", "paused")
        await self.answered(inbox, "2", "sent", account="8")
        pause = Pause("zalo", "9", clock.now() + timedelta(minutes=1), "rate limit")
        await inbox.pause(pause)
        assert await inbox.pauses() == [pause]
        assert [message.payload for message in await sending(inbox, lease_s=90)] == ["sent"]
        clock.advance(60)
        assert await inbox.pauses() == []
        assert [message.payload for message in await sending(inbox)] == ["paused"]

    async def test_a_later_pause_replaces_the_former_and_one_in_the_past_ends_it(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.answered(inbox, "1", "a")
        await inbox.pause(Pause("zalo", "9", clock.now() + timedelta(hours=1), "first"))
        shorter = Pause("zalo", "9", clock.now() + timedelta(minutes=1), "second")
        await inbox.pause(shorter)
        await inbox.pause(Pause("messenger", "9", clock.now() + timedelta(minutes=1), "other"))
        assert [pause.reason for pause in await inbox.pauses()] == ["other", "second"]
        assert await sending(inbox) == []
        await inbox.pause(Pause("zalo", "9", clock.now(), "over"))
        assert [pause.reason for pause in await inbox.pauses()] == ["other"]
        assert len(await sending(inbox)) == 1
