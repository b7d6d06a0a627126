"""Files and folders → the catalogue, with a report; what cannot be read is named and the others go in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from index.catalogue import Catalogue
from index.document import Document
from index.errors import UnreadableSource
from index.ingest.completing import complete
from index.ingest.intake import parse_scans_too, today
from index.ingest.jsonl import read_jsonl
from index.ingest.markdown import read_markdown
from index.ingest.parsers.page import Page
from index.ingest.report import IngestReport
from index.ingest.sandbox import Sandbox
from index.passages import split

PARSERS = {".jsonl": "jsonl", ".md": "markdown", ".pdf": "pdf", ".docx": "docx", ".txt": "text"}
"""File endings that are read, and the parser of each; other files need a parser named by hand."""

_TRUSTED = ("jsonl", "markdown")  # plain text that the operator wrote or chose: read here, line by line, of any length
_AT_ONCE = 100  # documents in one transaction: short enough for readers, long enough to be quick
_NOT_DOCUMENTS = ("readme.md", "datacard.md")  # files about a folder, not in it


def ingest(
    paths: Sequence[Path], *, catalogue: Catalogue, parser: str | None = None, shows_progress: bool = False
) -> IngestReport:
    """Take in every document of the files and folders given, in order; folders are searched all the way down.

    `parser` (a name of `index.ingest.parsers.page`) reads files whose ending does not say what they are, such as saved
    pages. Never raises for a file's content: a file, or a line of it, that cannot be read is in `unreadable`.
    """
    report = IngestReport()
    files = list(_files(paths, report, takes_any=parser is not None))
    with Sandbox() as sandbox:
        for path in tqdm(files, desc="ingest", unit="file", disable=not shows_progress):
            documents = _documents(path, parser or PARSERS[path.suffix.lower()], sandbox, report)
            while few := [complete(document) for document in islice(documents, _AT_ONCE)]:
                changes = catalogue.put_all([(document, split(document)) for document in few])
                report.add([document.id for document in few], changes)
    not_applied = (*catalogue.inverted(), *catalogue.unplaced())
    report.inverted += [f"{found.number} {found.kind.value} {found.by}" for found in not_applied]
    return report


def _documents(path: Path, parser: str, sandbox: Sandbox, report: IngestReport) -> Iterator[Document]:
    try:
        for document in _read(path, parser, sandbox):
            if isinstance(document, UnreadableSource):
                report.refuse(document)
            else:
                yield document
    except UnreadableSource as problem:
        report.refuse(problem)
    except OSError as error:
        report.refuse(UnreadableSource(str(path), error.strerror or type(error).__name__))


def _read(path: Path, parser: str, sandbox: Sandbox) -> Iterator[Document | UnreadableSource]:
    if parser in _TRUSTED:
        yield from read_jsonl(path) if parser == "jsonl" else read_markdown(path)
        return
    page = Page(url=path.name, content_type=None, body=path.read_bytes(), fetched_on=today(datetime.now(UTC)))
    parsed = parse_scans_too(sandbox.parse, parser, page)
    yield from parsed.documents
    yield from parsed.problems


def _files(paths: Sequence[Path], report: IngestReport, *, takes_any: bool) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if takes_any or file.suffix.lower() in PARSERS)
            # a link that leads nowhere is kept, so that reading it names it; pipes and the like are no documents
            files = (file for file in inside if file.is_file() or (file.is_symlink() and not file.is_dir()))
            yield from (file for file in files if file.name.lower() not in _NOT_DOCUMENTS)
        elif not takes_any and path.suffix.lower() not in PARSERS:
            report.refuse(UnreadableSource(str(path), f"only {', '.join(PARSERS)} files are read without --parser"))
        else:
            yield path
