"""From Zalo's bodies to events; payloads are those of reference/zalo-oa.md section 5 (2026-11-29) with invented ids."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.buttons import Buttons
from channels.errors import MalformedEvent
from channels.event import EventKind, InboundEvent, ParsedRequest, Place, Signal, SignalKind
from channels.ports import VerifiedRequest
from channels.zalo.parse import parse

OA = "9000000000000000001"
USER = "7000000000000000001"
BUTTONS = Buttons(b"a secret of sixteen bytes")
RECORDED = json.loads((Path(__file__).parents[2] / "fixtures/zalo/events.json").read_text())["events"]
MESSAGE = RECORDED[0]["body"]
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)

K, S = EventKind, SignalKind

CATALOGUE: dict[str, EventKind | SignalKind] = {
    # section 5.1
    "user_send_text": K.TEXT, "user_send_image": K.IMAGE, "user_send_gif": K.IMAGE, "user_send_link": K.LINK,
    "user_send_audio": K.AUDIO, "user_send_video": K.VIDEO, "user_send_sticker": K.STICKER,
    "user_send_location": K.LOCATION, "user_send_file": K.FILE, "user_send_business_card": K.CONTACT,
    # section 5.2
    "oa_send_text": S.ECHO, "oa_send_image": S.ECHO, "oa_send_gif": S.ECHO, "oa_send_list": S.ECHO,
    "oa_send_file": S.ECHO, "oa_send_sticker": S.ECHO, "oa_send_template": S.ECHO,
    # section 5.3
    "user_received_message": S.DELIVERED, "user_seen_message": S.READ,
    # section 5.4
    "follow": K.OPENED, "unfollow": S.UNFOLLOWED, "user_click_chatnow": K.OPENED, "user_submit_info": S.INTERACTED,
    "user_reacted_message": S.REACTED, "oa_reacted_message": S.ADMINISTRATION, "add_user_to_tag": S.TAGGED,
    "remove_user_from_tag": S.TAGGED, "remove_tag": S.TAGGED, "update_user_info": S.ADMINISTRATION,
    "user_feedback": S.INTERACTED, "user_withdraw": S.WITHDREW,
    # section 5.5
    **{f"anonymous_send_{kind}": S.ANONYMOUS for kind in
       ("text", "image", "file", "sticker", "link", "gif", "audio", "video", "location")},
    **{f"oa_send_anonymous_{kind}": S.ANONYMOUS for kind in ("text", "image", "file", "sticker")},
    # section 5.6
    "user_call_oa": S.INTERACTED, "oa_call_user": S.CALLED, "oa_send_consent": S.CALLED, "user_reply_consent": S.CALLED,
    **dict.fromkeys(
        ("create_group", "user_join_group", "user_request_join_group", "accept_request_join_group",
         "react_request_join_group", "reject_request_join_group", "add_group_admin", "remove_group_admin",
         "update_group_info", "user_out_group", "delete_group", "user_send_group_text", "user_send_group_image",
         "user_send_group_link", "user_send_group_audio", "user_send_group_location", "user_send_group_video",
         "user_send_group_business_card", "user_send_group_sticker", "user_send_group_gif", "user_send_group_file",
         "oa_send_group_text", "oa_send_group_image", "oa_send_group_file", "oa_send_group_sticker"), S.GROUP),
    **dict.fromkeys(
        ("change_oa_daily_quota", "change_oa_template_tags", "change_template_quality", "change_template_quota",
         "event_journey_time_out", "event_journey_acknowledged"), S.TEMPLATE),
    "widget_interaction_accepted": S.INTERACTED, "widget_failed_to_sync_user_external_id": S.ADMINISTRATION,
    "extension_purchased": S.ADMINISTRATION, "shop_has_order": S.ADMINISTRATION,
}  # fmt: skip
"""Every event name of section 5, without the two that it calls absent from the official catalogue."""


def read(fields: object, *, oa_ids: tuple[str, ...] = (OA,)) -> ParsedRequest:
    return parse(VerifiedRequest(json.dumps(fields).encode()), oa_ids=oa_ids, buttons=BUTTONS)


def event(fields: object) -> InboundEvent:
    [found] = read(fields).events
    return found


def signal(fields: object) -> Signal:
    [found] = read(fields).signals
    return found


def recorded(name: str) -> list[dict]:
    """Payloads of that name; where its shape is not documented, the one that its family shares."""
    found = [each["body"] for each in RECORDED if each["body"]["event_name"] == name]
    if found:
        return found
    if name.startswith(("anonymous_send_", "oa_send_anonymous_")):
        return [{**recorded(name[: name.rindex("_") + 1] + "text")[0], "event_name": name}]
    return [{"app_id": "4100000000000000001", "oa_id": OA, "event_name": name, "timestamp": "1767225605000"}]


def sent(name: str, **message: object) -> dict:
    return {**MESSAGE, "event_name": name, "message": {"msg_id": "m1", **message}}


def attached(name: str, kind: str, payload: object, text: str = "") -> dict:
    return sent(name, text=text, attachments=[{"type": kind, "payload": payload}])


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_event_of_the_reference_has_a_typed_outcome(name: str) -> None:
    for fields in recorded(name):
        parsed = read(fields)
        assert parsed.ignored == ()
        [found] = [*parsed.events, *parsed.signals]
        is_exception = "tracking_id" in fields.get("message", {}) or "admin_id" in fields.get("sender", {})
        assert is_exception or found.kind is CATALOGUE[name]
        assert isinstance(found, InboundEvent) or found.name == name
        assert found.account == OA


def test_every_recorded_payload_is_of_the_catalogue() -> None:
    assert {each["body"]["event_name"] for each in RECORDED} <= CATALOGUE.keys()


def test_a_text_is_read_with_everything_needed_to_answer() -> None:
    found = event(MESSAGE)
    assert found.conversation == f"zalo:{OA}:{USER}"
    assert (found.kind, found.text, found.message_id) == (K.TEXT, "Còn phòng không ạ?", "demo0001")
    assert found.dedup_key == f"{OA}:msg:in:demo0001"
    assert found.occurred_at == NEW_YEAR


@pytest.mark.parametrize("name", [name for name, kind in CATALOGUE.items() if name.startswith("user_send_")])
def test_no_address_of_media_is_kept(name: str) -> None:
    for fields in recorded(name):
        assert "https" not in repr(read(fields))


@pytest.mark.parametrize("kind", ["image", "gif", "audio", "video", "file", "link"])
def test_what_is_typed_beside_media_is_a_question(kind: str) -> None:
    fields = attached(f"user_send_{kind}", kind, {"url": "https://a.zdn.vn/x"}, "Giấy này xin ở đâu? https://a.vn/1")
    assert (event(fields).kind, event(fields).text) == (K.TEXT, "Giấy này xin ở đâu? https://a.vn/1")


@pytest.mark.parametrize(
    ("kind", "payload", "text", "expected"),
    [
        ("link", {"url": "https://a.vn/1"}, "https://a.vn/1", K.LINK),
        ("link", {"url": "https://a.vn/1"}, " www.a.vn/1  https://a.vn/1 !", K.LINK),
        ("link", {"url": "https://a.vn/1", "description": "Một bài viết"}, "Một bài viết", K.LINK),
        ("file", {"url": "https://a.zdn.vn/x", "name": "don.pdf"}, "don.pdf", K.FILE),
        ("image", {"url": "https://a.zdn.vn/x"}, "...", K.IMAGE),
        ("image", {"url": "https://a.zdn.vn/x"}, None, K.IMAGE),
        ("image", {"url": "https://a.zdn.vn/x"}, 7, K.IMAGE),
    ],
)
def test_links_file_names_and_signs_beside_media_are_no_question(kind, payload, text, expected) -> None:
    found = event(attached(f"user_send_{kind}", kind, payload, text))
    assert (found.kind, found.text) == (expected, "")


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("10.7769", "106.7009"), (10.7769, 106.7009), (" 10.7769 ", "+1.067009e2")]
)
def test_a_location_is_read_in_both_shapes_from_texts_and_numbers(latitude: object, longitude: object) -> None:
    coordinates = {"latitude": latitude, "longitude": longitude}
    for fields in (
        attached("user_send_location", "location", {"coordinates": coordinates}),
        attached("user_send_location", "location", coordinates),
        sent("user_send_location", location=coordinates),
        sent("user_send_location", location={"coordinates": coordinates}),
    ):
        assert (event(fields).kind, event(fields).place) == (K.LOCATION, Place(10.7769, 106.7009))


@pytest.mark.parametrize(
    "latitude", ["", "north", "90.1", 91, -90.5, 10**400, True, None, [], {}, "nan", "1_0", "10,7"]
)
def test_a_place_that_is_nowhere_is_a_location_without_a_place(latitude: object) -> None:
    fields = sent("user_send_location", location={"latitude": latitude, "longitude": 106.7})
    assert (event(fields).kind, event(fields).place) == (K.LOCATION, None)


@pytest.mark.parametrize(
    "attachments", [None, 5, [], [5], [{}], [{"payload": "x"}], [{"payload": {"coordinates": "x"}}]]
)
@pytest.mark.parametrize("kind", ["location", "image", "link", "business_card"])
def test_odd_attachments_do_not_lose_a_message(kind: str, attachments: object) -> None:
    found = event(sent(f"user_send_{kind}", attachments=attachments))
    assert (found.kind, found.text, found.place) == (CATALOGUE[f"user_send_{kind}"], "", None)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ('{"phone":"84900000001","qrCodeUrl":"https://qr.zdn.vn/x"}', K.CONTACT),
        ('{"phone":84900000001}', K.CONTACT),
        ('{"title":"x"}', K.LINK), ("Một bài viết", K.LINK), ("[" * 100_000, K.LINK), ('{"phone":', K.LINK),
        ('"phone"', K.LINK), ("\ud800", K.LINK), (None, K.LINK), ({"phone": "1"}, K.LINK),
    ],
)  # fmt: skip
def test_a_link_that_describes_a_business_card_is_a_contact(description: object, expected: EventKind) -> None:
    fields = attached("user_send_link", "link", {"url": "https://zaloapp.com/qr/p/x", "description": description})
    assert event(fields).kind is expected


def test_a_button_of_ours_stands_for_its_text_and_a_typed_payload_for_itself() -> None:
    pressed = BUTTONS.sign("zalo", OA, "Nghị định mới nhất")
    forged = "#btn:AAAAAAAAAAAAAAAA:Nghị định mới nhất"
    assert event(sent("user_send_text", text=pressed)).text == "Nghị định mới nhất"
    assert event(sent("user_send_text", text=forged)).text == forged
    of_another = BUTTONS.sign("zalo", "91", "x")
    assert event(sent("user_send_text", text=of_another)).text == of_another


def test_follow_and_chat_now_open_the_conversation() -> None:
    [follow], [click] = recorded("follow"), recorded("user_click_chatnow")
    for name, fields in (("follow", follow), ("user_click_chatnow", click)):
        found = event(fields)
        assert (found.kind, found.person, found.text) == (K.OPENED, USER, "")
        assert found.dedup_key == found.message_id == f"{OA}:{name}:{USER}:1767225603000"


def test_an_officer_in_the_chat_tool_speaks_and_our_own_message_echoes() -> None:
    officer, ours = recorded("oa_send_text")
    spoken = event(officer)
    assert (spoken.kind, spoken.conversation, spoken.text) == (K.OFFICER_SPOKE, f"zalo:{OA}:{USER}", "")
    assert (spoken.dedup_key, spoken.message_id) == (f"{OA}:msg:out:demo0003", "demo0003")
    echo = signal(ours)
    assert (echo.kind, echo.message_id, echo.text, echo.person) == (S.ECHO, "demo0031", "Máy trả lời", USER)
    assert (echo.occurred_at, echo.outbox_id) == (NEW_YEAR, "")


@pytest.mark.parametrize("kind", ["image", "link", "business_card", "template"])
def test_an_officer_speaks_with_a_message_of_any_kind(kind: str) -> None:
    [ours, *_] = recorded("oa_send_image")
    sender = {"id": OA, "admin_id": 6}
    assert event({**ours, "event_name": f"oa_send_{kind}", "sender": sender}).kind is K.OFFICER_SPOKE


@pytest.mark.parametrize("admin_id", [None, "", 0])
def test_an_empty_admin_id_names_no_officer(admin_id: object) -> None:
    ours = recorded("oa_send_text")[1]
    assert signal({**ours, "sender": {"id": OA, "admin_id": admin_id}}).kind is S.ECHO


def test_the_echo_of_a_template_holds_its_text() -> None:
    assert signal(recorded("oa_send_template")[0]).text == "Mời chọn"


def test_the_same_id_sent_and_received_is_not_the_same_event() -> None:
    officer = recorded("oa_send_text")[0]
    own = {**MESSAGE, "message": {"msg_id": "demo0003", "text": "a"}}
    assert event(officer).dedup_key != event(own).dedup_key


@pytest.mark.parametrize("name", ["user_received_message", "user_seen_message", "user_reacted_message"])
def test_whoever_of_sender_and_recipient_is_no_account_of_ours_is_the_person(name: str) -> None:
    fields = recorded(name)[0]
    swapped = {**fields, "sender": fields["recipient"], "recipient": fields["sender"]}
    for each in (fields, swapped):
        assert signal(each).conversation == f"zalo:{OA}:{USER}"


def test_the_delivery_of_a_paid_template_names_nobody() -> None:
    found = signal(recorded("user_received_message")[1])
    assert (found.kind, found.person) == (S.TEMPLATE, "")


@pytest.mark.parametrize("name", [name for name, kind in CATALOGUE.items() if kind is S.INTERACTED])
def test_what_opens_the_window_has_person_and_instant(name: str) -> None:
    for fields in recorded(name):
        found = signal(fields)
        assert (found.kind, found.person) == (S.INTERACTED, USER)
        assert found.occurred_at is not None
        for absent in ("timestamp", "sender", "user_id"):
            if absent in fields:
                with pytest.raises(MalformedEvent):
                    read({**fields, absent: None})


def test_a_widget_that_names_nobody_is_no_interaction() -> None:
    fields = {**recorded("widget_interaction_accepted")[0], "data": "x"}
    assert signal(fields).kind is S.ADMINISTRATION


@pytest.mark.parametrize("name", ["user_withdraw", "unfollow"])
def test_who_withdraws_or_leaves_is_named(name: str) -> None:
    [fields] = recorded(name)
    assert signal(fields).person == USER
    assert signal({**fields, "timestamp": "soon"}).occurred_at is None
    with pytest.raises(MalformedEvent):
        read({**fields, "user_id": None, "follower": None})


def test_submitted_data_is_not_kept() -> None:
    for fields in recorded("user_submit_info"):
        assert "Lê An" not in repr(read(fields))
        assert "84900000001" not in repr(read(fields))


@pytest.mark.parametrize("name", ["anonymous_send_text", "user_send_group_text"])
def test_words_that_we_do_not_serve_are_not_kept(name: str) -> None:
    found = signal(recorded(name)[0])
    assert (found.person, found.text) == ("", "")


@pytest.mark.parametrize(
    "name",
    ["made_up_by_a_stranger", "user_send_novelty", "oa_send_group_novelty", "user_click_button", "follow ", "FOLLOW"],
)
def test_an_unknown_name_is_let_go_under_one_label(name: str) -> None:
    assert read({**MESSAGE, "event_name": name}) == ParsedRequest(ignored=("unknown",))


@pytest.mark.parametrize(
    "name", ["user_send_text", "oa_send_text", "follow", "user_withdraw", "user_seen_message", "anonymous_send_text"]
)
def test_another_account_is_let_go(name: str) -> None:
    for fields in recorded(name):
        assert read(fields, oa_ids=("91", "92")) == ParsedRequest(ignored=("other_account",))
        assert read(fields, oa_ids=()) == ParsedRequest(ignored=("other_account",))


def test_each_of_several_accounts_has_its_own_conversations_and_keys() -> None:
    first = event(MESSAGE)
    [second] = read({**MESSAGE, "recipient": {"id": 92}}, oa_ids=(OA, "92")).events
    assert (first.conversation, second.conversation) == (f"zalo:{OA}:{USER}", f"zalo:92:{USER}")
    assert first.dedup_key != second.dedup_key


@pytest.mark.parametrize("message", [{"text": "a"}, {"text": "a", "msg_id": None}])
@pytest.mark.parametrize("officer", [{}, {"admin_id": "6"}])
def test_a_message_without_an_id_is_known_again_by_its_bytes(message: dict, officer: dict) -> None:
    fields = {**MESSAGE, "message": message}
    assert event(fields).dedup_key == event(fields).dedup_key
    assert event(fields).dedup_key != event({**fields, "message": {"text": "b"}}).dedup_key
    spoken = {**fields, "event_name": "oa_send_text", "sender": {"id": OA, **officer}, "recipient": {"id": USER}}
    [found] = [*read(spoken).events, *read(spoken).signals]
    assert len(found.message_id) == 64


def test_control_characters_and_lone_surrogates_are_taken_out() -> None:
    assert event(sent("user_send_text", text="a\x00b\ud800c\r\nd")).text == "abc\nd"


def test_ids_stay_texts_whatever_they_come_as() -> None:
    found = event({**MESSAGE, "sender": {"id": 7000000000000000001}, "timestamp": 1767225600000})
    assert (found.person, found.occurred_at) == (USER, NEW_YEAR)


def test_the_longest_ids_make_keys_that_still_fit() -> None:
    [follow] = recorded("follow")
    found = event({**follow, "follower": {"id": "7" * 255}})
    assert len(found.dedup_key) == len(found.message_id) == 64
    assert found.dedup_key != event({**follow, "follower": {"id": "7" * 254 + "8"}}).dedup_key


@pytest.mark.parametrize(
    "change",
    [
        {"sender": None}, {"sender": {"id": ""}}, {"sender": {"id": ["7"]}}, {"sender": "7"}, {"message": []},
        {"message": {"msg_id": "1", "text": 5}}, {"message": {"msg_id": {}, "text": "a"}}, {"timestamp": "soon"},
        {"timestamp": 1e12}, {"timestamp": True}, {"timestamp": "99999999999999"}, {"event_name": 7},
        {"event_name": ""}, {"recipient": {"id": "9 9"}}, {"sender": {"id": "7" * 256}},
    ],
)  # fmt: skip
def test_wrong_types_are_malformed(change: dict[str, object]) -> None:
    with pytest.raises(MalformedEvent):
        read({**MESSAGE, **change})
