"""Tables and statements of the embedded store."""

from __future__ import annotations

VERSION = 1
"""Written to PRAGMA user_version; a store of another version is refused."""

PENDING, LEASED, DONE, DEAD = 0, 1, 2, 3
"""States of inbox and outbox rows; below DONE a row is open."""

CREATE = """
CREATE TABLE IF NOT EXISTS inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL, account TEXT NOT NULL, person TEXT NOT NULL, conversation TEXT NOT NULL,
    dedup_key TEXT NOT NULL, message_id TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    occurred_at REAL NOT NULL, lang TEXT, as_of TEXT,
    state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    due_at REAL NOT NULL, owner TEXT, lease_until REAL, reason TEXT, changed_at REAL NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS inbox_dedup ON inbox (channel, dedup_key);
CREATE INDEX IF NOT EXISTS inbox_open ON inbox (conversation, id) WHERE state < 2;
CREATE INDEX IF NOT EXISTS inbox_work ON inbox (id) WHERE state < 2;
CREATE INDEX IF NOT EXISTS inbox_old ON inbox (changed_at) WHERE state >= 2;
CREATE INDEX IF NOT EXISTS inbox_dead ON inbox (changed_at) WHERE state = 3;

CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id INTEGER NOT NULL, position INTEGER NOT NULL,
    channel TEXT NOT NULL, account TEXT NOT NULL, person TEXT NOT NULL, conversation TEXT NOT NULL,
    in_reply_to TEXT NOT NULL, payload TEXT NOT NULL, platform_id TEXT,
    state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    due_at REAL NOT NULL, owner TEXT, lease_until REAL, reason TEXT, changed_at REAL NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS outbox_once ON outbox (event_id, position);
CREATE INDEX IF NOT EXISTS outbox_open ON outbox (conversation, id) WHERE state < 2;
CREATE INDEX IF NOT EXISTS outbox_work ON outbox (id) WHERE state < 2;
CREATE INDEX IF NOT EXISTS outbox_answer ON outbox (channel, in_reply_to);
CREATE INDEX IF NOT EXISTS outbox_old ON outbox (changed_at) WHERE state >= 2;
CREATE INDEX IF NOT EXISTS outbox_dead ON outbox (changed_at) WHERE state = 3;

CREATE TABLE IF NOT EXISTS conversations (
    conversation TEXT PRIMARY KEY, choices TEXT NOT NULL, answered_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_idle ON conversations (answered_at);
"""

ACCEPT = """
INSERT INTO inbox (channel, account, person, conversation, dedup_key, message_id, kind, text, occurred_at, lang, as_of,
                   due_at, changed_at)
SELECT :channel, :account, :person, :conversation, :dedup_key, :message_id, :kind, :text, :occurred_at, :lang, :as_of,
       :now, :now
WHERE (SELECT COUNT(*) FROM inbox WHERE conversation = :conversation AND state < 2) < :pending_cap
ON CONFLICT (channel, dedup_key) DO NOTHING
"""


def claim(table: str, columns: str) -> str:
    """Return the statement that leases the oldest open row of each conversation with no row in flight.

    A row is ready when it is pending and due, or when its lease ran out. `table` is inbox or outbox.
    """
    return f"""
    UPDATE {table} SET state = 1, owner = :owner, lease_until = :lease_until, attempts = attempts + 1
    WHERE id IN (
        SELECT id FROM {table} AS ready
        WHERE state < 2 AND ((state = 0 AND due_at <= :now) OR (state = 1 AND lease_until <= :now))
          AND NOT EXISTS (SELECT 1 FROM {table} AS older
                          WHERE older.conversation = ready.conversation AND older.id < ready.id AND older.state < 2)
        ORDER BY id LIMIT :limit)
    RETURNING {columns}
    """  # noqa: S608 - both arguments are constants of this package
