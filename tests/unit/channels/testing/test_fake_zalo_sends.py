"""Consultation messages on the fake Zalo: windows, limits, cards, codes, echoes, outages."""

import httpx
import pytest

from channels.testing import Author, FakeZalo, ManualClock, ZaloIds, in_process, one_oa
from channels.testing.signing import proof

ZALO = ZaloIds()
USER = "7000000000000000001"
TEXT = {"text": "Dạ, xin chào"}
HOUR = 3_600


def card(*buttons: dict[str, object], text: str = "Chọn một") -> dict[str, object]:
    return {"text": text, "attachment": {"type": "template", "payload": {"buttons": list(buttons)}}}


def media(**element: object) -> dict[str, object]:
    payload = {"template_type": "media", "elements": [{"media_type": "image", **element}]}
    return {"text": "", "attachment": {"type": "template", "payload": payload}}


BUTTON = {"title": "Xem thêm", "type": "oa.query.hide", "payload": "#btn:x"}
LINK = {"title": "Trang", "type": "oa.open.url", "payload": {"url": "https://example.vn/"}}
PHONE = {"title": "Gọi", "type": "oa.open.phone", "payload": {"phone_code": "84281000000"}}


@pytest.fixture(autouse=True)
def somebody_wrote(zalo: FakeZalo) -> None:
    zalo.phone(ZALO.oa_id, USER).sends_text("Cho tôi hỏi")


async def test_an_answer_arrives_and_is_free_within_two_days(zalo: FakeZalo, api) -> None:
    answer = await api.zalo(TEXT)
    assert answer["error"] == 0
    assert answer["data"]["quota"] == {"quota_type": "reply"}
    [line] = zalo.arrived
    assert (line.id, line.person, line.text) == (answer["data"]["message_id"], USER, TEXT["text"])
    assert line.was_open
    assert not line.is_billed


async def test_it_costs_money_after_two_days_and_is_refused_after_seven(
    zalo: FakeZalo, clock: ManualClock, api
) -> None:
    clock.advance(48 * HOUR + 1)
    token = zalo.grant(ZALO.app_id, ZALO.oa_id).access_token
    answer = await api.zalo(TEXT, token=token)
    assert answer["data"]["quota"] == {}
    assert zalo.arrived[0].is_billed
    assert zalo.accounts[ZALO.oa_id].billed == 1
    clock.advance(5 * 24 * HOUR)
    token = zalo.grant(ZALO.app_id, ZALO.oa_id).access_token
    assert (await api.zalo(TEXT, token=token))["error"] == -230
    assert [refusal.code for refusal in zalo.ledger.refused] == [-230]


async def test_somebody_who_only_follows_gets_three_welcomes_free(zalo: FakeZalo, api) -> None:
    other = "7000000000000000002"
    zalo.phone(ZALO.oa_id, other).follows()
    quotas = [(await api.zalo({"text": str(number)}, user=other))["data"]["quota"] for number in range(4)]
    assert quotas == [{"quota_type": "welcome_msg"}] * 3 + [{}]


async def test_a_receipt_or_a_reaction_opens_no_window(zalo: FakeZalo, api) -> None:
    phone = zalo.phone(ZALO.oa_id, "7000000000000000003")
    phone.sees("m1")
    phone.reacts("m1")
    assert (await api.zalo(TEXT, user="7000000000000000003"))["error"] == -230


async def test_an_id_that_the_account_never_saw_is_refused(api) -> None:
    assert (await api.zalo(TEXT, user="7999999999999999999"))["error"] == -201


