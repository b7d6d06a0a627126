"""The lexical leg: BM25 over accent-folded syllables and their bigrams, so that one index serves every way of typing.

Scores are BM25 in its Lucene form (Kamphuis et al., "Which BM25 Do You Mean?", ECIR 2020), computed ahead of time for
every term and passage (Lù, "BM25S: Orders of magnitude faster lexical search via eager sparse scoring", 2024,
arXiv:2407.03618):

    idf(t) = ln(1 + (N - df(t) + 0.5) / (df(t) + 0.5))
    score(q, d) = Σ idf(t) · tf(t, d) / (tf(t, d) + k1 · (1 - b + b · |d| / avg|d|))     over the distinct terms t of q

Folded syllables are few, so in a large corpus the common ones stand in a third of all passages. A question goes through
its terms from the most telling to the least and stops gathering passages when what is left can no longer lift a new one
among the best ("MaxScore": Turtle and Flood, "Query evaluation: strategies and optimizations", Information Processing
and Management 31 (1995)). The common syllables are then looked up for the gathered passages only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import postings
from index.postings import Bm25, Hasher, Postings
from index.text.unicode import fold, syllables

K1 = 1.5
"""Saturation of term frequency: bm25s' default, not tuned."""

B = 0.75
"""Strength of length normalisation: bm25s' default, not tuned."""

EXACT = 50_000
"""Passages up to which the best by BM25 are found exactly, however common the question's terms are."""

GATHERED = 100_000
"""Postings gone through in full for one question, at most, before only gathered passages are looked at."""

LOOKED_UP = 20_000
"""Look-ups of a gathered passage under a further term, at most, for one question."""

_DATE = re.compile(r"(?<![\d/])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?![\d/])")
_LEADING_ZEROS = re.compile(r"^0+(?=\d)")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HAN_OR_RUN = re.compile(f"{_HAN.pattern}|[^{_HAN.pattern[1:-1]}]+")
_ROUNDING = 1 - 1e-5
"""Sums of the same weights in another order differ by less than this factor."""


def tokens(text: str) -> list[str]:
    """The text's folded syllables, dates and numbers in one spelling: "01/7/2026" → ngay 1 thang 7 nam 2026.

    People type dates in figures, official texts write them out; without this they would share only the year. Chinese
    is written without blanks, so there every character is a token.
    """
    written_out = _DATE.sub(r"ngay \1 thang \2 nam \3", fold(text))
    found = [_LEADING_ZEROS.sub("", token) if token[0] == "0" else token for token in syllables(written_out)]
    if _HAN.search(written_out) is None:
        return found
    return [part for token in found for part in _HAN_OR_RUN.findall(token)]


def terms(tokens: Sequence[str]) -> list[str]:
    """The tokens, then each pair of neighbours as "a_b": Vietnamese words are mostly one or two syllables long.

    The index knows them by hashes (`index.postings`); this spells them out.
    """
    return [*tokens, *(f"{left}_{right}" for left, right in pairwise(tokens))]


def build(texts: Iterable[Sequence[str]], folder: Path, *, progress: bool = False) -> None:
    """Index token lists (one per passage, in row order) and save them in the new `folder`; memory is bounded.

    `progress` shows a bar on stderr while what was read is put together.
    """
    postings.write(texts, folder, Bm25(k1=K1, b=B), progress=progress)


@dataclass(frozen=True, slots=True)
class _Term:
    """One term of a question that passages have."""

    rows: NDArray[np.uint32]  # ascending
    weights: NDArray[np.float32]
    best: float  # the highest weight


class LexicalIndex:
    """BM25 over the passages of one snapshot; read-only, safe to call from several threads."""

    def __init__(self, found: Postings) -> None:
        self._postings = found

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Map what `build` saved; nothing is read into memory."""
        return cls(Postings.open(folder))

    @property
    def size(self) -> int:
        """How many passages it holds."""
        return self._postings.passages

    def question(self, tokens: Sequence[str]) -> LexicalQuestion:
        """Look the question's terms up."""
        held = self._postings
        hashes = np.array(list(dict.fromkeys(Hasher().terms(tokens).tolist())), dtype=np.uint64)
        columns = held.columns(hashes)
        found = []
        for column in columns[columns >= 0].tolist():
            part = slice(int(held.starts[column]), int(held.starts[column + 1]))
            found.append(_Term(held.rows[part], held.weights[part], float(held.best[column])))
        # what a term that no passage has would have scored in a passage of average length
        missing = log(1 + (self.size + 0.5) / 0.5) / (1 + K1) * int((columns < 0).sum())
        return LexicalQuestion(found, size=self.size, best=missing + sum(term.best for term in found))


