"""From a number as somebody typed it to the document, or to the candidates worth asking back about."""

from __future__ import annotations

from typing import Protocol

from index.document import Document
from index.text.number import TYPE_NAMES, ParsedNumber, Shape, canonical, number_key


class DocumentFinder(Protocol):
    """What resolving needs of the catalogue."""

    def find(
        self,
        *,
        key: str | None = None,
        number: str | None = None,
        year: int | None = None,
        type: str | None = None,  # noqa: A002 - the field's word
        issuing_body: str | None = None,
    ) -> list[Document]:
        """See `Catalogue.find`."""


def resolve(parsed: ParsedNumber, catalogue: DocumentFinder) -> list[Document]:
    """The documents a typed number can mean, newest first; empty when none is known.

    A number given in full is matched exactly: one document, or one for each year the number was used again. A partial
    one ("nd 42 2022", "công điện 104") gives every document that agrees with all that was said. Nothing is guessed:
    a part that contradicts (another year, another type) excludes the document.
    """
    exact = catalogue.find(key=number_key(canonical(parsed)), year=parsed.year)
    if exact:
        return exact
    if parsed.shape is Shape.NORMATIVE:
        return []
    type_name = TYPE_NAMES.get(parsed.type) if parsed.type else None
    found = catalogue.find(number=parsed.number, year=parsed.year, type=type_name)
    if parsed.org is None:
        return found
    org = number_key(parsed.org)
    return [document for document in found if number_key(document.number).endswith(org)]
