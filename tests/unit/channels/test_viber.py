"""What is Viber's own: status codes, keyboards, every event of its catalogue, and whose bot a request is for."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from hypothesis import given, settings

from bot.reply import AnswerStatus, Button, Reply
from channels.agency import Agency, ViberBot
from channels.errors import BadSignature, MalformedEvent, Reaction
from channels.event import EventKind, InboundEvent, ParsedRequest, Place, Signal, SignalKind, TurnOutcome
from channels.ports import VerifiedRequest
from channels.profile_setup import setup_viber
from channels.testing import FakeViber, ManualClock, in_process, sign_viber
from channels.testing.viber.people import CONTENTS
from channels.viber import limits
from channels.viber.parse import parse
from channels.viber.render import render
from channels.viber.verify import verify
from tests.unit.channels.outcomes import BUTTONS, OUTCOMES, WORDING, asking, citation, is_visible, utf16

BOT = ViberBot(agency=Agency(id="hue"), account="hue", auth_token="s3cret token", name="UBND Huế")
PERSON, NOW_MS = "jc9HsWTZ2Yf2NkRZ8KcNug==", 1_795_316_400_000
USER = {"id": PERSON, "name": "Lan", "avatar": "http://x", "country": "VN", "language": "vi", "api_version": 10}

# What Viber's page of errors says of each code, in our words; copied by hand and on purpose not taken from the table
# under test. 0 is success.
CODES = {
    1: "code bug", 2: "token", 3: "code bug", 4: "code bug", 5: "person", 6: "person", 7: "bot", 8: "bot", 9: "bot",
    10: "bot", 11: "person", 12: "slower", 13: "person", 14: "code bug", 15: "bot", 16: "code bug", 17: "code bug",
    18: "code bug", 19: "code bug", 20: "code bug", 21: "person", 22: "code bug", 23: "bot", 24: "bot",
}  # fmt: skip
WORDS = {
    "code bug": Reaction.BUG,
    "token": Reaction.RENEW_TOKEN,
    "person": Reaction.STOP_PERSON,
    "bot": Reaction.STOP_CHANNEL,
    "slower": Reaction.RETRY,
}


def test_every_status_code_has_the_reaction_that_its_words_ask_for() -> None:
    assert dict(limits.REACTIONS) == {code: WORDS[words] for code, words in CODES.items()}


def read(event: str, **fields: Any) -> ParsedRequest:
    body = {"event": event, "timestamp": NOW_MS, "message_token": 4912661846655238145, **fields}
    return parse(VerifiedRequest(json.dumps(body).encode(), account="hue"), buttons=BUTTONS)


def message(**content: Any) -> InboundEvent:
    [event] = read("message", sender=USER, message=content).events
    return event


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("picture", EventKind.IMAGE), ("video", EventKind.VIDEO), ("file", EventKind.FILE),
        ("sticker", EventKind.STICKER), ("contact", EventKind.CONTACT), ("url", EventKind.LINK),
        ("location", EventKind.LOCATION),
    ],
)  # fmt: skip
def test_every_type_of_message_is_an_event(kind: str, expected: EventKind) -> None:
    event = message(type=kind, **CONTENTS[kind])
    assert (event.kind, event.text, event.conversation) == (expected, "", f"viber:hue:{PERSON}")
    assert event.place == (Place(16.4637, 107.5909) if kind == "location" else None)


def test_what_is_written_under_a_picture_is_a_question() -> None:
    event = message(type="picture", text="Biển này nghĩa là gì?", **CONTENTS["picture"])
    assert (event.kind, event.text) == (EventKind.TEXT, "Biển này nghĩa là gì?")


def test_a_type_that_nobody_knows_is_still_a_message() -> None:
    assert message(type="hologram").kind is EventKind.OTHER


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("delivered", SignalKind.DELIVERED), ("seen", SignalKind.READ), ("failed", SignalKind.FAILED),
        ("unsubscribed", SignalKind.UNFOLLOWED), ("webhook", SignalKind.ADMINISTRATION),
        ("client_status", SignalKind.ADMINISTRATION),
    ],
)  # fmt: skip
def test_every_other_event_is_a_signal(name: str, expected: SignalKind) -> None:
    named = {} if name == "webhook" else {"user_id": PERSON, "desc": "words of Viber"}
    parsed = read(name, **named)
    [signal] = parsed.signals
    assert parsed.events == ()
    assert (signal.kind, signal.name, signal.account) == (expected, name, "hue")
    assert signal.person == named.get("user_id", "")
    assert "words of Viber" not in repr(signal)


def test_who_subscribes_is_greeted_and_who_comes_back_too() -> None:
    [subscribed] = read("subscribed", user=USER).events
    [back] = read("conversation_started", user=USER, type="open", subscribed=True).events
    assert subscribed.kind is back.kind is EventKind.OPENED
    assert subscribed.person == PERSON
    assert subscribed.dedup_key != back.dedup_key


def test_a_subscription_without_a_token_of_its_own_is_known_by_person_and_instant() -> None:
    body = {"event": "subscribed", "timestamp": NOW_MS, "user": USER}
    [event] = parse(VerifiedRequest(json.dumps(body).encode(), account="hue"), buttons=BUTTONS).events
    assert event.dedup_key == f"hue:subscribed:{PERSON}:{NOW_MS}"


@pytest.mark.parametrize("subscribed", [{}, {"subscribed": False}, {"subscribed": "yes"}])
def test_nothing_is_sent_to_somebody_who_has_only_looked_in(subscribed: Mapping[str, Any]) -> None:
    parsed = read("conversation_started", user=USER, type="open", **subscribed)
    [signal] = parsed.signals
    assert isinstance(signal, Signal)
    assert (parsed.events, signal.kind) == ((), SignalKind.ANONYMOUS)


@pytest.mark.parametrize("fields", [{"sender": {}}, {"sender": USER, "message_token": None}, {"timestamp": "soon"}])
def test_a_message_without_what_it_must_have_is_malformed(fields: Mapping[str, Any]) -> None:
    with pytest.raises(MalformedEvent):
        read("message", **{"sender": USER, "message": {"type": "text", "text": "a"}, **fields})


def test_the_token_that_signed_says_whose_bot_it_is() -> None:
    tokens = {"hue": "one", "health": "two"}
    body = b'{"event": "message"}'
    for account, token in tokens.items():
        headers = {name.lower(): [value] for name, value in sign_viber(body, auth_token=token).items()}
        verified = verify(body, headers, auth_tokens=tokens)
        assert verified == VerifiedRequest(body, account=account)


def test_a_signature_in_capitals_is_as_good() -> None:
    body = b"{}"
    value = sign_viber(body, auth_token="one")["X-Viber-Content-Signature"].upper()
    assert verify(body, {"x-viber-content-signature": [value]}, auth_tokens={"hue": "one"}) is not None


def test_the_first_callback_passes_unsigned_and_no_other_does() -> None:
    assert verify(b'{"event": "webhook"}', {}, auth_tokens={"hue": "one"}) is None
    for body in (b'{"event": "message"}', b"{}", b"", b"["):
        with pytest.raises(BadSignature):
            verify(body, {}, auth_tokens={"hue": "one"})
    with pytest.raises(BadSignature):
        verify(b'{"event": "webhook"}', {}, auth_tokens={})


def rendered(outcome: TurnOutcome) -> list[dict[str, Any]]:
    return [json.loads(payload)["message"] for payload in render(outcome, WORDING, account="hue", buttons=BUTTONS)]


def faults(shown: Mapping[str, Any]) -> list[str]:
    """What Viber or a phone would not take, by its documentation alone."""
    found = [f"has {key}" for key in set(shown) - {"type", "text", "keyboard"}]
    if shown["type"] != "text" or not is_visible(shown["text"]) or utf16(shown["text"]) > 7000:
        found.append("text")
    whole = {**shown, "receiver": "x" * 100, "sender": {"name": "字" * 28}}
    if len(json.dumps(whole, ensure_ascii=False).encode()) > 30_000:
        found.append("request too large")
    if "keyboard" in shown:
        buttons = shown["keyboard"]["Buttons"]
        if shown["keyboard"]["Type"] != "keyboard" or not 1 <= sum(button["Rows"] for button in buttons) <= 12:
            found.append("keyboard")
        for button in buttons:
            if not button["ActionBody"] or not is_visible(button["Text"]) or utf16(button["Text"]) > 250:
                found.append("button")
            if button["ActionType"] != "reply" or "<" in button["Text"] or ">" in button["Text"]:
                found.append("a button that does more than reply")
    return found


@settings(max_examples=150)
@given(OUTCOMES)
def test_no_outcome_breaks_a_limit(outcome: TurnOutcome) -> None:
    assert [fault for shown in rendered(outcome) for fault in faults(shown)] == []


def test_the_longest_text_of_the_widest_letters_fits_a_request_and_loses_its_keyboard_first() -> None:
    buttons = tuple(Button("字" * 240, "字" * 900) for _ in range(12))
    *_, last = rendered(TurnOutcome((Reply(AnswerStatus.CHATTED, "字" * 6_990, buttons=buttons),)))
    assert faults(last) == []
    assert "keyboard" not in last


def test_choices_are_numbered_in_the_text_and_buttons_of_the_keyboard() -> None:
    [shown] = rendered(TurnOutcome((asking("Điều <1>", "Điều 2"),)))
    assert shown["text"].endswith("1. Điều <1>\n2. Điều 2")
    buttons = shown["keyboard"]["Buttons"]
    assert [button["Text"] for button in buttons] == ["Điều ‹1›", "Điều 2"]
    assert [BUTTONS.read("viber", "hue", button["ActionBody"]) for button in buttons] == ["điều <1>", "điều 2"]
    assert all(button["Silent"] for button in buttons)


def test_more_choices_than_a_keyboard_holds_are_numbers_alone() -> None:
    shown = rendered(TurnOutcome((asking(*(f"Số {number}" for number in range(1, 14))),)))[-1]
    assert shown["text"].endswith("13. Số 13")
    assert "keyboard" not in shown


def test_an_address_stands_in_the_text_and_behind_no_button() -> None:
    [shown] = rendered(TurnOutcome((Reply(AnswerStatus.ANSWERED, "Điều 3.", (citation(),)),)))
    assert "https://congbao.chinhphu.vn/1" in shown["text"]
    assert "keyboard" not in shown


async def set_up(*, status: int = 200, public_url: str | None = "https://chat.example.vn") -> tuple[int, list[str]]:
    """Set one bot's webhook twice, with a gateway that answers Viber's first callback with `status`."""
    said: list[str] = []

    async def gateway(body: bytes, headers: Mapping[str, str]) -> int:
        return status

    fake = FakeViber(clock=ManualClock())
    fake.add_bot(BOT.auth_token, post=gateway)
    async with httpx.AsyncClient(transport=in_process(viber=fake)) as http:
        for _ in range(2):
            ended = await setup_viber(
                [BOT], http=http, api_url="https://chatapi.viber.com", public_url=public_url, tell=said.append
            )
    return ended, said


async def test_the_webhook_is_set_once() -> None:
    set_to = "  webhook: set to https://chat.example.vn/webhooks/viber"
    assert await set_up() == (0, ["bot hue (hue)", set_to, "bot hue (hue)", "  webhook: unchanged"])


async def test_a_gateway_that_viber_does_not_reach_is_named_and_no_secret_is() -> None:
    status, said = await set_up(status=403)
    assert status == 1
    assert "viber status 1" in said[1]
    assert "s3cret" not in "".join(said)


async def test_without_a_public_address_nothing_can_be_set() -> None:
    status, [said, _] = await set_up(public_url=None)
    assert status == 1
    assert "GOVCHAT_PUBLIC_URL" in said
