"""Tables of the embedded store, and the way from an older version to this one."""

from __future__ import annotations

VERSION = 5
"""Written to PRAGMA user_version; a store of an older version is brought up to it, any other is refused."""

PENDING, LEASED, DONE, DEAD = 0, 1, 2, 3
"""States of inbox and outbox rows; below DONE a row is open. What a person withdrew is an emptied row, DONE, that
still says which dedup keys and platform ids have been: a retry of the platform is no new question."""

_INBOX = """
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL, account TEXT NOT NULL, person TEXT NOT NULL, conversation TEXT NOT NULL,
    dedup_key TEXT NOT NULL, message_id TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    occurred_at REAL NOT NULL, lang TEXT, as_of TEXT,
    state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    due_at REAL NOT NULL, owner TEXT, lease_until REAL, reason TEXT, changed_at REAL NOT NULL,
    accepted_at REAL NOT NULL DEFAULT 0, latitude REAL, longitude REAL
);
CREATE UNIQUE INDEX inbox_dedup ON inbox (channel, dedup_key);
CREATE INDEX inbox_open ON inbox (conversation, id) WHERE state < 2;
CREATE INDEX inbox_work ON inbox (id) WHERE state < 2;
CREATE INDEX inbox_old ON inbox (changed_at) WHERE state >= 2;
CREATE INDEX inbox_dead ON inbox (changed_at) WHERE state = 3;
"""

_OUTBOX = """
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id INTEGER NOT NULL, position INTEGER NOT NULL,
    channel TEXT NOT NULL, account TEXT NOT NULL, person TEXT NOT NULL, conversation TEXT NOT NULL,
    in_reply_to TEXT NOT NULL, payload TEXT NOT NULL, platform_id TEXT,
    state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    due_at REAL NOT NULL, owner TEXT, lease_until REAL, reason TEXT, changed_at REAL NOT NULL,
    accepted_at REAL NOT NULL DEFAULT 0,     -- of the event that it answers, or written where that is earlier
    leased_at REAL,                          -- when the lease that is under way, or the last one, began
    doubtful_since REAL,                     -- when the attempt began of which nobody knows whether it arrived
    is_proved INTEGER NOT NULL DEFAULT 0     -- an echo has shown that it arrived
);
CREATE UNIQUE INDEX outbox_once ON outbox (event_id, position);
CREATE INDEX outbox_open ON outbox (conversation, id) WHERE state < 2;
CREATE INDEX outbox_work ON outbox (id) WHERE state < 2;
CREATE INDEX outbox_answer ON outbox (channel, in_reply_to);
CREATE INDEX outbox_old ON outbox (changed_at) WHERE state >= 2;
CREATE INDEX outbox_dead ON outbox (changed_at) WHERE state = 3;
"""

_OUT_OF_THE_WAY_IN = """
CREATE INDEX inbox_settled ON inbox (conversation) WHERE state >= 2;
CREATE INDEX outbox_settled ON outbox (conversation) WHERE state >= 2;
CREATE INDEX outbox_platform ON outbox (platform_id) WHERE platform_id IS NOT NULL;
"""
"""Indexes for echoes and withdrawals. Partial ones, so that accepting an event costs nothing for them."""

_CONVERSATIONS = """
CREATE TABLE conversations (
    conversation TEXT PRIMARY KEY,
    choices TEXT,                            -- JSON; NULL while nothing has been answered
    silent_until REAL, is_leaving_message INTEGER NOT NULL DEFAULT 0,
    last_user_at REAL,                       -- when the person last did something that opens the window
    came_at REAL,                            -- when the event came that was answered last
    changed_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX conversations_idle ON conversations (changed_at);
"""

_LEFT_MESSAGES_AND_PAUSES = """
CREATE TABLE left_messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL, text TEXT NOT NULL, left_at REAL NOT NULL, accepted_at REAL NOT NULL
);
CREATE TABLE pauses (
    channel TEXT NOT NULL, account TEXT NOT NULL, until REAL NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (channel, account)
) WITHOUT ROWID;
"""

_THREADS = """
CREATE TABLE feedback (
    conversation TEXT NOT NULL, message_id TEXT NOT NULL, is_useful INTEGER NOT NULL, why TEXT NOT NULL,
    given_at REAL NOT NULL, PRIMARY KEY (conversation, message_id)
) WITHOUT ROWID;
CREATE TABLE notices (agency TEXT PRIMARY KEY, text TEXT NOT NULL, url TEXT, until REAL) WITHOUT ROWID;
"""
"""What came with the widget."""

_ERASURES = """
CREATE TABLE erasures (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL,
    due_at REAL NOT NULL                     -- when no turn of what was forgotten can be under way any more
);
"""
"""Conversations that the bot has still to forget."""

_CONSENTS = """
CREATE TABLE consents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mark TEXT NOT NULL,                      -- digest of the conversation's key, which is not kept after a deletion
    agency TEXT NOT NULL, given_at REAL NOT NULL, lang TEXT NOT NULL, notice TEXT, version TEXT, withdrawn_at REAL
);
CREATE INDEX consents_of ON consents (mark);
"""

_FROM_1 = f"""
ALTER TABLE inbox ADD COLUMN accepted_at REAL NOT NULL DEFAULT 0;
ALTER TABLE inbox ADD COLUMN latitude REAL;
ALTER TABLE inbox ADD COLUMN longitude REAL;
UPDATE inbox SET accepted_at = MIN(occurred_at, changed_at);

ALTER TABLE outbox ADD COLUMN accepted_at REAL NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN leased_at REAL;
ALTER TABLE outbox ADD COLUMN doubtful_since REAL;
ALTER TABLE outbox ADD COLUMN is_proved INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET accepted_at = COALESCE((SELECT accepted_at FROM inbox WHERE id = event_id), changed_at);
UPDATE outbox SET leased_at = lease_until - 60 WHERE state = {LEASED};
UPDATE outbox SET doubtful_since = changed_at - 60 WHERE state = {PENDING} AND attempts > 0;

ALTER TABLE conversations RENAME TO conversations_1;
DROP INDEX conversations_idle;
{_CONVERSATIONS}
INSERT INTO conversations (conversation, choices, last_user_at, came_at, changed_at)
SELECT conversation, choices, occurred_at, COALESCE(accepted_at, answered_at), answered_at
FROM conversations_1 LEFT JOIN (
    SELECT conversation, MAX(occurred_at) AS occurred_at, MAX(accepted_at) AS accepted_at
    FROM inbox WHERE state >= {DONE} GROUP BY conversation
) USING (conversation);
DROP TABLE conversations_1;
{_LEFT_MESSAGES_AND_PAUSES}
{_OUT_OF_THE_WAY_IN}
"""  # noqa: S608 - constants
"""Version 1 knew no doubt and leased for 60 s: what it had tried and not sent may have arrived."""

_SINCE_3 = _ERASURES + _CONSENTS

STEPS = {
    0: _INBOX + _OUTBOX + _OUT_OF_THE_WAY_IN + _CONVERSATIONS + _LEFT_MESSAGES_AND_PAUSES + _THREADS + _SINCE_3,
    1: _FROM_1 + _THREADS + _SINCE_3,
    2: _THREADS + _SINCE_3,
    3: _SINCE_3,
    4: _CONSENTS,
}
"""What makes a store of VERSION of an older one; version 0 is an empty file."""
