"""Finding names from a table in what people type: whole words, with or without accents, the longest name first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import ahocorasick

from index.text.skeleton import Skeleton, skeleton
from index.text.unicode import accents_agree, normalise

T = TypeVar("T")

_WORD = re.compile("[a-z0-9]+|[\u4e00-\u9fff]")
"""A run of letters and digits, or one Chinese character: Chinese has no blanks between words."""

_GAP = re.compile(r" ?[ &,.'’-] ?")
_GAP_BUT_COMMA = re.compile(r" ?[ &.'’-] ?")
_MARKS = re.compile("[\u0300-\u036f]+")
_BREAK = "\n"
_SHORT = 3
"""Letters up to which a name of one word must be typed in one case: "HN" or "hn" is Hà Nội, "Hn" is not."""


@dataclass(frozen=True, slots=True)
class NameMatch(Generic[T]):
    """One name found; offsets into the raw text."""

    text: str
    start: int
    end: int
    value: T


class NameTable(Generic[T]):
    """Names and what each stands for, in an automaton (Aho-Corasick) that reads a text once, whatever the table's size.

    Where two entries share a name, the first one given wins in `find`; `find_all` gives them all. A name of several
    words is found across a blank, a dash, a dot or "&", and across a comma unless `runs_past_commas` is false.
    """

    def __init__(self, entries: Iterable[tuple[str, T]], *, runs_past_commas: bool = True) -> None:
        self._gap = _GAP if runs_past_commas else _GAP_BUT_COMMA
        by_name: dict[str, list[T]] = {}
        for name, value in entries:
            by_name.setdefault(name, []).append(value)
        self._values: dict[str, list[tuple[str, list[T]]]] = {}
        for name, values in by_name.items():
            if key := " ".join(_WORD.findall(_plain(name))):
                self._values.setdefault(key, []).append((name, values))
        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_ANY)
        for key in self._values:
            self._automaton.add_word(key, key)
        self._automaton.make_automaton()

    def find(self, raw_text: str) -> list[NameMatch[T]]:
        """Return the names in `raw_text` in order; of overlapping ones the longest ("hoi an giang" is An Giang).

        A name matches where its letters do, at word boundaries, and the accents typed are none that it lacks:
        "an cư" never matches inside "căn cước", and "ca mau" matches "Cà Mau".
        """
        matches: list[NameMatch[T]] = []
        taken: set[int] = set()
        for found in sorted(self.find_all(raw_text), key=lambda found: (found.start - found.end, found.start)):
            if taken.isdisjoint(range(found.start, found.end)):
                taken.update(range(found.start, found.end))
                matches.append(NameMatch(found.text, found.start, found.end, found.value[0]))
        return sorted(matches, key=lambda match: match.start)

    def find_all(self, raw_text: str) -> list[NameMatch[tuple[T, ...]]]:
        """Return every name in `raw_text`, overlapping ones too: by start, longest first, each with all it means."""
        return list(self._matches(skeleton(raw_text)))

    def _matches(self, text: Skeleton) -> Iterator[NameMatch[tuple[T, ...]]]:
        if not self._values:
            return
        words = list(_WORD.finditer(text.text))
        plain, starts, ends = _line_up(text.text, words, self._gap)
        spans = []
        for last, key in self._automaton.iter(plain):
            start = starts.get(last + 1 - len(key))
            end = ends.get(last + 1)
            if start is not None and end is not None:
                spans.append((start, -end, key))
        for start, end, key in sorted(spans):
            run = words[start : 1 - end]
            typed = text.slice(run[0].start(), run[-1].end())
            values = tuple(
                value for name, named in self._values[key] if _typed_like(typed, name, key) for value in named
            )
            if values:
                left, right = text.raw_span(run[0].start(), run[-1].end())
                yield NameMatch(typed, left, right, values)


def _line_up(text: str, words: list[re.Match[str]], gap: re.Pattern[str]) -> tuple[str, dict[int, int], dict[int, int]]:
    """Return the words with one blank where a name may run on, and the word that begins and ends at each offset."""
    parts: list[str] = []
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    length = 0
    for position, word in enumerate(words):
        if position:
            left = words[position - 1].end()
            runs_on = left == word.start() or gap.fullmatch(text, left, word.start())
            parts.append(" " if runs_on else _BREAK)
            length += 1
        starts[length] = position
        parts.append(word.group())
        length += len(word.group())
        ends[length] = position
    return "".join(parts), starts, ends


def _typed_like(typed: str, name: str, key: str) -> bool:
    if len(key) <= _SHORT and " " not in key and name.isupper() and typed not in (typed.upper(), typed.lower()):
        return False
    lower = typed.lower()
    return lower in (key, name.lower()) or accents_agree(_letters(typed), _letters(name))


def _plain(name: str) -> str:
    """Return a name of a table in lower case without accents; quicker than `fold`, as tables have no odd characters."""
    return _MARKS.sub("", unicodedata.normalize("NFD", name.lower())).replace("đ", "d")


def _letters(name: str) -> str:
    return "".join(character for character in normalise(name) if character.isalnum())
