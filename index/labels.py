"""Labels of điều, khoản and điểm as machine reading leaves them: the run that rises, single ones put right (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import inf

_MISREAD = {("e", "c"), ("đ", "d"), ("d", "đ")}  # read, meant
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_NO_GAP = 0.5  # what a number without a gap adds to the weight of a run
_LOOK_BACK = 1_000  # candidates between two headings; bounds the work on a text made to be slow


def rising(keys: Sequence[float], weights: Sequence[float], largest_step: float = inf) -> list[int]:
    """Positions of the heaviest strictly rising run, whose first number and steps are not above `largest_step`.

    A number that follows the one before it without a gap weighs more.
    """
    best: list[float] = []
    previous: list[int] = []
    for index, key in enumerate(keys):
        reach = range(max(0, index - _LOOK_BACK), index)
        before = [other for other in reach if key - largest_step <= keys[other] < key and best[other] > 0]
        scores = [(best[other] + (_NO_GAP if key - keys[other] <= 1 else 0), -keys[other], other) for other in before]
        score, _, last = max(scores, default=(0.0, 0.0, -1))
        best.append(weights[index] + score if last >= 0 or key <= largest_step else 0.0)
        previous.append(last)
    index = max(range(len(keys)), key=lambda other: (best[other], -keys[other]), default=-1)
    run = []
    while index >= 0 and best[index] > 0:
        run.append(index)
        index = previous[index]
    return run[::-1]


def roman(number: int) -> str:
    """A number from 1 in Roman digits: 14 is "XIV"."""
    digits = ""
    for value, letters in _ROMAN:
        while number >= value:
            digits += letters
            number -= value
    return digits


def repaired(found: Sequence[tuple[int, str]], keys: Sequence[int], chosen: Sequence[int]) -> list[tuple[int, str]]:
    """The chosen starts, and a misread one ("39." for 30) where exactly one number and one line are left over."""
    starts = [found[index] for index in chosen]
    for before, after in pairwise(chosen):
        if keys[after] - keys[before] == after - before == 2:
            starts.append((found[before + 1][0], str(keys[before] + 1)))
    return sorted(starts)


def repaired_letters(found: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The điểm with a letter put right that machine reading took for its neighbour in shape: b, "e", d is b, c, d."""
    read = list(found)
    for before in range(len(found) - 1):
        expected = _next_letter(read[before][1])
        place, letter = read[before + 1]
        after = found[before + 2][1] if before + 2 < len(found) else None
        if (letter, expected) in _MISREAD and after in (None, _next_letter(expected)):
            read[before + 1] = (place, expected)
    return read


def _next_letter(letter: str) -> str:
    return _LETTERS[(_LETTERS.find(letter) + 1) % len(_LETTERS)]
