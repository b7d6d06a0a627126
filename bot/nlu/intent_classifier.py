"""Rasa graph component around the intent model: train on the NLU data, rank the intents of each message."""

# ruff: noqa: ARG003 - the signatures are Rasa's

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.entity_extractor import UNDERSTOOD
from bot.nlu.features import FeatureReader
from bot.nlu.intent_model import IntentModel
from bot.nlu.prepared import encoder_folder, restorer_file
from bot.nlu.terms import count_terms
from bot.nlu.understanding import Understanding, Understood
from bot.nlu.wants import wants

logger = logging.getLogger(__name__)

RANKING_LENGTH = 10
"""Intents kept on a message, as many as Rasa's own classifiers keep."""

ALSO = "also"
"""Key of a message under which its further wants stand."""

THREADS = 2
"""Texts that the encoder takes at a time in training."""


class Ranker:
    """Ranks messages with a model; see `bot.nlu.wants.Ranker`."""

    def __init__(self, model: IntentModel, features: FeatureReader) -> None:
        self._model = model
        self._features = features

    def guess(self, part: Understood) -> tuple[str, float]:
        """Return the likeliest intent by words alone."""
        return self._model.guess(count_terms(part))

    def rank(self, message: Understood) -> list[tuple[str, float]]:
        """Return all intents with their probabilities, best first."""
        return self._model.rank(*self._features.of(message))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WordsAndMeaningClassifier(GraphComponent, IntentClassifier):
    """Ranks intents by the words of a message and by its meaning, and finds further wants in it.

    Stands after `GrammarEntityExtractor`, which reads the message.
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        self._features = FeatureReader.load(encoder_folder(), threads=THREADS)
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WordsAndMeaningClassifier:
        """Make an untrained classifier."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WordsAndMeaningClassifier:
        """Open the classifier of a trained model. Raises ValueError or OSError where it is damaged."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the intent examples, then keep the model in Rasa's model archive."""
        examples = [(str(message.get(TEXT)), str(message.get(INTENT))) for message in training_data.intent_examples]
        reader = Understanding.load(restorer_file())
        today = date.today()  # noqa: DTZ011 - whichever day: only the place of a period is masked, never its value
        features = self._features.of(*(reader.read(text, today=today) for text, _ in examples))
        self._model = IntentModel.fit(features, [intent for _, intent in examples])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        logger.info("Fitted %d intents on %d texts.", len(self._model.labels), len(examples))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put `intent`, `intent_ranking` (most probable first) and `also` (further wants) on each message."""
        model, features = self._model, self._features
        if model is None:
            raise RuntimeError("the intent classifier is not trained")
        for message in messages:
            understood = message.get(UNDERSTOOD)
            main, also = wants(understood, Ranker(model, features))
            ranked = [{"name": intent, "confidence": share} for intent, share in main[:RANKING_LENGTH]]
            further = [{"intent": want.intent, "text": want.text, "confidence": want.confidence} for want in also]
            message.set(INTENT, dict(ranked[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranked, add_to_output=True)
            message.set(ALSO, further, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing downstream learns from our ranking, so the training data pass unchanged."""
        return training_data
