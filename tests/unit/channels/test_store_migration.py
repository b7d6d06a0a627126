"""A store that an older gateway wrote is brought up to date when it is opened, as a whole or not at all."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels.errors import StoreUnavailable
from channels.event import Acceptance, EventKind, InboundEvent, Standing
from channels.inbox.sqlite import SqliteInbox
from channels.retention import erase
from channels.testing import ManualClock, ScriptedBot
from tests.contract.disk import contents, no_room_to_write

VERSION_1 = """
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL, account TEXT NOT NULL, person TEXT NOT NULL, conversation TEXT NOT NULL,
    dedup_key TEXT NOT NULL, message_id TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    occurred_at REAL NOT NULL, lang TEXT, as_of TEXT,
    state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    due_at REAL NOT NULL, owner TEXT, lease_until REAL, reason TEXT, changed_at REAL NOT NULL
);
CREATE UNIQUE INDEX inbox_dedup ON inbox (channel, dedup_key);
CREATE INDEX inbox_open ON inbox (conversation, id) WHERE state < 2;
CREATE INDEX inbox_work ON inbox (id) WHERE state < 2;
CREATE INDEX inbox_old ON inbox (changed_at) WHERE state >= 2;
CREATE INDEX inbox_dead ON inbox (changed_at) WHERE state = 3;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id INTEGER NOT NULL, position INTEGER NOT NULL,
    channel TEXT NOT NULL, account TEXT NOT NULL, person TEXT NOT NULL, conversation TEXT NOT NULL,
    in_reply_to TEXT NOT NULL, payload TEXT NOT NULL, platform_id TEXT,
    state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    due_at REAL NOT NULL, owner TEXT, lease_until REAL, reason TEXT, changed_at REAL NOT NULL
);
CREATE UNIQUE INDEX outbox_once ON outbox (event_id, position);
CREATE INDEX outbox_open ON outbox (conversation, id) WHERE state < 2;
CREATE INDEX outbox_work ON outbox (id) WHERE state < 2;
CREATE INDEX outbox_answer ON outbox (channel, in_reply_to);
CREATE INDEX outbox_old ON outbox (changed_at) WHERE state >= 2;
CREATE INDEX outbox_dead ON outbox (changed_at) WHERE state = 3;
CREATE TABLE conversations (
    conversation TEXT PRIMARY KEY, choices TEXT NOT NULL, answered_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_idle ON conversations (answered_at);
PRAGMA user_version = 1;
"""
"""What version 1 of the gateway wrote into an empty file."""

NOW = ManualClock().now()

OCCURRED, FINISHED = NOW - timedelta(minutes=10), NOW - timedelta(minutes=9)


def old_store(path: Path) -> None:
    """Person 1: answered, a message sent, one leased. 2: a question waits, a message was tried. 3: given up."""
    occurred, finished = OCCURRED.timestamp(), FINISHED.timestamp()
    with sqlite3.connect(path) as connection:
        connection.executescript(VERSION_1)
        connection.executemany(
            "INSERT INTO inbox (channel, account, person, conversation, dedup_key, message_id, kind, text, occurred_at,"
            " lang, as_of, state, attempts, due_at, owner, lease_until, reason, changed_at)"
            " VALUES ('zalo', '9', ?, ?, ?, ?, ?, ?, ?, 'vi', NULL, ?, ?, ?, ?, ?, ?, ?)",
            [
                ("1", "zalo:9:1", "k1", "m1", "text", "chào", occurred, 2, 1, occurred, None, None, None, finished),
                ("2", "zalo:9:2", "k2", "m2", "other", "", occurred, 2, 1, occurred, None, None, None, finished),
                (
                    "2",
                    "zalo:9:2",
                    "k3",
                    "m3",
                    "text",
                    "tiếp",
                    occurred + 60,
                    0,
                    0,
                    finished,
                    None,
                    None,
                    None,
                    finished,
                ),
                ("3", "zalo:9:3", "k4", "m4", "opened", "", occurred, 3, 8, occurred, None, None, "dead", finished),
            ],
        )
        connection.executemany(
            "INSERT INTO outbox (event_id, position, channel, account, person, conversation, in_reply_to, payload,"
            " platform_id, state, attempts, due_at, owner, lease_until, reason, changed_at)"
            " VALUES (?, ?, 'zalo', '9', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)",
            [
                (1, 0, "1", "zalo:9:1", "m1", "sent", "p1", 2, 1, finished, None, None, finished),
                (1, 1, "1", "zalo:9:1", "m1", "leased", None, 1, 1, finished, "old", finished + 60, finished),
                (2, 0, "2", "zalo:9:2", "m2", "tried", None, 0, 1, finished, None, None, finished + 60),
                (2, 1, "2", "zalo:9:2", "m2", "new", None, 0, 0, finished, None, None, finished),
                (7, 0, "4", "zalo:9:4", "m7", "orphan", None, 0, 0, finished, None, None, finished),
            ],
        )
        connection.executemany(
            "INSERT INTO conversations VALUES (?, ?, ?)",
            [("zalo:9:1", '["Điều 1"]', finished), ("zalo:9:2", "[]", finished), ("zalo:9:5", "[]", finished)],
        )
        connection.execute("UPDATE sqlite_sequence SET seq = 500 WHERE name = 'outbox'")
    connection.close()


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteInbox]:
    inbox = SqliteInbox(path, clock=ManualClock())
    await inbox.open()
    try:
        yield inbox
    finally:
        await inbox.close()


def shape(path: Path) -> dict[str, object]:
    """Tables and indexes of a store, as SQLite sees them."""
    with sqlite3.connect(path) as connection:
        names = connection.execute("SELECT name, type FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
        described: dict[str, object] = {
            name: connection.execute(f"PRAGMA {'table_info' if kind == 'table' else 'index_info'}({name})").fetchall()
            for name, kind in names
        }
        described["version"] = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return described


async def test_a_store_of_version_1_becomes_what_a_new_store_is(tmp_path: Path) -> None:
    old_store(tmp_path / "old.db")
    async with opened(tmp_path / "old.db"), opened(tmp_path / "new.db"):
        pass
    assert shape(tmp_path / "old.db") == shape(tmp_path / "new.db")
    async with opened(tmp_path / "old.db"):  # and it is opened again as any other
        pass


async def test_a_store_of_version_2_becomes_what_a_new_store_is_and_keeps_its_work(tmp_path: Path) -> None:
    async with opened(tmp_path / "old.db") as inbox, opened(tmp_path / "new.db"):
        await inbox.accept(_event("k1"))
    with sqlite3.connect(tmp_path / "old.db") as connection:
        connection.executescript("DROP TABLE feedback; DROP TABLE notices; PRAGMA user_version = 2;")
        connection.executescript("DROP TABLE erasures; DROP TABLE consents;")
    connection.close()
    async with opened(tmp_path / "old.db") as inbox:
        assert await inbox.accept(_event("k1")) is Acceptance.DUPLICATE
        assert await inbox.feedback() == []
    assert shape(tmp_path / "old.db") == shape(tmp_path / "new.db")


@pytest.mark.parametrize(("version", "without"), [(3, ("erasures", "consents")), (4, ("consents",))])
async def test_a_store_from_before_consents_becomes_what_a_new_store_is(
    tmp_path: Path, version: int, without: tuple[str, ...]
) -> None:
    async with opened(tmp_path / "old.db"), opened(tmp_path / "new.db"):
        pass
    with sqlite3.connect(tmp_path / "old.db") as connection:
        connection.executescript("".join(f"DROP TABLE {table};" for table in without))
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    async with opened(tmp_path / "old.db") as inbox:
        assert await inbox.consents() == []
    assert shape(tmp_path / "old.db") == shape(tmp_path / "new.db")


async def test_nothing_of_a_store_of_version_1_is_lost(tmp_path: Path) -> None:
    old_store(tmp_path / "g.db")
    async with opened(tmp_path / "g.db") as inbox:
        depth = await inbox.depth()
        assert (depth.inbox_open, depth.outbox_open, depth.dead) == (1, 4, 1)
        assert await inbox.replies_to("zalo", "m1") == ["sent", "leased"]
        [letter] = await inbox.dead_letters()
        assert (letter.queue, letter.id, letter.reason, letter.attempts) == ("inbox", 4, "dead", 8)
        for key in ("k1", "k2", "k3", "k4"):
            assert await inbox.accept(_event(key)) is Acceptance.DUPLICATE
        [claim] = await inbox.claim(owner="a", limit=9, lease_s=30)
        assert (claim.event.text, claim.event.kind, claim.standing) == ("tiếp", EventKind.TEXT, Standing())
        assert await inbox.accept(_event("k9")) is Acceptance.NEW
        [known] = await inbox.claim(owner="a", limit=9, lease_s=30)
        assert known.standing == Standing(choices=("Điều 1",))


async def test_what_version_1_was_sending_or_had_tried_is_in_doubt_and_windows_are_known(tmp_path: Path) -> None:
    old_store(tmp_path / "g.db")
    async with opened(tmp_path / "g.db") as inbox:
        await inbox.release_leases()
        messages = {message.payload: message for message in await inbox.claim_outbox(owner="a", limit=9, lease_s=30)}
    assert {payload: message.doubtful_since for payload, message in messages.items()} == {
        "leased": FINISHED,
        "tried": FINISHED,
        "orphan": None,
    }
    assert {payload: message.last_user_at for payload, message in messages.items()} == {
        "leased": OCCURRED,
        "tried": OCCURRED + timedelta(minutes=1),
        "orphan": None,
    }


async def test_ids_go_on_where_version_1_stopped(tmp_path: Path) -> None:
    old_store(tmp_path / "g.db")
    async with opened(tmp_path / "g.db") as inbox:
        await inbox.accept(_event("new", person="6"))
        [claim] = [each for each in await inbox.claim(owner="a", limit=9, lease_s=30) if each.event.person == "6"]
        await inbox.finish(claim, messages=["x"], standing=Standing())
        ids = {message.payload: message.id for message in await inbox.claim_outbox(owner="a", limit=9, lease_s=30)}
    assert (claim.id, ids["x"]) == (5, 501)


async def test_what_version_1_wrote_can_be_forgotten(tmp_path: Path) -> None:
    old_store(tmp_path / "g.db")
    async with opened(tmp_path / "g.db") as inbox:
        assert await inbox.forget("zalo:9:1", before=NOW) == 4  # the event, two messages, the conversation
        await erase(inbox, ScriptedBot())
    assert not [line for line in contents(tmp_path / "g.db") if "chào" in line or "zalo:9:1" in line]


async def test_a_migration_that_finds_no_room_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    old_store(tmp_path / "g.db")
    with sqlite3.connect(tmp_path / "g.db") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    before = contents(tmp_path / "g.db")
    with no_room_to_write(), pytest.raises(StoreUnavailable):
        await SqliteInbox(tmp_path / "g.db", clock=ManualClock()).open()
    assert contents(tmp_path / "g.db") == before
    async with opened(tmp_path / "g.db") as inbox:
        assert (await inbox.depth()).outbox_open == 4


async def test_a_file_with_other_tables_of_these_names_is_refused_and_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "g.db") as connection:
        connection.execute("CREATE TABLE outbox (something TEXT)")
    connection.close()
    before = contents(tmp_path / "g.db")
    with pytest.raises(StoreUnavailable, match="outbox"):
        await SqliteInbox(tmp_path / "g.db", clock=ManualClock()).open()
    assert contents(tmp_path / "g.db") == before


def _event(key: str, *, person: str = "1") -> InboundEvent:
    return InboundEvent(
        channel="zalo", account="9", person=person, dedup_key=key, message_id=key, kind=EventKind.TEXT, text="x",
        occurred_at=datetime(2026, 7, 1, tzinfo=UTC),
    )  # fmt: skip
