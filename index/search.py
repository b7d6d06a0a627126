"""Search: a question as typed → the passages that answer it best, from the published snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from index import ranking
from index.allowed import AllowedRows, DocumentFinder, RowFilter
from index.asked import NOTHING_NEAR, Nearness
from index.asking import Asked, QuestionPreparer, QuestionReader
from index.corpus_language import main_language
from index.document import IdParts, Passage, TextKind
from index.embedder import Embedder
from index.following import SnapshotFollower
from index.fusion import ASKED_FROM, fuse, shifted
from index.lexical import tokens
from index.passage_store import KINDS, PassageStore
from index.ranking import Candidate
from index.snapshot import Snapshot, SnapshotId
from index.text.glossary import Glossary
from index.text.unicode import normalise

POOL = 100
"""Candidates taken from each leg before fusion."""

ASKED_POOL = 10
"""Documents that enter the candidates because a question they are known to answer is near, at most."""

MAX_QUESTION = 2_000
"""Characters of a question that are read (design section 3)."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One question. Filters that are None let everything pass."""

    text: str  # as typed
    lang: str = "vi"  # it is written in: "vi", "en" or "zh"
    type: str | None = None  # only documents of this type: "Nghị định"
    issuing_body: str | None = None  # only documents of this body: "Chính phủ"
    place: str | None = None  # only documents made for this province
    field: str | None = None  # only documents of this field: "Tài chính"
    language: str | None = None  # only documents written in this language
    sources: tuple[str, ...] = ()  # only documents of any of these sources (`queries.Filters`); empty: of all
    issued_from: date | None = None  # both ends of the periods are included
    issued_to: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    as_of: date | None = None  # leaves out documents that are not in force on this day, as far as the catalogue knows
    document_id: str | None = None  # only passages of this document
    newest_first: bool = False  # the question asks for the latest: recency counts beside fitting
    limit: int = 10
    one_per_document: bool = False  # only the best passage of each document

    @property
    def row_filter(self) -> RowFilter:
        """What of this is a filter."""
        named = {name: getattr(self, name) for name in _DOCUMENT_FILTERS}
        return RowFilter(
            documents=tuple((name, value) for name, value in named.items() if value not in (None, ())),
            document_id=self.document_id,
            as_of=self.as_of,
        )


