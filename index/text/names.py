"""Finding names from a table in what people type: whole words, with or without accents, the longest name first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from index.text.skeleton import Skeleton, skeleton
from index.text.unicode import accents_agree, normalise

T = TypeVar("T")

_WORD = re.compile(r"[a-z0-9]+")
_GAP = re.compile(r" ?[ &,.-] ?")
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
    """Names and what each stands for. Where two entries share a name, the first one given wins."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._values: dict[tuple[str, ...], list[tuple[str, T]]] = {}
        for name, value in entries:
            words = tuple(_WORD.findall(skeleton(name).text))
            if words:
                self._values.setdefault(words, []).append((normalise(name), value))
        self._longest = max(map(len, self._values), default=0)

    def find(self, raw_text: str) -> list[NameMatch[T]]:
        """Return the names in `raw_text` in order, without overlaps.

        A name matches where its letters do, at word boundaries, and the accents typed are none that it lacks:
        "an cư" never matches inside "căn cước", and "ca mau" matches "Cà Mau".
        """
        return list(self._matches(skeleton(raw_text)))

    def _matches(self, text: Skeleton) -> Iterator[NameMatch[T]]:
        words = list(_WORD.finditer(text.text))
        position = 0
        while position < len(words):
            found = self._longest_at(text, words, position)
            if found is None:
                position += 1
                continue
            count, match = found
            yield match
            position += count

    def _longest_at(self, text: Skeleton, words: list[re.Match[str]], position: int) -> tuple[int, NameMatch[T]] | None:
        reach = 1
        while (
            reach < self._longest
            and position + reach < len(words)
            and _GAP.fullmatch(text.text, words[position + reach - 1].end(), words[position + reach].start())
        ):
            reach += 1
        for count in range(reach, 0, -1):
            run = words[position : position + count]
            for name, value in self._values.get(tuple(word.group() for word in run), ()):
                if _typed_like(text, run, name):
                    start, end = text.raw_span(run[0].start(), run[-1].end())
                    return count, NameMatch(text.raw[start:end], start, end, value)
        return None


def _typed_like(text: Skeleton, run: list[re.Match[str]], name: str) -> bool:
    typed = text.slice(run[0].start(), run[-1].end())
    if (
        len(run) == 1
        and len(run[0].group()) <= _SHORT
        and name.isupper()
        and typed not in (typed.upper(), typed.lower())
    ):
        return False
    return accents_agree(_letters(typed), _letters(name))


def _letters(name: str) -> str:
    return "".join(character for character in normalise(name) if character.isalnum())
