"""How well intents are recognised on sentences not trained on, and at which thresholds acting on them costs least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from zlib import crc32

import numpy as np
from ruamel.yaml import YAML

from bot.nlu.decision import LOOKED_UP, is_too_uncertain
from bot.nlu.intent_model import Features, IntentModel
from index.text.unicode import fold

FOLDS = 5
RANKING = 10  # intents that the classifier keeps on a message

REFUSED = 4.0
"""What a question costs that gets a fixed reply: the person goes away without an answer that we have."""

LOOKED_UP_IN_VAIN = 1.0
"""What any other message costs that is looked up: a moment, and mostly «not found»."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One example as a model ranked it that had not seen it."""

    text: str
    intent: str
    ranking: tuple[tuple[str, float], ...]

    @property
    def is_right(self) -> bool:
        """Whether its own intent came first."""
        return self.ranking[0][0] == self.intent


def read_examples(folder: Path) -> list[tuple[str, str]]:
    """Return (text, intent) of every example in Rasa's NLU files below `folder`."""
    examples: list[tuple[str, str]] = []
    for path in sorted(folder.glob("*.yml")):
        for block in YAML(typ="safe").load(path)["nlu"]:
            lines = block.get("examples", "").splitlines() if "intent" in block else []
            examples += [(line.removeprefix("- ").strip(), block["intent"]) for line in lines]
    return examples


def judge(examples: Sequence[tuple[str, str]], features: Sequence[Features]) -> list[Judged]:
    """Rank every example by a model trained on the other folds; twins that differ in accents share a fold."""
    folds = [crc32(fold(text).encode()) % FOLDS for text, _ in examples]
    judged: dict[int, Judged] = {}
    for number in range(FOLDS):
        kept = [place for place, own in enumerate(folds) if own != number]
        model = IntentModel.fit([features[place] for place in kept], [examples[place][1] for place in kept])
        for place, own in enumerate(folds):
            if own == number:
                judged[place] = Judged(*examples[place], tuple(model.rank(features[place])[:RANKING]))
    return [judged[place] for place in range(len(examples))]


def macro_f1(judged: Sequence[Judged]) -> float:
    """Return the mean F1 over all intents, 0 to 1."""
    return float(np.mean([scores[2] for scores in by_intent(judged).values()]))


def by_intent(judged: Sequence[Judged]) -> dict[str, tuple[float, float, float, int]]:
    """Return precision, recall, F1 and the number of examples of each intent, in alphabetical order."""
    hits = Counter(case.intent for case in judged if case.is_right)
    wanted = Counter(case.intent for case in judged)
    given = Counter(case.ranking[0][0] for case in judged)
    return {
        intent: (
            hits[intent] / max(given[intent], 1),
            hits[intent] / wanted[intent],
            2 * hits[intent] / (wanted[intent] + given[intent]),
            wanted[intent],
        )
        for intent in sorted(wanted)
    }


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


def thresholds_by_cost(judged: Sequence[Judged]) -> list[tuple[float, dict[str, float], float, float]]:
    """Return (cost, thresholds, questions refused, others looked up) for a grid of thresholds, cheapest first."""
    tried = []
    for fixed_reply, no_question in product((0.0, 0.1, 0.2, 0.3, 0.4, 0.5), (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9)):
        thresholds = {"looked_up": 0.1, "fixed_reply": fixed_reply, "no_question": no_question}
        refused, looked_up = costs(judged, thresholds)
        tried.append((REFUSED * refused + LOOKED_UP_IN_VAIN * looked_up, thresholds, refused, looked_up))
    return sorted(tried, key=lambda row: row[0])


def calibration(judged: Sequence[Judged], bins: int = 10) -> list[tuple[float, float, int]]:
    """Return (mean probability of the first intent, share that is right, number) of each tenth of probabilities."""
    shares = np.array([case.ranking[0][1] for case in judged])
    right = np.array([case.is_right for case in judged])
    places = np.minimum((shares * bins).astype(int), bins - 1)
    return [
        (float(shares[places == place].mean()), float(right[places == place].mean()), int((places == place).sum()))
        for place in range(bins)
        if (places == place).any()
    ]


def calibration_error(judged: Sequence[Judged]) -> float:
    """Return the expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015), 0 to 1."""
    return sum(abs(share - right) * count for share, right, count in calibration(judged)) / len(judged)
