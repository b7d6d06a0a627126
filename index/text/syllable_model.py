"""The compiled counts of syllables: how likely one is after the two before it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.text.syllable_counts import END, START, read_probabilities
from index.text.unicode import accents_agree, fold

FLOOR: Final = 1e-9
"""Probability of what was never counted."""

BITS: Final = 20  # per syllable in a packed key: three fit into 63 bits
_STEPS_PER_NAT = 1000  # probabilities are kept as thousandths of a natural logarithm, in 16 bits

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]


class BadRestorer(ValueError):
    """The compiled file does not fit this program. Compile it again."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What the compiled file holds. Syllable ids are positions in `syllables`."""

    syllables: tuple[str, ...]  # grouped by folded form, the most frequent first; ids below 2^20
    single: NDArray[np.float32]  # (n_syllables,) interpolated probabilities
    pair_keys: NDArray[np.int64]  # ascending, first << 20 | second
    pair: NDArray[np.float32]
    triple_keys: NDArray[np.int64]  # ascending, first << 40 | second << 20 | third
    triple: NDArray[np.float32]


class SyllableModel:
    """Probabilities of syllables in row, by their ids."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.ids = {syllable: number for number, syllable in enumerate(tables.syllables)}
        self.readings: dict[str, list[int]] = {}  # folded syllable → its accented readings, the most frequent first
        for number, syllable in enumerate(tables.syllables):
            self.readings.setdefault(fold(syllable), []).append(number)
        self.start, self.end = self.ids[START], self.ids[END]

    @classmethod
    def load(cls, path: Path) -> SyllableModel:
        """Open a compiled file. Raises OSError when it is missing, BadRestorer when it is not one."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                syllables = tuple(bytes(arrays["syllables"]).decode("utf-8").split("\n"))
                keys = [np.cumsum(arrays[f"{name}_steps"], dtype=np.int64) for name in ("pair", "triple")]
                values = [
                    np.exp(arrays[name].astype(np.float32) / _STEPS_PER_NAT) for name in ("single", "pair", "triple")
                ]
        except (KeyError, ValueError, EOFError) as error:
            raise BadRestorer(f"{path}: {error}") from error
        return cls(Tables(syllables, values[0], keys[0], values[1], keys[1], values[2]))

    def log_probabilities(self, first: Ids, second: Ids, third: Ids) -> Floats:
        """Return log P(third | first second) for arrays of ids, broadcast against each other."""
        tables = self.tables
        pairs = second << BITS | third
        total = _look_up(tables.triple_keys, tables.triple, first << 2 * BITS | pairs)
        total += _look_up(tables.pair_keys, tables.pair, pairs)
        total += tables.single[third]
        return np.log(total + FLOOR)

    def fitting(self, typed: str) -> list[int]:
        """Return the syllables that `typed` (lower case) may be, with accents left out, frequent first."""
        readings = self.readings.get(fold(typed), [])
        if typed.isascii():
            return readings
        known = self.ids.get(typed)
        return [one for one in readings if one == known or accents_agree(typed, self.tables.syllables[one])]

    def before(self, second: int) -> tuple[Ids, Floats]:
        """Return the syllables that were counted before `second`, and the probability of each pair; shapes (n,)."""
        places = np.flatnonzero(self.tables.pair_keys & (1 << BITS) - 1 == second)
        firsts = self.tables.pair_keys[places] >> BITS
        return firsts, (self.tables.single[firsts] * self.tables.pair[places]).astype(np.float64)

    def pair_shares(self, first: Ids, second: Ids) -> Floats:
        """Return the probability of two syllables in row, in interpolated parts, for arrays of ids that broadcast."""
        pairs = _look_up(self.tables.pair_keys, self.tables.pair, first << BITS | second)
        return self.tables.single[first] * pairs


def compile_counts(folder: Path, target: Path) -> None:
    """Compile the count tables of `folder` (see data/ngrams/README.md) into `target`. Raises OSError and BadCounts."""
    mixed = read_probabilities(folder)
    words = sorted(set(mixed.single) | {START, END}, key=lambda word: (fold(word), -mixed.single.get(word, 0.0), word))
    ids = {word: number for number, word in enumerate(words)}
    if len(words) >= 1 << BITS:
        raise BadRestorer(f"{len(words)} syllables do not fit into {BITS} bits")
    single = np.array([mixed.single.get(word, 0.0) for word in words])
    arrays: dict[str, Any] = {
        "syllables": np.frombuffer("\n".join(words).encode(), dtype=np.uint8),
        "single": _quantised(single),
    }
    for name, probabilities in (("pair", mixed.pair), ("triple", mixed.triple)):
        known = {ngram: value for ngram, value in probabilities.items() if all(word in ids for word in ngram)}
        keys = np.array([_packed([ids[word] for word in ngram]) for ngram in known], dtype=np.int64)
        order = np.argsort(keys)
        arrays[f"{name}_steps"] = np.diff(keys[order], prepend=np.int64(0))  # small steps compress better than keys
        arrays[name] = _quantised(np.array(list(known.values()))[order])
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial.npz")
    np.savez_compressed(partial, **arrays)
    partial.replace(target)


def _quantised(probabilities: Floats) -> NDArray[np.int16]:
    logarithms = np.log(np.maximum(probabilities, FLOOR))
    return np.asarray(np.round(logarithms * _STEPS_PER_NAT), dtype=np.int16)


def _packed(ids: list[int]) -> int:
    key = 0
    for number in ids:
        key = key << BITS | number
    return key


def _look_up(keys: NDArray[np.int64], values: NDArray[np.float32], wanted: Ids) -> Floats:
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, values[places], 0.0).astype(np.float64)
