"""Search: a question as typed → the passages that answer it best, from the published snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.document import Passage
from index.embedder import Embedder
from index.following import SnapshotFollower
from index.fusion import DENSE_WEIGHT, fuse
from index.lexical import tokens
from index.passage_store import PassageStore
from index.snapshot import Snapshot, SnapshotId
from index.text.unicode import normalise

POOL = 100
"""Candidates taken from each leg before fusion."""

NEAR = 0.3
"""How far (fused score) a document's official passage may stand behind its summary and still answer in its place."""

MAX_QUESTION = 2_000
"""Characters of a question that are read (design section 3)."""


class Restorer(Protocol):
    """Puts accents back."""

    def restore(self, text: str) -> str:
        """The text with its most likely accents."""


class DocumentFinder(Protocol):
    """What search asks of the catalogue."""

    def ids(
        self,
        *,
        type: str | None = None,  # noqa: A002 - the field's word
        issuing_body: str | None = None,
    ) -> Iterable[str]:
        """Ids of the documents of a type and body."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One question."""

    text: str  # as typed
    lang: str = "vi"  # "vi", "en" or "zh"; only Vietnamese has a lexical leg
    type: str | None = None  # only documents of this type: "Nghị định"
    issuing_body: str | None = None  # only documents of this body: "Chính phủ"
    limit: int = 10
    one_per_document: bool = False  # only the best passage of each document


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with three ways to say how well it fits.

    `score` ranks the hits of one question and says nothing across questions; `dense` and `lexical` do not depend on
    the other candidates, so thresholds for "this does not answer" belong on them.
    """

    passage: Passage
    document_id: str
    score: float  # fused, 0..1, see index.fusion
    dense: float  # cosine of question and passage, -1..1 (e5: 0.75..0.95)
    lexical: float  # BM25 as share of the best possible, 0..1, see LexicalIndex.shares; 0 for en and zh
    is_locator: bool = False  # a summary of a document whose official passages are indexed too, but fit worse


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: int
    document: int  # ordinal
    is_official: bool
    score: float
    dense: float
    lexical: float


class SearchEngine:
    """Answers questions from one snapshot at a time; safe to call from several threads, also while it reloads."""

    def __init__(
        self,
        *,
        snapshot: Snapshot,
        embedder: Embedder,
        restorer: Restorer,
        abbreviations: Callable[[str], str],
        catalogue: DocumentFinder,
    ) -> None:
        """`abbreviations` writes short forms out ("ko" → "không"); `embedder` is the one of the snapshot."""
        self._snapshots = SnapshotFollower(snapshot, embedder)
        self._embedder = embedder
        self._restorer = restorer
        self._abbreviations = abbreviations
        self._catalogue = catalogue

    @property
    def snapshot_id(self) -> SnapshotId:
        """The snapshot that answers now."""
        return self._snapshots.snapshot.id

    def reload(self, wait_s: float | None = None) -> bool:
        """Take over the published snapshot if it is another one than ours; True if that happened.

        Cheap when nothing changed, so it may be called before every search, with a short `wait_s` where people wait:
        see `SnapshotFollower.take_over`. Searches under way finish on the snapshot they began with. Raises what
        `Snapshot.open` raises, and then the old one serves on.
        """
        return self._snapshots.take_over(wait_s)

    def follow(self) -> None:
        """Open what is published in the background from now on, so that `reload` finds it ready."""
        self._snapshots.watch()

    def search(self, query: SearchQuery) -> list[Hit]:
        """The passages that answer best, best first; ties in the order of the snapshot. At most `query.limit`.

        The dense leg sees the question with short forms written out and accents restored, the lexical leg the same
        folded. Where a document's official passage is near its summary, the official one stands in the summary's place
        (with the better of the two scores) and the summary is left out; otherwise the summary stays as a locator.
        An empty question, or filters that nothing passes, give an empty list.
        """
        snapshot = self._snapshots.snapshot
        question = normalise(query.text[:MAX_QUESTION])
        if not question or query.limit < 1:
            return []
        candidates = _official_first(self._candidates(snapshot, question, query))
        if query.one_per_document:
            candidates = _best_of_each_document(candidates)
        return [_hit(candidate, snapshot.passages) for candidate in candidates[: query.limit]]

    def _candidates(self, snapshot: Snapshot, question: str, query: SearchQuery) -> list[_Candidate]:
        is_vietnamese = query.lang == "vi"
        written_out = self._abbreviations(question) if is_vietnamese else question
        restored = self._restorer.restore(written_out) if is_vietnamese else question
        vector = self._embedder.embed_queries([restored])[0]
        matching = snapshot.lexical.question(tokens(written_out) if is_vietnamese else [])
        allowed = self._allowed(snapshot, query)
        pool = max(POOL, query.limit)
        rows = np.union1d(
            snapshot.dense.nearest(vector, pool, allowed),
            matching.nearest(pool, allowed),
        )
        dense, lexical = snapshot.dense.cosines(vector, rows), matching.shares(rows)
        fused = fuse(dense, lexical, dense_weight=DENSE_WEIGHT if is_vietnamese else 1.0)
        store = snapshot.passages
        candidates = map(
            _Candidate,
            rows.tolist(),
            store.documents[rows].tolist(),
            store.official[rows].tolist(),
            fused.tolist(),
            dense.tolist(),
            lexical.tolist(),
        )
        return sorted(candidates, key=_rank)

    def _allowed(self, snapshot: Snapshot, query: SearchQuery) -> NDArray[np.bool_] | None:
        if query.type is None and query.issuing_body is None:
            return None
        return snapshot.passages.rows_of(self._catalogue.ids(type=query.type, issuing_body=query.issuing_body))


def _rank(candidate: _Candidate) -> tuple[float, int]:
    return -candidate.score, candidate.row


def _official_first(candidates: list[_Candidate]) -> list[_Candidate]:
    """Put a document's best official passage in the place of its summary where it is near (`SearchEngine.search`)."""
    official: dict[int, _Candidate] = {}
    for candidate in candidates:
        if candidate.is_official:
            official.setdefault(candidate.document, candidate)
    raised: dict[int, float] = {}  # row of the official passage → score of the summary it stands for
    kept = []
    for candidate in candidates:
        substitute = None if candidate.is_official else official.get(candidate.document)
        if substitute is not None and candidate.score - substitute.score <= NEAR:
            raised[substitute.row] = max(candidate.score, raised.get(substitute.row, 0.0))
        else:
            kept.append(candidate)
    lifted = [replace(one, score=max(one.score, raised.get(one.row, 0.0))) for one in kept]
    return sorted(lifted, key=_rank)


def _best_of_each_document(candidates: list[_Candidate]) -> list[_Candidate]:
    best: dict[int, _Candidate] = {}
    for candidate in candidates:
        best.setdefault(candidate.document, candidate)
    return list(best.values())


def _hit(candidate: _Candidate, store: PassageStore) -> Hit:
    passage = store.passage(candidate.row)
    return Hit(
        passage=passage,
        document_id=passage.document_id,
        score=candidate.score,
        dense=candidate.dense,
        lexical=candidate.lexical,
        is_locator=not candidate.is_official and store.has_official(passage.document_id),
    )
