"""The HTTP interface: the document is valid OpenAPI, and the gateway answers as it says."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from bot.reply import AnswerStatus, Button, Citation, Reply, Turn, TurnResult
from channels.configuration import configure
from channels.event import Acceptance
from channels.publishing.publishers import new_key
from channels.settings import GatewaySettings
from channels.testing import ManualClock, MemoryInbox, ScriptedBot
from channels.testing.gateway import assembled, running

ROOT = Path(__file__).parents[2]
DOCUMENT = json.loads((ROOT / "channels" / "web" / "openapi.json").read_text())


def matches(schema: str, value: object) -> None:
    """Fail unless `value` is as the component `schema` of the document says."""
    Draft202012Validator({"$ref": f"#/components/schemas/{schema}", "components": DOCUMENT["components"]}).validate(
        value
    )


def answer(turn: Turn) -> TurnResult:
    citation = Citation(
        number="1/2026/NĐ-CP", type="Nghị định", title="t", issuing_body="Chính phủ", issued_on=None, effective_on=None,
        validity="unknown", replaced_by=(), checked_on=None, text_kind="summary", location=None, quote=None, url=None,
    )  # fmt: skip
    greeting = Reply(AnswerStatus.CHATTED, "Chào anh/chị.")
    return TurnResult((greeting, Reply(AnswerStatus.ANSWERED, turn.text, (citation,), (Button("Thêm", "thêm"),))), "i")


class Full(MemoryInbox):
    async def accept(self, event: object, *, needs_consent: bool = False) -> Acceptance:
        return Acceptance.FULL


@pytest.fixture
async def open_gateway(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Starts gateways that answer within the test."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient())

        async def start(
            inbox: MemoryInbox, bot: ScriptedBot, *, paths: dict[str, Path] | None = None, **more: Any
        ) -> str:
            settings = GatewaySettings(_env_file=None, actions_url="http://127.0.0.1:9", **(paths or {}))
            whole = await stack.enter_async_context(
                assembled(
                    configure(settings), folder=tmp_path, bot=bot, clock=ManualClock(), http=http, inbox=inbox, **more
                )
            )
            return await stack.enter_async_context(running(whole))

        yield start


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


async def test_an_answer_is_as_documented(open_gateway: Callable[..., Any]) -> None:
    url = await open_gateway(MemoryInbox(clock=ManualClock()), ScriptedBot(answer))
    async with httpx.AsyncClient(base_url=url) as http:
        response = await http.post("/api/v1/answers", json={"question": "gì", "lang": None})
        assert response.status_code == 200
        matches("Answer", response.json())
        body = response.json()
        assert body["status"] == "answered"
        assert body["text"] == "Chào anh/chị.\n\ngì"
        assert (await http.get("/openapi.json")).json() == DOCUMENT
        matches("Readiness", (await http.get("/health/ready")).json())


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "invalid_question"), ({"question": 5}, "invalid_question"), ({"question": None}, "invalid_question"),
        ({"question": ""}, "empty_question"), ({"question": "\u200b \n\x00"}, "empty_question"),
        ({"question": "a", "lang": "fr"}, "invalid_lang"), ({"question": "a", "lang": 1}, "invalid_lang"),
        ({"question": "a", "as_of": "1/7/2026"}, "invalid_as_of"),
        ({"question": "a", "as_of": "2026-02-30"}, "invalid_as_of"), ({"question": "a", "as_of": 7}, "invalid_as_of"),
        ({"question": "a", "conversation_id": ""}, "invalid_conversation_id"),
        ({"question": "a", "conversation_id": "zalo:9:7"}, "invalid_conversation_id"),
        ({"question": "a", "conversation_id": "x" * 65}, "invalid_conversation_id"),
        ({"question": "a", "conversation_id": 5}, "invalid_conversation_id"),
    ],
)  # fmt: skip
async def test_each_fault_has_its_own_code(
    open_gateway: Callable[..., Any], fields: dict[str, object], code: str
) -> None:
    url = await open_gateway(MemoryInbox(clock=ManualClock()), ScriptedBot(answer))
    async with httpx.AsyncClient(base_url=url) as http:
        response = await http.post("/api/v1/answers", content=json.dumps(fields))
        assert response.status_code == 400
        matches("Error", response.json())
        assert response.json()["error"]["code"] == code


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'"question"', b'{"question": "a"} {}', b'{"question": "\xff"}', b"[" * 50_000,
        b'{"a":' * 10_000, b'{"question": "a", "b": NaN}', b'{"question": "a", "b": -Infinity}',
        b'{"question": "\xed\xa0\x80"}', '{"question": "a"}'.encode("utf-16"), b'{"b": ' + b"9" * 10_000 + b"}",
    ],
)  # fmt: skip
async def test_what_is_no_json_object_in_utf8_is_malformed(open_gateway: Callable[..., Any], content: bytes) -> None:
    url = await open_gateway(MemoryInbox(clock=ManualClock()), ScriptedBot(answer))
    async with httpx.AsyncClient(base_url=url) as http:
        response = await http.post("/api/v1/answers", content=content)
        assert (response.status_code, response.json()["error"]["code"]) == (400, "malformed_json")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b'\xef\xbb\xbf{"question": "a"}', "a"),  # a byte order mark
        (b'{"question": "a", "question": "b"}', "b"),  # the last of a name counts, as in browsers
        (b'{"question": "a\\ud800b"}', "ab"),  # half a surrogate pair
    ],
)
async def test_odd_json_is_read(open_gateway: Callable[..., Any], content: bytes, text: str) -> None:
    bot = ScriptedBot(answer)
    url = await open_gateway(MemoryInbox(clock=ManualClock()), bot)
    async with httpx.AsyncClient(base_url=url) as http:
        assert (await http.post("/api/v1/answers", content=content)).status_code == 200
    assert [turn.text for turn in bot.turns] == [text]


@pytest.mark.parametrize(
    ("origin", "status"),
    [("https://gov.vn.evil.example", 403), ("null", 403), ("http://[", 403), ("", 403), (None, 200)],
)
async def test_pages_of_other_sites_are_refused(
    open_gateway: Callable[..., Any], origin: str | None, status: int
) -> None:
    url = await open_gateway(MemoryInbox(clock=ManualClock()), ScriptedBot(answer))
    async with httpx.AsyncClient(base_url=url) as http:
        headers = {"origin": url if origin is None else origin}
        assert (await http.post("/api/v1/answers", json={"question": "a"}, headers=headers)).status_code == status


async def test_a_conversation_with_too_many_open_questions_gets_429(open_gateway: Callable[..., Any]) -> None:
    url = await open_gateway(Full(clock=ManualClock()), ScriptedBot(answer))
    async with httpx.AsyncClient(base_url=url) as http:
        response = await http.post("/api/v1/answers", json={"question": "a"})
        assert response.status_code == 429
        matches("Error", response.json())


async def test_an_unknown_address_and_a_wrong_method_get_an_error_object(open_gateway: Callable[..., Any]) -> None:
    url = await open_gateway(MemoryInbox(clock=ManualClock()), ScriptedBot(answer))
    async with httpx.AsyncClient(base_url=url) as http:
        for response in (await http.get("/x"), await http.get("/api/v1/answers"), await http.get("/assets/x.js")):
            assert response.status_code in (404, 405)
            matches("Error", response.json())
        assert (await http.get("/api/v1/answers")).headers["allow"] == "POST"


async def test_a_publisher_announces_a_document_and_asks_what_became_of_it(
    open_gateway: Callable[..., Any], tmp_path: Path
) -> None:
    key, digest = new_key()
    (tmp_path / "publishers.toml").write_text(f'[bnv]\nkey_sha256 = "{digest}"\n')
    paths = {"publishers_file": tmp_path / "publishers.toml", "announcements_dir": tmp_path / "spool"}
    url = await open_gateway(MemoryInbox(clock=ManualClock()), ScriptedBot(answer), paths=paths)
    body = {"document": {"number": "1/2026/NĐ-CP", "title": "t", "text": "Điều 1. Một việc."}}
    matches("Announcement", body)
    async with httpx.AsyncClient(base_url=url, headers={"authorization": f"Bearer {key}"}) as http:
        response = await http.post("/api/v1/documents", json=body)
        assert response.status_code == 202
        matches("Accepted", response.json())
        state = await http.get(response.json()["status_url"])
        assert state.status_code == 200
        matches("AnnouncementState", state.json())
        assert (await http.get(f"/api/v1/documents/{uuid4().hex}")).status_code == 404
        assert (await http.get("/health/ready")).json()["channels"]["publishing"] == {"state": "on"}
    async with httpx.AsyncClient(base_url=url) as http:
        for response in (await http.post("/api/v1/documents", json=body), await http.get("/api/v1/documents/x")):
            assert response.status_code == 401
            matches("Error", response.json())
    (stored,) = (tmp_path / "spool" / "new").iterdir()
    assert json.loads(stored.read_text())["document"] == body["document"]


async def test_an_announcement_that_cannot_be_stored_gets_503(open_gateway: Callable[..., Any], tmp_path: Path) -> None:
    key, digest = new_key()
    (tmp_path / "publishers.toml").write_text(f'[bnv]\nkey_sha256 = "{digest}"\n')
    (tmp_path / "spool").write_text("no folder")
    paths = {"publishers_file": tmp_path / "publishers.toml", "announcements_dir": tmp_path / "spool"}
    url = await open_gateway(MemoryInbox(clock=ManualClock()), ScriptedBot(answer), paths=paths)
    async with httpx.AsyncClient(base_url=url, headers={"authorization": f"Bearer {key}"}) as http:
        response = await http.post("/api/v1/documents", json={"url": "https://example.gov.vn/a"})
        assert (response.status_code, response.json()["error"]["code"]) == (503, "store_unavailable")
