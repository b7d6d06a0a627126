"""Relations read from texts against the gold list that a reader made: precision, recall, and every difference."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from index.document import RelationKind
from index.ingest.markdown import read_markdown
from index.relations import extract
from index.text.number import number_key

REACHING = frozenset(kind.value for kind in RelationKind) - {"guides", "based_on", "cites", "guided_by"}
"""Kinds that change what holds; the others only say where a document stands."""

Key = tuple[str, str, str, str]  # file, acting document, kind, the other document


def report(path: Path, texts: Path) -> str:
    """Figures for the kinds that change what holds and for all kinds, and the differences in the former.

    Retellings are left out: their words are nobody's to quote, and nothing is read from them. Rows that the reader
    marked doubtful are neither wanted nor wrong.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    doubtful = {_key(row["file"], row["document"], row["kind"], row["number"]) for row in rows if row.get("doubtful")}
    retold = {row["file"] for row in rows if row.get("retelling")}
    gold = {_key(row["file"], row["document"], row["kind"], row["number"]) for row in rows}
    found = {
        _key(file.name, document.number, relation.kind.value, relation.number)
        for file in sorted(texts.glob("*.md"))
        for document in read_markdown(file)
        for relation in {*extract(document), *document.relations}
        if relation.is_extracted
    }
    official_gold = {key for key in gold - doubtful if key[0] not in retold}
    official_found = {key for key in found - doubtful if key[0] not in retold}
    lines = [
        _figures("relations that change what holds", _reaching(official_found), _reaching(official_gold)),
        _figures("all relations", official_found, official_gold),
    ]
    reaching_found, reaching_gold = _reaching(official_found), _reaching(official_gold)
    lines += [f"  not in the gold list: {' '.join(key)}" for key in sorted(reaching_found - reaching_gold)]
    lines += [f"  not found: {' '.join(key)}" for key in sorted(reaching_gold - reaching_found)]
    return "\n".join(lines)


def _key(file: str, document: str, kind: str, number: str) -> Key:
    return file, number_key(document), kind, number_key(number)


def _reaching(keys: Iterable[Key]) -> set[Key]:
    return {key for key in keys if key[2] in REACHING}


def _figures(name: str, found: set[Key], gold: set[Key]) -> str:
    common = len(found & gold)
    precision, recall = common / max(1, len(found)), common / max(1, len(gold))
    return f"{name}: precision {precision:.3f} (n={len(found)}), recall {recall:.3f} (n={len(gold)})"
