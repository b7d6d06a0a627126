"""Chat spellings that follow rules, read as what they stand for: "dùg" → "dùng", "fải" → "phải", "ngèo" → "nghèo".

Only tokens that are no syllable, no known short form and no English word are touched, and only where the lexicon has
what the rule gives. Two syllables drawn together ("đgiản", "hlực") are left to `index.text.guesses`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from index.text.edits import replaced
from index.text.english import ENGLISH, LOANS
from index.text.kept import Kept, is_joined

LONGEST: Final = 9
"""Characters of the longest token that is read."""

_TOKEN = re.compile(r"[^\W\d_]+")
_INITIALS: Final = (
    ("f", ("ph",)),
    ("nk", ("nh",)),
    ("ck", ("ch",)),
    ("tk", ("th",)),
    ("pk", ("ph",)),
    ("j", ("gi", "i")),
    ("dz", ("d", "v", "gi")),
    ("z", ("d", "v", "gi")),
    ("w", ("qu", "g")),
    ("k", ("c", "kh")),
    ("q", ("qu",)),
    ("ng", ("ngh",)),
    ("g", ("gh",)),
)
"""How an initial is typed, and what it may stand for, the likelier first."""

_ENDS: Final = (
    (re.compile(r"(?<=[^\Wbcdđghjklmnpqrstvxz])g$"), "ng"),
    (re.compile(r"(?<=[^\Wbcdđghjklmnpqrstvxz])h$"), "nh"),
    (re.compile(r"nk$"), "nh"),
    (re.compile(r"nq$"), "ng"),
    (re.compile(r"(?<=.)j"), "i"),
    (re.compile(r"ck$"), "ch"),
    (re.compile(r"(?<=[^\Wbcdđghjklmnpqrstvxz])k$"), "c"),
    (re.compile(r"iu$"), "iêu"),
    (re.compile(r"ìu$"), "iều"),
    (re.compile(r"ỉu$"), "iểu"),
    (re.compile(r"íu$"), "iếu"),
    (re.compile(r"ịu$"), "iệu"),
    (re.compile(r"un$"), "uôn"),
    (re.compile(r"ún$"), "uốn"),
    (re.compile(r"ùn$"), "uồn"),
)


class ChatSpelling:
    """Reads chat spellings with a lexicon of syllables, accented and folded."""

    def __init__(self, shapes: Collection[str], *, known: Collection[str]) -> None:
        """`known` are short forms that are written out from a list: they are left to it."""
        self._shapes = shapes
        self._known = known

    def decode(self, text: str) -> str:
        """Return normalised Vietnamese `text` with its chat spellings read; everything else as it was. Never raises."""
        candidates = [
            (token, read)
            for token in _TOKEN.finditer(text)
            if len(token.group()) <= LONGEST and (read := self._read(token.group().lower())) is not None
        ]
        if not candidates:
            return text
        kept = Kept(text)
        return replaced(
            text,
            (
                (token.span(), read)
                for token, read in candidates
                if not kept.holds(*token.span()) and not is_joined(text, *token.span())
            ),
        )

    def _read(self, word: str) -> str | None:
        if len(word) < 2 or word in self._shapes or word in self._known or word in ENGLISH or word in LOANS:
            return None
        return next((form for form in _respelled(word) if form in self._shapes), None)


def _respelled(word: str) -> Iterator[str]:
    """Yield what a word may stand for: its end mended, its initial mended, both."""
    ends = [pattern.sub(written, word) for pattern, written in _ENDS if pattern.search(word)]
    yield from ends
    for form in (word, *ends):
        for typed, meant in _INITIALS:
            if form.startswith(typed) and len(form) > len(typed):
                yield from (initial + form[len(typed) :] for initial in meant)