_DOCUMENT_FILTERS = (
    "type",
    "issuing_body",
    "place",
    "field",
    "language",
    "sources",
    "issued_from",
    "issued_to",
    "effective_from",
    "effective_to",
)
_ALONE = 1_000  # passages whose documents are listed by a leg alone
_NO_WEIGHTS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with four ways to say how well it fits.

    `score` ranks the hits of one question and says nothing across questions; `dense`, `lexical` and `asked` do not
    depend on the other candidates, so thresholds for "this does not answer" belong on them.
    """

    passage: Passage
    document_id: str
    score: float  # fused, 0..1, see index.fusion
    dense: float  # cosine of question and passage, -1..1 (e5: 0.75..0.95)
    lexical: float  # BM25 as share of the best possible, 0..1, see LexicalQuestion.shares; 0 without a lexical leg
    asked: float = 0.0  # cosine of question and nearest known question of the document, -1..1; 0 where it has none
    is_locator: bool = (
        False  # not official wording, of a document whose official passages are indexed too but fit worse
    )
    lang: str = "vi"  # the language that the question was read in


@dataclass(frozen=True, slots=True)
class LegsAlone:
    """Documents that less than everything would give, best first, each once: what `search` is compared with."""

    dense: list[str]  # by cosine
    lexical: list[str]  # by BM25
    texts: list[str]  # by both, as if no document were known to answer anything


class SearchEngine:
    """Answers questions from one snapshot at a time; safe to call from several threads, also while it reloads."""

    def __init__(
        self,
        *,
        snapshot: Snapshot,
        embedder: Embedder,
        reader: QuestionReader,
        catalogue: DocumentFinder,
        glossary: Glossary | None = None,
        type_weights: Mapping[str, float] = _NO_WEIGHTS,
        source_weights: Mapping[str, float] = _NO_WEIGHTS,
    ) -> None:
        """`reader` reads Vietnamese questions, `glossary` knows terms of others; `embedder` is that of the snapshot.

        Weights by document type and by source multiply fused scores (`AllowedRows`); what is not named counts 1.
        """
        self._snapshots = SnapshotFollower(snapshot, embedder)
        self._questions = QuestionPreparer(embedder=embedder, reader=reader, glossary=glossary)
        self._allowed = AllowedRows(catalogue, type_weights=type_weights, source_weights=source_weights)
        self._languages: tuple[SnapshotId, str | None] | None = None

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

        How the question is prepared for each way to a passage: `QuestionPreparer.prepare`. Documents that are known to
        answer a question near to this one stand higher (`fusion.shifted`). A document's official passage stands
        in the place of its summary, and that in the place of the title, where it is near (`ranking.official_first`).
        Of near-duplicates only the best is given. Weights of passages, types and sources change the order and `score`
        only. An empty question, or filters that nothing passes, give an empty list.
        """
        snapshot = self._snapshots.snapshot
        question = normalise(query.text[:MAX_QUESTION])
        if not question or query.limit < 1:
            return []
        store = snapshot.passages
        asked = self._asked(snapshot, question, query)
        near = snapshot.asked.near(asked.own_vector)
        candidates = ranking.official_first(self._candidates(snapshot, asked, near, query))
        if query.newest_first:
            candidates = ranking.newest_first(
                candidates, lambda ordinal: IdParts.of(store.document_ids[ordinal]).issued_on
            )
        candidates = ranking.first_of_each(candidates, lambda candidate: candidate.group)
        if query.one_per_document:
            candidates = ranking.first_of_each(candidates, lambda candidate: candidate.document)
        return [_hit(candidate, store, asked.lang) for candidate in candidates[: query.limit]]

    def alone(self, query: SearchQuery) -> LegsAlone:
        """Documents by cosine, by BM25, and without known questions, for measurements; `query.limit` of each.

        No filters. The question is prepared as for `search`, and BM25 by itself is asked in every language.
        """
        snapshot = self._snapshots.snapshot
        question = normalise(query.text[:MAX_QUESTION])
        asked = self._asked(snapshot, question, query)
        store = snapshot.passages
        matching = snapshot.lexical.question(asked.words or tokens(question))
        by_texts = self._candidates(snapshot, asked, NOTHING_NEAR, query)

        def documents(ranked: Iterable[int]) -> list[str]:
            ordinals = dict.fromkeys(ranked)
            return [store.document_ids[ordinal] for ordinal in list(ordinals)[: query.limit]]

        return LegsAlone(
            dense=documents(store.documents[snapshot.dense.nearest(asked.vector, _ALONE)].tolist()),
            lexical=documents(store.documents[matching.nearest(_ALONE)].tolist()),
            texts=documents(candidate.document for candidate in ranking.official_first(by_texts)),
        )

    def _asked(self, snapshot: Snapshot, question: str, query: SearchQuery) -> Asked:
        return self._questions.prepare(question, query.lang, self._main_language(snapshot))

    def _candidates(self, snapshot: Snapshot, asked: Asked, near: Nearness, query: SearchQuery) -> list[Candidate]:
        matching = snapshot.lexical.question(asked.words)
        allowed = self._allowed.rows(snapshot, query.row_filter)
        pool = max(POOL, query.limit)
        rows = np.union1d(snapshot.dense.nearest(asked.vector, pool, allowed), matching.nearest(pool, allowed))
        rows = np.union1d(rows, _best_rows(snapshot, near, asked.vector, allowed))
        store = snapshot.passages
        documents = store.documents[rows]
        dense, lexical = snapshot.dense.cosines(asked.vector, rows), matching.shares(rows)
        known = near.of(documents)
        moved = shifted(dense, known, documents, ~store.has_wording[documents])
        fused = fuse(moved, lexical, dense_weight=asked.dense_weight)
        fused *= store.weights[rows]
        weights = self._allowed.weights(snapshot)
        if weights is not None:
            fused *= weights[documents]
        return ranking.ranked(
            map(
                Candidate,
                rows.tolist(),
                documents.tolist(),
                store.groups[rows].tolist(),
                [KINDS[code] for code in store.kinds[rows].tolist()],
                fused.tolist(),
                dense.tolist(),
                lexical.tolist(),
                known.tolist(),
            )
        )

    def _main_language(self, snapshot: Snapshot) -> str | None:
        known = self._languages
        if known is None or known[0] != snapshot.id:
            known = self._languages = (snapshot.id, main_language(snapshot.passages))
        return known[1]


def _best_rows(
    snapshot: Snapshot, near: Nearness, vector: NDArray[np.float32], allowed: NDArray[np.bool_] | None
) -> NDArray[np.int64]:
    """Of each document with a known question near enough, the allowed passage that fits best by cosine.

    The nearest `ASKED_POOL` documents that have one.
    """
    best: list[int] = []
    for document in near.nearest(at_least=ASKED_FROM):
        if len(best) == ASKED_POOL:
            break
        rows = snapshot.asked.rows(document)
        if allowed is not None:
            rows = rows[allowed[rows]]
        if len(rows):
            best.append(int(rows[np.argmax(snapshot.dense.cosines(vector, rows))]))
    return np.array(best, dtype=np.int64)


def _hit(candidate: Candidate, store: PassageStore, lang: str) -> Hit:
    passage = store.passage(candidate.row)
    return Hit(
        passage=passage,
        document_id=passage.document_id,
        score=candidate.score,
        dense=candidate.dense,
        lexical=candidate.lexical,
        asked=candidate.asked,
        is_locator=candidate.kind is not TextKind.OFFICIAL and store.has_official(passage.document_id),
        lang=lang,
    )
