"""Accents put back: the most likely accented reading of what was typed without accents, for encoders, never for people.

`python -m index.text.restore compile data/ngrams var/restorer.npz` prepares the file that `Restorer.load` opens;
`python -m index.text.restore count data/ngrams SOURCE…` renews the counts of our own sentences, their short
forms written out by the list beside the folder (data/ngrams/README.md).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.text import abbreviations
from index.text.runs import SYLLABLE, near, runs
from index.text.syllable import split_initial
from index.text.syllable_counts import END, START, count_sentences, read_probabilities
from index.text.unicode import accents_agree, fold, normalise

CANDIDATES = 8
"""Readings kept for a syllable, the most frequent ones first."""

_BITS = 20  # per syllable in a packed key: three fit into 63 bits
_FLOOR = 1e-9  # probability of what was never counted
_RARE = 2e-7  # probability from which a pair of syllables is worth guessing
_IN_PART = 3.0  # how many times likelier an initial is typed in full than by its first letter
_STAYS = -12.0  # logarithm of the probability below which no choice for a token is taken
_VOWEL_MARK = re.compile("[^a-zđ\\W\\d_]")


_Column = tuple[list[int], NDArray[np.float64]]
"""Readings of a syllable by their ids, and what each costs beside the counts."""


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


class Restorer:
    """Restores accents by the best path through the readings of a run of syllables (trigram Viterbi)."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._ids = {syllable: number for number, syllable in enumerate(tables.syllables)}
        self._readings: dict[str, list[int]] = {}
        for number, syllable in enumerate(tables.syllables):
            self._readings.setdefault(fold(syllable), []).append(number)
        self._start, self._end = self._ids[START], self._ids[END]

    @classmethod
    def load(cls, path: Path) -> Restorer:
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

    @property
    def syllables(self) -> tuple[str, ...]:
        """What was counted, in lower case: Vietnamese syllables, and short forms and foreign words among them."""
        return self._tables.syllables

    def likeliest_before(self, initial: str, second: str) -> str | None:
        """Return the syllable that begins with `initial` ("h") and most often stands before `second` ("lực").

        `second` without accents stands for every accented reading of it. An initial typed in full ("ph") is likelier
        than its first letter alone. None where no such pair was counted often enough.
        """
        tables = self._tables
        seconds = self._readings.get(second, []) if second == fold(second) else [self._ids.get(second, self._start)]
        # Without an accent it may be a foreign word as well: "strong" is hardly "sinh trong".
        best: tuple[float, str | None] = (10 * _RARE if second.isascii() else _RARE, None)
        for number in seconds:
            places = np.flatnonzero(tables.pair_keys & (1 << _BITS) - 1 == number)
            firsts = tables.pair_keys[places] >> _BITS
            shares = tables.single[firsts] * tables.pair[places]
            for first, share in zip(firsts.tolist(), shares.tolist(), strict=True):
                syllable = tables.syllables[first]
                if not syllable.startswith(initial):
                    continue
                likelihood = share if split_initial(syllable) == initial else share / _IN_PART
                if likelihood > best[0]:
                    best = (likelihood, syllable)
        return best[1]

    def choose(self, text: str, choices: Mapping[int, Sequence[str]]) -> str:
        """Return normalised `text` with tokens replaced by the likeliest of their `choices` in the light of neighbours.

        `choices` are lists of syllables by the places where the tokens begin. A token stays as typed where none of its
        syllables is likely enough there. Nothing else changes. Never raises.
        """
        tokens = list(SYLLABLE.finditer(text))
        penalty = _cost_of_changing([token.group().lower() for token in tokens])
        parts: list[str] = []
        position = 0
        for run in chain.from_iterable(near(run, choices) for run in runs(text, tokens)):
            columns = [
                self._chosen_column(choices[token.start()])
                if token.start() in choices
                else self._column(token.group().lower(), penalty)
                for token in run
            ]
            for token, number in zip(run, self._best_path(columns), strict=True):
                if token.start() in choices and number != self._start:
                    parts += (text[position : token.start()], self._tables.syllables[number])
                    position = token.end()
        return "".join([*parts, text[position:]])

    def restore(self, text: str) -> str:
        """Return `text` normalised and with accents put back; punctuation, numbers and case stay.

        A syllable typed with marks on its vowels stays as it is. One without is read in the light of its neighbours and
        of how much of the text is accented: in accented text an unaccented syllable is mostly meant. Never raises.
        """
        plain = normalise(text)
        tokens = list(SYLLABLE.finditer(plain))
        if not tokens:
            return plain
        penalty = _cost_of_changing([token.group().lower() for token in tokens])
        parts: list[str] = []
        position = 0
        for run in runs(plain, tokens):
            typed = [token.group().lower() for token in run]
            for token, syllable in zip(run, self._best(typed, penalty), strict=True):
                parts += (plain[position : token.start()], _in_case_of(token.group(), syllable))
                position = token.end()
        return "".join([*parts, plain[position:]])

    def _best(self, typed: Sequence[str], penalty: float) -> list[str]:
        path = self._best_path([self._column(syllable, penalty) for syllable in typed])
        return [self._name(number, syllable) for number, syllable in zip(path, typed, strict=True)]

    def _best_path(self, syllables: Sequence[_Column]) -> list[int]:
        """Return one reading of each syllable of a run."""
        columns = [*syllables, ([self._end], np.zeros(1))]
        # scores[i, j]: best path that ends in reading i of the syllable before and reading j of this one
        earlier, last = [self._start], [self._start]
        scores = np.zeros((1, 1))
        back: list[NDArray[np.intp]] = []
        for ids, costs in columns:
            steps = self._log_probabilities(earlier, last, ids)
            through = scores[:, :, None] + steps
            back.append(through.argmax(axis=0))
            scores = through.max(axis=0) + costs[None, :]
            earlier, last = last, ids
        reading = int(scores[:, 0].argmax())
        path = [reading]
        chosen = (reading, 0)
        for step in reversed(back[1:]):
            chosen = (int(step[chosen]), chosen[0])
            path.append(chosen[0])
        readings = list(reversed(path))[-len(syllables) :]
        return [columns[at][0][reading] for at, reading in enumerate(readings)]

    def _name(self, number: int, typed: str) -> str:
        return typed if number == self._start else self._tables.syllables[number]

    def _chosen_column(self, syllables: Sequence[str]) -> _Column:
        """Return the readings of a token that may stay what it is, which a stranger costs otherwise."""
        ids = [self._ids[syllable] for syllable in syllables if syllable in self._ids]
        return [*ids, self._start], np.array([0.0] * len(ids) + [_STAYS - log(_FLOOR)])

    def _column(self, typed: str, penalty: float) -> _Column:
        known = self._ids.get(typed)
        if known is not None and _VOWEL_MARK.search(typed):
            return [known], np.zeros(1)
        if typed.isascii():
            readings = self._readings.get(typed, [])[:CANDIDATES]
        else:
            readings = [
                number
                for number in self._readings.get(fold(typed), ())
                if number == known or accents_agree(typed, self._tables.syllables[number])
            ][:CANDIDATES]
        if not readings:
            return [self._start], np.zeros(1)  # a stranger: its neighbours are read as the ends of a run
        return readings, np.array([0.0 if number == known else penalty for number in readings])

    def _log_probabilities(self, first: list[int], second: list[int], third: list[int]) -> NDArray[np.float64]:
        tables = self._tables
        u, v, w = (np.array(ids, dtype=np.int64) for ids in (first, second, third))
        pairs = v[:, None] << _BITS | w[None, :]
        triples = u[:, None, None] << 2 * _BITS | pairs[None, :, :]
        total = _look_up(tables.triple_keys, tables.triple, triples)
        total += _look_up(tables.pair_keys, tables.pair, pairs)[None, :, :]
        total += tables.single[w][None, None, :]
        return np.log(total + _FLOOR)


