"""The Send API on the fake: windows, limits, templates, typing, codes, echoes, outages."""

import httpx
import pytest

from channels.testing import Author, FakeGraph, ManualClock, PageIds
from channels.testing.graph import INBOX_APP_ID

PAGE = PageIds()
PSID = "200000000000002"
TEXT = {"text": "Dạ, xin chào", "metadata": "7"}
OK, BAD = None, (100, None)


def template(**payload: object) -> dict[str, object]:
    return {"attachment": {"type": "template", "payload": payload}}


def button_template(*buttons: object, text: str = "Chọn một") -> dict[str, object]:
    return template(template_type="button", text=text, buttons=list(buttons))


def generic(*elements: object) -> dict[str, object]:
    return template(template_type="generic", elements=list(elements))


def quick(count: int, **changed: object) -> dict[str, object]:
    reply = {"content_type": "text", "title": "Một", "payload": "p", **changed}
    return {"text": "a", "quick_replies": [reply] * count}


POSTBACK = {"type": "postback", "title": "Xem", "payload": "p"}
URL = {"type": "web_url", "title": "Trang", "url": "https://example.vn/"}


def code_of(answer: dict) -> tuple[int, int | None] | None:
    error = answer.get("error")
    return (error["code"], error.get("error_subcode")) if error else None


@pytest.fixture(autouse=True)
def somebody_wrote(graph: FakeGraph) -> None:
    graph.phone(PAGE.page_id, PSID).sends_text("Cho tôi hỏi")


async def test_an_answer_arrives_with_its_metadata(graph: FakeGraph, api) -> None:
    answer = await api.page(TEXT)
    [line] = graph.arrived
    assert answer == {"recipient_id": PSID, "message_id": line.id}
    assert (line.text, line.message["metadata"], line.app_id) == (TEXT["text"], "7", PAGE.app_id)


async def test_the_window_closes_after_a_day(graph: FakeGraph, clock: ManualClock, api) -> None:
    clock.advance(24 * 3_600 + 1)
    assert code_of(await api.page(TEXT)) == (10, 2018278)
    graph.phone(PAGE.page_id, PSID).reads(0)
    assert code_of(await api.page(TEXT)) == (10, 2018278)
    graph.phone(PAGE.page_id, PSID).reacts("m_1")
    assert code_of(await api.page(TEXT)) is OK
    assert [refusal.subcode for refusal in graph.ledger.refused] == [2018278, 2018278]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"text": "a" * 2_000}, OK),
        ({"text": "a" * 2_001}, BAD),
        ({"text": ""}, BAD),
        ({}, BAD),
        ("x", BAD),
        (None, BAD),
        ({"text": "a", "attachment": {}}, BAD),
        ({"text": "a", "buttons": []}, BAD),
        ({"text": "a", "metadata": "a" * 1_001}, BAD),
        ({"sticker_id": 369239263222822}, OK),
        (quick(13), OK),
        (quick(14), BAD),
        (quick(0), BAD),
        (quick(1, payload="a" * 1_001), BAD),
        (quick(1, title=""), BAD),
        (quick(1, content_type="location"), BAD),
        (quick(1, content_type="user_email"), OK),
        (button_template(POSTBACK), OK),
        (button_template(POSTBACK, URL, {"type": "phone_number", "title": "Gọi", "payload": "+8428"}), OK),
        (button_template(*[POSTBACK] * 4), BAD),
        (button_template(), BAD),
        (button_template(POSTBACK, text="a" * 641), BAD),
        (button_template({**POSTBACK, "title": "a" * 21}), BAD),
        (button_template({**POSTBACK, "payload": "a" * 1_001}), BAD),
        (button_template({**URL, "url": "javascript:x"}), BAD),
        (button_template({"type": "phone_number", "title": "Gọi", "payload": "84"}), BAD),
        (button_template({"type": "dance", "title": "a"}), BAD),
        (button_template("x"), BAD),
        (generic({"title": "a", "subtitle": "b"}), OK),
        (generic({"title": "a"}), BAD),
        (generic({"title": "a" * 81, "subtitle": "b"}), BAD),
        (generic({"title": "a", "subtitle": "b" * 81}), BAD),
        (generic({"title": "a", "buttons": [POSTBACK] * 4}), BAD),
        (generic(*[{"title": "a", "subtitle": "b"}] * 11), BAD),
        (generic(), BAD),
        (template(template_type="media", elements=[{"media_type": "image", "attachment_id": "1"}]), OK),
        (template(template_type="media", elements=[{"media_type": "image"}]), BAD),
        (template(template_type="media", elements=[]), BAD),
        (template(template_type="coupon"), BAD),
        ({"attachment": {"type": "image", "payload": {"url": "https://example.vn/a.png"}}}, OK),
        ({"attachment": {"type": "image", "payload": {}}}, BAD),
        ({"attachment": {"type": "dance", "payload": {}}}, BAD),
        ({"attachment": "x"}, BAD),
    ],
)
async def test_a_message_is_taken_or_refused_by_the_limits(api, message: object, code: object) -> None:
    assert code_of(await api.page(message)) == code


