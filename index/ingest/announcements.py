"""Announcements of publishers: files that the gateway puts into a folder, and what becomes of each.

    <folder>/new/<utc time>-<id>.json       complete files, put there by the gateway (channels/publishing/spool.py)
    <folder>/done/ and <folder>/refused/    the same with "outcome", "reason", "document_ids", "answerable_at"

A file leaves `new` only when its outcome is on disk, so a process killed at any step finds it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError, model_validator

from index.errors import UnreadableSource

MOST_BYTES = 8 * 1024 * 1024
"""Of one file: twice what the gateway takes, for what JSON adds."""

Outcome = Literal["done", "refused"]


class Announcement(BaseModel):
    """What a publisher announces: a document, an address to fetch, or a withdrawal."""

    model_config = ConfigDict(frozen=True)

    id: str
    publisher: str
    received_at: AwareDatetime
    kind: Literal["document", "url", "withdraw"]
    document: Mapping[str, Any] | None = None  # a row as `index.ingest.jsonl` reads it
    url: str | None = None
    number: str | None = None
    issued_on: date | None = None
    reason: str | None = None

    @model_validator(mode="after")
    def _holds_what_its_kind_needs(self) -> Announcement:
        needed = {"document": self.document, "url": self.url, "withdraw": self.number}[self.kind]
        if not needed:
            raise ValueError(f"kind is {self.kind}, and there is none")
        return self


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an announcement."""

    outcome: Outcome
    reason: str | None = None
    document_ids: Sequence[str] = ()
    answerable_at: datetime | None = None


class Spool:
    """The folder of announcements, as the index sees it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def waiting(self) -> list[Path]:
        """The announcements that nobody has dealt with, oldest first."""
        new = self._folder / "new"
        return sorted(path for path in new.glob("[!.]*.json") if not path.is_dir())

    def read(self, path: Path) -> Announcement:
        """One announcement; raises `UnreadableSource` for a file that is none."""
        try:
            if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES:
                raise UnreadableSource(path.name, f"not a plain file of at most {MOST_BYTES} bytes")
            return Announcement.model_validate_json(path.read_bytes())
        except OSError as error:
            raise UnreadableSource(path.name, f"cannot be read: {error.strerror}") from error
        except ValidationError as error:
            fault = error.errors(include_input=False)[0]
            where = ".".join(str(part) for part in fault["loc"])
            raise UnreadableSource(path.name, f"not an announcement: {where} {fault['msg']}".strip()) from error

    def finish(self, path: Path, result: Result) -> None:
        """Move an announcement to `done` or `refused` with its result; it is on disk on return."""
        folder = self._folder / result.outcome
        folder.mkdir(parents=True, exist_ok=True)
        content = _fields(path) | {
            "outcome": result.outcome,
            "reason": result.reason,
            "document_ids": list(result.document_ids),
            "answerable_at": result.answerable_at.isoformat() if result.answerable_at else None,
        }
        unfinished = folder / f".{path.name}"
        with unfinished.open("w", encoding="utf-8", errors="backslashreplace") as file:
            json.dump(content, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(folder / path.name)
        _sync_folder(folder)
        path.unlink()
        _sync_folder(path.parent)

    def forget(self, before: datetime) -> None:
        """Remove what was dealt with before an instant; publishers have asked for its outcome by then."""
        for folder in ("done", "refused"):
            for path in (self._folder / folder).glob("[!.]*.json"):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()


def _fields(path: Path) -> dict[str, Any]:
    """The fields of a file as they are; a file that is no announcement keeps nothing but its name."""
    try:
        found = json.loads(path.read_bytes()) if path.stat().st_size <= MOST_BYTES and not path.is_symlink() else None
    except (OSError, ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {"id": path.stem.rpartition("-")[2]}


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
