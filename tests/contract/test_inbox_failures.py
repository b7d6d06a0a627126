"""A disk that is full or fails: every method says so, nothing has changed, and the store lives on."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from channels.errors import StoreUnavailable
from channels.event import Acceptance, Claim, Erasure, OutboxMessage, Pause, Standing
from channels.inbox.sqlite import SqliteInbox
from channels.testing import ManualClock
from channels.thread import Cursor, Feedback, Notice
from tests.contract.disk import contents, no_room_to_write
from tests.contract.forgetting import CONSENT
from tests.contract.inbox import event
from tests.contract.outbox import echo, saying
from tests.contract.test_inboxes import on_disk

NOW = ManualClock().now()


@dataclass(frozen=True)
class Stage:
    """A store with something of everything in it."""

    inbox: SqliteInbox
    claim: Claim
    message: OutboxMessage


WRITES: dict[str, Callable[[Stage], Awaitable[object]]] = {
    "accept": lambda on: on.inbox.accept(replace(event("new", person="7"), consent=CONSENT)),
    "claim": lambda on: on.inbox.claim(owner="a", limit=9, lease_s=30),
    "finish": lambda on: on.inbox.finish(on.claim, messages=["x"], standing=Standing(), left_message="x"),
    "fail": lambda on: on.inbox.fail(on.claim, retry_at=None, reason="x"),
    "claim_outbox": lambda on: on.inbox.claim_outbox(owner="s", limit=9, lease_s=30),
    "mark_sent": lambda on: on.inbox.mark_sent(on.message, platform_id="p"),
    "mark_unsent": lambda on: on.inbox.mark_unsent(on.message, retry_at=NOW, reason="x", is_in_doubt=True),
    "settle_echo": lambda on: on.inbox.settle_echo(echo(text="a")),
    "note_interaction": lambda on: on.inbox.note_interaction("zalo", "9", "7", NOW),
    "forget": lambda on: on.inbox.forget("zalo:9:1", before=NOW + timedelta(seconds=1)),
    "end_erasure": lambda on: on.inbox.end_erasure(Erasure(1, "zalo:9:2")),
    "pause": lambda on: on.inbox.pause(Pause("zalo", "8", NOW + timedelta(hours=1), "x")),
    "release_leases": lambda on: on.inbox.release_leases(),
    "purge": lambda on: on.inbox.purge(before=NOW + timedelta(seconds=1)),
    "resend": lambda on: on.inbox.resend("inbox", [1]),
    "give_feedback": lambda on: on.inbox.give_feedback(
        Feedback("zalo:9:1", "m-done", is_useful=True, why="", given_at=NOW)
    ),
    "pin_notice": lambda on: on.inbox.pin_notice("hue", Notice("x", None, None)),
}

READS: dict[str, Callable[[Stage], Awaitable[object]]] = {
    "pauses": lambda on: on.inbox.pauses(),
    "replies_to": lambda on: on.inbox.replies_to("zalo", "m-1"),
    "depth": lambda on: on.inbox.depth(),
    "erasures": lambda on: on.inbox.erasures(),
    "consents": lambda on: on.inbox.consents(),
    "count_consents": lambda on: on.inbox.count_consents(),
    "dead_letters": lambda on: on.inbox.dead_letters(),
    "left_messages": lambda on: on.inbox.left_messages(),
    "last_events": lambda on: on.inbox.last_events("zalo", "9"),
    "entries_after": lambda on: on.inbox.entries_after("zalo:9:1", Cursor(), limit=9),
    "position": lambda on: on.inbox.position("zalo:9:1"),
    "changes_after": lambda on: on.inbox.changes_after("zalo", Cursor()),
    "feedback": lambda on: on.inbox.feedback(),
    "count_feedback": lambda on: on.inbox.count_feedback(),
    "notices": lambda on: on.inbox.notices(),
}


async def staged(inbox: SqliteInbox) -> Stage:
    await inbox.forget("zalo:9:2", before=NOW)
    await inbox.accept(event("dead"))
    [dead] = await inbox.claim(owner="a", limit=1, lease_s=30)
    await inbox.fail(dead, retry_at=None, reason="x")
    await inbox.accept(event("done"))
    [done] = await inbox.claim(owner="a", limit=1, lease_s=30)
    await inbox.finish(done, messages=[saying("a"), saying("b")], standing=Standing(), left_message="x")
    [message] = await inbox.claim_outbox(owner="s", limit=9, lease_s=30)
    await inbox.accept(event("leased"))
    [claim] = await inbox.claim(owner="a", limit=1, lease_s=30)
    await inbox.accept(event("other", person="2"))
    [other] = await inbox.claim(owner="a", limit=1, lease_s=30)
    await inbox.finish(other, messages=["waits"], standing=Standing())
    await inbox.accept(event("waits", person="3"))
    return Stage(inbox, claim, message)


@contextmanager
def refusing(connection: sqlite3.Connection, *steps: str) -> Iterator[None]:
    """Let SQLite refuse to begin transactions, to commit them, or to undo them."""

    def answer(action: int, what: str | None, *_: object) -> int:
        is_refused = action == sqlite3.SQLITE_TRANSACTION and what in steps
        return sqlite3.SQLITE_DENY if is_refused else sqlite3.SQLITE_OK

    connection.set_authorizer(answer)
    try:
        yield
    finally:
        connection.set_authorizer(None)


def test_no_method_of_the_port_is_left_out() -> None:
    methods = {name for name in vars(SqliteInbox) if not name.startswith("_")} - {"open", "close"}
    assert methods == WRITES.keys() | READS.keys()


@pytest.mark.parametrize("method", WRITES)
async def test_a_full_disk_refuses_and_nothing_has_changed(tmp_path: Path, method: str) -> None:
    async with on_disk(tmp_path / "g.db", ManualClock()) as inbox:
        stage = await staged(inbox)
        before = contents(tmp_path / "g.db")
        with no_room_to_write(), pytest.raises(StoreUnavailable):
            await WRITES[method](stage)
        assert contents(tmp_path / "g.db") == before
        await WRITES[method](stage)
        assert contents(tmp_path / "g.db") != before


@pytest.mark.parametrize("step", ["BEGIN", "COMMIT"])
@pytest.mark.parametrize("method", WRITES | READS)
async def test_a_store_that_fails_refuses_and_nothing_has_changed(tmp_path: Path, method: str, step: str) -> None:
    call = (WRITES | READS)[method]
    async with on_disk(tmp_path / "g.db", ManualClock()) as inbox:
        stage = await staged(inbox)
        before = contents(tmp_path / "g.db")
        connection = await inbox._writer.run(lambda connection: connection)
        with refusing(connection, step), pytest.raises(StoreUnavailable):
            await call(stage)
        assert contents(tmp_path / "g.db") == before
        await call(stage)


async def test_a_store_that_cannot_even_undo_refuses_and_lives_on(tmp_path: Path) -> None:
    async with on_disk(tmp_path / "g.db", ManualClock()) as inbox:
        await inbox.accept(event("before"))
        before = contents(tmp_path / "g.db")
        connection = await inbox._writer.run(lambda connection: connection)
        with refusing(connection, "COMMIT", "ROLLBACK"):
            for number in range(2):
                with pytest.raises(StoreUnavailable):
                    await asyncio.wait_for(inbox.accept(event(f"lost-{number}")), timeout=10)
        assert contents(tmp_path / "g.db") == before
        assert await inbox.accept(event("after")) is Acceptance.NEW
        assert len([line for line in contents(tmp_path / "g.db") if "lost-" in line]) == 0
