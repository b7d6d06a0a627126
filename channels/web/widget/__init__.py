"""The files of <gov-chat> as the gateway serves them: minified, hashed names and the sentences filled in."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

import rjsmin

from bot.wording import LANGUAGES, Wording

FOLDER = Path(__file__).parent

LOADER = "gov-chat.js"
"""The only file whose name holds no hash: pages name it, so it may be kept for a short time only."""

MODULES = (
    "dom",
    "store",
    "styles",
    "connection",
    "cards",
    "transcript",
    "log",
    "options",
    "composer",
    "sending",
    "status",
    "conversation",
    "panel",
)
"""Each after those that it imports, so that their hashed names are known."""

LOADER_WORDS = ("open", "unavailable", "unread", "hotline", "form")
"""Sentences that the button needs before anything else is fetched."""

_IMPORT = re.compile(r'from\s*"\./(\w+)\.js"')


def load(wording: Wording) -> Mapping[str, bytes]:
    """Return every file by the name under which it is served, for example "panel-0123456789ab.js".

    All but LOADER may be kept for ever: another content has another name. The loader holds the digest of every other
    file, so a page that names the loader's digest is sure of them all.
    """
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for lang in LANGUAGES:
        names[f"words-{lang}"] = _add(files, f"words-{lang}", f"export const words={_json(_words(wording, lang))};")
    languages = {lang: names[f"words-{lang}"] for lang in LANGUAGES}
    for module in MODULES:
        source = _source(f"{module}.js").replace("__WORD_FILES__", _json(languages))
        names[module] = _add(files, module, _IMPORT.sub(lambda found: f'from"./{names[found[1]]}"', source))
    few = {lang: {name: wording.text(f"widget.{name}", lang) for name in LOADER_WORDS} for lang in LANGUAGES}
    digests = {name: integrity(content, "sha256") for name, content in files.items()}
    loader = _source(LOADER)
    for place, value in (("__PANEL__", names["panel"]), ("__DIGESTS__", digests), ("__WORDS__", few)):
        loader = loader.replace(place, _json(value))
    return {LOADER: loader.encode(), **files}


def integrity(content: bytes, algorithm: str = "sha384") -> str:
    """Return the digest of a file as the attribute `integrity` has it (W3C Subresource Integrity)."""
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


def _words(wording: Wording, lang: str) -> dict[str, str]:
    """The widget's own sentences, and those for validity, which are the same in every channel."""
    keys = [*wording.keys("widget"), *(key for key in wording.keys("gateway") if key.startswith("gateway.validity_"))]
    return {key.partition(".")[2]: wording.text(key, lang) for key in keys}


def _source(name: str) -> str:
    """The file without the comments and the white space that are for whoever reads the repository."""
    return str(rjsmin.jsmin((FOLDER / name).read_text(encoding="utf-8")))


def _add(files: dict[str, bytes], stem: str, content: str) -> str:
    body = content.encode()
    name = f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.js"
    files[name] = body
    return name


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
