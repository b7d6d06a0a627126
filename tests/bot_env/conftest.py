"""The trained model, loaded once, with an action server that lives in the test."""

import asyncio
import logging
from pathlib import Path

import pytest
import structlog

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "govchat.tar.gz"


@pytest.fixture(scope="session")
def loop():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def agent(loop):
    from rasa.core.agent import Agent
    from rasa.utils.endpoints import EndpointConfig

    from bot.reply import AnswerStatus, Reply

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if not MODEL.exists():
        pytest.fail(f"no model at {MODEL}: run `bot/.venv/bin/python -m bot train`")

    class ActionsInTheTest(EndpointConfig):
        async def request(self, *args, json, **kwargs):
            reply = Reply(AnswerStatus.CLARIFY_VAGUE, json["next_action"])
            return {"events": [], "responses": [{"custom": {"reply": reply.to_wire(), "snapshot": None}}]}

    return Agent.load(MODEL, action_endpoint=ActionsInTheTest("http://actions.test"))
