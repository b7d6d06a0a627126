"""Where a document can be read in full, as far as we know."""

from __future__ import annotations

from bot.wording import Wording
from index.document import Document


def where_to_read(document: Document, *, wording: Wording, lang: str) -> str:
    """Return a sentence with the document's address, else where its number can be searched."""
    if document.url:
        return wording.text("actions.where_url", lang, url=document.url)
    return wording.text("actions.where_portal", lang, number=document.number)
