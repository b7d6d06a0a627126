"""What an ingestion run did, for people and for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.errors import UnreadableSource
from index.storing import Change


@dataclass(slots=True)
class IngestReport:
    """Counts and names of one run; grows while the run goes on."""

    created: list[str] = field(default_factory=list)  # document ids
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)  # (path or path:line, reason)
    inverted: list[str] = field(default_factory=list)  # relations not applied: older "successors", numbers of nobody

    def add(self, document_ids: Sequence[str], changes: Sequence[Change]) -> None:
        """Enter what the catalogue did with these documents."""
        for document_id, change in zip(document_ids, changes, strict=True):
            {Change.CREATED: self.created, Change.UPDATED: self.updated, Change.UNCHANGED: self.unchanged}[
                change
            ].append(document_id)

    def refuse(self, problem: UnreadableSource) -> None:
        """Enter a file or a line that could not be taken in."""
        self.unreadable.append((problem.where, problem.reason))

    def counts(self) -> str:
        """One line with the number of each."""
        return (
            f"{len(self.created)} created, {len(self.updated)} updated, {len(self.unchanged)} unchanged, "
            f"{len(self.unreadable)} unreadable, {len(self.inverted)} relations not applied"
        )

    def __str__(self) -> str:
        return "\n".join([self.counts(), *(f"unreadable: {where}: {reason}" for where, reason in self.unreadable)])


@dataclass(slots=True)
class SyncReport(IngestReport):
    """The same for a run over the network."""

    withdrawn: list[str] = field(default_factory=list)  # ids of documents that their source no longer has
    pages: int = 0  # that were asked for, lists included
    not_modified: int = 0  # of them, those that had not changed

    def include(self, other: SyncReport) -> None:
        """Add what another report says, which nobody writes to any more."""
        for name in ("created", "updated", "unchanged", "unreadable", "inverted", "withdrawn"):
            getattr(self, name).extend(getattr(other, name))
        self.pages += other.pages
        self.not_modified += other.not_modified

    def counts(self) -> str:
        """One line with the number of each."""
        pages = f"{self.pages} pages ({self.not_modified} unchanged)"
        return f"{pages}: {IngestReport.counts(self)}, {len(self.withdrawn)} withdrawn"
