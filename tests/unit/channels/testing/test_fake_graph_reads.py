"""What the fake Graph API tells and keeps: tokens, subscriptions, profile, conversations, owners."""

import json

import pytest

from channels.testing import FakeGraph, ManualClock, PageIds
from channels.testing.graph import INBOX_APP_ID
from channels.testing.graph.events import CHANGES, SAMPLES

PAGE = PageIds()
PSID = "200000000000002"
APP_TOKEN = f"{PAGE.app_id}|{PAGE.app_secret}"
FIELDS = "participants,messages.limit(2){id,message,from,created_time}"


def code_of(answer: dict) -> tuple[int, int | None] | None:
    error = answer.get("error")
    return (error["code"], error.get("error_subcode")) if error else None


async def test_a_token_is_described_to_its_app(graph: FakeGraph, clock: ManualClock, api) -> None:
    data = (await api.graph("GET", "debug_token", token=APP_TOKEN, input_token=PAGE.page_token))["data"]
    assert (data["is_valid"], data["expires_at"], data["profile_id"]) == (True, 0, PAGE.page_id)
    assert "pages_messaging" in data["scopes"]
    graph.tokens[PAGE.page_token].expires_at = clock.now()
    data = (await api.graph("GET", "debug_token", token=APP_TOKEN, input_token=PAGE.page_token))["data"]
    assert not data["is_valid"]
    unknown = await api.graph("GET", "debug_token", token=APP_TOKEN, input_token="x")
    assert not unknown["data"]["is_valid"]
    assert code_of(await api.graph("GET", "debug_token", token="1|x", input_token="x")) == (190, None)


async def test_a_subscription_is_shown_changed_and_taken_away(graph: FakeGraph, api) -> None:
    path = f"{PAGE.page_id}/subscribed_apps"
    [app] = (await api.graph("GET", path))["data"]
    assert app["id"] == PAGE.app_id
    assert await api.graph("POST", path, subscribed_fields="messages,message_echoes") == {"success": True}
    [app] = (await api.graph("GET", path))["data"]
    assert app["subscribed_fields"] == ["message_echoes", "messages"]
    assert code_of(await api.graph("POST", path, subscribed_fields="dances")) == (100, None)
    await api.graph("DELETE", path)
    assert (await api.graph("GET", path))["data"] == []


async def test_an_unsubscribed_app_is_missing_until_it_subscribes_again(graph: FakeGraph, api) -> None:
    path = f"{PAGE.page_id}/subscribed_apps"
    graph.delivery.unsubscribed.add((PAGE.app_id, PAGE.page_id))
    assert (await api.graph("GET", path))["data"] == []
    await api.graph("POST", path, subscribed_fields="messages")
    assert len((await api.graph("GET", path))["data"]) == 1


async def test_the_apps_own_webhook_is_told_to_the_app(api) -> None:
    [page] = (await api.graph("GET", f"{PAGE.app_id}/subscriptions", token=APP_TOKEN))["data"]
    assert (page["object"], page["active"]) == ("page", True)


async def test_the_page_and_its_people_can_be_looked_up(graph: FakeGraph, api) -> None:
    assert await api.graph("GET", "me", fields="id,name") == {"id": PAGE.page_id, "name": "Trang thử"}
    assert code_of(await api.graph("GET", PSID)) == (100, 33)
    graph.phone(PAGE.page_id, PSID).sends_text("a")
    assert await api.graph("GET", PSID, fields="first_name,last_name") == {
        "first_name": "Thử", "last_name": "Nguyễn Văn", "id": PSID,
    }  # fmt: skip


async def test_a_conversation_shows_both_sides_newest_first(graph: FakeGraph, clock: ManualClock, api) -> None:
    graph.phone(PAGE.page_id, PSID).sends_text("hỏi")
    clock.advance(1)
    sent = await api.page({"text": "đáp"})
    answer = await api.graph("GET", f"{PAGE.page_id}/conversations", user_id=PSID, fields=FIELDS)
    [conversation] = answer["data"]
    newest, older = conversation["messages"]["data"]
    assert (newest["id"], newest["message"], newest["from"]["id"]) == (sent["message_id"], "đáp", PAGE.page_id)
    assert (older["message"], older["from"]["id"]) == ("hỏi", PSID)
    assert newest["created_time"] == "2026-11-22T03:00:01+0000"


