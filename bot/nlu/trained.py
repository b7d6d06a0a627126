"""The trained model, for the commands that only ask it what it makes of messages."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.__main__ import MODEL_NAME, MODELS, quieten

Parse = Callable[[str, Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""From the text and the metadata of a message to Rasa's own words for it."""


def open_model() -> Parse:
    """Open the model in models/. Raises FileNotFoundError where there is none."""
    model = MODELS / f"{MODEL_NAME}.tar.gz"
    if not model.exists():
        raise FileNotFoundError(f"no model at {model}: run `bot/.venv/bin/python -m bot train`")
    quieten()
    import structlog
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    agent = Agent.load(str(model))

    async def parse(text: str, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        parsed: Mapping[str, Any] = await agent.processor.parse_message(  # type: ignore[union-attr]
            UserMessage(text, metadata=dict(metadata))
        )
        return parsed

    return parse
