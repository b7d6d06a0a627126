"""The lexical leg: BM25 over accent-folded syllables and their bigrams, so that one index serves every way of typing.

Scores are BM25 in its Lucene form, computed ahead of time by bm25s (Lù, "BM25S: Orders of magnitude faster lexical
search via eager sparse scoring", 2024, arXiv:2407.03618; the form: Kamphuis et al., "Which BM25 Do You Mean?",
ECIR 2020):

    idf(t) = ln(1 + (N - df(t) + 0.5) / (df(t) + 0.5))
    score(q, d) = Σ idf(t) · tf(t, d) / (tf(t, d) + k1 · (1 - b + b · |d| / avg|d|))     over the distinct terms t of q
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from index.text.unicode import fold, syllables

K1 = 1.5
"""Saturation of term frequency: bm25s' default, not tuned."""

B = 0.75
"""Strength of length normalisation: bm25s' default, not tuned."""

_DATE = re.compile(r"(?<![\d/])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?![\d/])")
_LEADING_ZEROS = re.compile(r"^0+(?=\d)")


def tokens(text: str) -> list[str]:
    """The text's folded syllables, dates and numbers in one spelling: "01/7/2026" → ngay 1 thang 7 nam 2026.

    People type dates in figures, official texts write them out; without this they would share only the year.
    """
    written_out = _DATE.sub(r"ngay \1 thang \2 nam \3", fold(text))
    return [_LEADING_ZEROS.sub("", token) for token in syllables(written_out)]


def terms(tokens: Sequence[str]) -> list[str]:
    """The tokens, then each pair of neighbours as "a_b": Vietnamese words are mostly one or two syllables long."""
    return [*tokens, *(f"{left}_{right}" for left, right in pairwise(tokens))]


def build(texts: Iterable[Sequence[str]], folder: Path) -> None:
    """Index token lists (one per passage, in row order) and save them below `folder` as .npy arrays and JSON."""
    vocabulary: dict[str, int] = {}
    ids = [array("i", (vocabulary.setdefault(term, len(vocabulary)) for term in terms(text))) for text in texts]
    if not vocabulary:  # bm25s cannot index nothing: give each passage the empty term, which no question contains
        vocabulary[""] = 0
        ids = [array("i", [0]) for _ in ids]
    bm25 = BM25(k1=K1, b=B, method="lucene", auto_compile=False)
    bm25.index((ids, vocabulary), create_empty_token=False, show_progress=False)
    bm25.save(folder, allow_pickle=False, show_progress=False)


class LexicalIndex:
    """BM25 over the passages of one snapshot; read-only, safe to call from several threads."""

    def __init__(self, bm25: BM25) -> None:
        self._bm25 = bm25
        self._size = int(bm25.scores["num_docs"])

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Map what `build` saved; arrays stay on disk, the vocabulary is read into memory."""
        return cls(BM25.load(folder, mmap=True, allow_pickle=False, show_progress=False))

    @property
    def size(self) -> int:
        """How many passages it holds."""
        return self._size

    def shares(self, tokens: Sequence[str]) -> NDArray[np.float32]:
        """For every passage, its BM25 score as a share of the best that any passage could reach; float32, in 0..1.

        The best possible is Σ best(t) over the query's distinct terms, where best(t) is the highest score any passage
        of this snapshot gets for t alone, and idf(t) / (1 + k1) for a term that no passage has (tf = 1 in a passage of
        average length). So a passage scores near 1 only if it holds nearly every term of the question in full weight,
        and questions about something else stay low however long they are: the share compares across questions,
        which the raw score does not. Common syllables weigh little in both sums, by their idf. A question with no
        terms gives 0 everywhere.
        """
        scores = np.zeros(self._size, dtype=np.float32)
        best = 0.0
        # what a term that no passage has would have scored in a passage of average length
        missing = log(1 + (self._size + 0.5) / 0.5) / (1 + K1)
        columns, weights = self._bm25.scores, self._bm25.scores["data"]
        for term in dict.fromkeys(terms(tokens)):
            column = self._bm25.vocab_dict.get(term)
            if column is None:
                best += missing
                continue
            start, end = columns["indptr"][column], columns["indptr"][column + 1]
            term_scores = weights[start:end]
            # a passage occurs once in a column, so plain fancy indexing adds correctly
            scores[columns["indices"][start:end]] += term_scores
            best += float(term_scores.max(initial=0.0))
        return scores / np.float32(best) if best else scores

    def nearest(
        self, shares: NDArray[np.float32], limit: int, allowed: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """Rows with the highest positive share, best first, ties by row; at most `limit`, only `allowed` ones."""
        rows = np.flatnonzero(shares if allowed is None else shares * allowed)
        if len(rows) > limit:
            # partition alone would cut ties at random: keep everything at least as good as the limit-th
            cut = np.partition(shares[rows], len(rows) - limit)[len(rows) - limit]
            rows = rows[shares[rows] >= cut]
        order = np.lexsort((rows, -shares[rows]))
        best: NDArray[np.int64] = rows[order][:limit].astype(np.int64)
        return best
