"""Results of a run as JSON lines: a first line that says what was measured, every figure, every case by its id."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tools.evaluate.layout import Part

VIETNAM = timezone(timedelta(hours=7))


def model_id(model: Path) -> str:
    """Return the beginning of the digest of a model file."""
    return hashlib.sha256(model.read_bytes()).hexdigest()[:12]


def write(
    folder: Path, parts: Iterable[Part], *, split: str, model: str, snapshots: Iterable[str], at: datetime
) -> Path:
    """Write <date>-<split>.jsonl in `folder`, in place of an earlier run of that day; return its path.

    No question is written down, so that the file can be read by those who may not see the sets.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{at.astimezone(VIETNAM).date()}-{split}.jsonl"
    run = {"record": "run", "at": at.isoformat(), "split": split, "model": model, "snapshot": sorted(snapshots)}
    rows: list[dict[str, object]] = [{**run}]
    for part in parts:
        rows += [figure.row(part.name) for figure in part.figures]
        rows += [{"record": "case", "part": part.name, **case} for case in part.cases]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
