"""How good the NLU is, from cross-validation: `make nlu-report`, or `bot/.venv/bin/python -m bot.nlu.report`.

Prints precision, recall and F1 of every intent, the pairs most often confused, calibration, and the thresholds by
cost; writes a confusion matrix and a calibration plot. The figures in docs/adr/0013-understanding.md come from it.
"""

# ruff: noqa: T201 - a command prints

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu import crossvalidate
from bot.nlu.crossvalidate import Judged
from bot.nlu.features import FeatureReader
from bot.nlu.intent_classifier import THREADS
from bot.nlu.prepared import encoder_folder, restorer_file
from bot.nlu.understanding import Understanding

CONFUSED = 25
"""Pairs of intents that are named."""


def main() -> None:
    """Cross-validate, print and draw."""
    parser = argparse.ArgumentParser(description="Cross-validate the intents.")
    parser.add_argument("--out", type=Path, default=Path("var/nlu-report"), help="folder of the pictures")
    parser.add_argument("--misses", action="store_true", help="print every example that was taken for another intent")
    arguments = parser.parse_args()
    examples = crossvalidate.read_examples(Path("data/nlu"))
    reader, counter = Understanding.load(restorer_file()), FeatureReader.load(encoder_folder(), threads=THREADS)
    today = date.today()  # noqa: DTZ011 - whichever day: only places of names matter
    features = counter.of(*(reader.read(text, today=today) for text, _ in examples))
    judged = crossvalidate.judge(examples, features)
    print(text_of(judged))
    arguments.out.mkdir(parents=True, exist_ok=True)
    draw_confusion(judged, arguments.out / "confusion.png")
    draw_calibration(judged, arguments.out / "calibration.png")
    print(f"pictures in {arguments.out}")
    if arguments.misses:
        for case in sorted(judged, key=lambda case: (case.intent, case.ranking[0][0])):
            if not case.is_right:
                print(f"{case.intent:22} {case.ranking[0][0]:22} {case.ranking[0][1]:.2f} {case.text}")


def text_of(judged: Sequence[Judged]) -> str:
    """Return the figures as text."""
    lines = [f"{crossvalidate.FOLDS} folds, n = {len(judged)}", f"macro F1 {crossvalidate.macro_f1(judged):.3f}", ""]
    lines.append(f"{'intent':<24}{'precision':>10}{'recall':>8}{'F1':>8}{'n':>6}")
    for intent, (precision, recall, f1, count) in crossvalidate.by_intent(judged).items():
        lines.append(f"{intent:<24}{precision:>10.3f}{recall:>8.3f}{f1:>8.3f}{count:>6}")
    confused = Counter(frozenset((case.intent, case.ranking[0][0])) for case in judged if not case.is_right)
    lines += ["", "most often confused, both ways together:"]
    lines += [f"{count:>6}  {'  '.join(sorted(pair))}" for pair, count in confused.most_common(CONFUSED)]
    lines += ["", f"expected calibration error {crossvalidate.calibration_error(judged):.3f}"]
    lines += [
        f"  told {share:.2f}, right {right:.2f}, n = {count}"
        for share, right, count in crossvalidate.calibration(judged)
    ]
    lines += [
        "",
        f"thresholds by cost ({crossvalidate.REFUSED:g} a question refused, "
        f"{crossvalidate.LOOKED_UP_IN_VAIN:g} anything else looked up), the cheapest of all tried:",
        f"{'fixed_reply':>12}{'no_question':>13}{'refused':>10}{'looked up':>11}{'cost':>8}",
    ]
    for cost, thresholds, refused, looked_up in crossvalidate.thresholds_by_cost(judged)[:8]:
        lines.append(
            f"{thresholds['fixed_reply']:>12.2f}{thresholds['no_question']:>13.2f}"
            f"{refused:>10.1%}{looked_up:>11.1%}{cost:>8.3f}"
        )
    return "\n".join(lines)


def draw_confusion(judged: Sequence[Judged], path: Path) -> None:
    """Draw which intent (row) is taken for which (column), as shares of the row."""
    plt = _pyplot()
    labels = sorted({case.intent for case in judged})
    place = {label: number for number, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)))
    for case in judged:
        counts[place[case.intent], place[case.ranking[0][0]]] += 1
    shares = counts / counts.sum(axis=1, keepdims=True)
    figure, axes = plt.subplots(figsize=(13, 12), dpi=110)
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in zip(*np.nonzero(shares >= 0.015), strict=False):
        colour = "white" if shares[row, column] > 0.5 else "black"
        text = f"{100 * shares[row, column]:.0f}"
        axes.text(column, row, text, ha="center", va="center", fontsize=6, color=colour)
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=8)
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.set_xlabel("taken for")
    axes.set_ylabel("meant")
    axes.set_title(f"Intents, {crossvalidate.FOLDS}-fold cross-validation, % of the row (n = {len(judged)})")
    figure.colorbar(image, fraction=0.03)
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


def draw_calibration(judged: Sequence[Judged], path: Path) -> None:
    """Draw how often the first intent is right against the probability it was told with."""
    plt = _pyplot()
    told, right, counts = zip(*crossvalidate.calibration(judged), strict=True)
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(6, 7), dpi=110, sharex=True, gridspec_kw={"height_ratios": [3, 1]}
    )
    above.plot([0, 1], [0, 1], linestyle="--", color="grey", label="honest")
    above.plot(told, right, marker="o", label=f"first intent (error {crossvalidate.calibration_error(judged):.3f})")
    above.set_ylabel("share that is right")
    above.legend()
    above.set_title(f"Calibration, {crossvalidate.FOLDS}-fold cross-validation (n = {len(judged)})")
    below.bar(told, counts, width=0.06)
    below.set_xlabel("probability told")
    below.set_ylabel("messages")
    figure.tight_layout()
    figure.savefig(path)
    plt.close(figure)


def _pyplot() -> Any:
    """Return matplotlib's drawing without a screen, imported when something is drawn: it takes a second."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    return plt


if __name__ == "__main__":
    main()
