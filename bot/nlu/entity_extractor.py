"""Rasa graph component around the grammar of `index.text`: entities and the language of the reply."""

# ruff: noqa: ARG003 - the signatures are Rasa's

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entities import Entity, Tables, find_entities
from index.text.language import detect

VIETNAM = timezone(timedelta(hours=7))
"""Vietnam keeps this offset all year."""

DATA = Path(__file__).resolve().parents[2] / "data"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class GrammarEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Puts on each message what it names, and the entity `reply_lang` that fills the slot of that name."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GrammarEntityExtractor:
        """Make the component; reads the tables in `data/`."""
        return cls(Tables.load(DATA))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message to those it has."""
        today = datetime.now(VIETNAM).date()
        for message in messages:
            text = message.get(TEXT) or ""
            found = find_entities(text, self._tables, today=today)
            found.append(Entity("reply_lang", reply_language(text, message.get(METADATA)), 0, len(text)))
            entities = [
                {"entity": entity.kind, "value": entity.value, "start": entity.start, "end": entity.end}
                for entity in found
            ]
            message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(entities), add_to_output=True)
        return messages


def reply_language(text: str, metadata: Any) -> str:
    """Return vi, en or zh: what the metadata of the turn ask for, else the language `text` is written in."""
    asked_for = metadata.get("lang") if isinstance(metadata, dict) else None
    return str(asked_for or detect(text))
