"""Pages that wait: who is woken, how many there may be, and that they end with the process."""

from __future__ import annotations

import asyncio
import json

import pytest
from prometheus_client import Gauge

from channels.errors import BadRequest, StoreUnavailable
from channels.event import EventKind, InboundEvent, Standing
from channels.testing import ManualClock, MemoryInbox
from channels.thread import Cursor, Entry, Notice, merged
from channels.web.notices import NoticeBoard, to_wire
from channels.web.stream import Streams, frame, happening

CLOCK = ManualClock()
ME, OTHER = "web:default:a", "web:default:b"


def streams(inbox: MemoryInbox, **limits: int) -> Streams:
    return Streams(inbox, gauge=Gauge("streams", "x", registry=None), **limits)


async def write(inbox: MemoryInbox, key: str, *, person: str = "a", answers: bool = False) -> None:
    await inbox.accept(InboundEvent("web", "default", person, key, key, EventKind.TEXT, f"q{key}", CLOCK.now()))
    if answers:
        for claim in await inbox.claim(owner="w", limit=9, lease_s=60):
            await inbox.finish(claim, messages=[json.dumps({"text": "a"})], standing=Standing())


async def test_a_page_that_is_woken_reads_on_from_where_it_stands() -> None:
    inbox = MemoryInbox(clock=CLOCK)
    pages = streams(inbox)
    with pages.following(ME, Cursor()) as page:
        assert not await page.is_woken(0.01)
        await write(inbox, "1", answers=True)
        pages.wake(OTHER)
        assert not await page.is_woken(0.01)
        pages.wake(ME)
        assert await page.is_woken(1)
        assert [happening(entry)[0] for entry in await pages.unread(page)] == ["message", "reply"]
        assert await pages.unread(page) == []
    pages.wake(ME)  # nobody is there any more
    assert pages.count == 0


async def test_a_look_into_the_store_wakes_those_and_only_those_who_stand_behind() -> None:
    inbox = MemoryInbox(clock=CLOCK)
    pages = streams(inbox)
    await pages.look()
    with pages.following(ME, Cursor()) as mine, pages.following(OTHER, Cursor()) as other:
        await pages.look()  # the first one wakes all: nobody has looked since they came
        assert await mine.is_woken(0.01) and await other.is_woken(0.01)
        await write(inbox, "1", answers=True)
        await pages.look()
        assert await mine.is_woken(0.01) and not await other.is_woken(0.01)
        await write(inbox, "2", answers=True)
        await pages.unread(mine)
        await pages.look()
        assert not await mine.is_woken(0.01)  # has read it already
        await pages.look()
        assert not await mine.is_woken(0.01)


async def test_there_are_only_so_many_and_whoever_goes_makes_room() -> None:
    pages = streams(MemoryInbox(clock=CLOCK), most=3, per_session=2)
    with pages.following(ME, Cursor()), pages.following(ME, Cursor()):
        with pytest.raises(BadRequest) as caught, pages.following(ME, Cursor()):
            pass
        assert caught.value.http_status == 429
        with pages.following(OTHER, Cursor()):
            with pytest.raises(BadRequest) as caught, pages.following("web:default:c", Cursor()):
                pass
            assert (caught.value.http_status, caught.value.retry_after_s) == (503, 5)
            assert pages.count == 3
        with pages.following("web:default:c", Cursor()):
            assert pages.count == 3
    assert pages.count == 0


async def test_all_are_ended_with_the_process_and_none_comes_after() -> None:
    pages = streams(MemoryInbox(clock=CLOCK))
    with pages.following(ME, Cursor()) as mine, pages.following(OTHER, Cursor()) as other:
        waiting = [asyncio.create_task(page.is_woken(60)) for page in (mine, other)]
        await asyncio.sleep(0)
        pages.end_of(OTHER)
        assert (mine.is_ended, other.is_ended) == (False, True)
        pages.end()
        assert await asyncio.gather(*waiting) == [True, True]
        assert mine.is_ended
    with pytest.raises(BadRequest), pages.following(ME, Cursor()):
        pass


@pytest.mark.parametrize("text", ["a\nb", "data: x\n\nevent: y", "\r\n", "\u2028\u2029\x85", "</script>"])
def test_nothing_that_somebody_wrote_breaks_out_of_its_event(text: str) -> None:
    told = frame("message", {"text": text}, cursor=Cursor(3, 7))
    lines = told.splitlines() if text.isascii() else told.split("\n")
    assert [line.partition(":")[0] for line in lines if line] == ["id", "event", "data"]
    assert told.endswith("\n\n")
    assert json.loads(told.split("data: ", 1)[1]) == {"text": text}


@pytest.mark.parametrize(
    "text", ["", ".", "1", "1.", ".1", "a.b", "1.2.3", "-1.2", "+1.2", "1.²", "1.٢", "9" * 19 + ".0"]
)
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        Cursor.read(text)
    assert Cursor.read(str(Cursor(12, 345))) == Cursor(12, 345)


def test_an_answer_that_comes_late_stays_behind_what_was_stored_before_it() -> None:
    written = [Entry(Cursor(event=number), f"m{number}", CLOCK.now(), text="q") for number in (1, 2, 3)]
    answers = [
        (2, Entry(Cursor(answer=5), "m2", CLOCK.now(), payload="a")),
        (1, Entry(Cursor(answer=6), "m1", CLOCK.now(), payload="a")),
    ]
    found = merged(written, answers, since=Cursor(), limit=9)
    assert [str(entry.cursor) for entry in found] == ["1.0", "2.0", "2.5", "2.6", "3.6"]
    assert merged(written, answers, since=Cursor(), limit=2) == found[:2]


class Broken(MemoryInbox):
    is_broken = False

    async def notices(self) -> dict[str, Notice]:
        if self.is_broken:
            raise StoreUnavailable("no")
        return await super().notices()


async def test_the_last_notice_stays_up_while_the_store_is_down_and_ends_at_its_time() -> None:
    clock = ManualClock()
    inbox = Broken(clock=clock)
    board = NoticeBoard(inbox, clock)
    await board.refresh()
    storm = Notice("Bão", None, ManualClock(clock.now()).now().replace(hour=23))
    await inbox.pin_notice("default", storm)
    assert not await board.refresh()  # it was read just now
    clock.advance(2)
    assert await board.refresh()
    assert (board.notice("default"), board.is_changed("default"), board.notice("hue")) == (storm, True, None)
    inbox.is_broken = True
    clock.advance(61)
    assert not await board.refresh()
    assert (board.notice("default"), board.is_changed("default")) == (storm, False)
    clock.advance(86_400)
    assert board.notice("default") is None
    assert to_wire(None) is None
