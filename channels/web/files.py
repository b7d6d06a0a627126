"""The widget's files as they are served: compressed once, with tags, and with the digests for `integrity`."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.wording import Wording
from channels.web import plain, widget

_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "json": "application/json"}
_HASHED = re.compile(r"-[0-9a-f]{8,64}\.[a-z]+$")

MAX_FORMER = 500
"""Files of former releases that are kept: a release has about ten, and so has each change of the wording."""

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"


@dataclass(frozen=True, slots=True)
class ServedFile:
    """One file."""

    content: bytes
    compressed: bytes  # gzip
    headers: Mapping[str, str]
    tag: str  # ETag without its quotes; with "-gz" behind it of the compressed one

    def answer(self, *, takes_gzip: bool, known: str) -> tuple[int, bytes, dict[str, str]]:
        """Return status, body and headers; `known` is If-None-Match."""
        tag = f'"{self.tag}-gz"' if takes_gzip else f'"{self.tag}"'
        headers = {**self.headers, "etag": tag}
        if known == "*" or tag in (each.strip().removeprefix("W/") for each in known.split(",")):
            return 304, b"", headers
        if takes_gzip:
            return 200, self.compressed, {**headers, "content-encoding": "gzip"}
        return 200, self.content, headers


def load(wording: Wording) -> dict[str, ServedFile]:
    """Return every file by its name below /widget/v1/.

    The loader is there twice: under its plain name, which always gives the newest, and under a hashed one for pages
    that name its digest.
    """
    contents = dict(widget.load(wording))
    loader = contents[widget.LOADER]
    stem, _, suffix = widget.LOADER.rpartition(".")
    contents[f"{stem}-{hashlib.sha256(loader).hexdigest()[:12]}.{suffix}"] = loader
    digests = {name: widget.integrity(content) for name, content in sorted(contents.items())}
    contents["form.css"] = (plain.FOLDER / "form.css").read_bytes()
    contents["integrity.json"] = json.dumps(digests, indent=1).encode()
    return {name: _served(name, content) for name, content in contents.items()}


def with_former(files: Mapping[str, ServedFile], folder: Path) -> dict[str, ServedFile]:
    """Return `files` and those of former releases in `folder`, which from now on keeps the present ones too.

    A page that pins the loader's digest asks for the same files after an upgrade, and must not be left without a
    widget. Only names with a hash are kept, at most MAX_FORMER, the newest. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in files.items():
        if _HASHED.search(name) and not (folder / name).exists():
            whole = folder / f".{name}"
            whole.write_bytes(file.content)
            whole.replace(folder / name)
    kept = sorted(
        (path for path in folder.iterdir() if _HASHED.search(path.name) and not path.name.startswith(".")),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in kept[MAX_FORMER:]:
        path.unlink()
    return {path.name: _served(path.name, path.read_bytes()) for path in kept[:MAX_FORMER]} | dict(files)


def _served(name: str, content: bytes) -> ServedFile:
    headers = {
        "content-type": _TYPES[name.rpartition(".")[2]],
        "cache-control": FOR_EVER if _HASHED.search(name) else FOR_A_WHILE,
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "x-content-type-options": "nosniff",
        "vary": "accept-encoding",
    }
    compressed = gzip.compress(content, mtime=0)
    return ServedFile(content, compressed, headers, hashlib.sha256(content).hexdigest()[:32])
