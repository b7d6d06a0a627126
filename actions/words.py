"""What a request for documents is about, once the words that every such request has are taken away."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from index.text.unicode import fold, normalise, syllables

DOCUMENT = (
    "(?:văn bản|van ban|nghị định|nghi dinh|thông tư|thong tu|luật|luat|quyết định|quyet dinh|nghị quyết|nghi quyet|"
    "chỉ thị|chi thi)"
)
"""What a document is called, with accents and folded: a pattern of either text may hold it."""

THING = f"(?:cái|cai|quy định|quy dinh|{DOCUMENT})"
"""The same and vaguer words for one."""


def read_function_words(path: Path) -> frozenset[str]:
    """Read data/function_words.txt: one folded syllable a line, `#` starts a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


class Span(Protocol):
    """A part of a text, as the finders of `index.text` give it."""

    @property
    def start(self) -> int:
        """Offset of its first character."""

    @property
    def end(self) -> int:
        """Offset after its last one."""


def without(text: str, spans: Iterable[Span]) -> str:
    """Return `text` with a blank in place of each span; spans may overlap."""
    parts: list[str] = []
    position = 0
    for span in sorted(spans, key=lambda each: each.start):
        if span.start >= position:
            parts += (text[position : span.start], " ")
        position = max(position, span.end)
    return "".join([*parts, text[position:]])


def subject_of(text: str, function_words: frozenset[str]) -> list[str]:
    """Return the folded syllables of `text` that carry content, in order; digits carry none here."""
    return [
        syllable
        for syllable in syllables(fold(normalise(text)))
        if syllable.isalpha() and syllable not in function_words
    ]
