"""What is typed without a blank: "giaykhaisinh" → "giay khai sinh", "15t" → "15 t", "k2" → "khoản 2"."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
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
        # to each place in the word, by the last syllable before it: the weakest bond on the best way there, and the way
        ways: list[dict[str, tuple[float, tuple[str, ...]]]] = [{} for _ in range(len(word) + 1)]
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - _LONGEST_SYLLABLE), end):
                syllable = word[start:end]
                if syllable not in self._shapes or (end - start == 1 and syllable != "y"):
                    continue
                if start == 0:
                    ways[end][syllable] = (1.0, (syllable,))
                elif bound := [
                    (min(weakest, bond), (*way, syllable))
                    for last, (weakest, way) in ways[start].items()
                    if (bond := self._bond(last, syllable)) >= _BOUND
                ]:
                    ways[end][syllable] = max(bound)
        _, best = max(ways[-1].values(), default=(0.0, ()))
        return " ".join(best)

    def _bond(self, first: str, second: str) -> float:
        """Return the probability of the likeliest readings of two syllables in row."""
        one, other = (np.array(self._model.fitting(typed)[:_READINGS], dtype=np.int64) for typed in (first, second))
        if not len(one) or not len(other):
            return 0.0
        return float(self._model.pair_shares(one[:, None], other[None, :]).max())
