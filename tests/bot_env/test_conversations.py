"""The conversations of tests/conversations, word for word through the trained model and the rules."""

from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, UserUttered
from ruamel.yaml import YAML

from bot.connector import GatewayOutput

FOLDER = Path(__file__).resolve().parents[1] / "conversations"
STORIES = [story for path in sorted(FOLDER.glob("*.yml")) for story in YAML(typ="safe").load(path)["stories"]]


def test_there_are_enough_conversations():
    assert len(STORIES) >= 80
    assert len({story["story"] for story in STORIES}) == len(STORIES)


def test_every_intent_has_a_conversation():
    told = {step["intent"] for story in STORIES for step in story["steps"] if "intent" in step}
    assert told == set(YAML(typ="safe").load(FOLDER.parents[1] / "domain.yml")["intents"])


@pytest.mark.parametrize("story", STORIES, ids=[story["story"] for story in STORIES])
def test_a_conversation_goes_as_written(story, agent, loop):
    key = f"test:{story['story']}"
    expected = []
    for step in story["steps"]:
        if "user" in step:
            expected.append(step["intent"])
            message = UserMessage(step["user"], GatewayOutput(), key)
            loop.run_until_complete(agent.handle_message(message))
            assert len(message.output_channel.replies) == 1
        else:
            expected.append(step["action"])
    tracker = loop.run_until_complete(agent.tracker_store.retrieve(key))
    happened = []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            happened.append(event.intent["name"])
        elif isinstance(event, ActionExecuted) and event.action_name not in ("action_listen", "action_session_start"):
            happened.append(event.action_name)
    assert happened == expected
