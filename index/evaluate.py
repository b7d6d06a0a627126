"""Evaluation of retrieval: how often, how high and how fast the right document is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, log2
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Unpack

from tqdm import tqdm

from index import snapshot
from index.allowed import DocumentFilters
from index.asking import QuestionReader
from index.beir import Judgements, Question
from index.embedder import Embedder
from index.errors import BadInput
from index.search import SearchEngine, SearchQuery
from index.snapshot import PassageSource, Snapshot
from index.text.glossary import Glossary

DEPTH = 10
"""How many results are judged."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Means over the judged questions, each in 0..1, and how many questions that were."""

    hit_at_1: float  # the first result is relevant
    recall_at_10: float  # share of the relevant documents among the first ten
    mrr_at_10: float  # 1 / rank of the first relevant result, 0 beyond ten
    ndcg_at_10: float  # discounted gain of the first ten over that of the best possible order
    n: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one run found."""

    metrics: Metrics
    p50_ms: float  # one search, encoder included
    p95_ms: float


class _NoDocuments:
    """A catalogue for question sets, which know nothing to filter by."""

    def ids(self, **filters: Unpack[DocumentFilters]) -> Iterable[str]:  # noqa: ARG002 - the port's signature
        return []

    def not_in_force(self, on: date) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def revision(self) -> int:
        return 0


def evaluate(
    corpus: PassageSource,
    questions: Sequence[Question],
    judgements: Judgements,
    *,
    root: Path,
    embedder: Embedder,
    reader: QuestionReader,
    glossary: Glossary | None = None,
    language_of: Callable[[str], str],
    progress: bool = False,
) -> Evaluation:
    """Build a snapshot of `corpus` below `root`, ask every judged question as the bot would, and measure.

    A second run over the same corpus and `root` embeds nothing. Raises NothingToIndex for an empty corpus and BadInput
    when no question is judged.
    """
    judged = [question for question in questions if judgements.get(question.id)]
    if not judged:
        raise BadInput("no question of the set has a judgement")
    snapshot.build(corpus, embedder, root, progress=progress)
    engine = open_engine(root, embedder=embedder, reader=reader, glossary=glossary)
    results, times_ms = {}, []
    for question in tqdm(judged, desc="Questions", unit="question", disable=not progress):
        begun = perf_counter()
        lang = language_of(question.text)
        hits = engine.search(SearchQuery(text=question.text, lang=lang, limit=DEPTH, one_per_document=True))
        times_ms.append((perf_counter() - begun) * 1000)
        results[question.id] = [hit.document_id for hit in hits]
    metrics = measure(results, judgements)
    return Evaluation(metrics=metrics, p50_ms=percentile(times_ms, 50), p95_ms=percentile(times_ms, 95))


def open_engine(
    root: Path, *, embedder: Embedder, reader: QuestionReader, glossary: Glossary | None = None
) -> SearchEngine:
    """The engine over the snapshot of a question set, without filters."""
    return SearchEngine(
        snapshot=Snapshot.open(root, embedder),
        embedder=embedder,
        reader=reader,
        glossary=glossary,
        catalogue=_NoDocuments(),
    )


def measure(results: Mapping[str, Sequence[str]], judgements: Judgements) -> Metrics:
    """Judge ranked document ids (best first, no repeats) per question; questions without judgements do not count.

    Raises ValueError when no question is judged.
    """
    judged = [judge(ranked, judgements[question]) for question, ranked in results.items() if judgements.get(question)]
    if not judged:
        raise ValueError("no question of the set has a judgement")
    return mean(judged)


def judge(ranked: Sequence[str], relevant: Mapping[str, int]) -> Metrics:
    """The metrics of one question; `relevant` is not empty.

    A question with no results counts as missed. The gain of a result is its degree, discounted by log2(rank + 1), as
    trec_eval and BEIR compute it.
    """
    return Metrics(
        hit_at_1=float(bool(_gains(ranked[:1], relevant))),
        recall_at_10=len(_gains(ranked[:DEPTH], relevant)) / len(relevant),
        mrr_at_10=max(_reciprocal_ranks(ranked, relevant), default=0.0),
        ndcg_at_10=_ndcg(ranked, relevant),
        n=1,
    )


def mean(judged: Sequence[Metrics]) -> Metrics:
    """The means over questions; `judged` is not empty."""
    return Metrics(
        hit_at_1=fmean(one.hit_at_1 for one in judged),
        recall_at_10=fmean(one.recall_at_10 for one in judged),
        mrr_at_10=fmean(one.mrr_at_10 for one in judged),
        ndcg_at_10=fmean(one.ndcg_at_10 for one in judged),
        n=sum(one.n for one in judged),
    )


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least `percent` (0..100) of them do not exceed (nearest rank)."""
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]


def _gains(ranked: Sequence[str], relevant: Mapping[str, int]) -> list[int]:
    return [relevant[document] for document in ranked if document in relevant]


def _reciprocal_ranks(ranked: Sequence[str], relevant: Mapping[str, int]) -> list[float]:
    return [1 / rank for rank, document in enumerate(ranked[:DEPTH], start=1) if document in relevant]


def _ndcg(ranked: Sequence[str], relevant: Mapping[str, int]) -> float:
    best = sorted(relevant.values(), reverse=True)[:DEPTH]
    return _discounted(relevant.get(document, 0) for document in ranked[:DEPTH]) / _discounted(best)


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))
