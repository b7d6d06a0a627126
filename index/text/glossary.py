"""Terms of English and Chinese questions in Vietnamese official language, from a reviewed list."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

import ahocorasick

from index.text.unicode import fold

LANGUAGES = ("en", "zh")

_WORD = re.compile("[a-z0-9]+")
_HAN = re.compile("[^\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_SINGULAR = ("ss", "us", "is")  # endings of words whose s is no plural's


class BadGlossary(ValueError):
    """The list cannot be read; the message names file and line. Mend the file."""


class Glossary:
    """Terms and what each is called, in one automaton (Aho-Corasick) for each language; safe to share."""

    def __init__(self, entries: Iterable[tuple[str, str, str]]) -> None:
        """`entries` are (language, term, Vietnamese); of equal terms the first counts. Another language is ignored.

        `terms` are the Vietnamese sides, each once.
        """
        self._automata = {lang: ahocorasick.Automaton() for lang in LANGUAGES}
        entries = tuple(entries)
        self.terms = tuple(dict.fromkeys(vietnamese for _, _, vietnamese in entries))
        for lang, term, vietnamese in entries:
            key = _plain(term, lang) if lang in LANGUAGES else ""
            if key and key not in self._automata[lang]:
                self._automata[lang].add_word(key, vietnamese)
        for automaton in self._automata.values():
            automaton.make_automaton()

    @classmethod
    def load(cls, path: Path) -> Glossary:
        """Read data/glossary.tsv: columns lang, term and vietnamese; lines starting with # are comments.

        Raises OSError, and BadGlossary where a line is malformed.
        """
        entries = []
        with path.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
                if not row or row[0].startswith("#"):
                    continue
                if len(row) != 3 or row[0] not in LANGUAGES or not all(map(str.strip, row)):
                    raise BadGlossary(f"{path}:{number}: three columns expected: en or zh, term, vietnamese")
                entries.append((row[0], row[1], row[2]))
        return cls(entries)

    def vietnamese(self, text: str, lang: str) -> list[str]:
        """What the terms in `text` are called in Vietnamese, in their order, each once; never raises.

        English terms are found as whole words whatever their case, in singular and plural; Chinese ones anywhere. Of
        terms that overlap the one that begins first counts, and of those the longest. Another language gives none.
        """
        automaton = self._automata.get(lang)
        if not automaton:
            return []
        return list(dict.fromkeys(value for _, value in automaton.iter_long(_plain(text, lang))))


def _plain(text: str, lang: str) -> str:
    """Chinese without anything between its characters; English words in singular, each between two blanks."""
    folded = fold(text)
    if lang == "zh":
        return _HAN.sub("\n", folded).strip()
    return "".join(f" {_singular(word)} " for word in _WORD.findall(folded))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_SINGULAR) else word
