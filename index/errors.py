"""What can go wrong with the index, named by what the caller does next.

IndexProblem
├── NothingToIndex      the source holds no passage: ingest documents first
├── NotPrepared         a built file is missing: the message names the command that makes it
│   └── SnapshotMissing no snapshot is published: build one
├── SnapshotCorrupt     files differ from their manifest: roll back, or build again
├── SnapshotMismatch    built by another embedder: build with this one, or set the other one
├── CatalogueUnavailable the database does not answer, is missing, or has another schema: see the message
├── CatalogueReadOnly   a write to a catalogue that was opened for reading: a mistake in the program
├── UnreadableSource    one file, or one line of it, cannot become a document: name it, go on with the others
└── BadInput            a file given by the user cannot be read: correct it
"""

from __future__ import annotations


class IndexProblem(Exception):
    """Root of the tree; its message is one line fit for a terminal."""


class NothingToIndex(IndexProblem):
    """The source holds no passage."""


class NotPrepared(IndexProblem):
    """A file that a command builds is not there; the message names the command."""


class SnapshotMissing(NotPrepared):
    """No snapshot is published in the folder."""


class SnapshotCorrupt(IndexProblem):
    """A snapshot's files are not what its manifest says; it must not serve."""


class SnapshotMismatch(IndexProblem):
    """The snapshot's vectors come from another embedder than the one at hand."""


class CatalogueUnavailable(IndexProblem):
    """The catalogue cannot be reached, is missing, or was made by another version."""


class CatalogueReadOnly(IndexProblem):
    """A catalogue opened for reading was asked to write."""


class BadInput(IndexProblem):
    """A file named on the command line is missing or not of the expected form."""


class UnreadableSource(IndexProblem):
    """A source, or one line of it, cannot become a document.

    `where` is "path" or "path:line"; `reason` is one sentence for the person who supplied it.
    """

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason
