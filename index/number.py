"""From a number as somebody typed it to the document, or to the candidates worth asking back about."""

from __future__ import annotations

import re
from typing import Protocol

from index.document import Document
from index.text.number import TYPE_NAMES, ParsedNumber, Shape, canonical, number_key
from index.text.unicode import fold


class DocumentFinder(Protocol):
    """What resolving needs of the catalogue."""

    def find(
        self,
        *,
        key: str | None = None,
        number: str | None = None,
        year: int | None = None,
    ) -> list[Document]:
        """See `Catalogue.find`."""


def _is_of_type(document: Document, symbol: str) -> bool:
    """By the type that the source names or the symbol in the number: portals label joint circulars as circulars."""
    return document.type == TYPE_NAMES[symbol] or f"/{fold(symbol)}-" in number_key(document.number)


def _is_of_bodies(document: Document, org: str) -> bool:
    """By the symbols in the number, in any order; "UBTVQH" stands for that of any term ("UBTVQH15")."""
    own = re.split("[/-]", number_key(document.number))
    return all(any(re.fullmatch(rf"{re.escape(one)}\d*", part) for part in own) for one in fold(org).split("-"))


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
    found = catalogue.find(number=parsed.number, year=parsed.year)
    if parsed.type is not None:
        found = [document for document in found if _is_of_type(document, parsed.type)]
    if parsed.org is not None:
        found = [document for document in found if _is_of_bodies(document, parsed.org)]
        org = f"-{fold(parsed.org)}"
        found = [document for document in found if number_key(document.number).endswith(org)] or found
    return found
