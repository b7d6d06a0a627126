"""From Messenger's batches to events; payloads of reference/messenger.md section 6 (2026-11-29), ids invented."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.buttons import Buttons
from channels.errors import MalformedEvent
from channels.event import EventKind, InboundEvent, ParsedRequest, Place, Signal, SignalKind
from channels.messenger.parse import parse
from channels.ports import VerifiedRequest

PAGE = "100000000000001"
PERSON = "200000000000002"
OURS = "300000000000003"
INBOX = "263902037430900"
BUTTONS = Buttons(b"a secret of sixteen bytes")
RECORDED = json.loads((Path(__file__).parents[2] / "fixtures/messenger/items.json").read_text())["items"]
ITEM = RECORDED[0]["item"]
BARE = {key: value for key, value in ITEM.items() if key != "message"}
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)

K, S = EventKind, SignalKind

CATALOGUE: dict[str, tuple[EventKind | SignalKind, ...]] = {
    # keys of items: section 5, details in section 6; several outcomes where the content decides
    "postback": (K.TEXT, K.OPENED, K.ASIDE, S.ANONYMOUS), "delivery": (S.DELIVERED,), "read": (S.READ,),
    "reaction": (S.INTERACTED,), "message_edit": (S.EDITED,), "referral": (S.INTERACTED,),
    "optin": (S.REACTED,), "pass_thread_control": (K.RETURNED, K.TAKEN_OVER),
    "take_thread_control": (K.TAKEN_OVER,), "request_thread_control": (S.OWNER,), "app_roles": (S.OWNER,),
    "account_linking": (S.LINKED,), "policy-enforcement": (S.POLICY,), "messaging_feedback": (S.REACTED,),
    "message_template_status_update": (S.TEMPLATE,),
    "message": (K.TEXT, K.IMAGE, K.AUDIO, K.VIDEO, K.FILE, K.STICKER, K.LOCATION, K.LINK, K.OTHER, K.OFFICER_SPOKE,
                K.ASIDE, S.ECHO),
    # changes
    "field": (S.ADMINISTRATION, S.TEMPLATE),
}  # fmt: skip

ATTACHMENTS = {
    "image": K.IMAGE, "audio": K.AUDIO, "video": K.VIDEO, "file": K.FILE, "sticker": K.STICKER, "reel": K.LINK,
    "ig_reel": K.LINK, "post": K.LINK, "ig_post": K.LINK, "appointment_booking": K.OTHER, "fallback": K.LINK,
    "template": K.LINK, "location": K.LOCATION, "made_up_by_a_stranger": K.OTHER,
}  # fmt: skip
"""Every kind of attachment of section 6.1."""

LABELS = {*CATALOGUE, "message_echo", "changes"}


def read(*items: object, app_id: str | None = OURS, **entry: object) -> ParsedRequest:
    fields = {"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": list(items), **entry}]}
    return parse(VerifiedRequest(json.dumps(fields).encode()), app_ids={PAGE: app_id}, buttons=BUTTONS)


def outcome(item: object, *, app_id: str | None = OURS, field: str = "messaging") -> InboundEvent | Signal:
    parsed = read(app_id=app_id, **{"messaging": [], field: [item]})
    [found] = [*parsed.events, *parsed.signals]
    return found


def event(item: object, *, app_id: str | None = OURS) -> InboundEvent:
    found = outcome(item, app_id=app_id)
    assert isinstance(found, InboundEvent)
    return found


def signal(item: object, *, app_id: str | None = OURS, field: str = "messaging") -> Signal:
    found = outcome(item, app_id=app_id, field=field)
    assert isinstance(found, Signal)
    return found


def recorded(section: str) -> list[dict]:
    return [each["item"] for each in RECORDED if each["origin"].startswith(f"messenger.md section {section}")]


def said(**message: object) -> dict:
    return {**BARE, "message": {"mid": "m1", **message}}


def echo(**message: object) -> dict:
    return {**said(is_echo=True, **message), "sender": {"id": PAGE}, "recipient": {"id": PERSON}}


def control(mark: str, old: str | None, new: str | None) -> dict:
    return {**BARE, mark: {"previous_owner_app_id": old, "new_owner_app_id": new, "metadata": ""}}


@pytest.mark.parametrize("each", RECORDED, ids=lambda each: each["origin"].removeprefix("messenger.md section "))
def test_every_item_of_the_reference_has_a_typed_outcome(each: dict) -> None:
    found = outcome(each["item"], field=each["field"])
    [mark] = each["item"].keys() & CATALOGUE.keys()
    assert found.kind in CATALOGUE[mark]
    assert found.account == PAGE
    assert isinstance(found, InboundEvent) or found.name in LABELS


def test_every_mark_of_the_reference_is_recorded_and_gives_each_of_its_outcomes() -> None:
    found = {mark: set() for mark in CATALOGUE}
    for each in RECORDED:
        [mark] = each["item"].keys() & CATALOGUE.keys()
        found[mark].add(outcome(each["item"], field=each["field"]).kind)
    assert found == {mark: set(kinds) for mark, kinds in CATALOGUE.items()}


def test_a_text_is_read_with_everything_needed_to_answer() -> None:
    found = event(ITEM)
    assert found.conversation == f"messenger:{PAGE}:{PERSON}"
    assert (found.kind, found.text, found.message_id) == (K.TEXT, "Đặt bàn", "m_demo0001")
    assert (found.dedup_key, found.occurred_at) == (f"{PAGE}:msg:m_demo0001", NEW_YEAR)


def test_every_item_of_every_entry_is_read() -> None:
    second = {**ITEM, "message": {"mid": "m_2", "text": "hai"}}
    entries = [{"id": PAGE, "messaging": [ITEM, second]}, {"id": PAGE}, {"id": "5", "messaging": [ITEM]}]
    body = json.dumps({"object": "page", "entry": entries}).encode()
    parsed = parse(VerifiedRequest(body), app_ids={PAGE: None, "5": None}, buttons=BUTTONS)
    assert [found.account for found in parsed.events] == [PAGE, PAGE, "5"]
    assert len({found.dedup_key for found in parsed.events}) == 3


@pytest.mark.parametrize("kind", ATTACHMENTS)
def test_every_kind_of_attachment_is_told_apart_and_no_address_of_media_is_kept(kind: str) -> None:
    for attachment in ({"type": kind}, {"type": kind, "payload": {"url": "https://x.fbcdn.net/a"}}):
        found = event(said(attachments=[attachment]))
        assert (found.kind, found.text) == (ATTACHMENTS[kind], "")
        assert "fbcdn" not in repr(found)


def test_a_sticker_is_a_sticker_in_each_of_its_three_forms() -> None:
    image, sticker = {"type": "image", "payload": {"sticker_id": 4}}, {"type": "sticker", "payload": {"url": "u"}}
    for attachments in ([image], [image, sticker], [sticker]):
        assert event(said(attachments=attachments)).kind is K.STICKER


@pytest.mark.parametrize("kind", ["image", "audio", "video", "file", "fallback", "template", "reel", "post"])
def test_what_is_typed_beside_media_is_a_question(kind: str) -> None:
    found = event(said(text="Giấy này xin ở đâu?", attachments=[{"type": kind}]))
    assert (found.kind, found.text) == (K.TEXT, "Giấy này xin ở đâu?")


def test_a_shared_link_whose_address_was_typed_is_a_link() -> None:
    shared = {"type": "fallback", "title": "Một bài viết", "url": "https://a.vn/1"}
    for text in ("https://a.vn/1", "Một bài viết", None, 5):
        found = event(said(text=text, attachments=[shared]))
        assert (found.kind, found.text) == (K.LINK, "")


def test_a_message_that_holds_nothing_we_know_is_of_another_kind() -> None:
    assert event(said()).kind is K.OTHER
    assert event(said(attachments=[])).kind is K.OTHER
    assert event(said(attachments=[5, {"payload": []}])).kind is K.OTHER
    assert event(said(text=" ")).kind is K.TEXT


def test_the_first_attachment_that_we_know_names_the_message() -> None:
    assert event(said(attachments=[{"type": "novelty"}, {"type": "file"}, {"type": "image"}])).kind is K.FILE


@pytest.mark.parametrize(("lat", "long"), [(10.7769, 106.7009), ("10.7769", "106.7009"), (10, -180)])
def test_a_location_has_a_place(lat: object, long: object) -> None:
    for payload in ({"coordinates": {"lat": lat, "long": long}}, {"lat": lat, "long": long}):
        found = event(said(attachments=[{"type": "location", "payload": payload}]))
        assert (found.kind, found.place) == (K.LOCATION, Place(float(lat), float(long)))


@pytest.mark.parametrize("lat", ["", 90.1, "-91", None, True, 10**400, [1]])
def test_a_place_that_is_nowhere_is_a_location_without_a_place(lat: object) -> None:
    payload = {"coordinates": {"lat": lat, "long": 106.7}}
    found = event(said(attachments=[{"type": "location", "payload": payload}]))
    assert (found.kind, found.place) == (K.LOCATION, None)


def test_a_button_of_ours_stands_for_its_text() -> None:
    payload = BUTTONS.sign("messenger", PAGE, "Điều 3 quy định gì")
    for item in (
        said(text="1. Điều…", quick_reply={"payload": payload}),
        {**BARE, "postback": {"mid": "p", "title": "1. Điều…", "payload": payload}},
    ):
        assert (event(item).kind, event(item).text) == (K.TEXT, "Điều 3 quy định gì")


@pytest.mark.parametrize(
    "payload", ["/book", "#btn:AAAAAAAAAAAAAAAA:x", BUTTONS.sign("messenger", "5", "x"), "", None, "\ud800"]
)
def test_a_payload_that_we_did_not_sign_is_worth_its_title(payload: str | None) -> None:
    for item in (
        said(text="Tiêu đề", quick_reply={"payload": payload}),
        {**BARE, "postback": {"mid": "p", "title": "Tiêu đề", "payload": payload}},
    ):
        assert (event(item).kind, event(item).text) == (K.TEXT, "Tiêu đề")


def test_get_started_opens_the_conversation() -> None:
    for item in (recorded("6.3")[0], said(text="Bắt đầu", quick_reply={"payload": "GET_STARTED"})):
        assert (event(item).kind, event(item).text, event(item).person) == (K.OPENED, "", PERSON)


def test_a_typed_payload_is_only_text() -> None:
    payload = BUTTONS.sign("messenger", PAGE, "x")
    assert event(said(text=payload)).text == payload


def test_postbacks_are_told_apart_by_their_id_or_else_by_person_instant_and_payload() -> None:
    old = {**BARE, "postback": {"title": "Hỏi", "payload": "a"}}
    keys = {
        event(item).dedup_key
        for item in (
            old, {**old, "postback": {"title": "Hỏi", "payload": "b"}}, {**old, "timestamp": 1767225600001},
            {**old, "sender": {"id": "2"}}, {**old, "postback": {"payload": "a\ud800"}},
            {**old, "postback": {"mid": "p", "title": "Hỏi", "payload": "a"}},
        )
    }  # fmt: skip
    assert len(keys) == 6
    assert event(old).dedup_key == event({**old, "postback": {"title": "Hỏi!", "payload": "a"}}).dedup_key
    assert event(old).message_id == event(old).dedup_key


def test_an_echo_of_our_app_is_ours() -> None:
    for app_id in (OURS, int(OURS)):
        found = signal(echo(app_id=app_id, metadata="17", text="Xin chào"))
        assert (found.kind, found.name, found.outbox_id, found.text) == (S.ECHO, "message_echo", "17", "Xin chào")
        assert (found.person, found.message_id, found.occurred_at) == (PERSON, "m1", NEW_YEAR)
    assert signal(echo(app_id=OURS, attachments=[])).outbox_id == ""
    assert signal(echo(app_id=OURS, metadata={"a": 1})).outbox_id == ""


@pytest.mark.parametrize("app_id", [None, INBOX, 7, "", [], {}])
def test_an_echo_without_our_app_is_of_an_officer(app_id: object) -> None:
    found = event(echo(app_id=app_id, metadata="17", text="Dạ"))
    assert (found.kind, found.person, found.text) == (K.OFFICER_SPOKE, PERSON, "")
    assert (found.dedup_key, found.message_id) == (f"{PAGE}:echo:m1", "m1")


@pytest.mark.parametrize("metadata", [None, "", "reason=bot", "17a", "-1", "1٣", " 1", {}])
def test_where_our_app_is_not_known_the_metadata_of_an_echo_decides(metadata: object) -> None:
    assert signal(echo(app_id=7, metadata="17"), app_id=None).outbox_id == "17"
    assert event(echo(app_id=OURS, metadata=metadata), app_id=None).kind is K.OFFICER_SPOKE


def test_a_message_of_the_page_that_is_not_called_an_echo_is_one() -> None:
    item = echo(app_id=OURS, metadata="17")
    del item["message"]["is_echo"]
    assert signal(item).kind is S.ECHO


def test_an_echo_and_its_original_have_two_keys() -> None:
    assert event(echo(text="a")).dedup_key != event(said(text="a")).dedup_key


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (ITEM, "Đặt bàn"),
        (said(attachments=[{"type": "location", "payload": {"coordinates": {"lat": 16.0, "long": 108.0}}}]), ""),
        ({**BARE, "postback": {"mid": "p", "payload": "GET_STARTED"}}, ""),
        ({**BARE, "postback": {"mid": "p", "title": "Nút"}}, "Nút"),
    ],
)
def test_in_standby_a_message_is_an_aside_with_its_words_alone(item: dict, text: str) -> None:
    found = outcome(item, field="standby")
    assert isinstance(found, InboundEvent)
    assert (found.kind, found.person, found.occurred_at) == (K.ASIDE, PERSON, NEW_YEAR)
    assert (found.text, found.place, found.dedup_key) == (text, None, event(item).dedup_key)


def test_in_standby_an_echo_counts_and_a_receipt_is_only_counted() -> None:
    assert signal({**BARE, "read": {"watermark": 1}}, field="standby").kind is S.READ
    assert outcome(echo(app_id=INBOX), field="standby").kind is K.OFFICER_SPOKE
    assert outcome(echo(app_id=OURS), field="standby").kind is S.ECHO
    assert read(messaging=[], standby=[{**ITEM, "timestamp": None}]).malformed == 1


@pytest.mark.parametrize(
    ("mark", "old", "new", "expected"),
    [
        ("pass_thread_control", INBOX, OURS, K.RETURNED),
        ("pass_thread_control", None, OURS, K.RETURNED),
        ("pass_thread_control", OURS, INBOX, K.TAKEN_OVER),
        ("pass_thread_control", None, "7", K.TAKEN_OVER),
        ("pass_thread_control", "7", "8", K.TAKEN_OVER),
        ("pass_thread_control", OURS, None, K.TAKEN_OVER),
        ("pass_thread_control", INBOX, None, S.OWNER),
        ("take_thread_control", OURS, INBOX, K.TAKEN_OVER),
        ("take_thread_control", OURS, None, K.TAKEN_OVER),
        ("take_thread_control", None, INBOX, K.TAKEN_OVER),
        ("take_thread_control", "7", "8", S.OWNER),
        ("take_thread_control", INBOX, OURS, K.RETURNED),
        ("take_thread_control", OURS, OURS, S.OWNER),
        ("pass_thread_control", OURS, OURS, S.OWNER),
        ("take_thread_control", None, None, S.OWNER),
    ],
)
def test_control_over_a_conversation_comes_and_goes(mark: str, old, new, expected) -> None:
    found = outcome(control(mark, old, new))
    assert (found.kind, found.person) == (expected, PERSON)
    if isinstance(found, InboundEvent):
        assert found.dedup_key == found.message_id == f"{PAGE}:{mark}:{PERSON}:1767225600000"


@pytest.mark.parametrize("mark", ["pass_thread_control", "take_thread_control"])
def test_where_our_app_is_not_known_only_the_page_inbox_is_known_to_be_people(mark: str) -> None:
    assert outcome(control(mark, None, INBOX), app_id=None).kind is K.TAKEN_OVER
    assert outcome(control(mark, INBOX, OURS), app_id=None).kind is S.OWNER


def test_what_opens_the_window_has_person_and_instant() -> None:
    for mark in ("reaction", "referral"):
        item = {**BARE, mark: {"ref": "r"}}
        found = signal(item)
        assert (found.kind, found.person, found.occurred_at) == (S.INTERACTED, PERSON, NEW_YEAR)
        assert read({**item, "timestamp": None}, {**item, "sender": None}, {**item, "sender": {}}).malformed == 3
        assert signal({**item, "sender": {"id": PAGE}, "recipient": {"id": PERSON}}).kind is S.ADMINISTRATION


@pytest.mark.parametrize("mark", ["optin", "messaging_feedback"])
def test_what_no_source_calls_an_interaction_opens_no_window(mark: str) -> None:
    found = signal({**BARE, mark: {"ref": "r"}})
    assert (found.kind, found.name) == (S.REACTED, mark)


@pytest.mark.parametrize(
    ("action", "detail"),
    [
        ("warning", "warning"),
        ("block", "block"),
        ("unblock", "unblock"),
        ("ban", "other"),
        (None, "other"),
        ([], "other"),
    ],
)
def test_a_warning_or_block_of_the_page_is_named(action: object, detail: str) -> None:
    item = {"recipient": {"id": PAGE}, "timestamp": 1767225600000, "policy-enforcement": {"action": action}}
    found = signal(item)
    assert (found.kind, found.detail, found.name, found.person) == (S.POLICY, detail, "policy-enforcement", "")


@pytest.mark.parametrize("mark", ["message", "postback", "referral", "reaction"])
def test_a_guest_cannot_be_answered(mark: str) -> None:
    guest = {"sender": {"user_ref": "r"}, "recipient": {"id": PAGE}, "timestamp": 1, mark: {"text": "x"}}
    assert (signal(guest).kind, signal(guest).person, signal(guest).name) == (S.ANONYMOUS, "", mark)


def test_whoever_has_an_id_is_no_guest() -> None:
    known = {**ITEM, "sender": {"id": PERSON, "user_ref": "r"}}
    assert event(known).person == PERSON


def test_nobody_writes_to_the_page_in_its_own_name() -> None:
    assert read({**ITEM, "sender": {"id": PAGE}}, {**echo(), "recipient": {"id": PAGE}}).malformed == 2


def test_unknown_items_and_other_pages_are_let_go_each_under_one_label() -> None:
    assert read({**BARE, "novelty": {}}, {**BARE, "message": None}, {}).ignored == ("unknown",) * 3
    assert read(ITEM, id="5", standby=[ITEM], changes=[{}]).ignored == ("other_account",) * 3
    parsed = parse(VerifiedRequest(json.dumps({"object": "page", "entry": []}).encode()), app_ids={}, buttons=BUTTONS)
    assert parsed == ParsedRequest()


def test_an_unreadable_item_or_entry_harms_no_other() -> None:
    bad = [{**ITEM, "message": "text"}, 5, {**ITEM, "sender": {}, "recipient": {}}, {**ITEM, "timestamp": "soon"}]
    parsed = read(*bad, ITEM, standby="x", changes=[5])
    assert (len(parsed.events), parsed.malformed) == (1, 6)
    entries = [5, {}, {"id": " "}, {"id": PAGE, "messaging": [ITEM]}]
    body = json.dumps({"object": "page", "entry": entries}).encode()
    parsed = parse(VerifiedRequest(body), app_ids={PAGE: OURS}, buttons=BUTTONS)
    assert (len(parsed.events), parsed.malformed) == (1, 3)


def test_a_message_without_an_id_is_known_again_whatever_the_order_of_its_fields() -> None:
    item = {**BARE, "message": {"text": "a"}}
    turned = dict(reversed(item.items()))
    assert event(item).dedup_key == event(turned).dedup_key
    assert event(item).dedup_key != event({**BARE, "message": {"text": "b"}}).dedup_key


def test_a_message_nested_as_deep_as_json_allows_is_read_or_malformed() -> None:
    for depth in range(900, 1000):  # where reading ends depends on how deep the test itself is called
        nested = "[" * depth + "]" * depth
        item = json.dumps({**BARE, "message": {"text": "a", "x": 0}}).replace('"x": 0', f'"x": {nested}')
        body = f'{{"object":"page","entry":[{{"id":"{PAGE}","messaging":[{item}]}}]}}'.encode()
        try:
            parsed = parse(VerifiedRequest(body), app_ids={PAGE: OURS}, buttons=BUTTONS)
        except MalformedEvent:
            continue
        assert len(parsed.events) + parsed.malformed == 1


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"object":"instagram"}', b'{"object":"page","entry":5}', b"\xff", b""]
)
def test_what_is_no_batch_of_a_page_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedEvent):
        parse(VerifiedRequest(body), app_ids={PAGE: OURS}, buttons=BUTTONS)
