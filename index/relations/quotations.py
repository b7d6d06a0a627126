"""What an official text quotes, taken out: the wording it gives to other documents says nothing of its own (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_OPEN, _CLOSE = "“", "”"
_SPELLINGS = (("''", '"'), ("‘‘", "“"), ("’’", "”"), ("«", "“"), ("»", "”"), ("„", "“"), ("‟", "“"))
_BEFORE_OPENING = frozenset(" \t(:[*_#>-–—/“")
_TAKEN_OUT = "‹…›"  # in other marks, so that it is no quotation any more
_PAIR = re.compile("“[^“”]*”")
_HEADING = re.compile(r"[#*_ ]*Điều \d{1,4}[a-zđ]?\s*[.:]")


def without_quotations(text: str) -> str:
    """The text with every quotation replaced by ‹…›; lines keep their places.

    A quotation may run over many lines. One that is never closed ends before the next article, the next quotation that
    opens a line, or, where it begins in the middle of a sentence, with its line. Markdown's quoted lines (">") go.
    """
    lines = [_paired(_marked(line)) for line in text.split("\n")]
    next_close = _next_places([_CLOSE in line and _OPEN not in line.partition(_CLOSE)[0] for line in lines])
    next_stop = _next_places([_opens_line(line) or _HEADING.match(line) is not None for line in lines])
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.lstrip().startswith(">"):
            line = ""
        before, mark, after = line.rpartition(_OPEN)
        if not mark or _CLOSE in after:
            kept.append(line)
            place += 1
            continue
        kept.append(f"{before}{_TAKEN_OUT}")
        stop, close = next_stop[place + 1], next_close[place + 1]
        place += 1
        if close < len(lines) and close < _first_opening(lines, stop, close):
            kept += [""] * (close - place)
            lines[close] = lines[close].partition(_CLOSE)[2]
            place = close
        elif not before.strip(" #*_->") or before.rstrip().endswith(":"):
            kept += [""] * (min(stop, len(lines)) - place)
            place = min(stop, len(lines))
    return "\n".join(kept)


def _first_opening(lines: Sequence[str], stop: int, close: int) -> int:
    """Where a new quotation begins before the closing mark, if one does; headings inside a quotation are quoted."""
    return next((place for place in range(stop, close) if _opens_line(lines[place])), close + 1)


def _opens_line(line: str) -> bool:
    return line.lstrip(" #*_").startswith(_OPEN) and _CLOSE not in line


def _marked(line: str) -> str:
    """The line with straight and foreign quotation marks told apart into opening and closing ones."""
    for spelling, mark in _SPELLINGS:
        line = line.replace(spelling, mark)
    if '"' not in line:
        return line
    marked = []
    for place, letter in enumerate(line):
        if letter == '"':
            is_opening = (place == 0 or line[place - 1] in _BEFORE_OPENING) and line[place + 1 : place + 2].strip()
            letter = _OPEN if is_opening else _CLOSE
        marked.append(letter)
    return "".join(marked)


def _paired(line: str) -> str:
    """The line with quotations that end in it replaced, one inside another as well."""
    for _ in range(2):
        line = _PAIR.sub(_TAKEN_OUT, line)
    return line


def _next_places(flags: Sequence[bool]) -> list[int]:
    """For each place, and one past the end, the first flagged place from there on; the length where there is none."""
    places = [len(flags)] * (len(flags) + 2)
    for place in range(len(flags) - 1, -1, -1):
        places[place] = place if flags[place] else places[place + 1]
    return places