@pytest.mark.parametrize("code", [-213, -217, -227, -244])
async def test_a_person_who_cannot_be_reached_is_refused_as_set(zalo: FakeZalo, api, code: int) -> None:
    zalo.user(ZALO.oa_id, USER).send_error = code
    assert (await api.zalo(TEXT))["error"] == code


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"text": "a" * 2_000}, 0),
        ({"text": "a" * 2_001}, -210),
        ({"text": "😀" * 1_001}, -210),
        ({"text": "   "}, -201),
        ({}, -201),
        ({"text": "a", "quick_replies": []}, -201),
        ({"text": "a", "quote_message_id": "m1"}, 0),
        (card(BUTTON, LINK, PHONE), 0),
        (card(), -201),
        (card(*[BUTTON] * 5), 0),
        (card(*[BUTTON] * 6), -201),
        (card(BUTTON, text=""), -201),
        (card({**BUTTON, "title": "a" * 100}), 0),
        (card({**BUTTON, "title": "a" * 101}), -201),
        (card({**BUTTON, "payload": "a" * 1_001}), -201),
        (card({**BUTTON, "type": "oa.open.nothing"}), -201),
        (card({**LINK, "payload": {"url": "javascript:x"}}), -201),
        (card({**PHONE, "payload": {"phone_code": "+84"}}), -201),
        (card({"title": "SMS", "type": "oa.open.sms", "payload": {"phone_code": "84", "content": "a" * 161}}), -201),
        (media(url="https://example.vn/a.png"), 0),
        (media(attachment_id="a1"), 0),
        (media(url="https://example.vn/a.png", attachment_id="a1"), -201),
        (media(), -201),
        ({"attachment": {"type": "file", "payload": {"token": "t"}}}, 0),
        ({"attachment": {"type": "file", "payload": {}}}, -201),
        ({"attachment": {"type": "video", "payload": {}}}, -233),
        ({"attachment": "x"}, -201),
        ("x", -201),
        (None, -201),
    ],
)
async def test_a_message_is_taken_or_refused_by_the_limits(api, message: object, code: int) -> None:
    assert (await api.zalo(message))["error"] == code


@pytest.mark.parametrize(
    ("elements", "code"),
    [
        ([{"title": "a", "subtitle": "b"}], 0),
        ([{"title": "a", "subtitle": "b"}, {"title": "c"}], 0),
        ([{"title": "a"}], -201),
        ([{"title": "a" * 101, "subtitle": "b"}], -201),
        ([{"title": "a", "subtitle": "b" * 501}], -201),
        ([{"title": "a", "subtitle": "b"}] * 6, -201),
        ([], -201),
    ],
)
async def test_a_list_is_taken_or_refused_by_the_limits(api, elements: list[object], code: int) -> None:
    payload = {"template_type": "list", "elements": elements}
    assert (await api.zalo({"attachment": {"type": "template", "payload": payload}}))["error"] == code


async def test_an_account_that_takes_no_cards_refuses_them_and_takes_the_text(zalo: FakeZalo, api) -> None:
    zalo.accounts[ZALO.oa_id].accepts_cards = False
    assert (await api.zalo(card(BUTTON)))["error"] == -201
    assert (await api.zalo(TEXT))["error"] == 0


async def test_a_proof_is_checked_where_it_is_given(api) -> None:
    good = proof(ZALO.access_token, ZALO.app_secret)
    assert (await api.zalo(TEXT, appsecret_proof=good))["error"] == 0
    assert (await api.zalo(TEXT, appsecret_proof="0" * 64))["error"] == -242


async def test_a_token_that_nobody_gave_is_refused(api) -> None:
    assert (await api.zalo(TEXT, token="other"))["error"] == -216


@pytest.mark.parametrize("code", [-209, -212, -219])
async def test_an_app_in_trouble_is_refused(zalo: FakeZalo, api, code: int) -> None:
    zalo.apps[ZALO.app_id].send_error = code
    assert (await api.zalo(TEXT))["error"] == code


@pytest.mark.parametrize("code", [-204, -221, -224, -248])
async def test_an_account_in_trouble_is_refused(zalo: FakeZalo, api, code: int) -> None:
    zalo.accounts[ZALO.oa_id].send_error = code
    assert (await api.zalo(TEXT))["error"] == code


async def test_ordered_errors_come_one_a_request(zalo: FakeZalo, api) -> None:
    zalo.api.fail_next(-32)
    zalo.api.fail_next(-200, times=2)
    assert [(await api.zalo(TEXT))["error"] for _ in range(4)] == [-32, -200, -200, 0]
    assert len(zalo.arrived) == 1


async def test_an_app_is_stopped_after_its_calls_of_a_minute_and_told_how_many_are_left(
    zalo: FakeZalo, clock: ManualClock, api
) -> None:
    zalo.rate.limit = 2
    assert [(await api.zalo(TEXT))["error"] for _ in range(3)] == [0, 0, -32]
    response = await api.http.get("https://openapi.zalo.me/v2.0/oa/getoa", headers={"access_token": ZALO.access_token})
    assert response.headers["X-RateLimit-Remaining"] == "0"
    clock.advance(60)
    assert (await api.zalo(TEXT))["error"] == 0


