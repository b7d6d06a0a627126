"""Fixed sentences of the services, read from data/wording/{vi,en,zh}.toml: nothing that a citizen reads stands in code.

Imported by the services only (Python 3.11 and newer: tomllib); Rasa's own sentences live in domain.yml.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import tomllib

DEFAULT_LANGUAGE = "vi"
"""The language of a sentence that is asked for in a language we do not have."""

LANGUAGES = ("vi", "en", "zh")
"""Languages in which every sentence exists."""


class WordingError(Exception):
    """The wording files are incomplete or disagree with each other; the message names each fault."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Every fixed sentence by language and by key "section.name"."""

    sentences: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, folder: Path) -> Wording:
        """Read the three files of `folder`. Raises WordingError when their keys or placeholders differ."""
        sentences = {language: _read(folder / f"{language}.toml") for language in LANGUAGES}
        if faults := _faults(sentences):
            raise WordingError("; ".join(faults))
        return cls(sentences)

    def text(self, key: str, lang: str | None = None, **values: object) -> str:
        """Return the sentence `key` in `lang` (Vietnamese where we do not have it), its {placeholders} filled in.

        Raises KeyError for an unknown key or a missing value: both are bugs.
        """
        sentence = self.sentences.get(lang or DEFAULT_LANGUAGE, self.sentences[DEFAULT_LANGUAGE])[key]
        return sentence.format_map(values) if values else sentence

    def keys(self, section: str) -> list[str]:
        """Return the keys of one section in order of the Vietnamese file, for example "gateway.welcome"."""
        return [key for key in self.sentences[DEFAULT_LANGUAGE] if key.startswith(f"{section}.")]


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        sections = tomllib.load(file)
    return {
        f"{section}.{name}": str(sentence).strip("\n")
        for section, names in sections.items()
        for name, sentence in names.items()
    }


def _faults(sentences: Mapping[str, Mapping[str, str]]) -> list[str]:
    everything = {key for known in sentences.values() for key in known}
    faults = [
        f"{language}.toml has no {key}"
        for language, known in sentences.items()
        for key in sorted(everything - known.keys())
    ]
    for key in sorted(set.intersection(*(set(known) for known in sentences.values()))):
        if len({frozenset(_placeholders(known[key])) for known in sentences.values()}) > 1:
            faults.append(f"{key} has other placeholders in one language than in another")
    return faults


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