async def test_a_long_title_of_a_quick_reply_is_cut_as_phones_cut_it(graph: FakeGraph, api) -> None:
    await api.page(quick(1, title="Một tên dài hơn hai mươi chữ"))
    [line] = graph.arrived
    assert len(line.message["quick_replies"][0]["title"]) == 20
    assert line.cut_titles == ("Một tên dài hơn hai mươi chữ",)


@pytest.mark.parametrize("messaging_type", [None, "UPDATE", "MESSAGE_TAG", ""])
async def test_only_a_response_is_taken(api, messaging_type: str | None) -> None:
    assert code_of(await api.page(TEXT, messaging_type=messaging_type)) == BAD
    assert code_of(await api.page(TEXT, messaging_type="MESSAGE_TAG", tag="HUMAN_AGENT")) == BAD


async def test_typing_stands_until_the_next_message(graph: FakeGraph, api) -> None:
    user = graph.user(PAGE.page_id, PSID)
    path = f"{PAGE.page_id}/messages"
    for action in ("mark_seen", "typing_on"):
        answer = await api.graph("POST", path, body={"recipient": {"id": PSID}, "sender_action": action})
        assert answer == {"recipient_id": PSID}
    assert (user.typing, user.has_seen_mark) == (True, True)
    await api.page(TEXT)
    assert not user.typing


async def test_a_typing_sign_is_sent_alone_and_exists(api) -> None:
    assert code_of(await api.page(TEXT, sender_action="typing_on")) == BAD
    body = {"recipient": {"id": PSID}, "sender_action": "dance"}
    assert code_of(await api.graph("POST", f"{PAGE.page_id}/messages", body=body)) == BAD


async def test_people_who_are_unknown_blocked_or_in_other_hands_are_not_reached(graph: FakeGraph, api) -> None:
    assert code_of(await api.page(TEXT, psid="1")) == (100, 2018001)
    graph.user(PAGE.page_id, PSID).send_error = (551, 1545041)
    assert code_of(await api.page(TEXT)) == (551, 1545041)
    graph.user(PAGE.page_id, PSID).send_error = None
    graph.user(PAGE.page_id, PSID).owner = INBOX_APP_ID
    assert code_of(await api.page(TEXT)) == (10, 2018300)


async def test_a_restricted_page_sends_nothing(graph: FakeGraph, api) -> None:
    graph.pages[PAGE.page_id].send_error = (10, 1893063)
    assert code_of(await api.page(TEXT)) == (10, 1893063)


async def test_token_and_proof_are_checked(graph: FakeGraph, clock: ManualClock, api) -> None:
    url = f"https://graph.facebook.com/v26.0/{PAGE.page_id}/messages"
    assert code_of(await api.graph("POST", "me/messages", token="other")) == (190, None)
    unproved = await api.http.post(url, headers={"authorization": f"Bearer {PAGE.page_token}"}, json={})
    assert code_of(unproved.json()) == BAD
    wrong = await api.http.post(url, params={"access_token": PAGE.page_token, "appsecret_proof": "0"}, json={})
    assert code_of(wrong.json()) == BAD
    token = graph.tokens[PAGE.page_token]
    token.expires_at = clock.now()
    assert code_of(await api.page(TEXT)) == (190, 463)
    token.is_valid = False
    assert code_of(await api.page(TEXT)) == (190, 460)


