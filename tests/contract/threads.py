"""What every inbox promises to the pages that show a conversation to its person."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from channels.event import EventKind, Standing
from channels.inbox.threads import MAX_LISTED
from channels.ports import Inbox
from channels.testing import ManualClock
from channels.thread import Cursor, Entry, Feedback, Notice
from tests.contract.inbox import StoreContract, event

ME = "zalo:9:1"


def told(entries: list[Entry]) -> list[str]:
    return [entry.text or entry.payload for entry in entries]


class ThreadsContract(StoreContract):
    """Reading a conversation, feedback and notices."""

    async def ask(self, inbox: Inbox, *keys: str, person: str = "1") -> None:
        for key in keys:
            await inbox.accept(event(key, person=person, text=f"q{key}"))

    async def answer(self, inbox: Inbox) -> None:
        for claim in await self.claim(inbox):
            payloads = [f"a{claim.event.dedup_key}"]
            await inbox.finish(claim, messages=payloads, standing=Standing())

    async def read(self, inbox: Inbox, cursor: Cursor = Cursor(), *, limit: int = 99) -> list[Entry]:  # noqa: B008
        return await inbox.entries_after(ME, cursor, limit=limit)

    async def test_each_answer_stands_after_its_question_with_the_id_of_it(self, inbox: Inbox) -> None:
        await self.ask(inbox, "1", "2")
        await self.ask(inbox, "3", person="2")
        await self.answer(inbox)
        await self.answer(inbox)
        entries = await self.read(inbox)
        assert told(entries) == ["q1", "a1", "q2", "a2"]
        assert [entry.message_id for entry in entries] == ["m-1", "m-1", "m-2", "m-2"]

    async def test_a_reader_misses_nothing_and_reads_nothing_twice_wherever_it_stopped(self, inbox: Inbox) -> None:
        live: list[Entry] = []
        for step in range(6):
            await self.ask(inbox, str(step))
            live += await self.read(inbox, live[-1].cursor if live else Cursor())
            if step % 2:
                await self.answer(inbox)
                live += await self.read(inbox, live[-1].cursor, limit=1)
        live += await self.read(inbox, live[-1].cursor)
        assert sorted(told(live)) == sorted(told(await self.read(inbox)))
        for stopped in range(len(live)):
            rest = await self.read(inbox, live[stopped].cursor)
            assert sorted(told(rest)) == sorted(told(live[stopped + 1 :]))

    async def test_an_answer_is_there_before_it_is_sent_and_after(self, inbox: Inbox) -> None:
        await self.ask(inbox, "1")
        await self.answer(inbox)
        before = await self.read(inbox)
        [message] = await inbox.claim_outbox(owner="s", limit=9, lease_s=30)
        await inbox.mark_sent(message, platform_id="p")
        assert await self.read(inbox) == before

    async def test_only_texts_are_shown(self, inbox: Inbox) -> None:
        await inbox.accept(replace(event("1"), kind=EventKind.IMAGE, text=""))
        assert await self.read(inbox) == []

    async def test_where_a_conversation_ends_is_known_while_something_of_it_is_kept(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        assert await inbox.position(ME) is None
        await self.ask(inbox, "1")
        await self.answer(inbox)
        assert await inbox.position(ME) == (await self.read(inbox))[-1].cursor
        clock.advance(1)
        await inbox.forget(ME, before=clock.now())
        assert await inbox.position(ME) is None
        assert await self.read(inbox) == []

    async def test_what_came_into_a_channel_is_known_by_conversation(self, inbox: Inbox) -> None:
        await self.ask(inbox, "1")
        start = (await inbox.changes_after("zalo", None)).cursor
        assert (await inbox.changes_after("zalo", start)).conversations == {}
        await self.ask(inbox, "2", person="2")
        await self.answer(inbox)
        changes = await inbox.changes_after("zalo", start)
        assert changes.conversations.keys() == {ME, "zalo:9:2"}
        for conversation, cursor in changes.conversations.items():
            position = await inbox.position(conversation)
            assert position is not None and cursor.answer == position.answer
        assert (await inbox.changes_after("zalo", changes.cursor)).conversations == {}
        assert (await inbox.changes_after("web", start)).conversations == {}

    async def test_feedback_is_of_an_answer_of_that_conversation_and_the_last_word_counts(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.ask(inbox, "1")
        opinion = Feedback(ME, "m-1", is_useful=True, why="", given_at=clock.now())
        assert not await inbox.give_feedback(opinion)  # not answered yet
        await self.answer(inbox)
        assert await inbox.give_feedback(opinion)
        assert not await inbox.give_feedback(replace(opinion, conversation="zalo:9:2"))
        changed = replace(opinion, is_useful=False, why="thiếu mức phạt")
        assert await inbox.give_feedback(changed)
        assert await inbox.feedback() == [changed]

    async def test_feedback_is_counted_with_that_which_is_not_listed_any_more(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        assert await inbox.count_feedback() == (0, 0)
        people = [str(number) for number in range(MAX_LISTED + 1)]
        await asyncio.gather(*(self.ask(inbox, person, person=person) for person in people))
        claims = await inbox.claim(owner="w", limit=len(people), lease_s=30)
        await asyncio.gather(*(inbox.finish(one, messages=["x"], standing=Standing()) for one in claims))
        given = [
            Feedback(
                f"zalo:9:{person}", f"m-{person}", is_useful=person not in ("0", "1"), why="", given_at=clock.now()
            )
            for person in people
        ]
        assert all(await asyncio.gather(*map(inbox.give_feedback, given)))
        assert len(await inbox.feedback()) == MAX_LISTED
        assert await inbox.count_feedback() == (MAX_LISTED - 1, 2)

    async def test_feedback_is_forgotten_with_its_conversation_and_otherwise_after_a_month(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        await self.ask(inbox, "1")
        await self.ask(inbox, "2", person="2")
        await self.answer(inbox)
        for conversation, key in ((ME, "m-1"), ("zalo:9:2", "m-2")):
            await inbox.give_feedback(Feedback(conversation, key, is_useful=True, why="x", given_at=clock.now()))
        clock.advance(1)
        await inbox.forget(ME, before=clock.now())
        assert [one.conversation for one in await inbox.feedback()] == ["zalo:9:2"]
        clock.advance(29 * 86_400)
        await inbox.purge(before=clock.now())
        assert len(await inbox.feedback()) == 1
        clock.advance(86_400)
        await inbox.purge(before=clock.now())
        assert await inbox.feedback() == []

    async def test_a_notice_stands_until_its_time_or_until_it_is_taken_off(
        self, inbox: Inbox, clock: ManualClock
    ) -> None:
        storm = Notice("Bão số 12", "https://example.gov.vn/12", clock.now() + timedelta(hours=1))
        for_good = Notice("Đổi giờ làm việc", None, None)
        await inbox.pin_notice("hue", Notice("cũ", None, None))
        await inbox.pin_notice("hue", storm)
        await inbox.pin_notice("so-y-te", for_good)
        assert await inbox.notices() == {"hue": storm, "so-y-te": for_good}
        clock.advance(3_600)
        assert await inbox.notices() == {"so-y-te": for_good}
        await inbox.purge(before=clock.now())
        await inbox.pin_notice("so-y-te", None)
        assert await inbox.notices() == {}