async def test_the_two_old_addresses_say_that_they_are_gone(api) -> None:
    headers = {"access_token": ZALO.access_token}
    old = await api.http.post("https://openapi.zalo.me/v2.0/oa/message", headers=headers, json={})
    bare = await api.http.post("https://openapi.zalo.me/v3.0/oa/message", headers=headers, json={})
    assert (old.json()["error"], bare.json()["error"], bare.status_code) == (-240, 404, 404)


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (TEXT, "oa_send_text"),
        (media(url="https://example.vn/a.png"), "oa_send_image"),
        (media(media_type="sticker", attachment_id="a"), "oa_send_sticker"),
        ({"attachment": {"type": "file", "payload": {"token": "t"}}}, "oa_send_file"),
        (card(BUTTON), "oa_send_template"),
    ],
)
async def test_every_send_is_echoed_under_its_own_id(
    zalo: FakeZalo, gateway, api, message: dict[str, object], name: str
) -> None:
    await zalo.delivery.deliver_due()
    message_id = (await api.zalo(message))["data"]["message_id"]
    assert len(gateway.bodies) == 1
    await zalo.delivery.deliver_due()
    echo = gateway.events[-1]
    assert (echo["event_name"], echo["message"]["msg_id"]) == (name, message_id)
    assert (echo["sender"], echo["recipient"]) == ({"id": ZALO.oa_id}, {"id": USER})


async def test_an_echo_can_come_before_the_answer(zalo: FakeZalo, gateway, api) -> None:
    zalo.echo_first = True
    answer = await api.zalo(TEXT)
    assert gateway.events[-1]["message"]["msg_id"] == answer["data"]["message_id"]


async def test_an_officer_who_answers_by_hand_is_named_in_the_echo(zalo: FakeZalo, gateway) -> None:
    user = zalo.user(ZALO.oa_id, USER)
    zalo.officer("6000000000000000007").sends_text(user, "Tôi là cán bộ")
    await zalo.delivery.deliver_due()
    assert gateway.events[-1]["sender"] == {"id": ZALO.oa_id, "admin_id": "6000000000000000007"}
    assert zalo.arrived == []
    assert zalo.ledger.conversation(ZALO.oa_id, USER)[-1].author is Author.OFFICER


async def test_an_outage_refuses_the_connection(zalo: FakeZalo, api) -> None:
    zalo.api.is_down = True
    with pytest.raises(httpx.ConnectError):
        await api.zalo(TEXT)
    assert zalo.arrived == []


async def test_a_lost_answer_belongs_to_a_message_that_arrived(zalo: FakeZalo, api) -> None:
    zalo.api.lose_next()
    with pytest.raises(httpx.ReadTimeout):
        await api.zalo(TEXT)
    assert len(zalo.arrived) == 1
    await api.zalo(TEXT)
    assert [line.id for line in zalo.ledger.repeated()] == [zalo.arrived[1].id]


async def test_a_proxy_in_trouble_answers_without_json_and_does_nothing(zalo: FakeZalo, api) -> None:
    zalo.api.garble_next()
    response = await api.http.post("https://openapi.zalo.me/v3.0/oa/message/cs", json={})
    assert (response.status_code, response.headers["content-type"]) == (502, "text/html; charset=utf-8")


async def test_two_accounts_know_the_same_number_as_two_people(zalo: FakeZalo, api) -> None:
    zalo.add_account("9000000000000000002")
    token = zalo.grant(ZALO.app_id, "9000000000000000002").access_token
    assert (await api.zalo(TEXT, token=token))["error"] == -201
    zalo.phone("9000000000000000002", USER).sends_text("a")
    await api.zalo(TEXT, token=token)
    assert [line.account for line in zalo.ledger.sent_to(USER)] == ["9000000000000000002"]


async def test_a_world_that_knows_everybody_takes_a_message_to_anybody(clock: ManualClock) -> None:
    zalo = one_oa(clock=clock)
    async with httpx.AsyncClient(transport=in_process(zalo)) as http:
        body = {"recipient": {"user_id": "7000000000000000099"}, "message": TEXT}
        headers = {"access_token": ZALO.access_token}
        url = "https://openapi.zalo.me/v3.0/oa/message/cs"
        assert (await http.post(url, json=body, headers=headers)).json()["error"] == 0
