"""From Messenger's batches to events; payloads of reference/messenger.md section 6 (2026-11-22), ids invented."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import MalformedEvent
from channels.event import EventKind, ParsedRequest
from channels.messenger.parse import parse
from channels.ports import VerifiedRequest

PAGE = "100000000000001"
ITEM = {
    "sender": {"id": "200000000000002"},
    "recipient": {"id": PAGE},
    "timestamp": 1767225600000,
    "message": {"mid": "m_demo0001", "text": "Đặt bàn"},
}


def read(*items: object, **entry: object) -> ParsedRequest:
    fields = {"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": list(items), **entry}]}
    return parse(VerifiedRequest(json.dumps(fields).encode()), page_id=PAGE)


def test_a_text_is_read_with_everything_needed_to_answer() -> None:
    [event] = read(ITEM).events
    assert event.conversation == f"messenger:{PAGE}:200000000000002"
    assert (event.kind, event.text, event.message_id) == (EventKind.TEXT, "Đặt bàn", "m_demo0001")


def test_every_item_of_every_entry_is_read() -> None:
    second = {**ITEM, "message": {"mid": "m_2", "text": "hai"}}
    entry = {"id": PAGE, "messaging": [ITEM, second]}
    body = json.dumps({"object": "page", "entry": [entry, {**entry, "messaging": [ITEM]}]}).encode()
    assert len(parse(VerifiedRequest(body), page_id=PAGE).events) == 3


def test_a_tapped_quick_reply_counts_by_its_payload() -> None:
    message = {"mid": "m", "text": "1. Điều…", "quick_reply": {"payload": "Điều 3 quy định gì"}}
    assert read({**ITEM, "message": message}).events[0].text == "Điều 3 quy định gì"


def test_get_started_opens_the_conversation_and_other_postbacks_are_text() -> None:
    del_message = {key: value for key, value in ITEM.items() if key != "message"}
    [opened] = read({**del_message, "postback": {"mid": "p", "title": "Bắt đầu", "payload": "GET_STARTED"}}).events
    [pressed] = read({**del_message, "postback": {"title": "Hỏi", "payload": "mới nhất"}}).events
    assert opened.kind is EventKind.OPENED
    assert (pressed.kind, pressed.text) == (EventKind.TEXT, "mới nhất")


@pytest.mark.parametrize("kind", ["image", "audio", "video", "file", "sticker", "fallback", "location", "template"])
def test_an_attachment_is_an_event_without_text(kind: str) -> None:
    message = {"mid": "m", "attachments": [{"type": kind}]}
    assert read({**ITEM, "message": message}).events[0].kind is EventKind.OTHER


def test_echoes_receipts_standby_changes_and_unknown_items_are_let_go() -> None:
    echo = {**ITEM, "message": {"mid": "m", "is_echo": True, "text": "ours"}}
    bare = {"sender": {"id": "2"}, "recipient": {"id": PAGE}, "timestamp": 1}
    parsed = read(
        echo, {**bare, "read": {"watermark": 1}}, {**bare, "delivery": {"watermark": 1}},
        {**bare, "policy-enforcement": {}}, {**bare, "novelty": {}}, standby=[ITEM], changes=[{}],
    )  # fmt: skip
    assert parsed.events == ()
    assert parsed.ignored == ("standby", "changes", "echo", "read", "delivery", "policy-enforcement", "unknown")


def test_another_page_and_a_guest_are_let_go() -> None:
    guest = {"sender": {"user_ref": "r"}, "timestamp": 1, "postback": {"payload": "x"}}
    assert read(ITEM, id="5").ignored == ("other_account",)
    assert read(guest).ignored == ("guest",)


def test_an_unreadable_item_harms_no_other() -> None:
    parsed = read({**ITEM, "message": "text"}, ITEM, 5, {**ITEM, "sender": {}})
    assert len(parsed.events) == 1
    assert parsed.malformed == 3


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"object":"instagram"}', b'{"object":"page","entry":5}', b"\xff", b""]
)
def test_what_is_no_batch_of_a_page_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedEvent):
        parse(VerifiedRequest(body), page_id=PAGE)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.fixed_dictionaries(
        {}, optional={"sender": JSON, "timestamp": JSON, "message": JSON, "postback": JSON, "delivery": JSON}
    )
)
def test_no_signed_item_raises(item: dict[str, object]) -> None:
    assert len(read(item).events) <= 1
