"""Accents put back: the most likely accented reading of what was typed without accents, for encoders, never for people.

`python -m index.text.restore compile data/ngrams var/restorer.npz` prepares the file that `Restorer.load` opens;
`python -m index.text.restore count data/ngrams SOURCE…` renews the counts of our own sentences, their short
forms written out by the list beside the folder (data/ngrams/README.md).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import log
from pathlib import Path
from types import MappingProxyType

from index.text import abbreviations
from index.text.edits import replaced
from index.text.lattice import Edge, best_edges
from index.text.runs import SYLLABLE, near, runs
from index.text.syllable_counts import count_sentences
from index.text.syllable_model import SyllableModel, compile_counts
from index.text.unicode import normalise

CANDIDATES = 8
"""Readings kept for a syllable, the most frequent ones first."""

_VOWEL_MARK = re.compile("[^a-zđ\\W\\d_]")


class Restorer:
    """Restores accents by the best path through the readings of a run of syllables."""

    def __init__(self, model: SyllableModel) -> None:
        self.model = model
        self._stranger = (Edge((model.start,), 0.0, stays=True),)

    @classmethod
    def load(cls, path: Path) -> Restorer:
        """Open a compiled file. Raises OSError when it is missing, BadRestorer when it is not one."""
        return cls(SyllableModel.load(path))

    @property
    def syllables(self) -> tuple[str, ...]:
        """What was counted, in lower case: Vietnamese syllables, and short forms and foreign words among them."""
        return self.model.tables.syllables

    def choose(self, text: str, choices: Mapping[int, Sequence[Edge]]) -> str:
        """Return normalised `text` with tokens replaced by the likeliest of their `choices` in the light of neighbours.

        `choices` stand by the places where the tokens begin. A token stays as typed where none of them is likely
        enough there. Nothing else changes. Never raises.
        """
        tokens = list(SYLLABLE.finditer(text))
        penalty = _cost_of_changing([token.group().lower() for token in tokens])
        parts = chain.from_iterable(near(run, choices) for run in runs(text, tokens))
        read = chain.from_iterable(self._read(part, penalty, choices) for part in parts)
        return replaced(
            text,
            ((token.span(), self._words(edge)) for token, edge in read if token.start() in choices and not edge.stays),
        )

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
        read = chain.from_iterable(self._read(run, penalty) for run in runs(plain, tokens))
        return replaced(
            plain,
            ((token.span(), _in_case_of(token.group(), self._words(edge))) for token, edge in read if not edge.stays),
        )

    def _read(
        self, run: Sequence[re.Match[str]], penalty: float, choices: Mapping[int, Sequence[Edge]] = MappingProxyType({})
    ) -> Iterator[tuple[re.Match[str], Edge]]:
        """Yield each token of a run with its likeliest edge, of `choices` where there are any at its place."""
        places = [choices.get(token.start()) or self._readings(token.group().lower(), penalty) for token in run]
        for token, edges, number in zip(run, places, best_edges(self.model, places), strict=True):
            yield token, edges[number]

    def _words(self, edge: Edge) -> str:
        return " ".join(self.syllables[number] for number in edge.ids)

    def _readings(self, typed: str, penalty: float) -> tuple[Edge, ...]:
        known = self.model.ids.get(typed)
        if known is not None and _VOWEL_MARK.search(typed):
            return (Edge((known,), 0.0),)
        readings = self.model.fitting(typed)
        edges = (Edge((number,), 0.0 if number == known else penalty) for number in readings[:CANDIDATES])
        return tuple(edges) or self._stranger


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
