"""Which rows of a snapshot a question may find, and how much their documents count, as the catalogue says today."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, Protocol, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot

KEPT = 32
"""Answers kept in memory, a byte for each passage of the snapshot: each scope of sources has its own."""


class DocumentFilters(TypedDict, total=False):
    """What search filters by, as `Catalogue.ids` takes it."""

    type: str
    issuing_body: str
    place: str
    field: str
    language: str
    source: str
    sources: tuple[str, ...]
    issued_from: date
    issued_to: date
    effective_from: date
    effective_to: date


class DocumentFinder(Protocol):
    """What search asks of the catalogue."""

    def ids(self, **filters: Unpack[DocumentFilters]) -> Iterable[str]:
        """Ids of the documents that fit every filter."""

    def not_in_force(self, on: date) -> frozenset[str]:
        """Ids of the documents that do not hold on a day."""

    def revision(self) -> int:
        """A number that rises with every write."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """What lets a row through: all that is set."""

    documents: tuple[tuple[str, Any], ...] = ()  # names and values of DocumentFilters
    document_id: str | None = None
    as_of: date | None = None  # leaves out documents that are not in force on that day


class AllowedRows:
    """Answers from the catalogue as arrays over rows, kept until the catalogue or the snapshot changes.

    Safe to use from several threads.
    """

    def __init__(
        self, catalogue: DocumentFinder, *, type_weights: Mapping[str, float], source_weights: Mapping[str, float]
    ) -> None:
        """Weights are above 0, by document type and by source; what is not named counts 1.

        They are scaled so that the largest is 1. Raises ValueError for a weight that is not above 0.
        """
        if any(weight <= 0 for weight in (*type_weights.values(), *source_weights.values())):
            raise ValueError("weights of types and sources must be above 0")
        self._catalogue = catalogue
        self._weights = {"type": dict(type_weights), "source": dict(source_weights)}
        self._kept: OrderedDict[Hashable, NDArray[Any]] = OrderedDict()
        self._lock = Lock()

    def rows(self, snapshot: Snapshot, wanted: RowFilter) -> NDArray[np.bool_] | None:
        """Which rows pass; bool, shape (n_passages,), not to be written to. None where no filter is set."""
        if wanted == RowFilter():
            return None
        return self._remembered(snapshot, wanted, lambda: self._rows(snapshot, wanted))

    def weights(self, snapshot: Snapshot) -> NDArray[np.float32] | None:
        """How much each document counts, by ordinal; float32 in 0..1, shape (n_documents,). None where all count 1."""
        if not any(self._weights.values()):
            return None
        return self._remembered(snapshot, "weights", lambda: self._document_weights(snapshot))

    def _remembered(self, snapshot: Snapshot, of: Hashable, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        key = (snapshot.id, self._catalogue.revision(), of)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        made.flags.writeable = False
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made

    def _rows(self, snapshot: Snapshot, wanted: RowFilter) -> NDArray[np.bool_]:
        store = snapshot.passages
        rows = np.ones(len(store), dtype=np.bool_)
        if wanted.documents:
            filters: DocumentFilters = dict(wanted.documents)  # type: ignore[assignment] # made by SearchQuery
            rows &= store.rows_of(self._catalogue.ids(**filters))
        if wanted.document_id is not None:
            rows &= store.rows_of([wanted.document_id])
        if wanted.as_of is not None:
            rows &= ~store.rows_of(self._catalogue.not_in_force(wanted.as_of))
        return rows

    def _document_weights(self, snapshot: Snapshot) -> NDArray[np.float32]:
        ordinals = {document_id: ordinal for ordinal, document_id in enumerate(snapshot.passages.document_ids)}
        weights = np.ones(len(ordinals), dtype=np.float32)
        largest = 1.0
        for name, by_value in self._weights.items():
            largest *= max([1.0, *by_value.values()])
            for value, weight in by_value.items():
                named: DocumentFilters = {name: value}  # type: ignore[misc] # "type" or "source"
                held = [ordinals[one] for one in self._catalogue.ids(**named) if one in ordinals]
                weights[held] *= np.float32(weight)
        return weights / np.float32(largest)
