"""A question on each channel, from the signed webhook to the fake platform, through every real part."""

from __future__ import annotations

import httpx
import pytest

from tests.e2e.conftest import ACCOUNTS, wait_until

pytestmark = pytest.mark.e2e

QUESTION = "mức lương cơ sở từ 1/7/2026 là bao nhiêu"
TYPED_BARE = "muc luong co so tu 1/7/2026 la bao nhieu"


def ask(stack, question, **more):
    response = httpx.post(f"{stack.url}/api/v1/answers", json={"question": question, **more}, timeout=30)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("question", [QUESTION, TYPED_BARE])
def test_the_api_answers_from_the_decree_however_the_question_is_typed(stack, question):
    answer = ask(stack, question)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["number"] == "161/2026/NĐ-CP"
    assert "2.530.000" in answer["text"]
    assert answer["snapshot"]


def test_a_question_on_zalo_is_answered_there_with_its_source(stack, platforms):
    person = "7000000000000000001"
    assert platforms.write_on_zalo(person, QUESTION, message_id="z-1").status_code == 200
    wait_until(lambda: any("161/2026/NĐ-CP" in text for text in platforms.arrived_on_zalo(person)))
    first, *_ = platforms.arrived_on_zalo(person)
    assert "tự động" in first  # the notice that this is a machine comes first


def test_a_question_on_messenger_is_answered_there_with_its_source(stack, platforms):
    person = "200000000000002"
    assert platforms.write_on_messenger(person, TYPED_BARE, message_id="m_1").status_code == 200
    wait_until(lambda: any("161/2026/NĐ-CP" in text for text in platforms.arrived_on_messenger(person)))
    first, *_ = platforms.arrived_on_messenger(person)
    assert "tự động" in first


def test_the_same_event_sent_three_times_is_answered_once(stack, platforms):
    person = "7000000000000000002"
    body = platforms.zalo_body(person, "xin chào", message_id="z-thrice")
    assert [platforms.post_zalo(body).status_code for _ in range(3)] == [200, 200, 200]
    wait_until(lambda: platforms.arrived_on_zalo(person))
    platforms.write_on_zalo(person, "cảm ơn", message_id="z-after")
    wait_until(lambda: len(platforms.arrived_on_zalo(person)) >= 3)
    assert len(platforms.arrived_on_zalo(person)) == 3  # the notice, one greeting, one answer to the thanks


def test_an_unsigned_or_altered_event_is_refused_and_changes_nothing(stack, platforms):
    person = "7000000000000000003"
    body = platforms.zalo_body(person, "xin chào", message_id="z-forged")
    unsigned = httpx.post(f"{stack.url}/webhooks/zalo", content=body)
    altered = httpx.post(
        f"{stack.url}/webhooks/zalo",
        content=body.replace("xin chào".encode(), b"xin chao"),
        headers={"X-ZEvent-Signature": "mac=" + "0" * 64},
    )
    messenger = httpx.post(f"{stack.url}/webhooks/messenger", content=b"{}")
    assert [unsigned.status_code, altered.status_code, messenger.status_code] == [403, 403, 403]
    ask(stack, "xin chào")  # whatever the forged events could have caused would have come by now
    assert platforms.arrived_on_zalo(person) == []


def test_zalos_unsigned_probe_is_accepted_and_does_nothing(stack):
    assert httpx.post(f"{stack.url}/webhooks/zalo", content=b"{}").status_code == 200


def test_messengers_handshake_returns_the_challenge_to_who_knows_the_token(stack):
    parameters = {"hub.mode": "subscribe", "hub.verify_token": ACCOUNTS["MESSENGER_VERIFY_TOKEN"]}
    right = httpx.get(f"{stack.url}/webhooks/messenger", params={**parameters, "hub.challenge": "1158201444"})
    assert (right.status_code, right.text) == (200, "1158201444")
    wrong = httpx.get(f"{stack.url}/webhooks/messenger", params={**parameters, "hub.verify_token": "guess"})
    assert wrong.status_code == 403


def test_text_that_looks_like_a_command_is_text(stack):
    answer = ask(stack, "/restart")  # as a command Rasa would restart the conversation and say nothing
    assert not answer["status"].startswith("error_")
    assert answer["intent"] != "restart"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"question": 5}', 400),
        (b'{"question": ""}', 400),
        (b'{"question": "\xff"}', 400),
        (b'{"question": "' + b"a" * 70_000 + b'"}', 413),
    ],
)
def test_bad_input_to_the_api_gets_a_clear_error(stack, body, status):
    response = httpx.post(f"{stack.url}/api/v1/answers", content=body, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert set(response.json()["error"]) >= {"code", "message"}


def test_a_very_long_question_is_read_in_part_and_the_person_is_told(stack):
    answer = ask(stack, QUESTION + " xin cho biết" * 300)
    assert answer["status"] != "error_bot"
    assert "2,000" in str(answer) or "2.000" in str(answer)


def test_control_and_zero_width_characters_do_no_harm(stack):
    answer = ask(stack, "mức lương\u200b cơ sở\u0007 từ 1/7/2026 là bao nhiêu\u202e")
    assert answer["citations"][0]["number"] == "161/2026/NĐ-CP"


def test_validity_is_judged_on_the_day_asked_about(stack):
    number = "Nghị định 42/2022/NĐ-CP còn hiệu lực không?"
    assert ask(stack, number)["citations"][0]["validity"] == "expired"
    assert ask(stack, number, as_of="2026-06-30")["citations"][0]["validity"] != "expired"


def test_health_and_metrics_name_every_collaborator(stack):
    ready = httpx.get(f"{stack.url}/health/ready").json()
    assert {"inbox", "bot", "actions"} <= set(str(ready).replace("'", " ").replace(":", " ").split())
    assert "govchat" in httpx.get(f"{stack.url}/metrics").text
