"""A document as its source gives it → the same with what its own text says: relations, first and last day (pure)."""

from __future__ import annotations

from dataclasses import replace

from index.document import Document, TextKind
from index.relations import effective_on, expires_on, extract, merge_extracted


def complete(document: Document) -> Document:
    """Add what an official text states and its source does not: facts that the source gives are never changed.

    Relations read here are marked as extracted. A text of any other kind is nobody's wording and adds nothing.
    """
    if document.text_kind is not TextKind.OFFICIAL or not document.text:
        return document
    return replace(
        document,
        relations=merge_extracted(document.relations, extract(document)),
        effective_on=document.effective_on or effective_on(document),
        expires_on=document.expires_on or expires_on(document),
    )
