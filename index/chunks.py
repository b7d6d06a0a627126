"""Long runs of lines → pieces that a passage can hold: whole paragraphs, whole table rows, sentences at need (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

LONGEST_TABLE_HEADER = 500  # characters of a table's header that are repeated above its rows in a further passage

_SENTENCE_END = re.compile(r"(?<=[.;!?…])\s+")
_RULE = re.compile(r"\|?[\s:|-]*-{2,}[\s:|-]*\|?")  # the line of dashes that ends a Markdown table's header
_COLUMN_NUMBERS = re.compile(r"\|(?:\s*\(?(?:\d{1,2}|[A-Z])\)?\s*\|)+")  # "| (1) | (2) |", "| A | B | 1 |"
_ORDINAL = re.compile(r"\|\s*(?:STT|TT|Số TT)\s*\|", re.I)


@dataclass(frozen=True, slots=True)
class _Piece:
    glue: str  # what stands between it and the piece before
    words: str
    header: str = ""  # of the table whose row it is, where that does not stand in `words`


def shown(text: str) -> str:
    """The words without Markdown's marks; tables and list marks stay. No empty lines."""
    text = re.sub(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?)+", "", text, flags=re.M)
    text = re.sub(r"\*\*|__(?=\S)|(?<=\S)__", "", text)
    text = re.sub(r"(?<![*\w])[*_](?=\S)([^*_\n]*[^*_\s\n])[*_](?![*\w])", r"\1", text)
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and line.strip("-*_") != "")


def chunks(lines: Sequence[str], most: int) -> Iterator[str]:
    """Runs of at most `most` characters: whole paragraphs, sentences where one is too long, words where a sentence is.

    A table is divided between its rows only, however long they are, and each part begins with the table's header.
    """
    text = ""
    for piece in _pieces(shown("\n".join(lines)).split("\n"), most):
        if text and len(text) + len(piece.words) >= most:
            yield text
            text = ""
        if text:
            text += piece.glue + piece.words
        else:
            text = f"{piece.header}\n{piece.words}" if piece.header else piece.words
    if text:
        yield text


def _pieces(lines: Sequence[str], most: int) -> Iterator[_Piece]:
    place = 0
    while place < len(lines):
        stop = place
        while stop < len(lines) and _is_row(lines[stop], most):
            stop += 1
        if stop > place:
            yield from _rows(lines[place:stop])
            place = stop
            continue
        if lines[place]:
            yield from _paragraph(lines[place], most)
        place += 1


def _is_row(line: str, most: int) -> bool:
    """A page that machine reading made one line of may begin with the sign too."""
    return line.startswith("|") and (line.endswith("|") or len(line) <= most)


def _rows(table: Sequence[str]) -> Iterator[_Piece]:
    """The rows of one table; its header and the first row below it are one piece, so that neither stands alone."""
    above = _header_rows(table)
    header = "\n".join(table[:above])
    repeated = header if len(header) <= LONGEST_TABLE_HEADER else ""
    yield _Piece("\n", "\n".join(table[: above + 1]))
    for row in table[above + 1 :]:
        yield _Piece("\n", row, repeated)


def _header_rows(table: Sequence[str]) -> int:
    rules = [place for place, row in enumerate(table[:4]) if _RULE.fullmatch(row)]
    above = rules[0] + 1 if rules else int(_ORDINAL.match(table[0]) is not None)
    if above and above < len(table) and _COLUMN_NUMBERS.fullmatch(table[above]):
        above += 1
    return above


def _paragraph(line: str, most: int) -> Iterator[_Piece]:
    if len(line) <= most:
        yield _Piece("\n", line)
        return
    parts = [words for one in _SENTENCE_END.split(line) for words in wrap(one, most, break_on_hyphens=False)]
    for position, words in enumerate(parts):
        yield _Piece(" " if position else "\n", words)
