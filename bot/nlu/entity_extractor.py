"""Rasa graph component that reads each message: its forms, what it names, and the language of the reply."""

# ruff: noqa: ARG003 - the signatures are Rasa's

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entities import Entity
from bot.nlu.prepared import restorer_file
from bot.nlu.understanding import Understanding

VIETNAM = timezone(timedelta(hours=7))
"""Vietnam keeps this offset all year."""

UNDERSTOOD = "understood"
"""Key of a message under which the forms it was read in stand for the components that follow; never sent on."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class GrammarEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Puts on each message what it names, and the entity `reply_lang` that fills the slot of that name."""

    def __init__(self, understanding: Understanding) -> None:
        self._understanding = understanding

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GrammarEntityExtractor:
        """Make the component; reads the tables in `data/`."""
        return cls(Understanding.load(restorer_file()))

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message and add the entities it names to those it has."""
        today = datetime.now(VIETNAM).date()
        for message in messages:
            text = message.get(TEXT) or ""
            understood = self._understanding.read(text, today=today)
            language = reply_language(understood.reading.lang, message.get(METADATA))
            found = [*understood.entities, Entity("reply_lang", language, 0, len(text))]
            entities = [
                {"entity": entity.kind, "value": entity.value, "start": entity.start, "end": entity.end}
                for entity in found
            ]
            message.set(UNDERSTOOD, understood)
            message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(entities), add_to_output=True)
        return messages


def reply_language(written_in: str, metadata: Any) -> str:
    """Return vi, en or zh: what the metadata of the turn ask for, else the language the message is written in."""
    asked_for = metadata.get("lang") if isinstance(metadata, dict) else None
    return str(asked_for or written_in)
