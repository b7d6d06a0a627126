"""The fused search beside each of its legs alone, on several forms of the same questions, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index import snapshot
from index.asking import QuestionReader
from index.beir import Judgements, Question
from index.embedder import Embedder
from index.errors import BadInput
from index.evaluate import DEPTH, Metrics, judge, mean, open_engine
from index.search import SearchEngine, SearchQuery
from index.snapshot import PassageSource
from index.text.glossary import Glossary

RESAMPLES = 10_000
"""Bootstrap samples of an interval."""

SEED = 2026
"""Of the bootstrap: the same results give the same intervals."""

NAMES = {"hit_at_1": "hit@1", "recall_at_10": "recall@10", "mrr_at_10": "mrr@10", "ndcg_at_10": "ndcg@10"}
"""What the metrics are called in tables."""

_AT_ONCE = 2_000_000  # numbers drawn at a time


class System(str, Enum):
    """What is compared: everything, both legs without known questions, and each leg by itself."""

    FUSED = "fused"
    TEXTS = "texts"
    BM25 = "bm25"
    DENSE = "dense"


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference over the same questions, and the interval that holds it with 95 % (percentile bootstrap)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One form of the questions."""

    form: str
    metrics: Mapping[System, Metrics]
    differences: Mapping[System, Mapping[str, Difference]]  # fused minus each other system, by field of Metrics


def compare(
    corpus: PassageSource,
    forms: Mapping[str, Sequence[Question]],
    judgements: Judgements,
    *,
    root: Path,
    embedder: Embedder,
    reader: QuestionReader,
    glossary: Glossary | None = None,
    language_of: Callable[[str], str],
    progress: bool = False,
) -> list[Comparison]:
    """Build a snapshot of `corpus` below `root` once and ask it the questions of every form, by name.

    All systems get the question prepared in the same way. A second run over the same corpus and `root` embeds
    no passage. Raises NothingToIndex for an empty corpus and BadInput when a form has no judged question.
    """
    judged = {form: [one for one in questions if judgements.get(one.id)] for form, questions in forms.items()}
    for form, questions in judged.items():
        if not questions:
            raise BadInput(f"{form}: no question of the set has a judgement")
    snapshot.build(corpus, embedder, root, progress=progress)
    engine = open_engine(root, embedder=embedder, reader=reader, glossary=glossary)
    compared = []
    with tqdm(total=sum(map(len, judged.values())), desc="Questions", unit="question", disable=not progress) as bar:
        for form, questions in judged.items():
            asked: dict[System, list[Metrics]] = {system: [] for system in System}
            for question in questions:
                for system, ranked in _ask(engine, question, language_of(question.text)).items():
                    asked[system].append(judge(ranked, judgements[question.id]))
                bar.update()
            compared.append(comparison(form, asked))
    return compared


def comparison(form: str, judged: Mapping[System, Sequence[Metrics]]) -> Comparison:
    """Means and differences from the metrics of each question, the questions of all systems in the same order."""
    values = {system: _values(of) for system, of in judged.items()}
    differences: dict[System, Mapping[str, Difference]] = {
        other: {name: difference(values[System.FUSED][name] - values[other][name]) for name in NAMES}
        for other in System
        if other is not System.FUSED
    }
    return Comparison(form, {system: mean(of) for system, of in judged.items()}, differences)


def difference(paired: NDArray[np.float64]) -> Difference:
    """Mean of the paired differences, one for each question, with its 95 % interval from `RESAMPLES` resamples."""
    random = np.random.default_rng(SEED)
    step = max(1, _AT_ONCE // len(paired))
    means = np.concatenate(
        [
            paired[random.integers(len(paired), size=(min(step, RESAMPLES - begin), len(paired)))].mean(axis=1)
            for begin in range(0, RESAMPLES, step)
        ]
    )
    low, high = np.quantile(means, [0.025, 0.975])
    return Difference(float(paired.mean()), float(low), float(high))


def as_json(compared: Sequence[Comparison]) -> list[dict[str, object]]:
    """Plain values for JSON, rounded to four digits."""
    return [
        {
            "form": one.form,
            "n": one.metrics[System.FUSED].n,
            **{
                system.value: {NAMES[name]: round(getattr(metrics, name), 4) for name in NAMES}
                for system, metrics in one.metrics.items()
            },
            **{
                f"fused_minus_{system.value}": {
                    NAMES[name]: {key: round(value, 4) for key, value in asdict(found).items()}
                    for name, found in by_name.items()
                }
                for system, by_name in one.differences.items()
            },
        }
        for one in compared
    ]


def as_table(compared: Sequence[Comparison]) -> str:
    """A table: four lines a form, after all but fused the interval of fused minus that, for hit@1 and recall@10."""
    width = max(len("form"), *(len(one.form) for one in compared))
    lines = [
        f"{'form':<{width}} {'n':>5} {'system':<6}"
        + "".join(f"{name:>11}" for name in NAMES.values())
        + "   fused - system: hit@1 [95 %], recall@10 [95 %]"
    ]
    for one in compared:
        for system, metrics in one.metrics.items():
            found = one.differences.get(system)
            line = f"{one.form:<{width}} {metrics.n:>5} {system.value:<6}"
            line += "".join(f"{getattr(metrics, name):>11.3f}" for name in NAMES)
            if found is not None:
                line += "   " + ", ".join(_shown(found[name]) for name in ("hit_at_1", "recall_at_10"))
            lines.append(line)
    return "\n".join(lines)


def _ask(engine: SearchEngine, question: Question, lang: str) -> dict[System, list[str]]:
    query = SearchQuery(text=question.text, lang=lang, limit=DEPTH, one_per_document=True)
    alone = engine.alone(query)
    fused = [hit.document_id for hit in engine.search(query)]
    return {System.FUSED: fused, System.BM25: alone.lexical, System.DENSE: alone.dense, System.TEXTS: alone.texts}


def _values(judged: Sequence[Metrics]) -> dict[str, NDArray[np.float64]]:
    return {name: np.array([getattr(one, name) for one in judged]) for name in NAMES}


def _shown(found: Difference) -> str:
    return f"{found.mean:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"
