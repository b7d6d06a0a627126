"""The files of <gov-chat> as the gateway serves them: hashed names and the sentences of each language filled in."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

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

_IMPORT = re.compile(r'from "\./(\w+)\.js"')
_COMMENT = re.compile(
    r"^[ \t]*//.*\n|^[ \t]*/\*\*(?:(?!\*/)[^\n])*(?:\*/)?[ \t]*\n|^[ \t]+\*(?: .*)?/?\n", re.MULTILINE
)


def load(wording: Wording) -> Mapping[str, bytes]:
    """Return every file by the name under which it is served, for example "panel-0123456789ab.js".

    All but LOADER may be kept for ever: another content has another name.
    """
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for lang in LANGUAGES:
        names[f"words-{lang}"] = _add(files, f"words-{lang}", f"export const words = {_json(_words(wording, lang))};\n")
    languages = {lang: names[f"words-{lang}"] for lang in LANGUAGES}
    for module in MODULES:
        source = _source(f"{module}.js").replace("__WORD_FILES__", _json(languages))
        names[module] = _add(files, module, _IMPORT.sub(lambda found: f'from "./{names[found[1]]}"', source))
    few = {lang: {name: wording.text(f"widget.{name}", lang) for name in LOADER_WORDS} for lang in LANGUAGES}
    loader = _source(LOADER).replace("__PANEL__", _json(names["panel"])).replace("__WORDS__", _json(few))
    return {LOADER: loader.encode(), **files}


def _words(wording: Wording, lang: str) -> dict[str, str]:
    """The widget's own sentences, and those for validity, which are the same in every channel."""
    keys = [*wording.keys("widget"), *(key for key in wording.keys("gateway") if key.startswith("gateway.validity_"))]
    return {key.partition(".")[2]: wording.text(key, lang) for key in keys}


def _source(name: str) -> str:
    """The file without its comments on lines of their own, which are for whoever reads the repository."""
    return _COMMENT.sub("", (FOLDER / name).read_text(encoding="utf-8"))


def _add(files: dict[str, bytes], stem: str, content: str) -> str:
    body = content.encode()
    name = f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.js"
    files[name] = body
    return name


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
