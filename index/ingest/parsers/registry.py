"""Parser names → parsers. Importing this imports every parsing library: only the parsing child does (sandbox.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from index.ingest.parsers import jsonl, markdown
from index.ingest.parsers.page import Page, Parsed

PARSERS: Mapping[str, Callable[[Page], Parsed]] = {
    "markdown": markdown.parse,
    "jsonl": jsonl.parse,
}
"""Every parser: a pure function of a page that raises `UnreadableSource` where it holds nothing of the kind."""
