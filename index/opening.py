"""Opening everything a search needs, as the settings say; used by the commands and by the action server."""

from __future__ import annotations

from pathlib import Path

from index import succession
from index.catalogue import Catalogue
from index.embedder import Embedder, open_embedder
from index.errors import NotPrepared
from index.ingest import sources
from index.links import Links
from index.search import SearchEngine
from index.settings import IndexSettings
from index.snapshot import Snapshot
from index.text.glossary import Glossary
from index.text.reading import Reader


def open_engine(
    settings: IndexSettings, *, catalogue: Catalogue | None = None, embedder: Embedder | None = None
) -> SearchEngine:
    """A search engine over the published snapshot; catalogue (read-only) and embedder are opened where not given.

    Raises IndexProblem, whose message names the command to run, when something is missing or does not fit together.
    """
    embedder = embedder or open_encoder(settings)
    return SearchEngine(
        snapshot=Snapshot.open(settings.index_dir, embedder),
        embedder=embedder,
        reader=open_reader(settings),
        glossary=open_glossary(settings),
        catalogue=catalogue or open_catalogue(settings, read_only=True),
        source_weights=sources.weights(sources.load(settings.sources_file)),
    )


def open_catalogue(settings: IndexSettings, *, read_only: bool = False, links: Links | None = None) -> Catalogue:
    """The catalogue that the settings name, which knows which bodies took over from which; `links` as there.

    Raises CatalogueUnavailable as `Catalogue.open` does, and OSError without the table of agencies.
    """
    bodies = succession.load(settings.data_dir / "agencies.jsonl")
    return Catalogue.open(settings.catalogue_url, read_only=read_only, succession=bodies, links=links)


def open_links(settings: IndexSettings) -> Links:
    """Which addresses of documents people may be sent to. Raises FaultyFile where the list of sources has faults."""
    return Links(sources.load(settings.sources_file), own=settings.own_hosts)


def open_encoder(settings: IndexSettings, *, threads: int = 1) -> Embedder:
    """The embedder that the settings name, taking `threads` texts at a time; raises IndexProblem where missing."""
    return open_embedder(settings.embedding_model, settings.encoder_dir, threads=threads)


def open_reader(settings: IndexSettings) -> Reader:
    """What reads Vietnamese questions; raises NotPrepared where the compiled accent restorer is missing."""
    return Reader.load(settings.data_dir, _require(settings.restorer_file, made_by="compile-restorer"))


def open_glossary(settings: IndexSettings) -> Glossary:
    """What terms of English and Chinese questions are called in Vietnamese: the reviewed list."""
    return Glossary.load(settings.data_dir / "glossary.tsv")


def _require(path: Path, *, made_by: str) -> Path:
    if not path.exists():
        raise NotPrepared(f"{path} is missing: run python -m index {made_by}")
    return path
