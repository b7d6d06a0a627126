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
    series: str | None = None  # of local documents (`index.series`); None: whoever's number it is

    def covers(self, key: str, issued_on: date | None, series: str) -> bool:
        """Whether it hides a document; one without a date is hidden as soon as any of its number is."""
        is_of_date = issued_on is None or self.issued_on in (None, issued_on)
        return self.key == key and is_of_date and self.series in (None, series)


class Hidden:
    """What is taken down, read once for a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._take_downs: defaultdict[str, list[TakeDown]] = defaultdict(list)
        for take_down in withdrawn(connection):
            self._take_downs[take_down.key].append(take_down)

    def covers(self, document: Document) -> bool:
        """Whether a document is taken down."""
        return self.covers_number(number_key(document.number), document.issued_on, document.series)

    def covers_number(self, key: str, issued_on: date | None, series: str) -> bool:
        """The same by number, date and series."""
        return any(one.covers(key, issued_on, series) for one in self._take_downs.get(key, ()))


def withdrawn(connection: Connection) -> list[TakeDown]:
    """Every take-down, oldest first."""
    return [
        TakeDown(row.key, row.issued_on, row.reason, row.by, row.at.replace(tzinfo=row.at.tzinfo or UTC), row.series)
        for row in connection.execute(sa.select(TAKE_DOWNS).order_by(TAKE_DOWNS.c.id))
    ]


def enter(connection: Connection, take_down: TakeDown) -> None:
    """Write a take-down; one of the same number and date is replaced, and those of single series by one of all."""
    lift(connection, take_down.key, take_down.issued_on, take_down.series)
    names = ("key", "issued_on", "series", "reason", "by", "at")
    connection.execute(TAKE_DOWNS.insert(), {name: getattr(take_down, name) for name in names})


def lift(connection: Connection, key: str, issued_on: date | None, series: str | None) -> bool:
    """Delete the take-down of exactly this number, date and series (None: every one); False where there is none."""
    same = [TAKE_DOWNS.c.key == key, TAKE_DOWNS.c.issued_on == issued_on]  # None compares as IS NULL
    same += [TAKE_DOWNS.c.series == series] if series is not None else []
    return connection.execute(TAKE_DOWNS.delete().where(*same)).rowcount > 0


def apply(connection: Connection, key: str) -> list[str]:
    """Hide and show the documents of a number as the take-downs say; ids of those that changed, in order."""
    hidden, changed = Hidden(connection), []
    known = sa.select(DOCUMENTS.c.id, DOCUMENTS.c.issued_on, DOCUMENTS.c.series, DOCUMENTS.c.is_withdrawn)
    for row in connection.execute(known.where(DOCUMENTS.c.key == key).order_by(DOCUMENTS.c.id)).all():
        is_withdrawn = hidden.covers_number(key, row.issued_on, row.series)
        if is_withdrawn != row.is_withdrawn:
            own = DOCUMENTS.update().where(DOCUMENTS.c.id == row.id)
            connection.execute(own.values(is_withdrawn=is_withdrawn))
            changed.append(row.id)
    return changed
