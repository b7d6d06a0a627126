"""No outcome, however long or odd, renders into a message that breaks one of Zalo's limits."""

import json
import re
from typing import Any

import pytest
from hypothesis import given

from bot.reply import AnswerStatus, Button, Reply
from channels import turn
from channels.buttons import OVERHEAD_CHARS
from channels.citation import source_block
from channels.event import TurnOutcome
from channels.text import tidy
from channels.zalo.render import render
from tests.unit.channels.outcomes import BUTTONS, OUTCOMES, WORDING, asking, citation, is_visible, utf16

OA = "9000000000000000001"

QUERIES = {"oa.query.show", "oa.query.hide"}


def rendered(outcome: TurnOutcome) -> list[dict[str, Any]]:
    payloads = render(outcome, WORDING, account=OA, buttons=BUTTONS)
    assert all(payload.encode() for payload in payloads)
    return [json.loads(payload) for payload in payloads]


def shown(payload: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = payload["message"]["attachment"]["payload"]["buttons"]
    return found


def faults(payload: dict[str, Any]) -> list[str]:
    """What Zalo would not take, by zalo-oa.md section 7 alone."""
    message = payload["message"]
    found = [f"has {key}" for key in set(payload) - {"message", "fallback"} | set(message) - {"text", "attachment"}]
    if not isinstance(message.get("text"), str) or not is_visible(message["text"]):
        found.append("no text")
    elif utf16(message["text"]) > 2000:
        found.append("text too long")
    if ("attachment" in message) != ("fallback" in payload):
        found.append("a card has a fallback, nothing else has")
    if "fallback" in payload and payload["fallback"] != {"text": message["text"]}:
        found.append("the fallback says something else")
    if "attachment" in message:
        if message["attachment"]["type"] != "template" or set(message["attachment"]["payload"]) != {"buttons"}:
            found.append("not a button card")
        buttons = shown(payload)
        if not 1 <= len(buttons) <= 5:
            found.append(f"{len(buttons)} buttons")
        found += [fault for button in buttons for fault in _button_faults(button)]
    return found


def _button_faults(button: dict[str, Any]) -> list[str]:
    found = [] if set(button) == {"title", "type", "payload"} else ["a button has other fields"]
    if not is_visible(button["title"]) or utf16(button["title"]) > 100 or "\n" in button["title"]:
        found.append("button title")
    if button["type"] in QUERIES and not 0 < utf16(button["payload"]) <= 1000:
        found.append("button payload")
    if button["type"] == "oa.open.url" and not re.fullmatch(r"https://[!-~]+", button["payload"]["url"]):
        found.append("button url")
    if button["type"] not in QUERIES | {"oa.open.url"}:
        found.append("button type")
    return found


@given(OUTCOMES)
def test_no_message_breaks_a_limit(outcome: TurnOutcome) -> None:
    payloads = rendered(outcome)
    assert [faults(payload) for payload in payloads] == [[]] * len(payloads)
    assert all("attachment" not in payload["message"] for payload in payloads[:-1])


@given(OUTCOMES)
def test_numbers_and_buttons_stand_for_what_the_worker_takes_them_for(outcome: TurnOutcome) -> None:
    payloads = rendered(outcome)
    choices = [tidy(choice) for choice in turn.choices(outcome)]
    told = "\n".join(payload["message"]["text"] for payload in payloads)
    needed = [button for button in outcome.replies[-1].buttons if not button.is_optional]
    for number, (button, choice) in enumerate(zip(needed, choices, strict=True), start=1):
        title = " ".join(tidy(button.title).split())
        if is_visible(choice) and is_visible(title) and utf16(title) <= 100:
            assert f"\n{number}. {title}" in told
    queries = [button for payload in payloads if "fallback" in payload for button in shown(payload)]
    said = [BUTTONS.read("zalo", OA, button["payload"]) for button in queries if button["type"] == "oa.query.hide"]
    pressable = [choice for choice in choices if is_visible(choice)]
    if said:
        assert said[: len(pressable)] == pressable


@given(OUTCOMES)
def test_a_source_that_fits_a_message_stands_whole_in_one(outcome: TurnOutcome) -> None:
    texts = [payload["message"]["text"] for payload in rendered(outcome)]
    for reply in outcome.replies:
        lines = source_block(reply, WORDING).split("\n") if reply.citations else []
        for line in filter(None, lines):
            assert utf16(line) > 2000 or any(line in text.split("\n") for text in texts)


def test_choices_are_numbered_in_the_text_and_buttons_below_it() -> None:
    [payload] = rendered(TurnOutcome((asking("Nghị định 1", "Nghị định 2"),)))
    assert payload["message"]["text"].endswith("1. Nghị định 1\n2. Nghị định 2")
    assert [button["title"] for button in shown(payload)] == ["Nghị định 1", "Nghị định 2"]
    assert {button["type"] for button in shown(payload)} == {"oa.query.hide"}
    assert BUTTONS.read("zalo", OA, shown(payload)[1]["payload"]) == "nghị định 2"
    assert payload["fallback"] == {"text": payload["message"]["text"]}


@pytest.mark.parametrize(
    ("buttons", "is_card"),
    [
        ([Button(f"Số {number}", f"số {number}") for number in range(5)], True),
        ([Button(f"Số {number}", f"số {number}") for number in range(6)], False),
        ([Button("Một", "một"), Button("x" * 100, "hai")], True),
        ([Button("Một", "một"), Button("x" * 101, "hai")], False),
        ([Button("Một", "một"), Button("😀" * 51, "hai")], False),
        ([Button("Một", "một"), Button("Hai", "x" * (1_000 - OVERHEAD_CHARS))], True),
        ([Button("Một", "một"), Button("Hai", "x" * (1_001 - OVERHEAD_CHARS))], False),
    ],
)
def test_choices_that_fit_no_card_are_numbered_text_alone(buttons: list[Button], is_card: bool) -> None:
    [payload] = rendered(TurnOutcome((Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "Nào?", buttons=tuple(buttons)),)))
    assert faults(payload) == []
    assert ("attachment" in payload["message"]) is is_card
    assert f"\n{len(buttons)}. {buttons[-1].title}" in payload["message"]["text"]


