"""Rasa graph component around the intent model: train on the NLU data, rank the intents of each message."""

# ruff: noqa: ARG003 - the signatures are Rasa's

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.augment import augmented
from bot.nlu.intent_model import IntentModel

logger = logging.getLogger(__name__)

RANKING_LENGTH = 10
"""Intents kept on a message, as many as Rasa's own classifiers keep."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramIntentClassifier(GraphComponent, IntentClassifier):
    """Ranks intents by letter n-grams with and without accents; needs no tokeniser and no featuriser."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
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
    ) -> NgramIntentClassifier:
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
    ) -> NgramIntentClassifier:
        """Open the classifier of a trained model. Raises ValueError or OSError where it is damaged."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the intent examples, then keep the model in Rasa's model archive."""
        examples = [(str(message.get(TEXT)), str(message.get(INTENT))) for message in training_data.intent_examples]
        examples = augmented(examples)
        self._model = IntentModel.fit([text for text, _ in examples], [intent for _, intent in examples])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
        logger.info("Fitted %d intents on %d texts.", len(self._model.labels), len(examples))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put `intent` and `intent_ranking` (most probable first) on each message."""
        if self._model is None:
            raise RuntimeError("the intent classifier is not trained")
        for message in messages:
            ranked = [
                {"name": intent, "confidence": share}
                for intent, share in self._model.rank(message.get(TEXT) or "")[:RANKING_LENGTH]
            ]
            message.set(INTENT, dict(ranked[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranked, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing downstream learns from our ranking, so the training data pass unchanged."""
        return training_data
