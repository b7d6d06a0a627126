"""What a request for documents is about, once the words that every such request has are taken away."""

from __future__ import annotations

from pathlib import Path

from index.text.unicode import fold, normalise, syllables


def read_function_words(path: Path) -> frozenset[str]:
    """Read data/function_words.txt: one folded syllable a line, `#` starts a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def subject_of(text: str, function_words: frozenset[str]) -> list[str]:
    """Return the folded syllables of `text` that carry content, in order; digits carry none here."""
    return [
        syllable
        for syllable in syllables(fold(normalise(text)))
        if syllable.isalpha() and syllable not in function_words
    ]
