"""The signatures are those of the references' test vectors, and the recording channel tells what it was given."""

import pytest

from bot.reply import AnswerStatus, Reply
from channels.errors import RetryLater
from channels.event import OutboxMessage, TurnOutcome
from channels.testing import RecordingSender, messenger_event, sign_messenger, sign_zalo
from channels.testing.signing import proof, zalo_json

ZALO_BODY = {
    "app_id": "4100000000000000001",
    "sender": {"id": "7000000000000000001"},
    "user_id_by_app": "8000000000000000001",
    "recipient": {"id": "9000000000000000001"},
    "event_name": "user_send_text",
    "message": {"text": "Xin chào", "msg_id": "demo0001"},
    "timestamp": "1767225600000",
}


def test_a_zalo_request_is_signed_as_in_the_reference() -> None:
    body = zalo_json(ZALO_BODY)
    assert len(body) == 259
    headers = sign_zalo(body, app_id="4100000000000000001", secret_key="oaSecretDemo123")
    assert headers["X-ZEvent-Signature"] == "mac=4d0fff3d84246cb3ed63b1a72f2a7188f1aa06b0bc0d3abd1ff9d8baa9ef085b"


def test_a_messenger_request_is_signed_as_in_the_reference() -> None:
    body = messenger_event(
        "Xin chào",
        page_id="100000000000001",
        user_id="200000000000002",
        message_id="m_demo0001",
        timestamp_ms=1767225600000,
    ).replace(b'"time":1767225600000', b'"time":1767225600123')
    assert len(body) == 240
    headers = sign_messenger(body, app_secret="fbAppSecretDemo123")
    assert headers["X-Hub-Signature-256"] == ("sha256=2b02d6aadf48628d6367ff6018621c11a519851b55c8933e5a0dcadb0e93b40b")
    assert headers["X-Hub-Signature"] == "sha1=5787fb6b1014dd4e7bafae2c4f6959d6abe1649a"


def test_a_proof_is_that_of_the_reference() -> None:
    expected = "c17e2098ec29dd80770c47ab0ab1c585f320a614d30784c42ef6dc3058359acf"
    assert proof("EAAdemoPageToken", "fbAppSecretDemo123") == expected


async def test_the_recording_channel_keeps_fails_as_told_and_finds_what_it_sent() -> None:
    channel = RecordingSender("zalo", failures=[RetryLater("busy")])
    [payload] = channel.render(TurnOutcome((Reply(AnswerStatus.CHATTED, "chào"),)), account="9")
    message = OutboxMessage(
        id=7, owner="o", channel="zalo", account="9", person="7", in_reply_to="m1", payload=payload, attempts=1
    )
    with pytest.raises(RetryLater):
        await channel.send(message)
    assert await channel.find_sent(message) is None
    assert await channel.send(message) == await channel.find_sent(message) == "sent-1"
