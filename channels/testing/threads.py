"""What the inbox in memory knows of conversations as their people see them."""

from __future__ import annotations

from channels.event import EventKind
from channels.inbox.threads import MAX_LISTED
from channels.ports import Clock
from channels.testing.tables import Tables
from channels.thread import Changes, Cursor, Entry, Feedback, Notice, merged


class MemoryThreads:
    """The part of `MemoryInbox` that pages of ours read."""

    _clock: Clock
    _tables: Tables

    async def entries_after(self, conversation: str, cursor: Cursor, *, limit: int) -> list[Entry]:
        """See `Inbox.entries_after`."""
        written = [
            Entry(Cursor(event=row.id), row.event.message_id, row.event.occurred_at, text=row.event.text)
            for row in self._tables.inbox
            if row.conversation == conversation and row.id > cursor.event and row.event.kind is EventKind.TEXT
        ]
        answers = [
            (row.answers, Entry(Cursor(answer=row.id), row.event.message_id, row.changed_at, payload=row.payload))
            for row in self._tables.outbox
            if row.conversation == conversation and row.id > cursor.answer
        ]
        return merged(written, answers, since=cursor, limit=limit)

    async def position(self, conversation: str) -> Cursor | None:
        """See `Inbox.position`."""
        here = [
            max((row.id for row in rows if row.conversation == conversation), default=0)
            for rows in (self._tables.inbox, self._tables.outbox)
        ]
        return Cursor(*here) if any(here) else None

    async def changes_after(self, channel: str, cursor: Cursor | None) -> Changes:
        """See `Inbox.changes_after`."""
        tables = self._tables
        end = Cursor(*(max((row.id for row in rows), default=0) for rows in (tables.inbox, tables.outbox)))
        if cursor is None:
            return Changes(end)
        found: dict[str, Cursor] = {}
        for cursors in (
            [(row, Cursor(event=row.id)) for row in tables.inbox if row.id > cursor.event],
            [(row, Cursor(answer=row.id)) for row in tables.outbox if row.id > cursor.answer],
        ):
            for row, here in cursors:
                if row.event.channel == channel and row.conversation:
                    found[row.conversation] = found.get(row.conversation, Cursor()).joined(here)
        return Changes(end.joined(cursor), found)

    async def give_feedback(self, feedback: Feedback) -> bool:
        """See `Inbox.give_feedback`."""
        is_known = any(
            (row.conversation, row.event.message_id) == (feedback.conversation, feedback.message_id)
            for row in self._tables.outbox
        )
        if is_known:
            self._tables.feedback[feedback.conversation, feedback.message_id] = feedback
        return is_known

    async def feedback(self) -> list[Feedback]:
        """See `Inbox.feedback`."""
        given = sorted(self._tables.feedback.values(), key=lambda one: (one.conversation, one.message_id))
        return sorted(given, key=lambda one: one.given_at, reverse=True)[:MAX_LISTED]

    async def count_feedback(self) -> tuple[int, int]:
        """See `Inbox.count_feedback`."""
        useful = sum(one.is_useful for one in self._tables.feedback.values())
        return useful, len(self._tables.feedback) - useful

    async def pin_notice(self, agency: str, notice: Notice | None) -> None:
        """See `Inbox.pin_notice`."""
        self._tables.notices.pop(agency, None)
        if notice is not None:
            self._tables.notices[agency] = notice

    async def notices(self) -> dict[str, Notice]:
        """See `Inbox.notices`."""
        now = self._clock.now()
        return {
            agency: notice
            for agency, notice in sorted(self._tables.notices.items())
            if notice.until is None or notice.until > now
        }
