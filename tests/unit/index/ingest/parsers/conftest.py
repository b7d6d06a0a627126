"""Pages and files for the parsers' tests, made on the spot."""

from __future__ import annotations

import zlib
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest

from index.ingest.parsers.page import Page

PORTAL = Path(__file__).parents[4] / "fixtures" / "portal"
READ_ON = date(2026, 5, 12)


@pytest.fixture
def page():
    """page(body, url=…, content_type=…): a page fetched on 12 May 2026; a str body is encoded, a file name is read."""

    def make(body: bytes | str, url: str | None = "https://congbao.chinhphu.vn/trang.htm", **facts) -> Page:
        if isinstance(body, str):
            file = PORTAL / body
            body = file.read_bytes() if len(body) < 60 and file.is_file() else body.encode()
        return Page(url, facts.pop("content_type", None), body, READ_ON, **facts)

    return make


@pytest.fixture
def decree_lines() -> list[str]:
    return (PORTAL / "decree.txt").read_text(encoding="utf-8").strip().split("\n")


def pdf_of(objects: list[bytes], *, trailer: bytes = b"") -> bytes:
    """A PDF of numbered objects (the first is the catalogue) with a correct table."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n" % (len(packed), extra) + packed + b"\nendstream"


@pytest.fixture
def make_pdf():
    """make_pdf(pages of lines): a PDF with a composite font whose letters are mapped to Unicode."""

    def make(pages: list[list[str]]) -> bytes:
        letters = sorted({letter for lines in pages for line in lines for letter in line})
        code = {letter: place + 1 for place, letter in enumerate(letters)}
        table = "\n".join(f"<{code[one]:04X}> <{one.encode('utf-16-be').hex()}>" for one in letters)
        cmap = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n1 begincodespacerange\n"
            f"<0000> <FFFF>\nendcodespacerange\n{len(letters)} beginbfchar\n{table}\nendbfchar\nendcmap end end"
        )
        font = (
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Test /Encoding /Identity-H"
            b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
        )
        descendant = (
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Test /DW 500"
            b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        )
        objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", font, descendant, stream(cmap.encode())]
        kids = []
        for lines in pages:
            shown = " ".join(f"<{''.join(f'{code[one]:04X}' for one in line)}> Tj 0 -14 Td" for line in lines)
            objects.append(stream(f"BT /F1 11 Tf 60 780 Td {shown} ET".encode()))
            objects.append(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
                b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
            )
            kids.append(b"%d 0 R" % len(objects))
        objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
        return pdf_of(objects)

    return make


@pytest.fixture
def make_docx():
    """make_docx(lines, tables=…): paragraphs, then tables of texts."""

    def make(lines: list[str], tables: list[list[list[str]]] = (), *, font: str | None = None) -> bytes:
        content = docx.Document()
        for line in lines:
            run = content.add_paragraph().add_run(line)
            run.font.name = font
        for rows in tables:
            table = content.add_table(rows=len(rows), cols=len(rows[0]))
            for row, words in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, words, strict=True):
                    cell.text = text
        file = BytesIO()
        content.save(file)
        return file.getvalue()

    return make
