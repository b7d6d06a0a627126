"""What each publisher may speak for: publishers.toml, whose keys the gateway checks (channels/publishing)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomllib

from index.document import Document
from index.ingest.errors import FaultyFile
from index.ingest.facts import body_of_number
from index.ingest.sources import Source
from index.text.unicode import fold


@dataclass(frozen=True, slots=True)
class Publisher:
    """Somebody with a key, and what it may speak for."""

    name: str
    source: Source  # announced addresses lie on its hosts; its documents are told apart by them
    issuing_bodies: tuple[str, ...]  # in full, as documents name them

    def may_speak_for(self, document: Document) -> bool:
        """Whether a document is one of its bodies', by the body that it names and by the symbol in its number."""
        named = [document.issuing_body, body_of_number(document.number)]
        return bool(document.issuing_body) and all(self._is_its_own(body) for body in named if body)

    def _is_its_own(self, body: str) -> bool:
        return fold(body) in {fold(name) for name in self.issuing_bodies}


def load(path: Path, sources: Sequence[Source]) -> dict[str, Publisher]:
    """Publishers by name; none where there is no file. `[<name>] key_sha256 = …, source = …, issuing_bodies = […]`.

    A source need not be enabled: a portal that announces need not be visited. Raises `FaultyFile` with all faults.
    """
    if not path.exists():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FaultyFile(path, [f"not readable as TOML: {type(error).__name__}"]) from None
    by_id = {source.id: source for source in sources}
    publishers: dict[str, Publisher] = {}
    faults: list[str] = []
    for name, table in tables.items():
        entry = table if isinstance(table, Mapping) else {}
        bodies = entry.get("issuing_bodies")
        source = by_id.get(str(entry.get("source")))
        if source is None:
            faults.append(f"[{name}] source: {entry.get('source')!r} is the id of no source")
        if not isinstance(bodies, list) or not bodies or not all(isinstance(body, str) and body for body in bodies):
            faults.append(f"[{name}] issuing_bodies: a list with one name at least")
        elif source is not None:
            publishers[name] = Publisher(name, source, tuple(bodies))
    if faults:
        raise FaultyFile(path, faults)
    return publishers
