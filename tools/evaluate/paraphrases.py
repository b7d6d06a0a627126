"""Part 3: does a question lead to the same document however it is worded and typed?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from tools.evaluate.asking import Answer
from tools.evaluate.layout import Part, interval, number, verdict
from tools.evaluate.resampling import Array, Estimate, bootstrapped_share, wilson
from tools.evaluate.sets import STYLES, Paraphrase

FEWEST_CONSISTENT = 0.95  # of issue 4, "done when" 3


def part(asked: Sequence[tuple[Paraphrase, Answer]]) -> Part:
    """Return the table of part 3: the share of rows that cite one of their documents, and of ids all of whose do."""
    ids = len({row.id for row, _ in asked})
    found = Part("paraphrases", f"3. Paraphrase consistency: {ids} questions, {len(asked)} rows")
    rows = []
    for style in ["all", *STYLES]:
        members = [pair for pair in asked if style in ("all", pair[0].style)]
        if members:
            cited = found.add("rows that cite a right document", style, consistency(members))
            whole = found.add("questions with every row right", style, all_right(members))
            limit = verdict(cited, at_least=FEWEST_CONSISTENT) if style == "all" else ""
            cells = [str(cited.cases), number(cited.value), interval(cited), limit]
            rows.append([style, *cells, str(whole.cases), number(whole.value), interval(whole)])
    head = ["rows that cite a right document", "n", "value", "95 %", f"at least {FEWEST_CONSISTENT}"]
    found.table([*head, "questions", "all rows right", "95 %"], rows)
    missed = Counter(answer.status for row, answer in asked if not answer.cites(row.documents))
    found.lines.append(
        f"Rows that miss end in: {', '.join(f'{status} {rows}' for status, rows in missed.most_common())}."
    )
    found.cases = [
        {
            "id": row.id,
            "wording": row.wording,
            "style": row.style,
            "documents": list(row.documents),
            "status": answer.status,
            "intent": answer.intent,
            "cited": list(answer.cited),
            "is_right": answer.cites(row.documents),
        }
        for row, answer in asked
    ]
    return found


def consistency(asked: Sequence[tuple[Paraphrase, Answer]]) -> Estimate:
    """Return the share of rows that cite one of their documents; the interval resamples ids."""
    return bootstrapped_share(np.stack(list(_counts(asked).values())))


def all_right(asked: Sequence[tuple[Paraphrase, Answer]]) -> Estimate:
    """Return the share of ids of which every row cites one of its documents."""
    counts = _counts(asked)
    return wilson(sum(right == rows for right, rows in counts.values()), len(counts))


def _counts(asked: Sequence[tuple[Paraphrase, Answer]]) -> dict[str, Array]:
    """Count right rows and rows, shape (2,), by id."""
    counts: dict[str, Array] = defaultdict(lambda: np.zeros(2))
    for row, answer in asked:
        counts[row.id] += np.array([answer.cites(row.documents), 1], dtype=np.float64)
    return counts
