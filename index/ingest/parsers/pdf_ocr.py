"""A scanned PDF → its document, read by Tesseract with its Vietnamese model, which Debian packages.

Each page's pictures are taken out of the PDF as they are; nothing is drawn, so no renderer is needed. An invisible
layer of text over a picture is not trusted and not read; a page without a scan keeps the text that is seen on it.
Machine reading slips: what it gives is the portal's document in a worse spelling, and its number must still be found
in it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from index.errors import UnreadableSource
from index.ingest.parsers.fulltext import document_of_text
from index.ingest.parsers.page import Page, Parsed
from index.ingest.parsers.pdf import FAULTS, opened, read_sheet

MISSING = "a scan, and no program to read it: install the Debian packages tesseract-ocr and tesseract-ocr-vie"
"""Reason of the refusal where Tesseract or its Vietnamese model is not installed."""
_MOST_PAGES = 400
_PAGE_TIMEOUT_S = 120
_SMALLEST_PICTURE = 10_000  # bytes; stamps and logos are smaller than a page


def parse(page: Page) -> Parsed:
    """The document of a scan. Raises `UnreadableSource` as `pdf.parse` does, and with `MISSING`."""
    program = shutil.which("tesseract")
    if program is None or "vie" not in _languages(program):
        raise UnreadableSource(page.where, MISSING)
    reader = opened(page)
    if len(reader.pages) > _MOST_PAGES:
        raise UnreadableSource(page.where, f"a scan of more than {_MOST_PAGES} pages")
    with tempfile.TemporaryDirectory() as folder:
        parts = _parts(page, reader, Path(folder))
        texts = [part if isinstance(part, str) else _read(program, part, page) for part in parts]
    if not any(text.strip() for text in texts):
        raise UnreadableSource(page.where, "a scan in which no text could be read")
    return Parsed(documents=(document_of_text(page, "\n".join(texts)),))


def _languages(program: str) -> list[str]:
    answer = subprocess.run([program, "--list-langs"], capture_output=True, timeout=_PAGE_TIMEOUT_S, check=False)
    return answer.stdout.decode("utf-8", "replace").split()


def _parts(page: Page, reader: Any, folder: Path) -> list[str | Path]:
    """Of each page in order its text, or where it is a scan its large pictures as files."""
    parts: list[str | Path] = []
    try:
        for number, sheet in enumerate(reader.pages):
            seen = read_sheet(sheet)
            if not seen.is_scan:
                parts.append(seen.text)
                continue
            for place, picture in enumerate(sheet.images):
                if len(picture.data) >= _SMALLEST_PICTURE:
                    suffix = Path(picture.name).suffix.lower()
                    file = folder / f"{number:04}-{place}{suffix if suffix.isascii() else ''}"
                    file.write_bytes(picture.data)
                    parts.append(file)
    except FAULTS as error:
        raise UnreadableSource(page.where, f"pictures of the PDF cannot be read ({type(error).__name__})") from error
    if not parts:
        raise UnreadableSource(page.where, "neither text nor pictures of pages in the PDF")
    return parts


def _read(program: str, picture: Path, page: Page) -> str:
    """The text of one picture; a page that cannot be read refuses the whole, as nobody would see that it is missing."""
    try:
        answer = subprocess.run(
            [program, str(picture), "stdout", "-l", "vie", "--psm", "6"],
            capture_output=True,
            timeout=_PAGE_TIMEOUT_S,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise UnreadableSource(page.where, "a scan with a page that cannot be read") from error
    return answer.stdout.decode("utf-8", "replace")
