"""Every event of Zalo's catalogue comes in its envelope, to the apps that want it."""

import pytest

from channels.testing import FakeZalo, ZaloIds
from channels.testing.zalo.events import OF_USER, SAMPLES

ZALO = ZaloIds()
USER = "7000000000000000001"


async def event_of(zalo: FakeZalo, gateway) -> dict:
    await zalo.delivery.deliver_due()
    return gateway.events[-1]


@pytest.mark.parametrize("name", sorted(SAMPLES))
async def test_every_event_of_the_catalogue_names_its_app_account_and_time(zalo: FakeZalo, gateway, name: str) -> None:
    zalo.phone(ZALO.oa_id, USER).does(name)
    event = await event_of(zalo, gateway)
    assert (event["app_id"], event["event_name"]) == (ZALO.app_id, name)
    assert event["timestamp"] == str(int(zalo.clock.now().timestamp() * 1000))
    if name in ("follow", "unfollow"):
        assert (event["oa_id"], event["follower"]["id"]) == (ZALO.oa_id, USER)
    elif name in OF_USER:
        assert (event["oa_id"], event["user_id"]) == (ZALO.oa_id, USER)
    elif "sender" in event:
        assert {event["sender"]["id"], event["recipient"]["id"]} == {ZALO.oa_id, USER}
        assert (event["sender"]["id"] == ZALO.oa_id) == name.startswith(("oa_", "user_received", "user_seen"))
    else:
        assert event["oa_id"] == ZALO.oa_id


async def test_an_event_of_no_catalogue_comes_too(zalo: FakeZalo, gateway) -> None:
    zalo.phone(ZALO.oa_id, USER).does("user_dances", data={"x": 1})
    assert (await event_of(zalo, gateway))["data"] == {"x": 1}


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (lambda phone: phone.sends_text("a", quoted="m1"), "user_send_text"),
        (lambda phone: phone.presses("#btn:x"), "user_send_text"),
        (lambda phone: phone.sends_image("http://f1.zdn.vn/a.jpg", caption="đây"), "user_send_image"),
        (lambda phone: phone.sends_gif("http://f1.zdn.vn/a.gif"), "user_send_gif"),
        (lambda phone: phone.sends_link("https://vnexpress.net/a"), "user_send_link"),
        (lambda phone: phone.sends_audio("http://f1.zdn.vn/a.amr"), "user_send_audio"),
        (lambda phone: phone.sends_video("http://f1.zdn.vn/a.mp4"), "user_send_video"),
        (lambda phone: phone.sends_sticker(), "user_send_sticker"),
        (lambda phone: phone.sends_location(10.7769, 106.7009), "user_send_location"),
        (lambda phone: phone.sends_file("http://f1.zdn.vn/a.pdf"), "user_send_file"),
        (lambda phone: phone.sends_business_card("84900000001"), "user_send_business_card"),
        (lambda phone: phone.follows(), "follow"),
        (lambda phone: phone.unfollows(), "unfollow"),
        (lambda phone: phone.clicks_chat_now(), "user_click_chatnow"),
        (lambda phone: phone.receives("m1"), "user_received_message"),
        (lambda phone: phone.sees("m1", "m2"), "user_seen_message"),
        (lambda phone: phone.reacts("m1"), "user_reacted_message"),
        (lambda phone: phone.submits_info(name="Lê An", phone=84901234567), "user_submit_info"),
        (lambda phone: phone.withdraws(), "user_withdraw"),
        (lambda phone: phone.calls(), "user_call_oa"),
    ],
)
async def test_what_a_person_does_is_told(zalo: FakeZalo, gateway, act, name: str) -> None:
    act(zalo.phone(ZALO.oa_id, USER))
    event = await event_of(zalo, gateway)
    assert event["event_name"] == name
    if name.startswith("user_send"):
        assert event["message"]["msg_id"] == zalo.ledger.conversation(ZALO.oa_id, USER)[-1].id


async def test_chat_now_is_told_only_of_people_who_never_wrote(zalo: FakeZalo, gateway) -> None:
    phone = zalo.phone(ZALO.oa_id, USER)
    phone.sends_text("a")
    phone.clicks_chat_now()
    await zalo.delivery.deliver_due()
    assert [event["event_name"] for event in gateway.events] == ["user_send_text"]


async def test_a_switched_off_event_stays_silent(zalo: FakeZalo, gateway) -> None:
    zalo.apps[ZALO.app_id].events = frozenset({"follow"})
    phone = zalo.phone(ZALO.oa_id, USER)
    phone.sends_text("a")
    phone.follows()
    await zalo.delivery.deliver_due()
    assert [event["event_name"] for event in gateway.events] == ["follow"]


async def test_the_syntax_filter_lets_only_commands_through(zalo: FakeZalo, gateway) -> None:
    zalo.accounts[ZALO.oa_id].has_syntax_filter = True
    phone = zalo.phone(ZALO.oa_id, USER)
    phone.sends_text("hỏi")
    phone.sends_text("#hỏi")
    await zalo.delivery.deliver_due()
    assert [event["message"]["text"] for event in gateway.events] == ["#hỏi"]


async def test_every_app_of_an_account_hears_under_its_own_id_and_signature(zalo: FakeZalo, gateway) -> None:
    zalo.add_app("4100000000000000002", secret="s2", oa_secret_key="k2", post=gateway)
    zalo.grant("4100000000000000002", ZALO.oa_id)
    zalo.phone(ZALO.oa_id, USER).sends_text("a")
    await zalo.delivery.deliver_due()
    assert sorted(event["app_id"] for event in gateway.events) == [ZALO.app_id, "4100000000000000002"]
    assert len({headers["X-ZEvent-Signature"] for headers in gateway.headers}) == 2
