"""A message as the terms that the intent model counts: letter n-grams and words, in four blocks."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Final

from bot.nlu.understanding import Understood

BLOCKS: Final = ("a", "f", "w", "m")
"""First characters of the terms of each block; every block weighs the same, however many terms it has."""

LONGEST_NGRAM = 4
"""Letters in the longest n-gram; a Vietnamese syllable seldom has more than six."""

_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")  # Chinese has no blanks: every character is a word


def count_terms(understood: Understood) -> Counter[str]:
    """Return how often each term stands in a message.

    `a` n-grams with accents put back, `f` n-grams without accents, `w` words and pairs of words without accents, `m`
    up to three words where names are masked. Every digit reads 0, so that one number, telephone number or year
    resembles the next.
    """
    reading = understood.reading
    terms: Counter[str] = Counter()
    terms.update("a" + gram for gram in _ngrams(_plain(reading.restored.lower())))
    folded = _plain(reading.folded)
    terms.update("f" + gram for gram in _ngrams(folded))
    words = _WORDS.findall(folded)
    terms.update("w" + word for word in words)
    terms.update(f"w{first} {second}" for first, second in pairwise(words))
    masked = _WORDS.findall(_plain(understood.masked))
    terms.update("m" + word for word in masked)
    terms.update(f"m{first} {second}" for first, second in pairwise(masked))
    terms.update("m" + " ".join(three) for three in zip(masked, masked[1:], masked[2:], strict=False))
    return terms


def _plain(text: str) -> str:
    return _DIGIT.sub("0", text)


def _ngrams(text: str) -> list[str]:
    """Return the n-grams of each word with one blank on either side."""
    grams: list[str] = []
    for word in text.split():
        padded = f" {word} "
        for length in range(1, LONGEST_NGRAM + 1):
            grams.extend(padded[start : start + length] for start in range(len(padded) - length + 1))
    return grams
