"""A PDF with text → its document. Scans have no text: `pdf_ocr` reads those.

Only what a reader sees is text (`pdf_visible`). A page whose only text is an invisible layer over its picture is a
scan: the layer may say anything, so it is not trusted, and the picture is read again by `pdf_ocr`.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from index.errors import UnreadableSource
from index.ingest.legacy_text import encoding_of_font, is_possible, to_unicode
from index.ingest.parsers.fulltext import document_of_text
from index.ingest.parsers.official import MOST_CHARACTERS
from index.ingest.parsers.page import Page, Parsed
from index.ingest.parsers.pdf_visible import Sight

SCANNED = "has no text, it is a scan: read it with the parser pdf_ocr"
"""Reason of the refusal after which `pdf_ocr` is worth trying."""
MOST_PAGES = 3_000
"""Of one document; the longest decree of 2026 with its annexes has about 1,500."""
_MOST_OBJECTS = 300_000
_FEWEST_CHARACTERS = 20  # a page's share; a stamp on a scan has some
_STAMP = 200  # characters of a signature's stamp, the only text that many scans have
_MOST_OF_IT = 0.5  # of a page, that the picture of a scan covers at least


def parse(page: Page) -> Parsed:
    """The document of a PDF. Raises `UnreadableSource` for one that is encrypted, damaged, too large, or a scan."""
    return Parsed(documents=(document_of_text(page, text_of_pdf(page)),))


def text_of_pdf(page: Page) -> str:
    """The text of all pages, one below the other; raises as `parse` does."""
    reader = opened(page)
    texts: list[str] = []
    characters = 0
    try:
        for sheet in reader.pages:
            seen = read_sheet(sheet)
            if seen.is_layer:
                raise UnreadableSource(page.where, SCANNED)
            texts.append(seen.text)
            characters += len(texts[-1])
            if characters > MOST_CHARACTERS:
                raise UnreadableSource(page.where, "holds more text than any document")
    except FAULTS as error:
        raise UnreadableSource(page.where, f"damaged PDF ({type(error).__name__})") from error
    text = "\n".join(texts)
    if len(text.strip()) < _FEWEST_CHARACTERS * max(1, len(texts)):
        raise UnreadableSource(page.where, SCANNED)
    return text


FAULTS = (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OSError,
          ZeroDivisionError, NotImplementedError, OverflowError)  # fmt: skip
"""What pypdf lets out on damaged files, beside its own errors."""


def opened(page: Page) -> PdfReader:
    """The PDF, with its number of objects and pages within reason; raises `UnreadableSource` as `parse` does."""
    if b"%PDF-" not in page.body[:1024]:
        raise UnreadableSource(page.where, "not a PDF")
    try:
        reader = PdfReader(BytesIO(page.body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableSource(page.where, "the PDF is encrypted")
        objects = sum(len(table) for table in reader.xref.values()) + len(reader.xref_objStm)
        if objects > _MOST_OBJECTS:
            raise UnreadableSource(page.where, f"more than {_MOST_OBJECTS} objects in the PDF")
        pages = _count(reader)
    except RecursionError as error:
        raise UnreadableSource(page.where, "pages nested too deep, or in a circle") from error
    except FAULTS as error:
        raise UnreadableSource(page.where, f"damaged PDF ({type(error).__name__})") from error
    if pages > MOST_PAGES:
        raise UnreadableSource(page.where, f"more than {MOST_PAGES} pages in the PDF")
    if pages == 0:
        raise UnreadableSource(page.where, "no pages in the PDF")
    return reader


def _count(reader: PdfReader) -> int:
    """Pages, counted by walking the tree: what the tree says of itself may be a lie. Stops above `MOST_PAGES`."""
    root: Any = reader.root_object
    waiting = [root.get("/Pages")]
    seen: set[int] = set()
    pages = 0
    while waiting and pages <= MOST_PAGES:
        node = waiting.pop()
        number = getattr(node, "idnum", None)
        node = node.get_object() if node is not None else None
        kids = node.get("/Kids") if isinstance(node, dict) else None
        kids = kids.get_object() if kids is not None else None
        if isinstance(kids, list):
            if number in seen:
                raise RecursionError
            if number is not None:
                seen.add(number)
            waiting += kids
        elif isinstance(node, dict):
            pages += 1
    return pages


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is on a page."""

    text: str  # that can be seen
    hidden: int  # length of the text that cannot
    picture_share: float  # part of the page that its largest picture covers, 0..1

    @property
    def is_layer(self) -> bool:
        """Whether it is a scan with an invisible layer of text, and none that is seen."""
        return self._is_picture and self.hidden > 0 and len(self.text.strip()) < _FEWEST_CHARACTERS

    @property
    def is_scan(self) -> bool:
        """Whether its picture is to be read, and not the stamp that may be on it."""
        return len(self.text.strip()) < (_STAMP if self._is_picture else _FEWEST_CHARACTERS)

    @property
    def _is_picture(self) -> bool:
        return self.picture_share >= _MOST_OF_IT


def read_sheet(sheet: Any) -> Sheet:
    """A page of pypdf's; its text, where most of it is set in fonts of a legacy encoding, in Unicode."""
    letters: dict[str, int] = {}

    def count(text: str, _cm: object, _tm: object, font: Any, _size: object) -> None:
        name = str(font.get("/BaseFont", "")) if font else ""
        letters[name] = letters.get(name, 0) + len(text.strip())

    sight = Sight(sheet)
    text: str = sheet.extract_text(
        visitor_operand_before=sight.before, visitor_operand_after=sight.after, visitor_text=count
    )
    legacy = {name: found for name in letters if (found := encoding_of_font(name))}
    if 2 * sum(letters[name] for name in legacy) > sum(letters.values()) and is_possible(text):
        text = to_unicode(text, next(iter(legacy.values()))[0])
    return Sheet(text, sight.hidden, sight.picture_share)
