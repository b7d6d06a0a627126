"""Conversations as Rasa remembers them: one capped row each in SQLite, forgotten after a day.

A tracker that only grows takes a turn from 5 ms to 222 ms at 500 turns, because Rasa replays it whole. The last events,
the slots and an active form are all that the rules need.
"""

# ruff: noqa: ARG002 - the signatures are Rasa's

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

KEPT_EVENTS = 60
"""Events of a conversation that are kept: some ten turns."""

KEPT_S = 24 * 3600
"""Seconds after its last turn at which a conversation is forgotten, with every text in it."""

PURGED_EVERY_S = 600
"""Seconds between two clean-ups, at the least."""

BUSY_TIMEOUT_S = 5
"""Seconds for which a turn waits for the file."""


class CappedTrackerStore(TrackerStore):
    """Keeps the newest events of each conversation's current session.

    The conversation key is stored as it comes: it is a pseudonym already. Deleted text is overwritten in the file.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        path: str = "var/tracker.db",
        now: Callable[[], float] = time.time,
        **kwargs: Any,
    ) -> None:
        """Open the file at `path` (from the working directory; `:memory:` for tests). `now` gives POSIX seconds."""
        super().__init__(domain, event_broker)
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._now = now
        self._purged_at = float("-inf")
        self._rows = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_S)
        self._rows.execute("PRAGMA journal_mode = WAL")
        # A crash may lose the last turns of the bot's memory; the gateway's inbox is what must not be lost.
        self._rows.execute("PRAGMA synchronous = NORMAL")
        self._rows.execute("PRAGMA secure_delete = ON")
        self._rows.execute(
            "CREATE TABLE IF NOT EXISTS conversations "
            "(sender_id TEXT PRIMARY KEY, events TEXT NOT NULL, saved_at REAL NOT NULL) WITHOUT ROWID"
        )
        self._rows.execute("CREATE INDEX IF NOT EXISTS conversations_saved_at ON conversations (saved_at)")

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is kept of the tracker; the last writer wins.

        What cannot be written is let go: Rasa would keep it in memory without end, where nothing deletes it and nobody
        ever looks for it.
        """
        await self.stream_events(tracker)
        try:
            self._write(tracker, self._now())
        except sqlite3.Error as error:
            logger.error("A conversation was not saved: %s.", type(error).__name__)  # noqa: TRY400 - no words of it

    def _write(self, tracker: DialogueStateTracker, now: float) -> None:
        events = json.dumps([event.as_dict() for event in kept_events(tracker, since=now - KEPT_S)], ensure_ascii=False)
        self._rows.execute(
            "INSERT INTO conversations VALUES (?, ?, ?) ON CONFLICT (sender_id) "
            "DO UPDATE SET events = excluded.events, saved_at = excluded.saved_at",
            (tracker.sender_id, events, now),
        )
        if now - self._purged_at >= PURGED_EVERY_S:
            self._purged_at = now
            self.purge()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, or None where there is none or it is older than a day."""
        row = self._rows.execute(
            "SELECT events FROM conversations WHERE sender_id = ? AND saved_at > ?", (sender_id, self._now() - KEPT_S)
        ).fetchone()
        if row is None:
            return None
        return DialogueStateTracker.from_events(
            sender_id,
            evts=read_events(json.loads(row[0])),
            slots=self.domain.slots,
            max_event_history=self.max_event_history,
            domain=self.domain,
        )

    async def keys(self) -> Iterable[str]:
        """Return the keys of all conversations that are remembered."""
        rows = self._rows.execute("SELECT sender_id FROM conversations WHERE saved_at > ?", (self._now() - KEPT_S,))
        return [key for (key,) in rows]

    def forget(self, sender_id: str) -> None:
        """Delete a conversation now, out of the log of the file too.

        Raises sqlite3.Error where that fails, as it does while another process reads the file: called again it goes on.
        """
        if not self._delete("sender_id = ?", sender_id):
            raise sqlite3.OperationalError("the log of the file is in use and holds what was deleted")

    def purge(self) -> None:
        """Delete every conversation whose last turn is older than a day; the log, where it is in use, the next time."""
        self._delete("saved_at <= ?", self._now() - KEPT_S)

    def _delete(self, condition: str, value: str | float) -> bool:
        """Delete rows, and the log of the file, which would hold them for a while yet; tell whether the log is gone.

        Whoever else reads the file keeps the log, and is not waited for: every turn would wait too.
        """
        self._rows.execute(f"DELETE FROM conversations WHERE {condition}", (value,))  # noqa: S608 - our own conditions
        self._rows.execute("PRAGMA busy_timeout = 0")
        try:
            is_busy, _, _ = self._rows.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._rows.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
        return not is_busy

    def close(self) -> None:
        """Close the file."""
        self._rows.close()


def read_events(stored: Sequence[dict[str, Any]]) -> list[Event]:
    """Return the events that `as_dict` wrote. Raises ValueError at an unknown one.

    Rasa's `deserialise_events` goes through all event classes for every event, which took half the CPU of a turn in a
    long conversation; here the class of a name is looked up once.
    """
    return [_event_class(fields["event"])._from_parameters(fields) for fields in stored]


@cache  # as many entries as Rasa has kinds of events
def _event_class(name: str) -> type[Event]:
    return Event.resolve_by_type(name)


def kept_events(tracker: DialogueStateTracker, *, since: float) -> list[Event]:
    """Return the events to store: the current session's last ones, after the state that the dropped ones left behind.

    `since` is POSIX time; nothing older is kept, whatever the count.
    """
    events = list(tracker.events)
    session_starts = [place for place, event in enumerate(events) if isinstance(event, SessionStarted)]
    session = events[session_starts[-1] :] if session_starts else events
    newest = [event for event in session[-KEPT_EVENTS:] if event.timestamp is None or event.timestamp > since]
    if len(newest) == len(session):
        return session
    # Slots as they are now, first: replayed events then only repeat how they came to be.
    state: list[Event] = [
        SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.value != slot.initial_value
    ]
    if tracker.active_loop_name:
        state.append(ActiveLoop(tracker.active_loop_name))
    return [*state, *newest]
