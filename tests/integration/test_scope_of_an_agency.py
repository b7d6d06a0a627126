"""An agency's scope from the API to the index: the gateway, the client, the connector's reading, the actions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer_question import AnswerQuestion
from actions.shell import Shell
from bot.client import RasaClient
from bot.turn_request import read_turn
from channels.agencies_file import Agencies
from channels.agency import Agency
from channels.clock import SystemClock
from channels.configuration import DEFAULT_AGENCY, configure
from channels.settings import GatewaySettings
from channels.testing.gateway import assembled, running
from tests.unit.actions.conftest import DOCUMENTS, make_desk

pytestmark = pytest.mark.integration

WAGE, OTHERS = DOCUMENTS[0], DOCUMENTS[2:]
GAZETTE = "congbao.chinhphu.vn"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """One decree of the gazette among documents of another source."""
    return make_desk(tmp_path_factory.mktemp("desk"), (replace(WAGE, source=GAZETTE), *OTHERS))


def answering(desk) -> httpx.MockTransport:
    """Rasa with one rule: a turn as the connector reads it, its metadata in the tracker, one action."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = read_turn(request.content)
        latest = {"text": asked.text, "metadata": json.loads(json.dumps(asked.metadata))}
        tracker = Tracker.from_dict({"sender_id": asked.conversation, "slots": {}, "latest_message": latest})
        dispatcher = CollectingDispatcher()
        Shell(AnswerQuestion(desk), desk).run(dispatcher, tracker, {})
        sent = [message["custom"] for message in dispatcher.messages]
        wire = {"replies": [each["reply"] for each in sent], "intent": "ask_policy", "snapshot": sent[-1]["snapshot"]}
        return httpx.Response(200, json=wire)

    return httpx.MockTransport(answer)


async def answers(folder: Path, desk, sources: tuple[str, ...], *questions: str) -> list[tuple[str, set[str]]]:
    """What `POST /api/v1/answers` says where the default agency has this scope: status and numbers cited."""
    agency = Agency(id=DEFAULT_AGENCY, sources=sources)
    configuration = configure(GatewaySettings(_env_file=None), Agencies((agency,)))
    async with (
        httpx.AsyncClient(timeout=30) as http,
        RasaClient("http://bot.test", transport=answering(desk)) as bot,
        assembled(configuration, folder=folder, bot=bot, clock=SystemClock(), http=http) as whole,
        running(whole) as url,
    ):
        said = []
        for question in questions:
            body = (await http.post(f"{url}/api/v1/answers", json={"question": question})).json()
            said.append((body["status"], {citation["number"] for citation in body["citations"]}))
        return said


async def test_the_api_answers_within_the_scope_of_the_default_agency(tmp_path: Path, desk) -> None:
    wage, climate = "mức lương cơ sở từ 1/7/2026", "đô thị ứng phó biến đổi khí hậu"
    named = "Nghị quyết 202/2025/QH15"
    (tmp_path / "all").mkdir()
    (tmp_path / "scoped").mkdir()
    assert await answers(tmp_path / "all", desk, (), wage, climate, named) == [
        ("answered", {WAGE.number}),
        ("answered", {"04/CT-TTg"}),
        ("answered", {"202/2025/QH15"}),
    ]
    assert await answers(tmp_path / "scoped", desk, (GAZETTE,), wage, climate, named) == [
        ("answered", {WAGE.number}),
        ("no_answer_not_found", set()),
        ("answered", {"202/2025/QH15"}),
    ]
