"""The fake Viber: what it takes and refuses, and which callbacks follow."""

import json
from typing import Any

import httpx
import pytest

from channels.testing import FakeViber, ManualClock, ViberIds, in_process, one_bot
from tests.unit.channels.testing.conftest import Listener

IDS, PERSON = ViberIds(), "jc9HsWTZ2Yf2NkRZ8KcNug=="


class Calls:
    def __init__(self, *, subscribed: bool = True, **bot: Any) -> None:
        self.clock, self.listener = ManualClock(), Listener()
        self.fake: FakeViber = one_bot(clock=self.clock, post=self.listener, knows_everybody=False, **bot)
        [self.bot] = self.fake.bots.values()
        self.phone = self.fake.phone(self.bot, PERSON)
        if subscribed:
            self.phone.sends_text("chào")

    async def ask(self, path: str, body: object, *, token: str = IDS.auth_token) -> dict[str, Any]:
        async with httpx.AsyncClient(transport=in_process(viber=self.fake)) as http:
            url = f"https://chatapi.viber.com/pa/{path}"
            answer = await http.post(url, json=body, headers={"X-Viber-Auth-Token": token})
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    async def send(self, **changes: Any) -> int:
        body = {"receiver": PERSON, "type": "text", "text": "chào", "sender": {"name": "UBND"}, **changes}
        return int((await self.ask("send_message", body))["status"])

    async def heard(self) -> list[str]:
        await self.fake.delivery.deliver_due()
        return [event["event"] for event in self.listener.events]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 0), ({"text": ""}, 4), ({"text": "x" * 7_001}, 3), ({"sender": {}}, 4),
        ({"sender": {"name": "x" * 29}}, 3), ({"receiver": "nobody"}, 5), ({"receiver": ""}, 4), ({"type": ""}, 4),
        ({"tracking_data": "x" * 30_000}, 3),
    ],
)  # fmt: skip
async def test_a_message_is_taken_or_refused_by_its_status(changes: dict[str, Any], status: int) -> None:
    calls = Calls()
    assert await calls.send(**changes) == status
    assert len(calls.fake.arrived) == (status == 0)
    assert len(calls.fake.ledger.refused) == (status != 0)


async def test_a_wrong_token_and_a_body_that_is_none_are_refused() -> None:
    calls = Calls()
    assert (await calls.ask("get_account_info", {}, token="wrong"))["status"] == 2
    assert (await calls.ask("send_message", []))["status"] == 3


async def test_who_has_not_subscribed_or_does_no_longer_is_not_written_to() -> None:
    calls = Calls(subscribed=False)
    calls.phone.opens()
    assert await calls.send() == 6
    calls.phone.subscribes()
    assert await calls.send() == 0
    calls.phone.unsubscribes()
    assert await calls.send() == 6
    assert await calls.heard() == ["conversation_started", "subscribed", "delivered", "unsubscribed"]


async def test_a_hundred_messages_without_a_reply_are_enough_for_an_hour() -> None:
    calls = Calls()
    assert {await calls.send() for _ in range(100)} == {0}
    assert await calls.send() == 12
    calls.phone.sends_text("vâng")
    assert await calls.send() == 0


async def test_a_keyboard_that_a_phone_cannot_show_fails_after_it_was_taken() -> None:
    calls = Calls()
    assert await calls.send(keyboard={"Type": "keyboard", "Buttons": [{"ActionBody": "a"}] * 13}) == 0
    assert calls.fake.arrived == []
    assert await calls.heard() == ["message", "failed"]


async def test_a_webhook_is_tried_before_it_is_set_and_events_come_as_asked_for() -> None:
    calls = Calls(ids=ViberIds(webhook=""), subscribed=False)
    wanted = {"url": "https://chat.example.vn/webhooks/viber", "event_types": ["failed"]}
    assert await calls.send() == 10
    calls.listener.status = 403
    assert (await calls.ask("set_webhook", wanted))["status"] == 1
    calls.listener.status = 200
    assert (await calls.ask("set_webhook", wanted))["status"] == 0
    told = await calls.ask("get_account_info", {})
    assert told["webhook"] == wanted["url"]
    assert told["event_types"] == ["message", "subscribed", "unsubscribed", "failed"]
    calls.phone.opens()
    token = calls.phone.sends_text("chào")
    calls.phone.reads(token)
    assert await calls.heard() == ["webhook", "webhook", "message"]
    assert (await calls.ask("set_webhook", {"url": ""}))["status"] == 0
    calls.phone.sends_text("còn đó không?")
    assert await calls.heard() == ["webhook", "webhook", "message"]


async def test_a_callback_that_is_not_answered_comes_again_for_an_hour() -> None:
    calls = Calls()
    calls.listener.failures = 2
    for seconds in (0, 60, 240):
        calls.clock.advance(seconds)
        await calls.fake.delivery.deliver_due()
    assert len({json.dumps(event) for event in calls.listener.events}) == 1
    assert len(calls.listener.events) == 3
