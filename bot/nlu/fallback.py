"""Rasa graph component that sends uncertain messages to the look-up (`nlu_fallback`), by cost."""

# ruff: noqa: ARG003 - the signatures are Rasa's

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.decision import is_too_uncertain


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CostlyIntentFallback(GraphComponent, IntentClassifier):
    """Replaces an uncertain intent by `nlu_fallback`; the thresholds stand in config.yml."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._thresholds = {name: float(config[name]) for name in self.get_default_config()}

    @classmethod
    def required_components(cls) -> list[type]:
        """Name what must stand before this component."""
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the thresholds, probabilities; chosen by cross-validation (docs/adr/0013-understanding.md)."""
        return {"looked_up": 0.1, "fixed_reply": 0.1, "no_question": 0.75}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CostlyIntentFallback:
        """Make the component."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Put `nlu_fallback` first where the best intent is too uncertain."""
        for message in messages:
            ranked = message.get(INTENT_RANKING_KEY) or []
            ranking = [(str(intent["name"]), float(intent["confidence"])) for intent in ranked]
            if is_too_uncertain(ranking, self._thresholds):
                # The fallback is as sure as the intent it replaces, so that logs show how uncertain it was.
                share = ranking[0][1] if ranking else 0.0
                fallback = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": share}
                message.set(INTENT, dict(fallback), add_to_output=True)
                message.set(INTENT_RANKING_KEY, [fallback, *ranked], add_to_output=True)
        return messages
