"""Runs of syllables in a text: what the counts of neighbours go by."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

NEIGHBOURS: Final = 3
"""Syllables on either side that tell what letters stand for."""

# A run of letters, not joined to digits, strokes, dots or the like: those belong to numbers and addresses.
SYLLABLE = re.compile(r"(?<![\w/@.&#=?%-])[^\W\d_]+(?![\w/@&=-]|\.\w)")


def is_run_of_letters(text: str, start: int, end: int) -> bool:
    """Tell whether text[start:end] is one of the tokens that runs are made of."""
    found = SYLLABLE.match(text, start)
    return found is not None and found.end() == end


def runs(plain: str, tokens: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Group syllables that only a blank parts; anything else between them ends a run, as in the counts."""
    found: list[list[re.Match[str]]] = []
    for token in tokens:
        if found and plain[found[-1][-1].end() : token.start()] == " ":
            found[-1].append(token)
        else:
            found.append([token])
    return found


def near(run: list[re.Match[str]], places: Collection[int]) -> Iterator[list[re.Match[str]]]:
    """Yield the parts of a run that lie within NEIGHBOURS of a token that begins at one of `places`."""
    chosen = [number for number, token in enumerate(run) if token.start() in places]
    part: list[re.Match[str]] = []
    end = 0
    for number in chosen:
        start = max(end, number - NEIGHBOURS)
        if part and start > end:
            yield part
            part = []
        end = number + 1 + NEIGHBOURS
        part += run[start:end]
    if part:
        yield part
