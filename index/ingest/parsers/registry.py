"""Parser names → parsers. Importing this imports every parsing library: only the parsing child does (sandbox.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from index.ingest.parsers import (
    article,
    congbao_page,
    congbao_search,
    docx,
    feed,
    jsonl,
    markdown,
    pdf,
    pdf_ocr,
    sitemap,
    text,
    vanban_detail,
    vanban_list,
)
from index.ingest.parsers.page import Page, Parsed

PARSERS: Mapping[str, Callable[[Page], Parsed]] = {
    "rss": feed.parse,
    "sitemap": sitemap.parse,
    "article": article.parse,
    "vanban_list": vanban_list.parse,
    "vanban_detail": vanban_detail.parse,
    "congbao_page": congbao_page.parse,
    "congbao_search": congbao_search.parse,
    "pdf": pdf.parse,
    "pdf_ocr": pdf_ocr.parse,
    "docx": docx.parse,
    "markdown": markdown.parse,
    "jsonl": jsonl.parse,
    "text": text.parse,
}
"""Every parser: a pure function of a page that raises `UnreadableSource` where it holds nothing of the kind."""