async def test_conversations_come_in_pages_and_twice_a_second(graph: FakeGraph, clock: ManualClock, api) -> None:
    for number in range(3):
        graph.phone(PAGE.page_id, f"20000000000000{number}").sends_text(str(number))
        clock.advance(1)
    path = f"{PAGE.page_id}/conversations"
    first = await api.graph("GET", path, limit="2", fields=FIELDS)
    assert [each["messages"]["data"][0]["message"] for each in first["data"]] == ["2", "1"]
    rest = await api.graph("GET", path, limit="2", fields=FIELDS, after=first["paging"]["cursors"]["after"])
    assert [each["messages"]["data"][0]["message"] for each in rest["data"]] == ["0"]
    assert code_of(await api.graph("GET", path)) == (613, None)
    clock.advance(1)
    assert code_of(await api.graph("GET", path, limit="x")) == (100, None)


MENU_ITEM = {"type": "postback", "title": "Hỏi", "payload": "p"}
GET_STARTED = {"get_started": {"payload": "GET_STARTED"}}


def menu(*items: object) -> dict[str, object]:
    return {"persistent_menu": [{"locale": "default", "call_to_actions": list(items)}]}


@pytest.mark.parametrize(
    ("profile", "is_taken"),
    [
        (GET_STARTED, True),
        ({"get_started": {}}, False),
        ({"greeting": [{"locale": "default", "text": "a" * 160}]}, True),
        ({"greeting": [{"locale": "default", "text": "a" * 161}]}, False),
        ({"greeting": [{"locale": "vi_VN", "text": "a"}]}, False),
        ({"greeting": [{"locale": "default", "text": "a"}] * 2}, False),
        ({"greeting": "x"}, False),
        ({"ice_breakers": [{"locale": "default", "call_to_actions": [{"question": "a", "payload": "p"}] * 4}]}, True),
        ({"ice_breakers": [{"locale": "default", "call_to_actions": [{"question": "a", "payload": "p"}] * 5}]}, False),
        ({"ice_breakers": [{"locale": "default", "call_to_actions": [{"question": "a" * 81, "payload": "p"}]}]}, False),
        ({**GET_STARTED, **menu(*[MENU_ITEM] * 20)}, True),
        ({**GET_STARTED, **menu(*[MENU_ITEM] * 21)}, False),
        ({**GET_STARTED, **menu({**MENU_ITEM, "title": "a" * 31})}, False),
        ({**GET_STARTED, **menu({"type": "web_url", "title": "a", "url": "https://example.vn"})}, True),
        ({**GET_STARTED, **menu({"type": "nested", "title": "a"})}, False),
        (menu(MENU_ITEM), False),
        ({"home_url": "https://example.vn"}, False),
        ({}, False),
    ],
)
async def test_a_profile_is_taken_or_refused_by_its_limits(
    graph: FakeGraph, api, profile: dict[str, object], is_taken: bool
) -> None:
    answer = await api.graph("POST", "me/messenger_profile", body=profile)
    assert (answer == {"result": "success"}) == is_taken
    shown = await api.graph("GET", "me/messenger_profile", fields="get_started,greeting,ice_breakers,persistent_menu")
    assert shown == {"data": [profile] if is_taken else []}


async def test_a_profile_loses_what_is_deleted_but_not_the_button_under_its_menu(graph: FakeGraph, api) -> None:
    path = "me/messenger_profile"
    await api.graph("POST", path, body={**GET_STARTED, **menu(MENU_ITEM)})
    assert code_of(await api.graph("DELETE", path, body={"fields": ["get_started"]})) == (100, 2018145)
    assert code_of(await api.graph("DELETE", path, body={})) == (100, None)
    await api.graph("DELETE", path, body={"fields": ["persistent_menu"]})
    assert graph.pages[PAGE.page_id].profile == GET_STARTED


async def test_a_conversation_passed_to_the_inbox_comes_as_standby_and_cannot_be_answered(
    graph: FakeGraph, gateway, api
) -> None:
    phone = graph.phone(PAGE.page_id, PSID)
    phone.sends_text("gặp cán bộ")
    body = {"recipient": {"id": PSID}, "target_app_id": INBOX_APP_ID, "metadata": "7"}
    assert await api.graph("POST", f"{PAGE.page_id}/pass_thread_control", body=body) == {"success": True}
    owner = await api.graph("GET", f"{PAGE.page_id}/thread_owner", recipient=PSID)
    assert owner["data"][0]["thread_owner"]["app_id"] == INBOX_APP_ID
    assert code_of(await api.page({"text": "a"})) == (10, 2018300)
    assert code_of(await api.graph("POST", f"{PAGE.page_id}/pass_thread_control", body=body)) == (10, 2018300)
    phone.sends_text("alo")
    phone.presses("Xem", "secret")
    graph.officer().sends_text(phone.user, "Tôi đây")
    await graph.delivery.deliver_due()
    kinds = [next(kind for kind in ("messaging", "standby") if kind in body["entry"][0]) for body in gateway.events]
    assert kinds == ["messaging", "standby", "standby", "standby"]
    assert "secret" not in json.dumps(gateway.items)


