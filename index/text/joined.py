"""What is typed without a blank: "giaykhaisinh" → "giay khai sinh", "15t" → "15 t", "k2" → "khoản 2"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np

from index.text.edits import replaced
from index.text.english import ENGLISH, LOANS
from index.text.kept import Kept, is_joined
from index.text.syllable_model import SyllableModel

SHORTEST: Final = 5
LONGEST: Final = 24
"""Letters of words that are parted."""

REMEMBERED: Final = 4_096  # words whose parts are kept
_SYLLABLES = 6  # of the longest row of words
_LONGEST_SYLLABLE = 7
_READINGS = 8  # accented readings tried for a syllable
_BOUND = 2e-7  # probability from which two syllables are believed to stand together

_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
_COUNTED = re.compile(r"(?<![\w/.,-])(\d{1,4})(t|th|tr|tv|ty|tỷ|tỉ)(\d{0,3})(?![\w-]|/\d)", re.IGNORECASE)
_PER = re.compile(r"(?<=\d )(tr|ty|tỷ|tỉ)/(?=[^\W\d_])", re.IGNORECASE)
_PART = re.compile(r"(?<![\w/.-])([kđ])([1-9]\d?)(?![\w/.-])", re.IGNORECASE)
_PARTS = {"k": "khoản", "đ": "điều"}
_OTHER = re.compile(r"(?<!\S)[#≠](?!\S)")


class JoinedWords:
    """Parts what was written together."""

    def __init__(self, model: SyllableModel, *, shapes: Collection[str], known: Collection[str]) -> None:
        """`shapes`: syllables, accented and folded; `known`: short forms, which are left to their list."""
        self._model = model
        self._shapes = shapes
        self._known = known
        self._parted = lru_cache(REMEMBERED)(self._part)

    def part(self, text: str) -> str:
        """Return normalised Vietnamese `text` with blanks where they are missing; never raises."""
        text = _OTHER.sub("khác", text)
        text = _COUNTED.sub(lambda found: " ".join(filter(None, found.groups())), text)
        text = _PER.sub(r"\1 / ", text)
        text = _PART.sub(lambda found: f"{_PARTS[found[1].lower()]} {found[2]}", text)
        candidates = [
            (token.span(), parts)
            for token in _WORD.finditer(text)
            if SHORTEST <= len(token.group()) <= LONGEST and (parts := self._parted(token.group().lower()))
        ]
        if not candidates:
            return text
        kept = Kept(text)
        return replaced(
            text, ((span, parts) for span, parts in candidates if not kept.holds(*span) and not is_joined(text, *span))
        )

    def _part(self, word: str) -> str:
        """Return the syllables of a word, the likeliest way to part it; nothing where it is not to be parted."""
        if word in self._shapes or word in self._known or word in ENGLISH or word in LOANS:
            return ""
        ways = ((min(map(self._bond, pairwise(way))), way) for way in self._ways(word, _SYLLABLES) if len(way) > 1)
        bond, best = max(ways, default=(0.0, ()))
        return " ".join(best) if bond >= _BOUND else ""

    def _ways(self, word: str, most: int) -> Iterator[tuple[str, ...]]:
        """Yield every way to part `word` into at most `most` syllables; of one letter there is only "y"."""
        if word in self._shapes and (len(word) > 1 or word == "y"):
            yield (word,)
        for end in range(1, min(_LONGEST_SYLLABLE, len(word) - 1) + 1):
            if most > 1 and word[:end] in self._shapes and (end > 1 or word[0] == "y"):
                yield from ((word[:end], *rest) for rest in self._ways(word[end:], most - 1))

    def _bond(self, pair: tuple[str, str]) -> float:
        """Return the probability of the likeliest readings of two syllables in row."""
        first, second = (np.array(self._model.fitting(one)[:_READINGS], dtype=np.int64) for one in pair)
        if not len(first) or not len(second):
            return 0.0
        return float(self._model.pair_shares(first[:, None], second[None, :]).max())
