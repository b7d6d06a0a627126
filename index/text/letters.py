"""Letters that stand for a syllable in chat: "t bị lừa r" → "tôi bị lừa rồi"; the neighbours tell which one.

One letter has several meanings, and no list of contexts covers them, so the counts of the accent restorer choose among
those of a reviewed list. Where none of them is likely beside its neighbours, the letter stays: "điểm c", "vitamin b".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from index.text.kept import Kept, is_joined
from index.text.unicode import fold

Letters = Mapping[str, tuple[str, ...]]
"""Letters, in lower case → the syllables that they may stand for."""

_TOKEN = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
_LONGEST: Final = 3
_NAMES_A_LETTER = re.compile(
    r"\b(?:diem|khoan|muc|hang|loai|nhom|dieu|phan|vitamin|gan|cau|bang|ben|blx|so|lop|cap|to|khu|lo|block|size|sz) ?$|"
    r"\b[a-z], ?$"
)
"""What stands before a letter that is its own name, folded: such words, or another letter of a list."""

_NO_WORD = re.compile(r" \d+(?:$|[,.?])|[%!'’.*^+=<>](?:\S|$)")
"""What stands behind a letter that is a number's ("p 5"), a curse's ("đ!t") or a foreign word's ("i'm")."""


_MONTH = re.compile(
    r"(?<![\w/.-])t(?=(?:1[0-2]|0?[1-9])(?:/(?:19|20)\d\d(?![\d/])| ?(?:năm|nam)(?!\w)))", re.IGNORECASE
)
"""The month in "t5/2026" and "t7 năm nay"; alone, "t5" may be Thursday."""

_CUT = ("'", "’", "!", "*", "^", "<")
"""Signs that cut a letter off from its word."""


class BadLetters(ValueError):
    """The list cannot be read; the message names file and line. Mend the file."""


class Chooser(Protocol):
    """Knows which syllables stand beside which."""

    def choose(self, text: str, choices: Mapping[int, Sequence[str]]) -> str:
        """Return `text` with the tokens at these places replaced by the likeliest of their choices."""


def load(path: Path) -> Letters:
    """Read data/letters.tsv: letters, syllables by blanks, note; lines starting with # are comments.

    Raises OSError, and BadLetters where a line is malformed.
    """
    found: dict[str, tuple[str, ...]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            if not row or row[0].startswith("#"):
                continue
            if len(row) != 3 or not 0 < len(row[0]) <= _LONGEST or not row[1].split():
                raise BadLetters(f"{path}:{number}: three columns expected: up to three letters, syllables, note")
            found[row[0]] = tuple(row[1].split())
    return found


def read_letters(text: str, letters: Letters, chooser: Chooser) -> str:
    """Return normalised Vietnamese `text` with its letters read; everything else as it was. Never raises."""
    text = _MONTH.sub("tháng ", text)
    kept: Kept | None = None
    choices: dict[int, tuple[str, ...]] = {}
    for token in _TOKEN.finditer(text):
        readings = letters.get(token.group())  # a capital is a name, or a point of an article
        if readings is None:
            continue
        start, end = token.span()
        if is_joined(text, start, end) or _NO_WORD.match(text, end) or text[start - 1 : start] in _CUT:
            continue
        if _NAMES_A_LETTER.search(_before(text, start)):
            continue
        kept = kept or Kept(text)
        if not kept.holds(start, end):
            choices[start] = readings
    return chooser.choose(text, choices) if choices else text


def _before(text: str, start: int) -> str:
    """Return the end of what stands before, folded; as long as the longest word that names a letter."""
    return fold(text[max(0, start - 10) : start])