async def test_a_token_speaks_for_its_own_page_and_under_a_version(graph: FakeGraph, api) -> None:
    graph.add_page("100000000000009")
    assert code_of(await api.graph("POST", "100000000000009/messages", body={})) == (100, 33)
    response = await api.http.post(f"https://graph.facebook.com/{PAGE.page_id}/messages", json={})
    assert code_of(response.json()) == (2500, None)


async def test_a_page_may_send_so_many_messages_a_second(graph: FakeGraph, clock: ManualClock, api) -> None:
    graph.limits.light.limit, graph.limits.heavy.limit = 2, 1
    graph.regain_minutes = 5
    audio = {"attachment": {"type": "audio", "payload": {"url": "https://example.vn/a.mp3"}}}
    assert [code_of(await api.page(TEXT)) for _ in range(3)] == [OK, OK, (613, None)]
    assert [code_of(await api.page(audio)) for _ in range(2)] == [OK, (613, None)]
    clock.advance(1)
    assert code_of(await api.page(TEXT)) is OK


async def test_an_app_may_send_so_many_messages_a_day_for_each_person_that_it_knows(
    graph: FakeGraph, clock: ManualClock, api
) -> None:
    graph.limits.daily_per_person = 2
    assert [code_of(await api.page(TEXT)) for _ in range(3)] == [OK, OK, (4, None)]
    graph.phone(PAGE.page_id, "200000000000003").sends_text("a")
    assert code_of(await api.page(TEXT)) is OK
    clock.advance(86_400)
    graph.phone(PAGE.page_id, PSID).sends_text("a")
    assert code_of(await api.page(TEXT)) is OK


async def test_a_limit_can_say_how_long_it_lasts(graph: FakeGraph, api) -> None:
    graph.regain_minutes = 5
    graph.api.fail_next((613, None))
    url = f"https://graph.facebook.com/v26.0/{PAGE.page_id}/messages"
    response = await api.http.post(url, params={"access_token": PAGE.page_token}, json={})
    assert "x-business-use-case-usage" not in response.headers  # refused for its proof
    graph.apps[PAGE.app_id].requires_proof = False
    response = await api.http.post(url, params={"access_token": PAGE.page_token}, json={})
    assert '"estimated_time_to_regain_access": 5' in response.headers["x-business-use-case-usage"]


async def test_an_echo_names_our_app_and_metadata_and_can_come_before_the_answer(
    graph: FakeGraph, gateway, api
) -> None:
    await graph.delivery.deliver_due()
    graph.echo_first = True
    answer = await api.page(TEXT)
    echo = gateway.items[-1]
    assert echo["message"] == {
        "mid": answer["message_id"], "is_echo": True, "app_id": int(PAGE.app_id), **TEXT,
    }  # fmt: skip
    assert (echo["sender"], echo["recipient"]) == ({"id": PAGE.page_id}, {"id": PSID})


@pytest.mark.parametrize(("app_id", "shown"), [(INBOX_APP_ID, {"app_id": int(INBOX_APP_ID)}), (None, {})])
async def test_an_officer_at_the_inbox_is_told_by_a_foreign_app_id_or_none(
    graph: FakeGraph, gateway, app_id: str | None, shown: dict[str, int]
) -> None:
    graph.officer(app_id).sends_text(graph.user(PAGE.page_id, PSID), "Tôi là cán bộ")
    await graph.delivery.deliver_due()
    message = gateway.items[-1]["message"]
    assert {key: message[key] for key in message if key == "app_id"} == shown
    assert graph.arrived == []
    assert graph.ledger.conversation(PAGE.page_id, PSID)[-1].author is Author.OFFICER


async def test_ordered_errors_come_one_a_request(graph: FakeGraph, api) -> None:
    graph.api.fail_next((2, None), times=2)
    assert [code_of(await api.page(TEXT)) for _ in range(3)] == [(2, None), (2, None), OK]


async def test_outages_and_lost_answers(graph: FakeGraph, api) -> None:
    graph.api.is_down = True
    with pytest.raises(httpx.ConnectError):
        await api.page(TEXT)
    graph.api.is_down, graph.api.loses_answers = False, True
    with pytest.raises(httpx.ReadTimeout):
        await api.page(TEXT)
    graph.api.loses_answers = False
    await api.page(TEXT)
    assert [line.id for line in graph.ledger.repeated()] == [graph.arrived[1].id]
