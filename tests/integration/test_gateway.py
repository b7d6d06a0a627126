"""The whole gateway on loopback: webhooks in, a scripted bot, fake platforms out, a real SQLite inbox."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import structlog

from bot.reply import AnswerStatus, BotUnavailable, Citation, Reply, Turn, TurnResult
from bot.wording import Wording
from channels.clock import SystemClock
from channels.configuration import configure
from channels.event import EventKind, InboundEvent
from channels.inbox.sqlite import SqliteInbox
from channels.settings import GatewaySettings
from channels.testing import (
    FakeGraph,
    FakeZalo,
    PageIds,
    ScriptedBot,
    ZaloIds,
    messenger_event,
    one_oa,
    one_page,
    serve,
    sign_messenger,
    sign_zalo,
    zalo_event,
)
from channels.testing.gateway import assembled
from channels.testing.gateway import running as run_gateway

pytestmark = pytest.mark.integration

WORDING = Wording.load(Path(__file__).parents[2] / "data" / "wording")
OURS, PAGES = ZaloIds(), PageIds()
APP, OA, SECRET, TOKEN = OURS.app_id, OURS.oa_id, OURS.oa_secret_key, OURS.access_token
PAGE, FB_SECRET, PAGE_TOKEN, VERIFY = PAGES.page_id, PAGES.app_secret, PAGES.page_token, PAGES.verify_token
CITATION = Citation(
    number="161/2026/NĐ-CP", type="Nghị định", title="Quy định mức lương cơ sở", issuing_body="Chính phủ",
    issued_on=date(2026, 5, 15), effective_on=date(2026, 7, 1), validity="in_force", replaced_by=(),
    checked_on=date(2026, 7, 1), text_kind="official", location="Điều 3", quote="Mức lương cơ sở …",
    url="https://congbao.chinhphu.vn/161",
)  # fmt: skip


def cite(turn: Turn) -> TurnResult:
    reply = Reply(AnswerStatus.ANSWERED, f"Trả lời cho: {turn.text}", (CITATION,))
    return TurnResult((reply,), intent="ask_policy", snapshot="s1")


@dataclass
class Stack:
    http: httpx.AsyncClient
    url: str
    bot: ScriptedBot
    zalo: FakeZalo
    graph: FakeGraph
    inbox: SqliteInbox

    async def post_zalo(self, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        signed = sign_zalo(body, app_id=APP, secret_key=SECRET) if headers is None else headers
        return await self.http.post(f"{self.url}/webhooks/zalo", content=body, headers=signed)

    async def post_messenger(self, body: bytes) -> httpx.Response:
        signed = sign_messenger(body, app_secret=FB_SECRET)
        return await self.http.post(f"{self.url}/webhooks/messenger", content=body, headers=signed)

    async def ask(self, **body: object) -> httpx.Response:
        return await self.http.post(f"{self.url}/api/v1/answers", json=body)


@contextlib.asynccontextmanager
async def running(
    folder: Path, bot: ScriptedBot, *, answer_timeout_s: float = 15.0, configured: bool = True
) -> AsyncIterator[Stack]:
    zalo, graph, clock = one_oa(), one_page(), SystemClock()
    async with (
        httpx.AsyncClient(timeout=30) as http,
        serve(zalo.app()) as zalo_url,
        serve(graph.app()) as graph_url,
    ):
        channel_settings = dict(  # noqa: C408 - reads like the settings
            zalo_app_id=APP, zalo_oa_id=OA, zalo_oa_secret_key=SECRET, zalo_access_token=TOKEN,
            messenger_app_secret=FB_SECRET, messenger_verify_token=VERIFY, messenger_page_id=PAGE,
            messenger_page_token=PAGE_TOKEN,
        )  # fmt: skip
        settings = GatewaySettings(
            _env_file=None, zalo_api_url=zalo_url, messenger_api_url=graph_url, actions_url=zalo_url,
            **(channel_settings if configured else {}),
        )  # fmt: skip
        async with (
            assembled(
                configure(settings), folder=folder, bot=bot, clock=clock, http=http, answer_timeout_s=answer_timeout_s
            ) as whole,
            run_gateway(whole) as url,
        ):
            assert isinstance(whole.inbox, SqliteInbox)
            yield Stack(http, url, bot, zalo, graph, whole.inbox)


async def until(condition: Callable[[], bool], *, within_s: float = 20.0) -> None:
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.01)


def now_ms() -> int:
    return int(time.time() * 1000)


def from_zalo(text: str, *, user: str = "7000000000000000001", message_id: str | None = None) -> bytes:
    return zalo_event(
        text, app_id=APP, oa_id=OA, user_id=user, message_id=message_id or uuid4().hex, timestamp_ms=now_ms()
    )


async def test_a_signed_zalo_message_is_answered_with_its_source_after_the_machine_notice(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        assert (await stack.post_zalo(from_zalo("lương cơ sở?"))).status_code == 200
        await until(lambda: len(stack.zalo.arrived) == 2)
        notice, answer = stack.zalo.arrived
        assert notice.text == WORDING.text("gateway.machine_notice", "vi")
        assert answer.text.startswith("Trả lời cho: lương cơ sở?")
        assert "161/2026/NĐ-CP (15/05/2026), Điều 3" in answer.text
        assert "chưa thấy văn bản thay thế tính đến 01/07/2026" in answer.text
        assert answer.person == "7000000000000000001"
        await stack.post_zalo(from_zalo("nữa"))
        await until(lambda: len(stack.zalo.arrived) == 3)
        assert stack.zalo.arrived[2].text.startswith("Trả lời cho: nữa")


async def test_a_signed_messenger_message_is_answered_by_the_page(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        body = messenger_event("Xin chào", page_id=PAGE, user_id="200000000000002", message_id="m_1",
                               timestamp_ms=now_ms())  # fmt: skip
        assert (await stack.post_messenger(body)).status_code == 200
        await until(lambda: len(stack.graph.arrived) == 2)
        assert stack.graph.arrived[1].text.startswith("Trả lời cho: Xin chào")
        assert stack.graph.arrived[1].message["metadata"]
        assert not stack.graph.ledger.refused


async def test_the_same_event_three_times_is_answered_once(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        body = from_zalo("một lần", message_id="same")
        assert [(await stack.post_zalo(body)).status_code for _ in range(3)] == [200, 200, 200]
        await until(lambda: len(stack.zalo.arrived) == 2)
        await asyncio.sleep(0.3)
        assert len(stack.bot.turns) == 1
        assert len(stack.zalo.arrived) == 2


async def test_a_signed_event_of_last_week_is_let_go_and_counted(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        old = zalo_event(
            "cũ", app_id=APP, oa_id=OA, user_id="71", message_id="o1", timestamp_ms=now_ms() - 7 * 86_400_000
        )
        assert (await stack.post_zalo(old)).status_code == 200
        assert (await stack.inbox.depth()).inbox_open == 0
        metrics = (await stack.http.get(f"{stack.url}/metrics")).text
        assert 'govchat_events_total{channel="zalo",outcome="stale"} 1.0' in metrics


@pytest.mark.parametrize("path", ["/webhooks/zalo", "/webhooks/messenger"])
@pytest.mark.parametrize(
    "headers",
    [
        [], [(b"X-ZEvent-Signature", b"mac=\xff\xfe"), (b"X-ZEvent-Timestamp", b"\xff")],
        [(b"X-Hub-Signature-256", b"sha256=\xc3\xa9")], [(b"X-Hub-Signature-256", b"")],
        [(b"X-ZEvent-Signature", b"mac=0")] * 2, [(b"X-Hub-Signature-256", b"sha256=0")] * 2,
    ],
)  # fmt: skip
async def test_no_header_however_odd_gets_anything_but_403(
    tmp_path: Path, path: str, headers: list[tuple[bytes, bytes]]
) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        for body in (
            b'{"app_id":"4100000000000000001"}',
            b"[" * 100_000,
            b'{"app_id":"\\ud800","timestamp":"\\ud800"}',
        ):
            response = await stack.http.post(f"{stack.url}{path}", content=body, headers=headers)
            assert response.status_code == 403


async def test_unsigned_and_altered_events_are_refused_and_change_nothing(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        body = from_zalo("thật")
        altered = body.replace("thật".encode(), "giả".encode())
        headers = sign_zalo(body, app_id=APP, secret_key=SECRET)
        assert (await stack.post_zalo(altered, headers)).status_code == 403
        assert (await stack.post_zalo(body, {})).status_code == 403
        response = await stack.http.post(f"{stack.url}/webhooks/messenger", content=b'{"object":"page"}')
        assert response.status_code == 403
        assert (await stack.inbox.depth()).inbox_open == 0
        assert not stack.bot.turns
        metrics = (await stack.http.get(f"{stack.url}/metrics")).text
        assert 'govchat_webhooks_total{channel="zalo",outcome="bad_signature"} 2.0' in metrics


@pytest.mark.parametrize("configured", [True, False])
@pytest.mark.parametrize("body", [b"{}", b"", b" { } "])
async def test_the_registration_probe_gets_200_and_stores_nothing(
    tmp_path: Path, body: bytes, configured: bool
) -> None:
    async with running(tmp_path, ScriptedBot(cite), configured=configured) as stack:
        assert (await stack.post_zalo(body, {})).status_code == 200
        assert (await stack.inbox.depth()).inbox_open == 0


async def test_the_handshake_answers_the_challenge_verbatim(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        good = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
        response = await stack.http.get(f"{stack.url}/webhooks/messenger", params=good)
        assert (response.status_code, response.text) == (200, "1158201444")
        response = await stack.http.get(f"{stack.url}/webhooks/messenger", params={**good, "hub.verify_token": "x"})
        assert response.status_code == 403


async def test_the_api_answers_with_citations_and_keeps_the_conversation(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        first = (await stack.ask(question="lương cơ sở", lang="vi", as_of="2026-07-02")).json()
        assert first["status"] == "answered"
        assert first["text"] == "Trả lời cho: lương cơ sở"
        assert first["citations"] == [CITATION.to_wire()]
        assert first["notice"] == WORDING.text("gateway.machine_notice", "vi")
        assert (first["intent"], first["snapshot"]) == ("ask_policy", "s1")
        again = (await stack.ask(question="nữa", conversation_id=first["conversation_id"])).json()
        assert again["conversation_id"] == first["conversation_id"]
        assert again["notice"] is None
        turn = stack.bot.turns[0]
        assert turn.conversation == f"api:{first['conversation_id']}"
        assert (turn.lang, turn.as_of) == ("vi", date(2026, 7, 2))


async def test_a_question_without_an_answer_in_time_gets_504_with_its_conversation(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite, delay_s=1.0), answer_timeout_s=0.2) as stack:
        response = await stack.ask(question="chậm", conversation_id="abc")
        assert response.status_code == 504
        assert response.json()["conversation_id"] == "abc"
        assert response.json()["error"]["code"] == "timeout"


async def test_an_unavailable_bot_is_asked_again_until_it_answers(tmp_path: Path) -> None:
    bot = ScriptedBot(cite, failures=[BotUnavailable("starting"), BotUnavailable("starting")])
    async with running(tmp_path, bot) as stack:
        assert (await stack.ask(question="kiên nhẫn")).json()["status"] == "answered"
        assert len(bot.turns) == 3


async def test_quick_messages_of_one_person_are_answered_one_at_a_time_and_in_order(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite, delay_s=0.02)) as stack:
        for number in range(8):
            await stack.post_zalo(from_zalo(f"câu {number}"))
        await until(lambda: len(stack.zalo.arrived) == 9)
        assert stack.bot.overlaps == 0
        assert [turn.text for turn in stack.bot.turns] == [f"câu {number}" for number in range(8)]
        texts = [arrival.text.splitlines()[0] for arrival in stack.zalo.arrived[1:]]
        assert texts == [f"Trả lời cho: câu {number}" for number in range(8)]


async def test_a_send_that_fails_is_tried_again_and_a_refused_one_becomes_a_dead_letter(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        for code in (-32, -230):
            stack.zalo.api.fail_next(code)
        await stack.post_zalo(from_zalo("thử lại"))
        await until(lambda: len(stack.zalo.arrived) == 1)
        [letter] = await stack.inbox.dead_letters()
        assert "-230" in letter.reason
        assert letter.channel == "zalo"


async def test_readiness_names_each_collaborator_and_the_channels(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite), configured=False) as stack:
        stack.bot.is_up = False
        response = await stack.http.get(f"{stack.url}/health/ready")
        body = response.json()
        assert response.status_code == 503
        assert body["collaborators"]["bot"]["state"] == "down"
        assert body["collaborators"]["inbox"]["state"] == "ready"
        assert body["channels"]["zalo"]["state"] == "off"
        assert "GOVCHAT_ZALO_OA_SECRET_KEY" in body["channels"]["zalo"]["missing"]
        assert (await stack.http.get(f"{stack.url}/health/live")).status_code == 200


async def test_large_and_malformed_bodies_get_a_clear_error_and_the_gateway_lives_on(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        assert (await stack.post_zalo(b"x" * 5_000_000, {})).status_code == 413
        response = await stack.http.post(f"{stack.url}/api/v1/answers", content=b"{" + b" " * 70_000)
        assert response.status_code == 413
        for content in (b"", b"{", b"[]", b"\xff\xfe", b'{"question": 5}', b'{"question": "  "}', b"null"):
            response = await stack.http.post(f"{stack.url}/api/v1/answers", content=content)
            assert response.status_code == 400, content
            assert set(response.json()["error"]) == {"code", "message"}
        signed = sign_zalo(b'{"app_id":', app_id=APP, secret_key=SECRET, timestamp="")
        assert (await stack.post_zalo(b'{"app_id":', signed)).status_code == 200
        assert (await stack.ask(question="vẫn sống")).status_code == 200
        assert (await stack.http.get(f"{stack.url}/nowhere")).json()["error"]["code"] == "not_found"


async def test_a_long_question_is_read_to_2000_characters_and_the_person_is_told(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        answer = (await stack.ask(question="a" * 10_000)).json()
        assert len(stack.bot.turns[0].text) == 2_000
        assert "2.000" in answer["notice"]


async def test_the_page_has_a_strict_policy_no_inline_script_and_the_site_verification(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        response = await stack.http.get(f"{stack.url}/")
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "unsafe-inline" not in response.headers["content-security-policy"]
        assert 'lang="vi"' in response.text
        assert "<script>" not in response.text and "style=" not in response.text
        assert (await stack.http.get(f"{stack.url}/?lang=en")).text.count("Your question") >= 1
        for name in ("chat.js", "chat.css", "emblem.svg"):
            assert (await stack.http.get(f"{stack.url}/assets/{name}")).status_code == 200
        assert "innerHTML" not in (await stack.http.get(f"{stack.url}/assets/chat.js")).text


async def test_what_a_dead_process_left_is_answered_after_the_next_start(tmp_path: Path) -> None:
    clock = SystemClock()
    inbox = SqliteInbox(tmp_path / "govchat.db", clock=clock)
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        await stack.ask(question="mở kho")
    await inbox.open()
    event = InboundEvent("zalo", OA, "7000000000000000009", "left", "left", EventKind.TEXT, "còn đó không", clock.now())
    await inbox.accept(event)
    assert len(await inbox.claim(owner="dead process", limit=5, lease_s=3600)) == 1
    await inbox.close()
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        await until(lambda: len(stack.zalo.arrived) == 2)
        assert json.dumps(stack.zalo.arrived[1].message, ensure_ascii=False).count("còn đó không") == 1


async def test_a_store_that_fails_answers_503_and_never_200(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        await stack.inbox.close()
        assert (await stack.post_zalo(from_zalo("mất kho"))).status_code == 503
        assert "govchat_webhooks_total" in (await stack.http.get(f"{stack.url}/metrics")).text
        response = await stack.ask(question="mất kho")
        assert (response.status_code, response.json()["error"]["code"]) == (503, "store_unavailable")
        assert (await stack.http.get(f"{stack.url}/health/ready")).json()["collaborators"]["inbox"]["state"] == "down"
        await stack.inbox.open()
        assert (await stack.post_zalo(from_zalo("mất kho"))).status_code == 200
        await until(lambda: len(stack.zalo.arrived) == 2)


async def test_no_log_holds_a_text_an_id_of_a_person_or_a_secret(tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as logs:
        async with running(tmp_path, ScriptedBot(cite, failures=[BotUnavailable("x")])) as stack:
            for code in (-32, -201):
                stack.zalo.api.fail_next(code)
            await stack.post_zalo(from_zalo("số của tôi 0912345678"))
            await stack.post_zalo(from_zalo("không ký"), {})
            await until(lambda: len(stack.zalo.arrived) == 1)
    told = str(logs)
    assert {"turn_retried", "turn_finished", "message_unsent", "webhook_refused"} <= {log["event"] for log in logs}
    for secret in ("số của tôi", "0912345678", "không ký", "7000000000000000001", SECRET, TOKEN):
        assert secret not in told


@pytest.mark.parametrize("kind", ["image", "sticker", "location"])
async def test_what_is_not_text_is_answered_with_one_friendly_sentence(tmp_path: Path, kind: str) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        body = zalo_event(
            "", app_id=APP, oa_id=OA, user_id="71", message_id="i1", timestamp_ms=now_ms(), event=f"user_send_{kind}"
        )
        await stack.post_zalo(body)
        await until(lambda: len(stack.zalo.arrived) == 2)
        assert stack.zalo.arrived[1].text == WORDING.text(f"gateway.got_{kind}", "vi")
        assert not stack.bot.turns


async def test_receipts_and_echoes_are_taken_and_never_answered(tmp_path: Path) -> None:
    async with running(tmp_path, ScriptedBot(cite)) as stack:
        for kind in ("oa_send_text", "user_seen_message", "user_received_message", "something_new"):
            body = zalo_event("ours", app_id=APP, oa_id=OA, user_id="71", message_id=kind, timestamp_ms=1, event=kind)
            assert (await stack.post_zalo(body)).status_code == 200
        assert (await stack.inbox.depth()).inbox_open == 0
        assert not stack.bot.turns
