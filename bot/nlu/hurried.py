"""Training examples once more, as somebody in a hurry types them: short forms, letters for syllables, chat spellings.

What the reading undoes teaches nothing, so only what it cannot undo is learned from: a copy is kept where it reads
otherwise than the example. Copies of everything made the model worse (docs/adr/0013-understanding.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from random import Random
from typing import Final
from zlib import crc32

from bot.nlu.understanding import Understanding, Understood
from index.text.abbreviations import AbbreviationTable
from index.text.syllable import split_initial
from index.text.unicode import fold

FEWEST_WORDS: Final = 3
LONGEST: Final = 200
"""Examples of fewer words lose all that they say; longer ones are letters, which nobody writes so."""

EVERY: Final = 2
"""One of so many examples is copied. Copies of all read short forms a little better, English noticeably worse."""

_MOST_WORDS = 4
_OF_LIST = 0.45  # of the words and phrases that the list shortens
_DRAWN_TOGETHER = 0.07  # shares of the other syllables: "gthích"
_INITIALS = 0.03  # two syllables by their first letters: "tt"
_LETTERS = 0.08  # "thg"
_SPELLED = 0.27  # "dùg", "fải"
_UNACCENTED = 0.3  # of the copies

_ENDS = (("ng", "g"), ("nh", "h"), ("ch", "k"), ("c", "k"), ("i", "j"))
_STARTS = (("ph", "f"), ("gi", "j"), ("qu", "w"), ("kh", "k"), ("c", "k"), ("v", "z"), ("d", "z"), ("gi", "z"))
_FINAL = re.compile(r"[aeiouy](ng|nh|ch|[cmnpt])$")


class Hurry:
    """Types texts in a hurry; the same text always in the same way."""

    def __init__(self, table: AbbreviationTable) -> None:
        self._short: dict[str, list[str]] = {}
        for short, expansions in table.items():
            for expansion in expansions:
                self._short.setdefault(expansion.long.lower(), []).append(expansion.exact or short)

    def type(self, text: str) -> str:
        """Return `text` as somebody in a hurry may type it."""
        random = Random(crc32(text.encode()))  # noqa: S311 - nothing secret
        words = text.lower().split()
        typed: list[str] = []
        while words:
            taken, written = self._next(words, random)
            typed.append(written)
            words = words[taken:]
        joined = " ".join(typed)
        return fold(joined) if random.random() < _UNACCENTED else joined

    def _next(self, words: Sequence[str], random: Random) -> tuple[int, str]:
        """Return how many words are typed next, and how."""
        for length in range(min(_MOST_WORDS, len(words)), 0, -1):
            known = self._short.get(" ".join(words[:length]).strip(".,?!"))
            if known and random.random() < _OF_LIST:
                return length, random.choice(known)
        word = words[0]
        if not word.isalpha() or (word.isascii() and len(word) < 3):
            return 1, word
        chance = random.random()
        following = words[1] if len(words) > 1 and words[1].isalpha() else ""
        if chance < _DRAWN_TOGETHER and len(following) > 2:
            return 2, word[0] + following
        chance -= _DRAWN_TOGETHER
        if 0 <= chance < _INITIALS and following:
            return 2, word[0] + following[0]
        chance -= _INITIALS
        if 0 <= chance < _LETTERS:
            return 1, _letters_of(word)
        chance -= _LETTERS
        return 1, _respelled(word, random) if 0 <= chance < _SPELLED else word


def copies(
    examples: Sequence[str], read: Sequence[Understood], reader: Understanding, *, today: date
) -> Mapping[int, Understood]:
    """Return the hurried copy of each example that gets one, by its place; `read` is what `reader` makes of each."""
    hurry = Hurry(reader.short_forms)
    found: dict[int, Understood] = {}
    for place, (text, understood) in enumerate(zip(examples, read, strict=True)):
        is_chosen = crc32(text.encode()) % EVERY == 0
        is_accented = understood.reading.lang == "vi" and not text.isascii()
        if not (is_chosen and is_accented) or len(text) > LONGEST or len(text.split()) < FEWEST_WORDS:
            continue
        copy = reader.read(hurry.type(text), today=today)
        if copy.reading.lang == "vi" and copy.reading.folded != understood.reading.folded:
            found[place] = copy
    return found


def _letters_of(word: str) -> str:
    """Return the consonants of a syllable: "thg" of "thương"; its first letters where it has no others."""
    initial = split_initial(word)
    final = _FINAL.search(fold(word))
    return initial + {"ng": "g", "nh": "h"}.get(final[1], final[1]) if initial and final else initial or word


def _respelled(word: str, random: Random) -> str:
    """Return a syllable with its end or its beginning spelled as in chat."""
    changes = _ENDS if random.random() < 0.5 else ()
    for full, short in changes:
        if word.endswith(full) and len(word) > len(full) + 1:
            return word.removesuffix(full) + short
    for full, short in _STARTS:
        if word.startswith(full) and len(word) > len(full) + 1 and random.random() < 0.6:
            return short + word.removeprefix(full)
    return word
