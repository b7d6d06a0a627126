"""Short forms of Vietnamese administration and chat written out, from a reviewed list."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.text.kept import Kept, is_joined
from index.text.unicode import fold

_TOKEN = re.compile(r"[^\W_]+(?:&[^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Expansion:
    """One line of the list."""

    long: str
    context: re.Pattern[str] | None  # searched in "before2 before1 _ after1 after2", folded; None: everywhere


AbbreviationTable = Mapping[str, tuple[Expansion, ...]]
"""Short form in lower case → its expansions; the first whose context fits is taken."""


class BadAbbreviations(ValueError):
    """The list cannot be read; the message names file and line. Mend the file."""


def load(path: Path) -> AbbreviationTable:
    """Read data/abbreviations.tsv: columns short (several by blanks), long, context (a pattern or empty) and note.

    Lines starting with # are comments. Raises OSError, and BadAbbreviations where a line is malformed.
    """
    table: dict[str, list[Expansion]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            if not row or row[0].startswith("#"):
                continue
            if len(row) != 4 or not row[0].strip() or not row[1].strip():
                raise BadAbbreviations(f"{path}:{number}: four columns expected: short, long, context, note")
            try:
                context = re.compile(row[2]) if row[2] else None
            except re.error as error:
                raise BadAbbreviations(f"{path}:{number}: {error}") from error
            for short in row[0].split():
                table.setdefault(short.lower(), []).append(Expansion(row[1], context))
    return {short: tuple(expansions) for short, expansions in table.items()}


def expand(text: str, table: AbbreviationTable) -> str:
    """Return `text` with its short forms written out; everything else as it was.

    Document numbers, addresses and tokens joined to digits or strokes are left alone. Expects normalised text.
    """
    kept = Kept(text)
    tokens = list(_TOKEN.finditer(text))
    words = [fold(token.group()) for token in tokens]
    parts: list[str] = []
    position = 0
    for index, token in enumerate(tokens):
        expansions = table.get(token.group().lower(), ())
        if not expansions or is_joined(text, *token.span()) or kept.holds(*token.span()):
            continue
        around = " ".join([*words[max(0, index - 2) : index], "_", *words[index + 1 : index + 3]])
        for expansion in expansions:
            if expansion.context is None or expansion.context.search(around):
                parts += (text[position : token.start()], expansion.long)
                position = token.end()
                break
    return "".join([*parts, text[position:]])
