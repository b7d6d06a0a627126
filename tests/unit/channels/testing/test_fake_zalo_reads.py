"""What the fake Zalo tells: account, profile, history, quota, menu."""

import pytest

from channels.testing import FakeZalo, ManualClock, ZaloIds

ZALO = ZaloIds()
USER = "7000000000000000001"


async def test_the_account_is_named_by_oaid_and_is_a_governments(zalo: FakeZalo, api) -> None:
    zalo.phone(ZALO.oa_id, USER).follows()
    data = (await api.zalo_get("/v2.0/oa/getoa"))["data"]
    assert (data["oaid"], data["oa_type"], data["num_follower"]) == (ZALO.oa_id, 4, 1)


async def test_a_profile_tells_name_following_and_the_day_of_the_last_interaction(zalo: FakeZalo, api) -> None:
    zalo.phone(ZALO.oa_id, USER).sends_text("a")
    data = (await api.zalo_get("/v3.0/oa/user/detail", {"user_id": USER}))["data"]
    assert data["user_id"] == USER
    assert data["user_id_by_app"] != USER
    assert (data["user_is_follower"], data["user_last_interaction_date"]) == (False, "22/11/2026")


async def test_history_holds_both_sides_newest_first_and_ten_at_most(zalo: FakeZalo, clock: ManualClock, api) -> None:
    phone = zalo.phone(ZALO.oa_id, USER)
    asked = phone.sends_text("hỏi")
    clock.advance(1)
    answered = (await api.zalo({"text": "đáp"}))["data"]["message_id"]
    clock.advance(1)
    phone.sends_image("http://f1.zdn.vn/a.jpg")
    items = (await api.zalo_get("/v2.0/oa/conversation", {"user_id": USER, "offset": 0, "count": 10}))["data"]
    assert [(item["src"], item["type"], item["message"]) for item in items] == [
        (1, "image", ""), (0, "text", "đáp"), (1, "text", "hỏi"),
    ]  # fmt: skip
    assert [items[1]["message_id"], items[2]["message_id"]] == [answered, asked]
    assert (items[1]["from_id"], items[1]["to_id"]) == (ZALO.oa_id, USER)
    rest = await api.zalo_get("/v2.0/oa/conversation", {"user_id": USER, "offset": 2, "count": 1})
    assert [item["message"] for item in rest["data"]] == ["hỏi"]


@pytest.mark.parametrize(
    "data", [None, [], {"user_id": USER}, {"user_id": USER, "offset": 0, "count": 11}, {"offset": -1, "count": 1}]
)
async def test_a_page_of_history_that_cannot_be_is_refused(api, data: object) -> None:
    assert (await api.zalo_get("/v2.0/oa/conversation", data))["error"] == -201


async def test_recent_chat_shows_the_newest_message_of_each_conversation(
    zalo: FakeZalo, clock: ManualClock, api
) -> None:
    for user, text in (("7000000000000000002", "một"), (USER, "hai"), (USER, "ba")):
        zalo.phone(ZALO.oa_id, user).sends_text(text)
        clock.advance(1)
    items = (await api.zalo_get("/v2.0/oa/listrecentchat", {"offset": 0, "count": 10}))["data"]
    assert [item["message"] for item in items] == ["ba", "một"]


async def test_quota_is_told_for_a_person_and_for_what_was_bought(zalo: FakeZalo, api) -> None:
    zalo.phone(ZALO.oa_id, USER).sends_text("a")
    url, headers = "https://openapi.zalo.me/v3.0/oa/quota/message", {"access_token": ZALO.access_token}
    person = (await api.http.post(url, headers=headers, json={"user_id": USER})).json()["data"]
    assert person["last_interaction"] == str(int(zalo.clock.now().timestamp() * 1000))
    query = {"quota_owner": "OA", "product_type": "cs", "quota_type": "sub_quota"}
    [asset] = (await api.http.post(url, headers=headers, json=query)).json()["data"]
    assert asset["remain"] <= asset["total"]
    assert (await api.http.post(url, headers=headers, json={"user_id": "1"})).json()["error"] == -201


async def test_a_menu_of_any_shape_is_kept(zalo: FakeZalo, api) -> None:
    headers = {"access_token": ZALO.access_token}
    await api.http.post("https://openapi.zalo.me/v2.0/oa/menu", headers=headers, json={"data": [{"title": "Hỏi"}]})
    assert zalo.accounts[ZALO.oa_id].menu == {"data": [{"title": "Hỏi"}]}


async def test_unknown_people_have_no_profile(api) -> None:
    assert (await api.zalo_get("/v3.0/oa/user/detail", {"user_id": "1"}))["error"] == -201
