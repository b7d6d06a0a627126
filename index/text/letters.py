"""Letters and short forms read by their neighbours: "t bị lừa r" → "tôi bị lừa rồi", "chịu tn" → "chịu trách nhiệm".

One letter has several meanings, and no list of contexts covers them, so the counts of the accent restorer choose among
those of a reviewed list and among guesses. Where none is likely beside its neighbours, what was typed stays: "điểm c".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from index.text.kept import Kept, is_joined
from index.text.lattice import Edge
from index.text.unicode import fold

Letters = Mapping[str, tuple[tuple[str, ...], ...]]
"""Letters, in lower case → what they may stand for, each a row of syllables."""

_TOKEN = re.compile(r"(?<!\w)[^\W\d_]+(?!\w)")
_LONGEST: Final = 3
_NAMES_A_LETTER = re.compile(r"\b(?:diem|khoan|muc|hang|loai|nhom|vitamin|gan|size|sz|phan) ?$|\b[a-z], ?$")
"""What stands before a letter that is its own name, folded: such words, or another letter of a list."""

_NAMES_AN_EARLY_LETTER = re.compile(r"\b(?:dieu|cau|bang|ben|blx|so|lop|cap|to|khu|lo|block) ?$")
"""What stands before a letter of the beginning of the alphabet that is its own name: "lớp b", but not "hồ sơ r"."""

_EARLY = frozenset("abcdđe")

_NUMBER = re.compile(r" \d+(?:$|[,.?])")
"""What stands behind a letter that is a number's: "p 5"."""

_CURSE = re.compile(r"[%!'’.*^+=<>](?:\S|$)")
"""What stands behind a letter that is a curse's ("đ!t") or a foreign word's ("i'm")."""

_MONTH = re.compile(
    r"(?<![\w/.-])t(?=(?:1[0-2]|0?[1-9])(?:/(?:19|20)\d\d(?![\d/])| ?(?:năm|nam)(?!\w)))", re.IGNORECASE
)
"""The month in "t5/2026" and "t7 năm nay"; alone, "t5" may be Thursday."""

_CUT = ("'", "’", "!", "*", "^", "<")
"""Signs that cut a letter off from its word."""


class BadLetters(ValueError):
    """The list cannot be read; the message names file and line. Mend the file."""


class Guesser(Protocol):
    """Knows what a token may stand for."""

    def of(self, word: str) -> Sequence[Edge]:
        """Return what `word`, in lower case, may stand for; nothing where it is a word."""


class Chooser(Protocol):
    """Knows which syllables stand beside which."""

    def choose(self, text: str, choices: Mapping[int, Sequence[Edge]]) -> str:
        """Return `text` with the tokens at these places replaced by the likeliest of their choices."""


def load(path: Path) -> Letters:
    """Read data/letters.tsv: letters, readings by blanks (_ for a blank inside one), note; # begins a comment.

    Raises OSError, and BadLetters where a line is malformed.
    """
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            if not row or row[0].startswith("#"):
                continue
            if len(row) != 3 or not 0 < len(row[0]) <= _LONGEST or not row[1].split():
                raise BadLetters(f"{path}:{number}: three columns expected: up to three letters, readings, note")
            found[row[0]] = tuple(tuple(reading.split("_")) for reading in row[1].split())
    return found


def read_letters(text: str, guesses: Guesser, chooser: Chooser) -> str:
    """Return normalised Vietnamese `text` with its letters and short forms read; everything else as it was.

    Never raises.
    """
    text = _MONTH.sub("tháng ", text)
    is_shouted = text.isupper()
    kept: Kept | None = None
    choices: dict[int, Sequence[Edge]] = {}
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        word = token.group()
        if not is_shouted and not word.islower():
            continue  # a capital is a name, or a point of an article
        found = guesses.of(word.lower())
        if not found or is_joined(text, start, end):
            continue
        if any(edge.stays for edge in found) and _names_itself(text, start, end):
            continue
        kept = kept or Kept(text)
        if not kept.holds(start, end):
            choices[start] = found
    return chooser.choose(text, choices) if choices else text


def _names_itself(text: str, start: int, end: int) -> bool:
    """Tell whether what stands around a letter, or a few, says that they are nothing else."""
    if text[start - 1 : start] in _CUT or _CURSE.match(text, end):
        return True
    if end - start > 1:
        return False
    before = _before(text, start)
    is_early = text[start] in _EARLY and _NAMES_AN_EARLY_LETTER.search(before) is not None
    return is_early or bool(_NUMBER.match(text, end) or _NAMES_A_LETTER.search(before))


def _before(text: str, start: int) -> str:
    """Return the end of what stands before, folded; as long as the longest word that names a letter."""
    return fold(text[max(0, start - 10) : start])
