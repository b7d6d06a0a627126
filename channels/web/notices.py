"""Urgent notices that an operator pins over the conversations of an agency, as this process knows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from channels.agency import VIETNAM
from channels.errors import StoreUnavailable
from channels.ports import Clock, Inbox
from channels.text import is_blank, tidy
from channels.thread import Notice

FRESH = timedelta(seconds=2)
"""How long what was read from the store is taken for the present."""

MAX_CHARS = 500
"""Longest notice: it stands above every conversation, on telephones too."""

RECENT = timedelta(minutes=1)
"""A change so young may have come between two long polls of a page."""


class NoticeBoard:
    """The notices by agency. While the store cannot be read, the last ones stay up."""

    def __init__(self, inbox: Inbox, clock: Clock) -> None:
        self._inbox = inbox
        self._clock = clock
        self._notices: dict[str, Notice] = {}
        self._read_at: datetime | None = None
        self._changed_at: dict[str, datetime] = {}

    async def refresh(self) -> bool:
        """Read the store unless that was done just now; tell whether anything changed."""
        now = self._clock.now()
        if self._read_at is not None and timedelta(0) <= now - self._read_at < FRESH:
            return False
        is_first, self._read_at = self._read_at is None, now
        try:
            found = await self._inbox.notices()
        except StoreUnavailable:
            return False
        changed = [name for name in {*found, *self._notices} if found.get(name) != self._notices.get(name)]
        self._notices = found
        self._changed_at |= {} if is_first else dict.fromkeys(changed, now)
        return bool(changed)

    def notice(self, agency: str) -> Notice | None:
        """Return the notice over the conversations of an agency."""
        notice = self._notices.get(agency)
        return None if notice is None or (notice.until and notice.until <= self._clock.now()) else notice

    def is_changed(self, agency: str) -> bool:
        """Tell whether the notice of an agency was changed within the last minute."""
        changed_at = self._changed_at.get(agency)
        return changed_at is not None and self._clock.now() - changed_at < RECENT


def read_notice(text: str, *, url: str | None, until: str | None, now: datetime) -> Notice:
    """Return the notice that an operator wrote; a time without a zone is Vietnam's. Raises ValueError."""
    words = tidy(text)
    if is_blank(words) or len(words) > MAX_CHARS:
        raise ValueError(f"a notice has 1 to {MAX_CHARS} characters")
    if url is not None and not (
        url.startswith("https://") and urlsplit(url).hostname and url.isascii() and url.isprintable()
    ):
        raise ValueError("the address of a notice begins with https://")
    try:
        end = None if until is None else datetime.fromisoformat(until)
    except ValueError:
        raise ValueError("until is a time as 2026-12-01T18:00") from None
    if end is not None:
        end = (end if end.tzinfo else end.replace(tzinfo=VIETNAM)).astimezone(UTC)
        if end <= now:
            raise ValueError("until is over already")
    return Notice(words, url, end)


def to_wire(notice: Notice | None) -> dict[str, object] | None:
    """Return a notice as JSON has it."""
    if notice is None:
        return None
    return {"text": notice.text, "url": notice.url, "until": notice.until.isoformat() if notice.until else None}
