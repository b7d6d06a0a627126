"""The API's one answer: the bot's own words, whatever the outcome."""

import json

from hypothesis import given

from channels.event import TurnOutcome
from channels.web.render import render
from tests.unit.channels.outcomes import OUTCOMES


@given(OUTCOMES)
def test_the_api_gets_one_message_with_the_bots_own_text(outcome: TurnOutcome) -> None:
    [message] = [json.loads(found) for found in render(outcome)]
    assert message["text"] == "\n\n".join(reply.text for reply in outcome.replies)
    assert len(message["citations"]) == sum(len(reply.citations) for reply in outcome.replies)
