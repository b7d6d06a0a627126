"""Short forms of administration and chat, and regional words, as standard Vietnamese has them, from a reviewed list."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.text.kept import Kept, is_joined
from index.text.runs import is_run_of_letters
from index.text.unicode import fold

_TOKEN = re.compile(r"[^\W_]+(?:&[^\W_]+|/[^\W\d_]{1,2}(?![\w/-]))?")


@dataclass(frozen=True, slots=True)
class Expansion:
    """One line of the list."""

    long: str
    context: re.Pattern[str] | None  # searched in "before2 before1 _ after1 after2", folded; None: everywhere
    in_accented: bool = False  # only where the text around is accented: "nha" there is "nhé", elsewhere it may be "nhà"
    exact: str = ""  # only where typed so, for short forms with capitals in a text that is not all capitals: "AI"

    @property
    def is_default(self) -> bool:
        """Whether it is taken whatever stands around it."""
        return self.context is None and not self.in_accented and not self.exact


AbbreviationTable = Mapping[str, tuple[Expansion, ...]]
"""Short form or words with one blank, in lower case → its expansions; the first whose context fits is taken."""

_MOST_WORDS = 3
"""Words of the longest entry."""

_ACCENTED = "accented "
_ACCENTED_SHARE = 3
"""A text is accented where at least one word of so many has a mark."""


class BadAbbreviations(ValueError):
    """The list cannot be read; the message names file and line. Mend the file."""


def load(path: Path) -> AbbreviationTable:
    """Read data/abbreviations.tsv: columns short (several by blanks), long, context (a pattern or empty) and note.

    A short form with capitals counts only where it is typed so. An underscore in one stands for a blank: "khi_mô" is
    read from "khi mô". A context that begins with "accented " counts in accented text only. Lines starting with # are
    comments. Raises OSError, and BadAbbreviations where a line is malformed.
    """
    table: dict[str, list[Expansion]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            if not row or row[0].startswith("#"):
                continue
            if len(row) != 4 or not row[0].strip() or not row[1].strip():
                raise BadAbbreviations(f"{path}:{number}: four columns expected: short, long, context, note")
            in_accented = row[2].startswith(_ACCENTED)
            pattern = row[2].removeprefix(_ACCENTED)
            try:
                context = re.compile(pattern) if pattern else None
            except re.error as error:
                raise BadAbbreviations(f"{path}:{number}: {error}") from error
            for short in row[0].split():
                spelled = short.replace("_", " ")
                exact = spelled if spelled != spelled.lower() else ""
                table.setdefault(spelled.lower(), []).append(Expansion(row[1], context, in_accented, exact))
    return {short: tuple(expansions) for short, expansions in table.items()}


def expand(text: str, table: AbbreviationTable, *, leave_open: bool = False) -> str:
    """Return `text` with its short forms written out, the longest first; everything else as it was.

    Document numbers, addresses and tokens joined to digits or strokes are left alone. Expects normalised text.
    `leave_open`: a form of several meanings of which no context decides is left to `index.text.letters`, where that
    can read it; otherwise the line without a context is taken.
    """
    tokens = list(_TOKEN.finditer(text))
    typed = [token.group().lower() for token in tokens]
    is_accented = sum(not word.isascii() for word in typed) * _ACCENTED_SHARE >= len(typed)
    is_shouted = text.isupper()
    kept: Kept | None = None
    folded: list[str] = []
    parts: list[str] = []
    position = 0
    for index, token in enumerate(tokens):
        if token.start() < position:
            continue
        for length in range(min(_MOST_WORDS, len(tokens) - index), 0, -1):
            expansions = table.get(" ".join(typed[index : index + length]))
            if expansions is None:
                continue
            start, end = token.start(), tokens[index + length - 1].end()
            kept = kept or Kept(text)
            if end - start != sum(map(len, typed[index : index + length])) + length - 1 or kept.holds(start, end):
                continue  # something other than one blank stands between the words
            if is_joined(text, start, end):
                continue
            folded = folded or [fold(word) for word in typed]
            around = " ".join([*folded[max(0, index - 2) : index], "_", *folded[index + length : index + length + 2]])
            as_typed = text[start:end] if not is_shouted else ""
            fitting = (one for one in expansions if _fits(one, around, as_typed, is_accented=is_accented))
            fit = next(fitting, None)
            if fit is not None and leave_open and fit.is_default and _is_open(expansions, text, start, end):
                break
            if fit is not None:
                parts += (text[position:start], fit.long)
                position = end
                break
    return "".join([*parts, text[position:]])


def _fits(expansion: Expansion, around: str, as_typed: str, *, is_accented: bool) -> bool:
    if (expansion.in_accented and not is_accented) or expansion.exact not in ("", as_typed):
        return False
    return expansion.context is None or expansion.context.search(around) is not None


def _is_open(expansions: Sequence[Expansion], text: str, start: int, end: int) -> bool:
    """Tell whether the neighbours of the short form text[start:end] may say which of its meanings is meant."""
    return len(expansions) > 1 and text[start:end].islower() and is_run_of_letters(text, start, end)
