"""Take-downs: documents that somebody responsible has taken out of every list and look-up, whatever the sources say.

A document taken down is hidden, not erased, and what it does to others still counts: a replacement that must not be
shown has replaced nonetheless. It stays hidden when its sources are read again, until it is reinstated.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from index.document import Document
from index.schema import DOCUMENTS, TAKE_DOWNS
from index.text.number import number_key


@dataclass(frozen=True, slots=True)
class TakeDown:
    """One decision to hide a document."""

    key: str  # of its number, see `index.text.number.number_key`
    issued_on: date | None  # None: every document of that number
    reason: str
    by: str  # who decided
    at: datetime  # UTC


class Hidden:
    """What is taken down, read once for a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._dates: defaultdict[str, set[date | None]] = defaultdict(set)
        for row in connection.execute(sa.select(TAKE_DOWNS.c.key, TAKE_DOWNS.c.issued_on)):
            self._dates[row.key].add(row.issued_on)

    def covers(self, document: Document) -> bool:
        """Whether a document is taken down; one without a date is, as soon as any of its number is."""
        return self.covers_number(number_key(document.number), document.issued_on)

    def covers_number(self, key: str, issued_on: date | None) -> bool:
        """The same by number and date."""
        dates = self._dates.get(key, set())
        return bool(dates) and (issued_on is None or None in dates or issued_on in dates)


def withdrawn(connection: Connection) -> list[TakeDown]:
    """Every take-down, oldest first."""
    return [
        TakeDown(row.key, row.issued_on, row.reason, row.by, row.at.replace(tzinfo=row.at.tzinfo or UTC))
        for row in connection.execute(sa.select(TAKE_DOWNS).order_by(TAKE_DOWNS.c.id))
    ]


def enter(connection: Connection, take_down: TakeDown) -> None:
    """Write a take-down; one of the same number and date is replaced."""
    lift(connection, take_down.key, take_down.issued_on)
    names = ("key", "issued_on", "reason", "by", "at")
    connection.execute(TAKE_DOWNS.insert(), {name: getattr(take_down, name) for name in names})


def lift(connection: Connection, key: str, issued_on: date | None) -> bool:
    """Delete the take-down of exactly this number and date; False where there is none."""
    same = TAKE_DOWNS.c.key == key, TAKE_DOWNS.c.issued_on == issued_on  # None compares as IS NULL
    return connection.execute(TAKE_DOWNS.delete().where(*same)).rowcount > 0


def apply(connection: Connection, key: str) -> list[str]:
    """Hide and show the documents of a number as the take-downs say; ids of those that changed, in order."""
    hidden, changed = Hidden(connection), []
    known = sa.select(DOCUMENTS.c.id, DOCUMENTS.c.issued_on, DOCUMENTS.c.is_withdrawn)
    for row in connection.execute(known.where(DOCUMENTS.c.key == key).order_by(DOCUMENTS.c.id)).all():
        is_withdrawn = hidden.covers_number(key, row.issued_on)
        if is_withdrawn != row.is_withdrawn:
            own = DOCUMENTS.update().where(DOCUMENTS.c.id == row.id)
            connection.execute(own.values(is_withdrawn=is_withdrawn))
            changed.append(row.id)
    return changed
