"""Document → passages along phần, chương, mục, điều, khoản and điểm (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from index.document import Document, Passage

SUMMARY_PATH = "tom-tat"


def context_of(number: str, type_: str, title: str, aliases: Sequence[str]) -> str:
    """What every passage of a document is searched with: its number, type, title and everyday names."""
    return "\n".join(part for part in (f"{type_} {number}".strip(), title, ", ".join(aliases)) if part)


def split(document: Document) -> list[Passage]:
    """The passages of a document, in its order."""
    return [_passage(document, SUMMARY_PATH, None, (), document.text)] if document.text else []


def _passage(document: Document, path: str, location: str | None, headings: tuple[str, ...], text: str) -> Passage:
    return Passage(
        id=f"{document.id}#{path}",
        document_id=document.id,
        location=location,
        headings=headings,
        text=text,
        text_kind=document.text_kind,
        context=context_of(document.number, document.type, document.title, document.aliases),
    )
