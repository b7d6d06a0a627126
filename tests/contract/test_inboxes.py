"""Both inboxes keep the same promises; the one on disk also survives its process."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from channels.errors import StoreUnavailable
from channels.event import Acceptance, Standing
from channels.inbox.sqlite import SqliteInbox
from channels.ports import Inbox
from channels.testing import ManualClock, MemoryInbox
from tests.contract.forgetting import ForgettingContract
from tests.contract.inbox import CAP, InboxContract, event
from tests.contract.outbox import OutboxContract
from tests.contract.threads import ThreadsContract
from tests.contract.upkeep import UpkeepContract


class Contract(InboxContract, OutboxContract, UpkeepContract, ThreadsContract, ForgettingContract):
    """All that an inbox promises."""


class TestMemoryInbox(Contract):
    def opened(self, clock: ManualClock) -> AbstractAsyncContextManager[Inbox]:
        @asynccontextmanager
        async def memory() -> AsyncIterator[Inbox]:
            yield MemoryInbox(clock=clock, pending_cap=CAP)

        return memory()


@asynccontextmanager
async def on_disk(path: Path, clock: ManualClock, *, cap: int = CAP) -> AsyncIterator[SqliteInbox]:
    inbox = SqliteInbox(path, clock=clock, pending_cap=cap)
    await inbox.open()
    try:
        yield inbox
    finally:
        await inbox.close()


class TestSqliteInbox(Contract):
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "store" / "govchat.db"

    def opened(self, clock: ManualClock) -> AbstractAsyncContextManager[Inbox]:
        return on_disk(self.path, clock)


async def test_what_was_accepted_is_there_after_a_restart(tmp_path: Path) -> None:
    clock = ManualClock()
    async with on_disk(tmp_path / "g.db", clock) as inbox:
        await inbox.accept(event("1"))
    async with on_disk(tmp_path / "g.db", clock) as inbox:
        assert await inbox.accept(event("1")) is Acceptance.DUPLICATE
        [claim] = await inbox.claim(owner="a", limit=1, lease_s=30)
        assert claim.event == event("1")


async def test_every_commit_is_forced_to_disk(tmp_path: Path) -> None:
    async with on_disk(tmp_path / "g.db", ManualClock()) as inbox:
        pragmas = await inbox._writer.run(
            lambda connection: [
                connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
            ]
        )
        assert pragmas == ["wal", 2]


async def test_a_store_that_cannot_be_opened_or_is_closed_accepts_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    inbox = SqliteInbox(tmp_path / "file" / "g.db", clock=ManualClock())
    with pytest.raises(StoreUnavailable):
        await inbox.open()
    async with on_disk(tmp_path / "g.db", ManualClock()) as closed:
        pass
    with pytest.raises(StoreUnavailable):
        await closed.accept(event("1"))


async def test_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "g.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreUnavailable, match="99"):
        await SqliteInbox(tmp_path / "g.db", clock=ManualClock()).open()


async def test_a_full_disk_refuses_the_event_and_the_store_lives_on(tmp_path: Path) -> None:
    async with on_disk(tmp_path / "g.db", ManualClock()) as inbox:
        pages = await inbox._writer.run(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0])

        def cap(connection: sqlite3.Connection, count: int) -> None:
            connection.execute(f"PRAGMA max_page_count = {count}")

        await inbox._writer.run(lambda connection: cap(connection, pages))
        with pytest.raises(StoreUnavailable):
            await inbox.accept(event("big", text="x" * 200_000))
        await inbox._writer.run(lambda connection: cap(connection, pages + 1_000))
        assert await inbox.accept(event("big", text="x" * 200_000)) is Acceptance.NEW


async def test_waiting_work_shares_commits(tmp_path: Path) -> None:
    async with on_disk(tmp_path / "g.db", ManualClock()) as inbox:
        results = await asyncio.gather(*(inbox.accept(event(str(n), person=str(n))) for n in range(1_000)))
        assert results == [Acceptance.NEW] * 1_000


async def test_once_the_bot_has_forgotten_too_no_key_is_in_a_byte_of_the_files_a_moment_later(tmp_path: Path) -> None:
    clock = ManualClock()

    def written() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.iterdir())

    async with on_disk(tmp_path / "g.db", clock) as inbox:
        for person in ("09123456781", "09123456782"):
            await inbox.accept(event(person[-1], person=person))
            await inbox.forget(f"zalo:9:{person}", before=clock.now() + timedelta(seconds=1))
        await asyncio.sleep(1)
        assert b"0912345678" in written()
        for erasure in await inbox.erasures():  # while the first one goes the page with the second is written anew
            await inbox.end_erasure(erasure)
        async with asyncio.timeout(10):
            while b"0912345678" in written():
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("way", ["forget", "purge"])
async def test_what_is_deleted_is_in_no_byte_of_the_files_a_moment_later(tmp_path: Path, way: str) -> None:
    clock = ManualClock()

    def written() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.iterdir())

    async with on_disk(tmp_path / "g.db", clock) as inbox:
        for number in range(30):
            await inbox.accept(
                event(str(number), text=f"0912345678 {'dài ' * (number * 100)}", occurred_at=clock.now())
            )
            [claim] = await inbox.claim(owner="a", limit=1, lease_s=30)
            await inbox.fail(claim, retry_at=clock.now(), reason="again")
            [claim] = await inbox.claim(owner="a", limit=1, lease_s=30)
            answer = f"gọi 0912345678 {'dài ' * (number * 100)}"
            await inbox.finish(claim, messages=[answer, answer], standing=Standing())
            for _ in range(2):
                [message] = await inbox.claim_outbox(owner="s", limit=1, lease_s=30)
                await inbox.mark_sent(message, platform_id=f"p-{message.id}")
        await inbox.accept(event("other", person="2", text="của người khác"))
        assert b"0912345678" in written()
        clock.advance(1)
        if way == "forget":
            await inbox.forget("zalo:9:1", before=clock.now())
        else:
            await inbox.purge(before=clock.now())
        async with asyncio.timeout(10):
            while b"0912345678" in written():
                await asyncio.sleep(0.05)
        assert "của người khác".encode() in written()
        await inbox.accept(event("next"))
