"""Files and folders → the catalogue, with a report; what cannot be read is named and the others go in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from index.catalogue import Catalogue
from index.document import Document
from index.errors import UnreadableSource
from index.ingest.jsonl import read_jsonl
from index.ingest.markdown import read_markdown
from index.ingest.report import IngestReport
from index.passages import split

SUFFIXES = (".jsonl", ".md")
_AT_ONCE = 100  # documents in one transaction: short enough for readers, long enough to be quick
_NOT_DOCUMENTS = ("readme.md", "datacard.md")  # files about a folder, not in it


def ingest(paths: Sequence[Path], *, catalogue: Catalogue, shows_progress: bool = False) -> IngestReport:
    """Take in every document of the files and folders given, in order; folders are searched all the way down.

    Never raises for a file's content: a file, or a line of it, that cannot be read is in `unreadable`.
    """
    report = IngestReport()
    files = list(_files(paths, report))
    for path in tqdm(files, desc="ingest", unit="file", disable=not shows_progress):
        documents = _documents(path, report)
        while few := list(islice(documents, _AT_ONCE)):
            changes = catalogue.put_all([(document, split(document)) for document in few])
            report.add([document.id for document in few], changes)
    report.inverted += [f"{found.number} {found.kind.value} {found.by}" for found in catalogue.inverted()]
    return report


def _documents(path: Path, report: IngestReport) -> Iterator[Document]:
    try:
        found = read_jsonl(path) if path.suffix.lower() == ".jsonl" else iter(read_markdown(path))
        for document in found:
            if isinstance(document, UnreadableSource):
                report.refuse(document)
            else:
                yield document
    except UnreadableSource as problem:
        report.refuse(problem)
    except OSError as error:
        report.refuse(UnreadableSource(str(path), error.strerror or type(error).__name__))


def _files(paths: Sequence[Path], report: IngestReport) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES)
            # a link that leads nowhere is kept, so that reading it names it; pipes and the like are no documents
            files = (file for file in inside if file.is_file() or (file.is_symlink() and not file.is_dir()))
            yield from (file for file in files if file.name.lower() not in _NOT_DOCUMENTS)
        elif path.suffix.lower() not in SUFFIXES:
            report.refuse(UnreadableSource(str(path), f"only {', '.join(SUFFIXES)} files are read"))
        else:
            yield path