def compile_counts(folder: Path, target: Path) -> None:
    """Compile the count tables of `folder` (see data/ngrams/README.md) into `target`. Raises OSError and BadCounts."""
    mixed = read_probabilities(folder)
    words = sorted(set(mixed.single) | {START, END}, key=lambda word: (fold(word), -mixed.single.get(word, 0.0), word))
    ids = {word: number for number, word in enumerate(words)}
    if len(words) >= 1 << _BITS:
        raise BadRestorer(f"{len(words)} syllables do not fit into {_BITS} bits")
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


_STEPS_PER_NAT = 1000  # probabilities are kept as thousandths of a natural logarithm, in 16 bits


def _quantised(probabilities: NDArray[np.float64]) -> NDArray[np.int16]:
    logarithms = np.log(np.maximum(probabilities, _FLOOR))
    return np.asarray(np.round(logarithms * _STEPS_PER_NAT), dtype=np.int16)


def _packed(ids: Sequence[int]) -> int:
    key = 0
    for number in ids:
        key = key << _BITS | number
    return key


def _look_up(keys: NDArray[np.int64], values: NDArray[np.float32], wanted: NDArray[np.int64]) -> NDArray[np.float64]:
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, values[places], 0.0).astype(np.float64)


def _cost_of_changing(typed: list[str]) -> float:
    """Logarithm of the chance that whoever typed this left the accents of a syllable out.

    In Vietnamese prose about three syllables of four carry marks: that tells how much of the accents were used.
    """
    accented = sum(bool(_VOWEL_MARK.search(syllable)) for syllable in typed)
    used = min(0.98, accented / (0.75 * len(typed) + 1))
    return log(1 - used)


def _in_case_of(typed: str, syllable: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return syllable.upper()
    return syllable.capitalize() if typed[0].isupper() else syllable


def main(arguments: Sequence[str]) -> int:
    """`compile FOLDER TARGET`, or `count FOLDER SOURCE…` to renew our own tables; return the exit status."""
    if len(arguments) == 3 and arguments[0] == "compile":
        compile_counts(Path(arguments[1]), Path(arguments[2]))
    elif len(arguments) > 2 and arguments[0] == "count":
        folder = Path(arguments[1])
        short_forms = folder.with_name("abbreviations.tsv")
        table = abbreviations.load(short_forms) if short_forms.exists() else {}
        count_sentences(
            [Path(source) for source in arguments[2:]],
            folder,
            name="own",
            written_out=lambda text: abbreviations.expand(text, table),
        )
    else:
        sys.stderr.write("usage: python -m index.text.restore compile FOLDER TARGET | count FOLDER SOURCE…\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