class LexicalQuestion:
    """One question against one index: which passages match best, and how well any passage matches."""

    def __init__(self, found: Sequence[_Term], *, size: int, best: float) -> None:
        self._terms = found
        self._size = size
        self._best = best

    def shares(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """The BM25 scores of the given passages as shares of the best that any passage could reach; float32, in 0..1.

        The best possible is Σ best(t) over the question's distinct terms, where best(t) is the highest score any
        passage of this snapshot gets for t alone, and idf(t) / (1 + k1) for a term that no passage has (tf = 1 in a
        passage of average length). So a passage scores near 1 only if it holds nearly every term of the question in
        full weight, and questions about something else stay low however long they are: the share compares across
        questions, which the raw score does not. Common syllables weigh little in both sums, by their idf. A question
        with no terms gives 0 everywhere. Always exact.
        """
        scores = np.zeros(len(rows), dtype=np.float32)
        for term in self._terms:
            scores += _weights_of(term, rows)
        return scores / np.float32(self._best) if self._best else scores

    def nearest(
        self, limit: int, allowed: NDArray[np.bool_] | None = None, *, exact: bool = False
    ) -> NDArray[np.int64]:
        """Passages with the highest positive share, best first, ties by row; at most `limit`, only `allowed` ones.

        `allowed` is bool, shape (size,). Exact where asked for, to `EXACT` passages, and above that while the terms
        that matter stand `GATHERED` times or fewer. Beyond that bound work may miss some of the best: a passage that
        has only the remaining, less telling terms of the question is not found, and of those gathered only the
        `LOOKED_UP` / (number of remaining terms) with the highest sums so far are looked at further. So what is missed
        has at most the lowest of these sums and all of the remaining terms.
        """
        if limit < 1:
            return np.empty(0, dtype=np.int64)
        exact = exact or self._size <= EXACT
        ordered = sorted(self._terms, key=lambda term: (-term.best, len(term.rows)))
        rows, reached, used = self._gather(ordered, limit, allowed, None if exact else GATHERED)
        remaining = ordered[used:]
        left = sum(term.best for term in remaining)
        rows, reached = _within_reach(rows, reached, limit, left)
        if remaining and not exact:
            rows, reached = _highest(rows, reached, max(limit, LOOKED_UP // len(remaining)))
        order = np.argsort(rows)  # look-ups in ascending order stay close together
        rows, reached = rows[order], reached[order]
        for term in remaining:
            rows, reached = _within_reach(rows, reached, limit, left)
            reached = reached + _weights_of(term, rows)
            left -= term.best
        rows, _ = _within_reach(rows, reached, limit, 0.0)
        return rows[np.lexsort((rows, -self.shares(rows)))][:limit]

    def _gather(
        self, ordered: Sequence[_Term], limit: int, allowed: NDArray[np.bool_] | None, gathered: int | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32], int]:
        """The passages that have any of the first terms, in no order, their sums, and how many terms that were."""
        scores = np.zeros(self._size, dtype=np.float32)
        left, best_known, seen = sum(term.best for term in ordered), 0.0, 0
        used, fresh = 0, [np.empty(0, dtype=np.uint32)]
        for term in ordered:
            seen += len(term.rows)
            if left < best_known * _ROUNDING or (gathered is not None and seen > gathered and used):
                break
            rows, weights = term.rows, term.weights
            if allowed is not None:
                keep = allowed[rows]
                rows, weights = rows[keep], weights[keep]
            before = scores[rows]
            fresh.append(rows[before == 0])
            reached = before + weights
            scores[rows] = reached  # a passage occurs once in a term, so this adds correctly
            if len(reached) >= limit:
                best_known = max(best_known, float(np.partition(reached, -limit)[-limit]))
            left -= term.best
            used += 1
        gathered_rows = np.concatenate(fresh).astype(np.int64)
        return gathered_rows, scores[gathered_rows], used


def _weights_of(term: _Term, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """What the term is worth in the given passages, 0 where they lack it."""
    places = np.minimum(np.searchsorted(term.rows, rows.astype(np.uint32)), len(term.rows) - 1)
    return np.where(term.rows[places] == rows, term.weights[places], np.float32(0))


def _highest(
    rows: NDArray[np.int64], reached: NDArray[np.float32], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The `count` passages with the highest sums so far."""
    if len(rows) <= count:
        return rows, reached
    keep = np.argpartition(reached, -count)[-count:]
    return rows[keep], reached[keep]


def _within_reach(
    rows: NDArray[np.int64], reached: NDArray[np.float32], limit: int, left: float
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Drop the passages that `left` more could not lift among the best `limit`; ties stay."""
    if len(rows) <= limit:
        return rows, reached
    known = float(np.partition(reached, -limit)[-limit])
    keep = reached + left >= known * _ROUNDING
    return rows[keep], reached[keep]