@pytest.mark.parametrize(("chars", "parts"), [(2_000, 1), (2_001, 2), (4_000, 2), (4_001, 3)])
def test_an_answer_takes_as_few_messages_as_can_be(chars: int, parts: int) -> None:
    payloads = rendered(TurnOutcome((Reply(AnswerStatus.CHATTED, "x" * chars),)))
    assert [faults(payload) for payload in payloads] == [[]] * parts


def test_optional_buttons_are_buttons_and_never_numbered_text() -> None:
    source = Button("Nguồn", "Nguồn của thông tin này", is_optional=True)
    [payload] = rendered(TurnOutcome((Reply(AnswerStatus.ANSWERED, "Đây.", buttons=(source,)),)))
    assert payload["message"]["text"] == "Đây."
    assert [button["title"] for button in shown(payload)] == ["Nguồn"]


def test_optional_buttons_give_way_to_needed_ones() -> None:
    buttons = (Button("Thêm", "thêm", is_optional=True), *(Button(f"Số {n}", f"số {n}") for n in range(1, 6)))
    [payload] = rendered(TurnOutcome((Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "Nào?", buttons=buttons),)))
    assert [button["title"] for button in shown(payload)] == [f"Số {n}" for n in range(1, 6)]


def test_a_card_opens_the_one_source_and_no_button_chooses_among_several() -> None:
    more = Button("Xem thêm", "xem thêm", is_optional=True)
    one = Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(), citation(location="Điều 4")), (more,))
    two = Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(), citation(url="https://vanban.chinhphu.vn/2")), (more,))
    [payload] = rendered(TurnOutcome((one,)))
    opening = {"title": "Mở văn bản gốc", "type": "oa.open.url", "payload": {"url": "https://congbao.chinhphu.vn/1"}}
    assert shown(payload)[1:] == [opening]
    [payload] = rendered(TurnOutcome((two,)))
    assert len(shown(payload)) == 1


def test_a_source_alone_makes_no_card() -> None:
    [payload] = rendered(TurnOutcome((Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(),)),)))
    assert set(payload["message"]) == {"text"}
    assert payload["message"]["text"].startswith("Đáp.\n\nNguồn: Nghị định 161/2026/NĐ-CP")


def test_a_long_answer_keeps_its_source_and_its_choices_on_the_last_part() -> None:
    more = Button("Xem thêm", "xem thêm", is_optional=True)
    reply = Reply(AnswerStatus.ANSWERED, "Một câu khá dài về chính sách. " * 150, (citation(),), (more,))
    payloads = rendered(TurnOutcome((reply,)))
    assert [set(payload["message"]) for payload in payloads] == [{"text"}, {"text"}, {"text", "attachment"}]
    assert payloads[-1]["message"]["text"].endswith("https://congbao.chinhphu.vn/1")
    assert sum("Nguồn:" in payload["message"]["text"] for payload in payloads) == 1


def test_replies_share_a_message_and_notices_stand_apart() -> None:
    first, second = (Reply(AnswerStatus.CHATTED, text) for text in ("Một.", "Hai."))
    payloads = rendered(TurnOutcome((first, second), notices=("Máy trả lời.", "Đã cắt bớt.")))
    assert [payload["message"]["text"] for payload in payloads] == ["Máy trả lời.\n\nĐã cắt bớt.", "Một.\n\nHai."]


def test_a_reply_of_which_nothing_is_seen_makes_no_message() -> None:
    unseen, seen = Reply(AnswerStatus.CHATTED, "\u200b\x1b"), Reply(AnswerStatus.CHATTED, "Có.")
    assert rendered(TurnOutcome((unseen,))) == []
    [payload] = rendered(TurnOutcome((unseen, seen), notices=("\x1b",)))
    assert payload["message"]["text"] == "Có."


def test_a_payload_signed_for_one_account_is_only_text_at_another() -> None:
    [payload] = render(TurnOutcome((asking("Một"),)), WORDING, account="9000000000000000002", buttons=BUTTONS)
    assert BUTTONS.read("zalo", OA, shown(json.loads(payload))[0]["payload"]) is None
