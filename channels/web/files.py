"""The widget's files as they are served: compressed once, with tags, and with the digests for `integrity`."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.wording import Wording
from channels.web import plain, widget

_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "json": "application/json"}
_HASHED = re.compile(r"-[0-9a-f]{8,64}\.[a-z]+$")

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
    digests = {name: integrity(content) for name, content in sorted(contents.items())}
    contents["form.css"] = (plain.FOLDER / "form.css").read_bytes()
    contents["integrity.json"] = json.dumps(digests, indent=1).encode()
    return {name: _served(name, content) for name, content in contents.items()}


def integrity(content: bytes) -> str:
    """Return the digest of a file as the attribute `integrity` has it (W3C Subresource Integrity)."""
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


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
