"""Cutting what is to be said into messages: as few as can be, cut where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from channels.text import is_blank, length, letters


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of tidy text that begins a new paragraph."""

    text: str
    is_whole: bool = False  # stays in one message where it fits one, else each of its lines does


class _Seam(IntEnum):
    """What a cut would part; the smaller, the better the place."""

    BLOCKS = 0
    PARAGRAPHS = 1
    LINES = 2
    SENTENCES = 3
    WORDS = 4
    LETTERS = 5


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is never cut, and what stands between it and the piece before where no cut falls there."""

    text: str
    gap: str
    seam: _Seam


_WORD = re.compile(r"\S+")
_ENDS_SENTENCE = re.compile(r"""[.!?…;]["'”’»)\]]*$""")
_UNSPACED_SENTENCE = re.compile(r"(?<=[。！？；])(?=\w)|(?<=[。！？；][”’」』）])(?=\w)")
"""Chinese puts no blank after a sentence."""


def pack(blocks: Sequence[Block], limit: int) -> list[str]:
    """Return the blocks, blank lines between them, as the fewest texts of at most `limit` UTF-16 units.

    Of all ways to cut into so few, each cut takes the best seam within its reach: between blocks, paragraphs, lines,
    sentences, words. A word is cut only when it alone is too long, a letter or emoji never unless it is. No text is
    blank; their ends are stripped. A `limit` below 2 cannot hold every character.
    """
    pieces = [piece for block in blocks if not is_blank(block.text) for piece in _pieces(block, limit)]
    starts, ends = _positions(pieces)
    # tails[n] is the first piece of the longest tail that fits n messages.
    tails = [len(pieces)]
    while tails[-1] > 0:
        first = tails[-1] - 1
        while first > 0 and ends[tails[-1] - 1] - starts[first - 1] <= limit:
            first -= 1
        tails.append(first)
    cuts = [0]
    for earliest in tails[-2:0:-1]:
        reach = range(max(earliest, cuts[-1] + 1), len(pieces))
        fitting = (cut for cut in reach if ends[cut - 1] - starts[cuts[-1]] <= limit)
        cuts.append(min(fitting, key=lambda cut: (pieces[cut].seam, -cut)))
    parts = [_joined(pieces[begin:end]) for begin, end in pairwise([*cuts, len(pieces)])]
    return [part for part in parts if not is_blank(part)]


def _pieces(block: Block, limit: int) -> Iterator[_Piece]:
    text = block.text.strip()
    if not block.is_whole:
        yield from _words(text, "\n\n", _Seam.BLOCKS, limit)
        return
    gap, seam = "\n\n", _Seam.PARAGRAPHS
    for line in filter(None, [text] if length(text) <= limit else map(str.strip, text.split("\n"))):
        yield from [_Piece(line, gap, seam)] if length(line) <= limit else _words(line, gap, seam, limit)
        gap, seam = "\n", _Seam.LINES


def _words(text: str, gap: str, seam: _Seam, limit: int) -> Iterator[_Piece]:
    """`gap` and `seam` are those before the first word."""
    former: re.Match[str] | None = None
    for word in _WORD.finditer(text):
        if former:
            gap = text[former.end() : word.start()]
            seam = _seam(gap, former[0])
        former = word
        for sentence in _UNSPACED_SENTENCE.split(word[0]):
            for piece in [sentence] if length(sentence) <= limit else letters(sentence, limit):
                yield _Piece(piece, gap, seam)
                gap, seam = "", _Seam.LETTERS
            seam = _Seam.SENTENCES


def _seam(gap: str, before: str) -> _Seam:
    if "\n" in gap:
        return _Seam.PARAGRAPHS if gap.count("\n") > 1 else _Seam.LINES
    return _Seam.SENTENCES if _ENDS_SENTENCE.search(before) else _Seam.WORDS


def _positions(pieces: Sequence[_Piece]) -> tuple[list[int], list[int]]:
    """Return where each piece starts and ends, in UTF-16 units, were everything one text."""
    starts, ends = [], []
    at = 0
    for piece in pieces:
        starts.append(at + length(piece.gap))
        at = starts[-1] + length(piece.text)
        ends.append(at)
    return starts, ends


def _joined(pieces: Sequence[_Piece]) -> str:
    return "".join(piece.gap + piece.text for piece in pieces)[len(pieces[0].gap) :] if pieces else ""
