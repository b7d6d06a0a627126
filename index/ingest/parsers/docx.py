"""A DOCX file → its document: paragraphs and tables in their order, tables as Markdown tables."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from index.errors import UnreadableSource
from index.ingest.legacy_text import encoding_of_font, is_possible, to_unicode
from index.ingest.parsers.fulltext import document_of_text
from index.ingest.parsers.page import Page, Parsed

_MOST_UNPACKED = 100_000_000  # bytes of all members; a 500-page decree has about 10 MB
_MOST_MEMBERS = 5_000
_FRAME = re.compile(r"CỘNG\s+H[ÒO]A\s+XÃ\s+HỘI|Nơi nhận\s*:|(?:TM|KT|TL|TUQ)\.", re.I)
_FAULTS = (PackageNotFoundError, BadZipFile, zlib.error, etree.LxmlError, KeyError, ValueError, TypeError, IndexError,
           AttributeError, NotImplementedError, OSError, EOFError)  # fmt: skip
_WRAPPERS = tuple(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo")))
_SEEN_RUNS = ".//w:r[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::w:txbxContent)]"
_DEEPEST_STYLE = 10  # styles based on styles based on …; Word's own go to about 5
_OLD_WORD = b"\xd0\xcf\x11\xe0"


def parse(page: Page) -> Parsed:
    """The document of a DOCX file. Raises `UnreadableSource` for what is none, or unpacks to more than any document."""
    _check_size(page)
    try:
        content = docx.Document(BytesIO(page.body))
        text = "\n".join(_lines(content))
    except _FAULTS as error:
        raise UnreadableSource(page.where, f"damaged DOCX ({type(error).__name__})") from error
    return Parsed(documents=(document_of_text(page, text),))


def _check_size(page: Page) -> None:
    if page.body.startswith(_OLD_WORD):
        raise UnreadableSource(page.where, "an old .doc file: save it as .docx")
    try:
        with ZipFile(BytesIO(page.body)) as archive:
            members = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableSource(page.where, "not a DOCX file") from error
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_UNPACKED:
        raise UnreadableSource(page.where, f"unpacks to more than {_MOST_UNPACKED // 1_000_000} MB")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableSource(page.where, "the file is encrypted")


def _lines(content: Any) -> Iterator[str]:
    yield from _blocks(content.element.body, content, _unseen_styles(content))


def _blocks(parent: Any, content: Any, unseen: Collection[str]) -> Iterator[str]:
    """The lines of paragraphs and tables, also of those inside content controls and the like."""
    for block in parent.iterchildren():
        if block.tag == qn("w:p"):
            yield from _paragraph(Paragraph(block, content), unseen).split("\n")
        elif block.tag == qn("w:tbl"):
            yield from _table(Table(block, content), unseen)
        elif block.tag in _WRAPPERS:
            yield from _blocks(block, content, unseen)


def _paragraph(paragraph: Any, unseen: Collection[str]) -> str:
    """The visible text of a paragraph, legacy fonts in Unicode, deleted revisions left out."""
    if paragraph._p.style in unseen:
        return ""
    style_font = paragraph.style.font.name if paragraph.style is not None else None
    runs = (Run(element, paragraph) for element in paragraph._p.xpath(_SEEN_RUNS))
    return "".join(
        _in_unicode(run.text, run.font.name or style_font)
        for run in runs
        if run._r.style not in unseen and not _is_hidden(run.font)
    )


def _is_hidden(font: Any) -> bool:
    is_tiny = font.size is not None and font.size.pt < 2
    is_white = font.color is not None and font.color.type is not None and str(font.color.rgb) == "FFFFFF"
    return bool(font.hidden) or is_tiny or is_white


def _unseen_styles(content: Any) -> frozenset[str]:
    """Ids of the styles whose text nobody sees, by themselves or by the style that they are based on."""
    based_on = {
        style.style_id: getattr(style.base_style, "style_id", None) for style in content.styles if _has_font(style)
    }
    unseen = {style.style_id for style in content.styles if _has_font(style) and _is_hidden(style.font)}
    for _ in range(_DEEPEST_STYLE):
        unseen |= {style for style, base in based_on.items() if base in unseen}
    return frozenset(unseen)


def _has_font(style: Any) -> bool:
    return style.type in (WD_STYLE_TYPE.CHARACTER, WD_STYLE_TYPE.PARAGRAPH)


def _in_unicode(text: str, font: str | None) -> str:
    encoding = encoding_of_font(font)
    if encoding is None or not is_possible(text):
        return text
    return to_unicode(text, encoding[0], is_capitals=encoding[1])


def _table(table: Any, unseen: Collection[str]) -> Iterator[str]:
    """A table as Markdown rows; one that only lays out the letterhead or the signatures as lines."""
    rows: list[list[str]] = []
    for row in table.rows:
        cells: list[str] = []
        last: Any = None
        for cell in row.cells:
            if cell._tc is not last:  # a cell that spans columns comes once for each
                cells.append("\n".join(_blocks(cell._tc, cell, unseen)))
            last = cell._tc
        rows.append(cells)
    if max((len(cells) for cells in rows), default=0) < 2 or any(_FRAME.search(cell) for row in rows for cell in row):
        for cells in rows:
            for cell in cells:
                yield from cell.split("\n")
        return
    for place, cells in enumerate(rows):
        yield "| " + " | ".join(" ".join(cell.replace("|", "/").split()) for cell in cells) + " |"
        if place == 0:
            yield "|" + " --- |" * len(cells)
