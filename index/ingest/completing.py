"""A document as its source gives it → the same with what its own text says: relations, first and last day (pure)."""

from __future__ import annotations

from dataclasses import replace

from index.document import Document, TextKind
from index.relations import effective_on, expires_on, extract, merge_extracted


def complete(document: Document) -> Document:
    """Add what its title and an official text state and its source does not; facts the source gives never change.

    Relations read here are marked as extracted. A text of any other kind is nobody's wording and adds nothing; the
    title of such a document, as of a record without text, is its issuing body's all the same.
    """
    official = document if document.text_kind is TextKind.OFFICIAL else replace(document, text="")
    return replace(
        document,
        relations=merge_extracted(document.relations, extract(official)),
        effective_on=document.effective_on or effective_on(document),
        expires_on=document.expires_on or expires_on(document),
    )
