"""No outcome, however long or odd, renders into a message that breaks one of Messenger's limits."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from bot.reply import AnswerStatus, Button, Reply
from channels import turn
from channels.buttons import OVERHEAD_CHARS
from channels.event import TurnOutcome
from channels.messenger.render import render
from channels.text import tidy
from tests.unit.channels.outcomes import BUTTONS, OUTCOMES, WORDING, asking, citation, is_visible, utf16

PAGE = "100000000000001"


def rendered(outcome: TurnOutcome) -> list[dict[str, Any]]:
    payloads = render(outcome, WORDING, account=PAGE, buttons=BUTTONS)
    assert all(payload.encode() for payload in payloads)
    return [json.loads(payload) for payload in payloads]


def messages(outcome: TurnOutcome) -> list[dict[str, Any]]:
    return [payload["message"] for payload in rendered(outcome) if "message" in payload]


def template(message: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = message["attachment"]["payload"]
    return found


def text_of(message: dict[str, Any]) -> str:
    return str(message["text"] if "text" in message else template(message).get("text", ""))


def faults(message: dict[str, Any]) -> list[str]:
    """What the Send API would not take, by messenger.md section 7.1 alone."""
    found = [f"has {key}" for key in set(message) - {"text", "attachment", "quick_replies"}]
    if ("text" in message) == ("attachment" in message):
        found.append("text or attachment, one of them")
    if "text" in message and (not is_visible(message["text"]) or utf16(message["text"]) > 2000):
        found.append("text")
    if "attachment" in message:
        found += _template_faults(message["attachment"])
    if "quick_replies" in message and not 1 <= len(message["quick_replies"]) <= 13:
        found.append("number of quick replies")
    for choice in message.get("quick_replies", []):
        if set(choice) != {"content_type", "title", "payload"} or choice["content_type"] != "text":
            found.append("quick reply fields")
        if not is_visible(choice["title"]) or utf16(choice["title"]) > 20 or not 0 < utf16(choice["payload"]) <= 1000:
            found.append("quick reply")
    return found


def _template_faults(attachment: dict[str, Any]) -> list[str]:
    payload = attachment["payload"]
    if attachment["type"] != "template":
        return ["not a template"]
    if payload["template_type"] == "button":
        found = [] if is_visible(payload["text"]) and utf16(payload["text"]) <= 640 else ["template text"]
        found += [] if 1 <= len(payload["buttons"]) <= 3 else ["number of buttons"]
        return found + [fault for button in payload["buttons"] for fault in _button_faults(button)]
    if payload["template_type"] != "generic" or not 1 <= len(payload["elements"]) <= 10:
        return ["template"]
    return [fault for element in payload["elements"] for fault in _element_faults(element)]


def _element_faults(element: dict[str, Any]) -> list[str]:
    found = [] if set(element) <= {"title", "subtitle", "buttons"} and len(element) > 1 else ["card fields"]
    if not is_visible(element["title"]) or utf16(element["title"]) > 80 or utf16(element.get("subtitle", "")) > 80:
        found.append("card lines")
    if "buttons" in element and not 1 <= len(element["buttons"]) <= 3:
        found.append("number of a card's buttons")
    return found + [fault for button in element.get("buttons", []) for fault in _button_faults(button)]


def _button_faults(button: dict[str, Any]) -> list[str]:
    found = [] if is_visible(button["title"]) and utf16(button["title"]) <= 20 else ["button title"]
    if button["type"] == "web_url":
        found += [] if re.fullmatch(r"https://[!-~]+", button["url"]) else ["button url"]
    elif button["type"] == "postback":
        found += [] if 0 < utf16(button["payload"]) <= 1000 else ["button payload"]
    else:
        found.append("button type")
    return found


def postbacks(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [button for button in template(message).get("buttons", []) if button["type"] == "postback"]


@given(OUTCOMES)
def test_no_message_breaks_a_limit(outcome: TurnOutcome) -> None:
    found = messages(outcome)
    assert [faults(message) for message in found] == [[]] * len(found)
    assert all("quick_replies" not in message for message in found[:-1])


@given(OUTCOMES)
def test_numbers_and_buttons_stand_for_what_the_worker_takes_them_for(outcome: TurnOutcome) -> None:
    choices = [tidy(choice) for choice in turn.choices(outcome)]
    for message in messages(outcome)[-1:]:
        pressed = postbacks(message) if "attachment" in message else []
        needed = [BUTTONS.read("messenger", PAGE, button["payload"]) for button in pressed]
        assert needed in ([], [choice for choice in choices if is_visible(choice)])
        for reply in message.get("quick_replies", []):
            said = BUTTONS.read("messenger", PAGE, reply["payload"])
            assert said in [tidy(button.text) for button in outcome.replies[-1].buttons]


@given(OUTCOMES)
def test_every_address_of_a_source_stands_in_a_text_or_on_a_card(outcome: TurnOutcome) -> None:
    last = outcome.replies[-1]
    found = messages(outcome)
    opened = [
        button["url"]
        for message in found
        if "attachment" in message
        for card in template(message).get("elements", [])
        for button in card.get("buttons", [])
    ]
    told = "".join("".join(text_of(message) for message in found).split())
    for each in last.citations:
        url = "".join(tidy(each.url or "").split())
        assert url in opened or url in told


@pytest.mark.parametrize(("chars", "parts"), [(2_000, 1), (2_001, 2), (4_000, 2), (4_001, 3)])
def test_an_answer_takes_as_few_messages_as_can_be(chars: int, parts: int) -> None:
    found = messages(TurnOutcome((Reply(AnswerStatus.CHATTED, "x" * chars),)))
    assert [faults(message) for message in found] == [[]] * parts


def test_the_conversation_is_passed_on_last_and_only_at_a_hand_over() -> None:
    reply = Reply(AnswerStatus.HANDED_OVER, "Cán bộ sẽ trả lời.")
    assert rendered(TurnOutcome((reply,))) == [{"message": {"text": "Cán bộ sẽ trả lời."}}]
    assert rendered(TurnOutcome((reply,), hands_over=True))[1:] == [{"control": "pass_thread_control"}]


def test_a_conversation_is_taken_back_before_anything_is_said() -> None:
    outcome = TurnOutcome((Reply(AnswerStatus.ANSWERED, "Đáp."),), notices=("máy trả lời",), takes_back=True)
    assert [next(iter(payload)) for payload in rendered(outcome)] == ["control", "message", "message"]
    assert rendered(outcome)[0] == {"control": "take_thread_control"}
    assert rendered(replace(outcome, hands_over=True))[3:] == [{"control": "pass_thread_control"}]


def test_a_few_short_choices_stay_as_buttons() -> None:
    [message] = messages(TurnOutcome((asking("Nghị định 1", "Nghị định 2"),)))
    assert template(message)["text"] == "Văn bản nào?"
    assert [button["title"] for button in postbacks(message)] == ["Nghị định 1", "Nghị định 2"]
    assert BUTTONS.read("messenger", PAGE, postbacks(message)[0]["payload"]) == "nghị định 1"
    assert "quick_replies" not in message


@pytest.mark.parametrize(
    ("reply", "stay"),
    [
        (asking("Một", "Hai", "Ba"), True),
        (asking("Một", "Hai", "Ba", "Bốn"), False),
        (asking("Một", text="x" * 640), True),
        (asking("Một", text="x" * 641), False),
        (asking(*"abcdefghijklm"), False),
        (asking("x" * 20), True),
        (Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "Nào?", buttons=(Button("Một", "x" * (1_000 - OVERHEAD_CHARS)),)), True),
    ],
)
def test_other_short_choices_are_quick_replies(reply: Reply, stay: bool) -> None:
    [message] = messages(TurnOutcome((reply,)))
    assert faults(message) == []
    assert text_of(message) == reply.text
    offered = postbacks(message) if stay else message["quick_replies"]
    assert [choice["title"] for choice in offered] == [button.title for button in reply.buttons]


@pytest.mark.parametrize(
    "buttons",
    [
        [Button("x" * 21, "một")],
        [Button("😀" * 11, "một")],
        [Button("Một", "x" * (1_001 - OVERHEAD_CHARS))],
        [Button(letter, letter) for letter in "abcdefghijklmn"],
    ],
    ids=["a title", "a title of emoji", "a payload", "fourteen"],
)
def test_what_breaks_a_limit_of_quick_replies_is_numbered_in_the_text(buttons: list[Button]) -> None:
    [message] = messages(TurnOutcome((Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "Nào?", buttons=tuple(buttons)),)))
    assert faults(message) == []
    assert message["text"].endswith(f"\n{len(buttons)}. {buttons[-1].title}")
    assert len(message.get("quick_replies", [])) == min(13, sum(len(button.text) < 900 for button in buttons))


def test_choices_with_long_titles_are_numbered_text_and_numbered_quick_replies() -> None:
    [message] = messages(TurnOutcome((asking("Nghị định 161/2026/NĐ-CP", "Hai"),)))
    assert message["text"].endswith("1. Nghị định 161/2026/NĐ-CP\n2. Hai")
    assert [choice["title"] for choice in message["quick_replies"]] == ["1. Nghị định 161/20…", "2. Hai"]


def test_what_thirteen_quick_replies_do_not_hold_is_reached_by_its_number() -> None:
    [message] = messages(TurnOutcome((asking(*(f"Số {number}" for number in range(1, 16))),)))
    assert message["text"].endswith("15. Số 15")
    assert [choice["title"] for choice in message["quick_replies"]][-1] == "13. Số 13"


def test_optional_buttons_have_no_number_even_beside_numbered_ones() -> None:
    buttons = (Button("Nguồn", "nguồn", is_optional=True), Button("Nghị định " * 3, "một"), Button("Hai", "hai"))
    [message] = messages(TurnOutcome((Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "Nào?", buttons=buttons),)))
    assert message["text"].endswith("1. Nghị định Nghị định Nghị định\n2. Hai")
    assert [choice["title"] for choice in message["quick_replies"]] == ["1. Nghị định Nghị đ…", "2. Hai", "Nguồn"]


def test_optional_buttons_are_quick_replies() -> None:
    source = Button("Nguồn", "Nguồn của thông tin này", is_optional=True)
    [message] = messages(TurnOutcome((Reply(AnswerStatus.ANSWERED, "Đây.", buttons=(source,)),)))
    assert message["text"] == "Đây."
    payload = message["quick_replies"][0]["payload"]
    assert BUTTONS.read("messenger", PAGE, payload) == "Nguồn của thông tin này"


def test_the_one_source_of_a_short_answer_has_a_button_that_opens_it() -> None:
    more = Button("Xem thêm", "xem thêm", is_optional=True)
    [message] = messages(TurnOutcome((Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(),), (more,)),)))
    opening = {"type": "web_url", "url": "https://congbao.chinhphu.vn/1", "title": "Mở văn bản gốc"}
    assert template(message)["buttons"] == [opening]
    assert "Nguồn: Nghị định 161/2026/NĐ-CP (15/05/2026), Điều 3" in template(message)["text"]
    assert [choice["title"] for choice in message["quick_replies"]] == ["Xem thêm"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(AnswerStatus.ANSWERED, "Đáp. " * 200, (citation(),)),
        Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(url="http://congbao.chinhphu.vn/1"),)),
        Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(), citation(url="https://vanban.chinhphu.vn/2"))),
        Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(), citation(url=None))),
    ],
    ids=["a long answer", "http", "two sources", "a source without address"],
)
def test_otherwise_the_source_stands_in_the_text_alone(reply: Reply) -> None:
    [message] = messages(TurnOutcome((reply,)))
    assert "attachment" not in message
    assert "Nguồn:" in message["text"]


def listed(*urls: str | None, **changes: object) -> Reply:
    fields = {"location": None, **changes}
    citations = tuple(
        citation(number=f"{number}/2026/NĐ-CP", url=url, **fields) for number, url in enumerate(urls, start=1)
    )
    more = Button("Xem thêm", "xem thêm", is_optional=True)
    return Reply(AnswerStatus.LISTED, "Các văn bản:\n\n1. Một\n2. Hai", citations, (more,))


def test_a_list_of_documents_is_followed_by_cards_that_say_what_its_source_lines_would() -> None:
    text, cards = messages(TurnOutcome((listed("https://a.vn/1", None, "https://a.vn/3"),)))
    assert text == {"text": "Các văn bản:\n\n1. Một\n2. Hai"}
    first, second, _ = template(cards)["elements"]
    assert first == {
        "title": "Nghị định 1/2026/NĐ-CP (15/05/2026)",
        "subtitle": "Còn hiệu lực, chưa thấy văn bản thay thế tính đến 01/07/2026",
        "buttons": [{"type": "web_url", "url": "https://a.vn/1", "title": "Mở văn bản gốc"}],
    }
    assert set(second) == {"title", "subtitle"}
    assert [choice["title"] for choice in cards["quick_replies"]] == ["Xem thêm"]


@pytest.mark.parametrize(
    "reply",
    [
        listed(*(f"https://a.vn/{number}" for number in range(10))),
        listed("https://a.vn/1", "https://a.vn/2", location="x" * (80 - len("Nghị định 1/2026/NĐ-CP (15/05/2026), "))),
    ],
    ids=["ten documents", "names of 80 characters"],
)
def test_cards_hold_as_much_as_the_platform_lets_them(reply: Reply) -> None:
    found = messages(TurnOutcome((reply,)))
    assert [faults(message) for message in found] == [[], []]
    assert len(template(found[-1])["elements"]) == len(reply.citations)


@pytest.mark.parametrize(
    "reply",
    [
        listed("https://a.vn/1"),
        listed("https://a.vn/1", None),
        listed("https://a.vn/1", "https://a.vn/1"),
        listed("https://a.vn/1", "https://a.vn/2", "http://a.vn/3"),
        listed(*(f"https://a.vn/{number}" for number in range(11))),
        listed("https://a.vn/1", "https://a.vn/2", location="x" * (81 - len("Nghị định 1/2026/NĐ-CP (15/05/2026), "))),
        listed("https://a.vn/1", "https://a.vn/2", replaced_by=("1/2025/NĐ-CP", "2/2025/NĐ-CP", "3/2025/NĐ-CP")),
    ],
    ids=["one document", "one address", "the same address", "no button opens one", "eleven", "a name", "a standing"],
)
def test_a_list_that_cards_cannot_say_in_full_keeps_its_source_lines(reply: Reply) -> None:
    found = messages(TurnOutcome((reply,)))
    assert not any("elements" in template(message) for message in found if "attachment" in message)
    assert "Nguồn:" in text_of(found[-1])


@pytest.mark.parametrize("lang", ["vi", "en", "zh"])
def test_the_button_that_opens_a_source_has_a_title_that_fits(lang: str) -> None:
    assert utf16(WORDING.text("gateway.open_source", lang)) <= 20
