"""Announcements on their way to the index: one file each, handed from folder to folder by renaming.

    <folder>/new/<utc time>-<id>.json       written here, drained by `python -m index watch`
    <folder>/done/ and <folder>/refused/    what became of it: "outcome", "reason", "document_ids", "answerable_at"

Gateway and index may not import each other, and every SQLite file has one writing process, so they share a file format
instead of a table (the idea is the maildir's: https://cr.yp.to/proto/maildir.html).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from channels.errors import StoreUnavailable

MOST_WAITING = 1_000
"""Announcements of all publishers that may wait; more is answered 429 until the index has caught up."""

_FOLDERS = ("new", "done", "refused")
_ID = re.compile(r"[0-9a-f]{32}")


class Spool:
    """The folder of announcements, as the gateway sees it. Blocking: call it from a thread."""

    def __init__(self, folder: Path, *, most_waiting: int = MOST_WAITING) -> None:
        self._folder = folder
        self._most_waiting = most_waiting

    def is_full(self) -> bool:
        """Say whether as many announcements wait as may."""
        new = self._folder / "new"
        return new.is_dir() and sum(1 for _ in new.iterdir()) >= self._most_waiting

    def put(self, announcement: Mapping[str, object], *, announcement_id: str, received_at: datetime) -> None:
        """Store one announcement; it is on disk on return. Raises StoreUnavailable, and then nothing is stored."""
        name = f"{received_at:%Y%m%dT%H%M%S%f}-{announcement_id}.json"
        body = json.dumps(
            {"id": announcement_id, "received_at": received_at.isoformat(), **announcement}, ensure_ascii=False
        )
        unfinished = self._folder / f".{name}"
        try:
            for folder in _FOLDERS:
                (self._folder / folder).mkdir(parents=True, exist_ok=True)
            with unfinished.open("w", encoding="utf-8") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(self._folder / "new" / name)
            folder_descriptor = os.open(self._folder / "new", os.O_RDONLY)
            try:
                os.fsync(folder_descriptor)
            finally:
                os.close(folder_descriptor)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink()  # a full disk is not to fill up with what was not stored
            raise StoreUnavailable(f"the announcement could not be stored: {error.strerror}") from error

    def state(self, announcement_id: str, *, publisher: str) -> dict[str, object] | None:
        """Return what became of a publisher's announcement, or None where it has none of this id."""
        if not _ID.fullmatch(announcement_id):
            return None
        for folder in _FOLDERS:
            for path in (self._folder / folder).glob(f"*-{announcement_id}.json"):
                try:
                    found = json.loads(path.read_text(encoding="utf-8"))
                except (OSError, ValueError):  # it was just moved on: the next folder has it
                    continue
                if found.get("publisher") == publisher:
                    return {
                        "id": announcement_id,
                        "state": {"new": "accepted"}.get(folder, folder),
                        "reason": found.get("reason") if folder == "refused" else None,
                        "document_ids": found.get("document_ids") or [],
                        "answerable_at": found.get("answerable_at"),
                    }
        return None
