"""What a scope of sources lets answer: a search and a catalogue that find no document of any other source.

Decision. A scope narrows what is found, not what is known of a document that is named: a person who types a number, or
whose conversation is about a document already, is told of it and of what replaced it, whatever source it is from, for a
scope must never hide whether a law holds. So a search within one document, and look-ups by number or id, know all. A
document is of the source whose text it has, or else whose facts. Consequence: whoever works with these two need not
think of the scope, and cannot forget it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol, Unpack

from index.document import Document
from index.queries import Filters
from index.reading import CatalogueReader
from index.search import Hit, SearchQuery
from index.snapshot import SnapshotId


class Searching(Protocol):
    """What answers questions: see `index.search.SearchEngine`."""

    @property
    def snapshot_id(self) -> SnapshotId:
        """The snapshot that answers now."""

    def reload(self, wait_s: float | None = None) -> bool:
        """Take over the published snapshot if it is another one."""

    def search(self, query: SearchQuery) -> list[Hit]:
        """The passages that answer best, best first."""


class ScopedSearch:
    """A search of which every question about more than one document finds these sources only."""

    def __init__(self, engine: Searching, sources: Sequence[str]) -> None:
        self._engine = engine
        self._sources = tuple(sources)

    @property
    def snapshot_id(self) -> SnapshotId:
        """The snapshot that answers now."""
        return self._engine.snapshot_id

    def reload(self, wait_s: float | None = None) -> bool:
        """See `SearchEngine.reload`."""
        return self._engine.reload(wait_s)

    def search(self, query: SearchQuery) -> list[Hit]:
        """See `SearchEngine.search`."""
        return self._engine.search(query if query.document_id else replace(query, sources=self._sources))


class ScopedCatalogue(CatalogueReader):
    """A catalogue that lists and counts documents of these sources only; what is named is found from all."""

    def __init__(self, whole: CatalogueReader, sources: Sequence[str]) -> None:
        super().__init__(whole._engine, succession=whole._succession, links=whole._links)
        self._whole = whole
        self._sources = tuple(sources)

    def latest(self, *, limit: int = 5, offset: int = 0, **filters: Unpack[Filters]) -> list[Document]:
        """See `CatalogueReader.latest`."""
        return super().latest(limit=limit, offset=offset, **self._narrowed(filters))

    def count(self, **filters: Unpack[Filters]) -> int:
        """See `CatalogueReader.count`."""
        return super().count(**self._narrowed(filters))

    def ids(self, **filters: Unpack[Filters]) -> list[str]:
        """See `CatalogueReader.ids`."""
        return super().ids(**self._narrowed(filters))

    def not_in_force(self, on: date) -> frozenset[str]:
        """See `CatalogueReader.not_in_force`: kept in memory once for all scopes."""
        return self._whole.not_in_force(on)

    def _narrowed(self, filters: Filters) -> Filters:
        return {**filters, "sources": self._sources}
