"""What a token that is no word may stand for: "tn" → trách nhiệm, thất nghiệp …; "vc" → việc; "hlực" → hiệu lực.

Guesses come from how short forms are made: the initials of a term, initials with the last syllable in full, the
consonants of one syllable. Terms are those of the reviewed list and pairs of syllables that stand together far oftener
than chance. Which guess is right where is not told here: the neighbours decide (`index.text.lattice`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, product
from math import log
from typing import Final

import numpy as np

from index.text.abbreviations import AbbreviationTable
from index.text.english import ENGLISH, KEPT_ACRONYMS, LOANS
from index.text.lattice import Edge, edge
from index.text.letters import Letters
from index.text.syllable import VOWELS, is_syllable, split_initial, split_tone, with_tone
from index.text.syllable_model import BITS, FLOOR, Floats, SyllableModel
from index.text.unicode import fold

LONGEST: Final = 9
"""Letters of the longest token that is guessed at."""

MOST: Final = 12
"""Guesses kept for a token, the likeliest by themselves first."""

REMEMBERED: Final = 4_096  # tokens whose guesses are kept

# Logarithms of the probability that a writer shortens so; what is listed is shortened so as a rule.
_LISTED = 0.0
_ALSO = -1.5  # listed beside what it mostly stands for
_IN_CONTEXT = -4.0  # listed, but the context that is listed with it is not there
_TWO_INITIALS = -4.0
_INITIALS = -2.0
_DRAWN_TOGETHER = -2.0
_CONSONANTS = -3.0

_SHORTENED = -3.0
_SHORTENED_ACCENTED = -6.0

_RARE = 20.0  # how many times rarer than the full one a syllable must be that is thought to lack a vowel
_TERM_SHARE = 3e-7  # probability from which a pair of syllables may be a term
_TERM_BOND = 60.0  # how many times oftener than chance its second syllable follows the first
_COMMON = 3e-6  # probability from which a syllable is typed by its consonants
# Together with the counts: logarithms of the probability below which no guess is taken; what has an accent is neither
# foreign nor an acronym.
_STAYS = -15.0
_STAYS_ACCENTED = -18.0
_PAIR_SHARE = 2e-7  # probability from which a pair is drawn together
_FIRSTS = 8  # syllables tried before the last one of two that are drawn together
_LONGEST_TERM = 6

_NO_VOWEL = re.compile("[bcdđghjklmnpqrstvx]+")
_ENDS = {"ch": ("ch", "k"), "ng": ("ng", "g")}  # how the end of a syllable is typed, where not as it is spelled
_VOWELS = tuple(
    (short + end, long + end)
    for short, long, ends in (("i", "iê", "u n t m c p"), ("u", "uô", "i n t m c"), ("u", "ươ", "i n t c"))
    for end in ends.split()
)
_END = re.compile("(?:ch|ng|nh|c|m|n|p|t)$")
# What begins as foreign words do, or has no vowel as acronyms have none.
_FOREIGN = re.compile(
    "(?:[bcfgkps]l|[bcdfgkpt]r|s[cklmnpqtvw]|[cpstw]h|[dst]w|kn|ps)(?=[aeiouyrl])[a-z]*|[b-df-hj-np-tv-xz]+"
)
_DRAWN = re.compile(r"(ngh|ng|nh|gh|gi|kh|ch|ph|qu|th|tr|[bcdđghklmnpqrstvx])(?=[bcdđghklmnpqrstvxyýỳỷỹỵ])(.+)")


class Guesses:
    """Finds what tokens may stand for."""

    def __init__(
        self,
        model: SyllableModel,
        *,
        shapes: Collection[str],
        table: AbbreviationTable,
        letters: Letters,
        terms: Iterable[str] = (),
    ) -> None:
        """`shapes`: syllables, accented and folded, which are words; `terms`: what may be typed by its initials."""
        self._model = model
        self._shapes = shapes
        self._table = table
        self._letters = letters
        self._initials: dict[str, list[tuple[str, Edge]]] = defaultdict(list)  # folded → (as they are, the term)
        self._consonants: dict[str, list[tuple[str, Edge]]] = defaultdict(list)  # the same of syllables
        for term in dict.fromkeys((*_syllables_of(table, terms), *_bound_pairs(model))):
            self._add_term(term)
        self._add_syllables()
        self.of = lru_cache(REMEMBERED)(self._of)

    def _of(self, word: str) -> tuple[Edge, ...]:
        """Return what `word`, in lower case, may stand for, itself among it unless the list says what it is in doubt.

        Nothing where it is a word or nothing is known.
        """
        if word in self._shapes:
            return self._lengthened(word)
        listed = [one for one in self._table.get(word, ()) if not one.exact] if len(word) > 1 else []
        must_change = any(one.is_default for one in listed)
        by_neighbours = self._letters.get(word, ())
        if _is_foreign(word) and not must_change and not by_neighbours:
            return ()
        found = [edge(self._model, _syllables(one.long), _LISTED) for one in listed if one.is_default]
        found += [edge(self._model, syllables, _ALSO if must_change else _LISTED) for syllables in by_neighbours]
        found += [edge(self._model, _syllables(one.long), _IN_CONTEXT) for one in listed]
        if 1 < len(word) <= LONGEST and not must_change and not by_neighbours:
            found += self._made(word)
        best: dict[tuple[int, ...], Edge] = {}
        for one in found:
            if one is not None:
                best.setdefault(one.ids, one)
        if best and not must_change:
            stays = _STAYS if word.isascii() else _STAYS_ACCENTED
            best[()] = Edge((self._model.start,), stays - log(FLOOR), stays=True)
        return tuple(best.values())

    def _lengthened(self, word: str) -> tuple[Edge, ...]:
        """Return what a rare syllable may stand for that lacks a vowel of a common one: "thiu" → thiểu."""
        model = self._model
        own = model.fitting(word)[:MOST]
        cost = _SHORTENED if word.isascii() else _SHORTENED_ACCENTED
        rare = _RARE * max((model.tables.single[number] for number in own), default=0.0)
        longer = [number for long in _longer(word) for number in model.fitting(long)[:MOST]]
        meant = [Edge((number,), cost) for number in longer if model.tables.single[number] > rare]
        return (*(Edge((number,), 0.0, stays=True) for number in own), *meant) if meant else ()

    def _made(self, word: str) -> list[Edge]:
        """Return guesses by the ways in which short forms are made."""
        if not _NO_VOWEL.fullmatch(word):
            return [*self._drawn_together(word), *self._look_up(self._initials, word)]
        found = [*self._best(self._consonants, word), *self._best(self._initials, word)]
        return [*found, *self._drawn_together(word)] or list(self._of_two(word))

    def _of_two(self, word: str) -> Iterator[Edge]:
        """Yield what two short forms written together may stand for: "gcnđkđt"."""
        for middle in range(2, len(word) - 1):
            halves = (word[:middle], word[middle:])
            if all(half in self._table or half in self._letters for half in halves):
                meant = ([one for one in self.of(half) if not one.stays] for half in halves)
                yield from (Edge(first.ids + second.ids, _INITIALS) for first, second in product(*meant))

    def _best(self, known: dict[str, list[tuple[str, Edge]]], word: str) -> list[Edge]:
        found = self._look_up(known, word)
        return [found[place] for place in np.argsort(-self._likelihoods(found), kind="stable")[:MOST]] if found else []

    def _look_up(self, known: dict[str, list[tuple[str, Edge]]], word: str) -> list[Edge]:
        return [one for typed, one in known.get(fold(word), ()) if _may_be(word, typed)]

    def _drawn_together(self, word: str) -> Iterator[Edge]:
        """Yield the likeliest pairs of which the first syllable is an initial and the second stands in full."""
        match = _DRAWN.fullmatch(word)
        if match is None:
            return
        initial, second = match.groups()
        if second not in self._shapes or len(second) < 2:
            return
        tables = self._model.tables
        enough = 10 * _PAIR_SHARE if _may_be_foreign(word) else _PAIR_SHARE
        pairs: list[tuple[float, Edge]] = []
        for number in self._model.fitting(second):
            firsts, shares = self._model.before(number)
            pairs += [
                (share, Edge((first, number), _DRAWN_TOGETHER))
                for first, share in zip(firsts.tolist(), shares.tolist(), strict=True)
                if share >= enough and _begins(tables.syllables[first], initial)
            ]
        pairs.sort(key=lambda pair: -pair[0])
        yield from (one for _, one in pairs[:_FIRSTS])

    def _add_term(self, term: tuple[str, ...]) -> None:
        one = edge(self._model, term, _TWO_INITIALS if len(term) == 2 else _INITIALS)
        if one is not None:
            for typed in _initials(term):
                self._initials[fold(typed)].append((typed, one))

    def _add_syllables(self) -> None:
        for number in np.flatnonzero(self._model.tables.single >= _COMMON).tolist():
            syllable = self._model.tables.syllables[number]
            end = _END.search(fold(syllable))
            if is_syllable(syllable) and not syllable.isascii() and end is not None:
                initial = split_initial(syllable)
                for typed in _ENDS.get(end.group(), (end.group(),)):
                    self._consonants[fold(initial + typed)].append((initial + typed, Edge((number,), _CONSONANTS)))

    def _likelihoods(self, edges: Sequence[Edge]) -> Floats:
        """Return the logarithm of the probability of the first two syllables of each edge; shape (edges,)."""
        model = self._model
        heads = np.array([one.ids[0] for one in edges])
        nexts = np.array([one.ids[1] if len(one.ids) > 1 else model.start for one in edges])
        starts = np.full(len(edges), model.start)
        long: Floats = np.where(nexts == model.start, 0.0, model.log_probabilities(starts, heads, nexts))
        costs: Floats = np.array([one.cost for one in edges])
        singles: Floats = np.log(model.tables.single[heads] + FLOOR)
        return costs + singles + long


def _syllables(long: str) -> tuple[str, ...]:
    return tuple(long.lower().replace(",", "").split())


def _syllables_of(table: AbbreviationTable, terms: Iterable[str]) -> Iterator[tuple[str, ...]]:
    listed = (one.long for lines in table.values() for one in lines)
    yield from (term for term in map(_syllables, chain(listed, terms)) if 1 < len(term) <= _LONGEST_TERM)


def _bound_pairs(model: SyllableModel) -> Iterator[tuple[str, ...]]:
    """Yield pairs of accented syllables that stand together far oftener than chance, as terms do."""
    tables = model.tables
    firsts, seconds = tables.pair_keys >> BITS, tables.pair_keys & (1 << BITS) - 1
    single = np.maximum(tables.single, 1e-12)
    bound = (single[firsts] * tables.pair >= _TERM_SHARE) & (tables.pair / single[seconds] >= _TERM_BOND)
    for first, second in zip(firsts[bound].tolist(), seconds[bound].tolist(), strict=True):
        pair = (tables.syllables[first], tables.syllables[second])
        if all(map(is_syllable, pair)):
            yield pair


def _initials(term: tuple[str, ...]) -> Iterator[str]:
    """Yield a term by the first letters of its syllables; a short one also by its initials in full."""
    variants = [dict.fromkeys((syllable[0], split_initial(syllable) or syllable[0])) for syllable in term]
    if len(term) > 3:
        variants = [dict.fromkeys(each[:1] for each in one) for one in variants]
    yield from dict.fromkeys("".join(letters) for letters in product(*variants))


def _may_be(word: str, typed: str) -> bool:
    """Tell whether `word` may be `typed` with some strokes of đ left out; both have one length."""
    return all(one == other or (one, other) == ("d", "đ") for one, other in zip(word, typed, strict=True))


def _begins(syllable: str, initial: str) -> bool:
    """Tell whether `syllable` begins with `initial`, as a writer who leaves out the stroke of đ has it."""
    return syllable.startswith(initial) or (initial == "d" and syllable.startswith("đ"))


def _is_foreign(word: str) -> bool:
    return word in ENGLISH or word in LOANS or word in KEPT_ACRONYMS


def _longer(word: str) -> Iterator[str]:
    """Yield what a syllable may be that lacks a vowel: "mun" → "muôn", "mươn"; in accents only as `word` is."""
    plain, tone = split_tone(word)
    for short, long in _VOWELS:
        head = plain.removesuffix(short)
        if head not in ("", plain) and head[-1] not in VOWELS:
            full = with_tone(head + long, tone)
            yield fold(full) if word.isascii() else full


def _may_be_foreign(word: str) -> bool:
    return _FOREIGN.fullmatch(word) is not None