async def test_the_inbox_gives_a_conversation_back_and_we_are_told(graph: FakeGraph, gateway, api) -> None:
    phone = graph.phone(PAGE.page_id, PSID)
    phone.sends_text("a")
    graph.officer().takes_over(phone.user)
    graph.officer().gives_back(phone.user, PAGE.app_id)
    await graph.delivery.deliver_due()
    taken, given = gateway.items[-2:]
    assert taken["take_thread_control"]["new_owner_app_id"] == INBOX_APP_ID
    assert given["pass_thread_control"] == {
        "previous_owner_app_id": INBOX_APP_ID, "new_owner_app_id": PAGE.app_id, "metadata": "",
    }  # fmt: skip
    assert code_of(await api.page({"text": "a"})) is None


async def test_the_default_app_takes_a_conversation_and_others_ask_for_it(graph: FakeGraph, gateway, api) -> None:
    phone = graph.phone(PAGE.page_id, PSID)
    phone.sends_text("a")
    phone.user.owner = INBOX_APP_ID
    body = {"recipient": {"id": PSID}}
    assert await api.graph("POST", f"{PAGE.page_id}/request_thread_control", body=body) == {"success": True}
    assert await api.graph("POST", f"{PAGE.page_id}/take_thread_control", body=body) == {"success": True}
    assert phone.user.owner == PAGE.app_id
    graph.pages[PAGE.page_id].default_app = "1"
    assert code_of(await api.graph("POST", f"{PAGE.page_id}/take_thread_control", body=body)) == (10, None)
    wrong = {**body, "target_app_id": "5"}
    assert code_of(await api.graph("POST", f"{PAGE.page_id}/pass_thread_control", body=wrong)) == (100, None)


@pytest.mark.parametrize("kind", sorted(SAMPLES))
async def test_every_event_of_the_catalogue_is_marked_by_its_key(graph: FakeGraph, gateway, kind: str) -> None:
    graph.phone(PAGE.page_id, PSID).does(kind)
    await graph.delivery.deliver_due()
    [item] = gateway.items
    sample = SAMPLES[kind]
    assert item[sample.key] == sample.content
    assert ("timestamp" in item) == sample.has_time
    assert ("sender" in item) == (not sample.names_nobody)


@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_changes_of_the_page_come_in_entries_of_their_own(graph: FakeGraph, gateway, name: str) -> None:
    graph.change(PAGE.page_id, name, CHANGES[name])
    await graph.delivery.deliver_due()
    [entry] = gateway.events[0]["entry"]
    assert entry["changes"] == [{"field": name, "value": CHANGES[name]}]


@pytest.mark.parametrize(
    ("act", "key"),
    [
        (lambda phone: phone.sends_text("a", reply_to="m_0"), "message"),
        (lambda phone: phone.taps_quick_reply("Một", "p"), "message"),
        (lambda phone: phone.sends_image(caption="đây"), "message"),
        (lambda phone: phone.sends_sticker(), "message"),
        (lambda phone: phone.sends_location(10.7, 106.7), "message"),
        (lambda phone: phone.sends("audio"), "message"),
        (lambda phone: phone.gets_started(ref="poster"), "postback"),
        (lambda phone: phone.edits("m_1", "b"), "message_edit"),
        (lambda phone: phone.reacts("m_1", takes_back=True), "reaction"),
        (lambda phone: phone.receives(1, "m_1"), "delivery"),
        (lambda phone: phone.reads(1), "read"),
        (lambda phone: phone.comes_by_link("poster"), "referral"),
        (lambda phone: phone.does("dance"), "dance"),
    ],
)
async def test_what_a_person_does_is_told(graph: FakeGraph, gateway, act, key: str) -> None:
    act(graph.phone(PAGE.page_id, PSID))
    await graph.delivery.deliver_due()
    assert key in gateway.items[-1]


async def test_an_app_hears_only_of_fields_to_which_it_is_subscribed(graph: FakeGraph, gateway) -> None:
    graph.subscribe(PAGE.app_id, PAGE.page_id, frozenset({"messages"}))
    phone = graph.phone(PAGE.page_id, PSID)
    phone.reacts("m_1")
    phone.sends_text("a")
    phone.user.owner = INBOX_APP_ID
    phone.sends_text("b")
    await graph.delivery.deliver_due()
    assert [item["message"]["text"] for item in gateway.items] == ["a"]
