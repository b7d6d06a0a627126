"""A message as the terms that the intent classifier counts: letter n-grams with and without accents, words, numbers."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from index.text.number import find_numbers
from index.text.unicode import fold, normalise

LONGEST_NGRAM = 4
"""Letters in the longest n-gram; a Vietnamese syllable seldom has more than six."""

_STRETCHED = re.compile(r"([^\W\d])\1{2,}")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")


def count_terms(text: str) -> Counter[str]:
    """Return how often each term stands in `text`.

    Four kinds, told apart by their first character: `a` n-grams as typed, `f` n-grams of the folded text, `w` folded
    words and pairs of words, `n` document numbers by the symbol of their type. Stretched letters are shortened
    ("alooo" → "alo"), and every digit reads 0, so that one number, telephone number or year resembles the next.
    """
    typed = _DIGIT.sub("0", _STRETCHED.sub(r"\1", normalise(text).lower()))
    folded = fold(typed)
    terms: Counter[str] = Counter()
    terms.update("a" + gram for gram in _ngrams(typed))
    terms.update("f" + gram for gram in _ngrams(folded))
    words = _WORD.findall(folded)
    terms.update("w" + word for word in words)
    terms.update(f"w{first} {second}" for first, second in pairwise(words))
    terms.update(f"n{number.type or number.shape.value}" for number in find_numbers(text))
    return terms


def _ngrams(text: str) -> list[str]:
    """Return the n-grams of each word with one blank on either side."""
    grams: list[str] = []
    for word in text.split():
        padded = f" {word} "
        for length in range(1, LONGEST_NGRAM + 1):
            grams.extend(padded[start : start + length] for start in range(len(padded) - length + 1))
    return grams
