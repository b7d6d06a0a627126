"""From Zalo's bodies to events; payloads are those of reference/zalo-oa.md section 5 (2026-11-22) with invented ids."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import MalformedEvent
from channels.event import EventKind, ParsedRequest
from channels.ports import VerifiedRequest
from channels.zalo.parse import OTHER_MESSAGES, parse

OA = "9000000000000000001"
MESSAGE = {
    "app_id": "4100000000000000001",
    "user_id_by_app": "8000000000000000001",
    "event_name": "user_send_text",
    "sender": {"id": "7000000000000000001"},
    "recipient": {"id": OA},
    "message": {"msg_id": "demo0001", "text": "Còn phòng không ạ?", "quote_msg_id": "demo0000"},
    "timestamp": "1767225600000",
}


def read(fields: object) -> ParsedRequest:
    return parse(VerifiedRequest(json.dumps(fields).encode()), oa_id=OA)


def test_a_text_is_read_with_everything_needed_to_answer() -> None:
    [event] = read(MESSAGE).events
    assert event.conversation == f"zalo:{OA}:7000000000000000001"
    assert (event.kind, event.text, event.message_id) == (EventKind.TEXT, "Còn phòng không ạ?", "demo0001")
    assert event.occurred_at == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(OTHER_MESSAGES))
def test_every_other_message_of_a_person_is_an_event_without_text(name: str) -> None:
    [event] = read({**MESSAGE, "event_name": name}).events
    assert (event.kind, event.text) == (EventKind.OTHER, "")


def test_follow_and_chat_now_open_the_conversation() -> None:
    follow = {"oa_id": OA, "event_name": "follow", "follower": {"id": "7"}, "timestamp": "1767225603000"}
    click = {"oa_id": OA, "event_name": "user_click_chatnow", "user_id": "7", "timestamp": 1767225603000}
    for fields in (follow, click):
        [event] = read(fields).events
        assert (event.kind, event.person) == (EventKind.OPENED, "7")
    assert read(follow).events[0].dedup_key != read(click).events[0].dedup_key


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("oa_send_text", "oa_send"),
        ("user_seen_message", "user_seen"),
        ("user_received_message", "user_received"),
        ("user_reacted_message", "user_reacted"),
        ("unfollow", "unfollow"),
        ("anonymous_send_text", "anonymous_send"),
        ("user_send_group_text", "user_send"),
        ("made_up_by_a_stranger", "unknown"),
    ],
)
def test_what_is_never_answered_is_let_go_under_a_known_name(name: str, counted: str) -> None:
    assert read({**MESSAGE, "event_name": name}) == ParsedRequest(ignored=(counted,))


def test_another_account_is_let_go() -> None:
    assert read({**MESSAGE, "recipient": {"id": "123"}}).ignored == ("other_account",)


def test_a_message_without_an_id_is_known_again_by_its_bytes() -> None:
    fields = {**MESSAGE, "message": {"text": "a"}}
    assert read(fields).events[0].dedup_key == read(fields).events[0].dedup_key
    assert read(fields).events[0].dedup_key != read({**fields, "message": {"text": "b"}}).events[0].dedup_key


def test_control_characters_and_lone_surrogates_are_taken_out() -> None:
    body = json.dumps({**MESSAGE, "message": {"msg_id": "1", "text": "a\x00b\ud800c\r\nd"}}).encode()
    assert parse(VerifiedRequest(body), oa_id=OA).events[0].text == "abc\nd"


@pytest.mark.parametrize(
    "change",
    [
        {"sender": None}, {"sender": {"id": ""}}, {"sender": {"id": ["7"]}}, {"sender": "7"}, {"message": []},
        {"message": {"msg_id": "1", "text": 5}}, {"message": {"msg_id": {}, "text": "a"}}, {"timestamp": "soon"},
        {"timestamp": 1e12}, {"timestamp": True}, {"timestamp": "99999999999999"}, {"event_name": 7},
        {"event_name": ""}, {"recipient": {"id": "9 9"}},
    ],
)  # fmt: skip
def test_wrong_types_are_malformed(change: dict[str, object]) -> None:
    with pytest.raises(MalformedEvent):
        read({**MESSAGE, **change})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional={key: JSON | st.just(value) for key, value in MESSAGE.items()}))
def test_no_signed_body_raises_anything_but_malformed(fields: dict[str, object]) -> None:
    try:
        read(fields)
    except MalformedEvent:
        return


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_malformed(body: bytes) -> None:
    try:
        parse(VerifiedRequest(body), oa_id=OA)
    except MalformedEvent:
        return
