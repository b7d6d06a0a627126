"""How well intents are recognised on sentences not trained on: `bot/.venv/bin/python -m bot.nlu.crossvalidate`.

Prints macro F1 as typed and without accents, and, for the thresholds of config.yml, how often a question is refused and
how often anything else is looked up as if it were one. The figures in docs/adr/0004-nlu.md come from here.
"""

# ruff: noqa: T201 - a command prints

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from ruamel.yaml import YAML

from bot.nlu.augment import augmented
from bot.nlu.decision import LOOKED_UP, is_too_uncertain
from bot.nlu.intent_model import IntentModel
from index.text.unicode import fold

FOLDS = 5
RANKING = 10  # intents that the classifier keeps on a message


@dataclass(frozen=True, slots=True)
class Judged:
    """One example as a model ranked it that had not seen it."""

    text: str
    intent: str
    ranking: tuple[tuple[str, float], ...]


def read_examples(folder: Path) -> list[tuple[str, str]]:
    """Return (text, intent) of every example in Rasa's NLU files below `folder`."""
    examples: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.yml")):
        for block in YAML(typ="safe").load(path)["nlu"]:
            lines = block.get("examples", "").splitlines() if "intent" in block else []
            examples += [(line.removeprefix("- ").strip(), block["intent"]) for line in lines]
    return examples


def judge(examples: Sequence[tuple[str, str]], *, without_accents: bool = False) -> list[Judged]:
    """Rank every example by a model trained on the other folds; twins that differ in accents share a fold."""
    judged: list[Judged] = []
    for number in range(FOLDS):
        held_out = [pair for pair in examples if crc32(fold(pair[0]).encode()) % FOLDS == number]
        training = augmented([pair for pair in examples if crc32(fold(pair[0]).encode()) % FOLDS != number])
        model = IntentModel.fit([text for text, _ in training], [intent for _, intent in training])
        for text, intent in held_out:
            ranking = model.rank(fold(text) if without_accents else text)
            judged.append(Judged(text, intent, tuple(ranking[:RANKING])))
    return judged


def macro_f1(judged: Sequence[Judged]) -> float:
    """Return the mean F1 over all intents, 0 to 1."""
    hits = Counter(case.intent for case in judged if case.ranking[0][0] == case.intent)
    wanted = Counter(case.intent for case in judged)
    given = Counter(case.ranking[0][0] for case in judged)
    return sum(2 * hits[intent] / (wanted[intent] + given[intent]) for intent in wanted) / len(wanted)


def costs(judged: Sequence[Judged], thresholds: Mapping[str, float]) -> tuple[float, float]:
    """Return the share of questions that get a fixed reply and the share of everything else that is looked up."""
    refused = looked_up = questions = others = 0
    for case in judged:
        goes_to_index = case.ranking[0][0] in LOOKED_UP or is_too_uncertain(case.ranking, thresholds)
        if case.intent in LOOKED_UP:
            questions += 1
            refused += not goes_to_index
        else:
            others += 1
            looked_up += goes_to_index
    return refused / questions, looked_up / others


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Cross-validate the intents.")
    parser.add_argument("--misses", action="store_true", help="print every example that was taken for another intent")
    wants_misses = parser.parse_args().misses
    examples = read_examples(Path("data/nlu"))
    judged = judge(examples)
    print(f"n = {len(examples)}, intents = {len({intent for _, intent in examples})}, folds = {FOLDS}")
    print(f"macro F1 as typed         {macro_f1(judged):.3f}")
    print(f"macro F1 without accents  {macro_f1(judge(examples, without_accents=True)):.3f}")
    print("fixed_reply  no_question  questions refused  others looked up")
    for fixed_reply in (0.0, 0.2, 0.3, 0.4, 0.5, 0.6):
        for no_question in (0.0, 0.6, 0.7, 0.75, 0.8, 0.9):
            thresholds = {"looked_up": 0.1, "fixed_reply": fixed_reply, "no_question": no_question}
            refused, looked_up = costs(judged, thresholds)
            print(f"{fixed_reply:11.1f}  {no_question:11.2f}  {refused:17.1%}  {looked_up:16.1%}")
    if wants_misses:
        for case in sorted(judged, key=lambda case: (case.intent, case.ranking[0][0])):
            if case.ranking[0][0] != case.intent:
                print(f"{case.intent:22} {case.ranking[0][0]:22} {case.ranking[0][1]:.2f} {case.text}")


if __name__ == "__main__":
    main()
