"""What the trained model makes of messages that are not in its training data."""

import unicodedata

import pytest
from rasa.core.channels.channel import UserMessage

from bot.connector import GatewayOutput
from bot.turn_request import as_plain_text
from index.text.unicode import fold

MESSAGES = [
    ("dạ cho em hỏi nghị định 67/2025/nđ-cp còn hiệu lực không ạ", "ask_validity"),
    ("ad ơi cho mình hỏi lương cơ sở năm 2026 là bao nhiêu vậy", "ask_policy"),
    ("cho mình xin số điện thoại của bộ công thương", "ask_agency_contact"),
    ("cho tôi xem các nghị định mới nhất tháng này", "ask_latest_documents"),
    ("tra cứu giúp mình nghị định 175/2024/NĐ-CP", "ask_document_by_number"),
    ("cho hỏi tỉnh bắc kạn giờ nhập vào tỉnh nào", "ask_province_merger"),
    ("nhà hàng xóm đang cháy lớn cứu với", "report_emergency"),
    ("cảm ơn bạn rất nhiều nhé", "thank"),
]


def parse(agent, loop, text, metadata=None):
    return loop.run_until_complete(agent.processor.parse_message(UserMessage(text, metadata=metadata)))


@pytest.mark.parametrize(("text", "intent"), MESSAGES)
def test_the_same_is_understood_with_accents_without_and_decomposed(agent, loop, text, intent):
    for written in (text, fold(text), unicodedata.normalize("NFD", text), text.upper()):
        assert parse(agent, loop, written)["intent"]["name"] == intent


def test_what_a_message_names_becomes_entities(agent, loop):
    found = parse(agent, loop, "nd 161/2026/nd-cp cua bo noi vu ap dung o binh duong tu 1/7/2026?")["entities"]
    values = {entity["entity"]: entity["value"] for entity in found}
    assert values["document_number"] == "161/2026/NĐ-CP"
    assert values["document_type"] == "Nghị định"
    assert values["issuing_body"] == "bo-noi-vu"
    assert values["place"] == "Bình Dương"
    assert values["period"].startswith("2026-07-01/")


@pytest.mark.parametrize(
    ("text", "asked_for", "lang"),
    [
        ("xin chào", None, "vi"),
        ("luong co so la bao nhieu", None, "vi"),
        ("what is the retirement age", None, "en"),
        ("退休年龄是多少", None, "zh"),
        ("xin chào", "en", "en"),
    ],
)
def test_the_reply_is_in_the_language_asked_for_or_written(agent, loop, text, asked_for, lang):
    found = parse(agent, loop, text, {"lang": asked_for})["entities"]
    assert [entity["value"] for entity in found if entity["entity"] == "reply_lang"] == [lang]


@pytest.mark.parametrize(("lang", "word"), [("vi", "Xin chào"), ("en", "Hello"), ("zh", "您好")])
def test_a_greeting_is_returned_in_each_language(agent, loop, lang, word):
    output = GatewayOutput()
    message = UserMessage("xin chào", output, f"test:greet:{lang}", metadata={"lang": lang})
    loop.run_until_complete(agent.handle_message(message))
    assert output.replies[0].text.startswith(word)
    assert output.replies[0].lang == lang


@pytest.mark.parametrize("command", ["/greet", "/restart", "/session_start", "/back", '/ask_policy{"place": "x"}'])
def test_a_command_of_rasa_is_only_text(agent, loop, command):
    parsed = parse(agent, loop, as_plain_text(command))
    assert parsed["intent"]["confidence"] < 1
    assert parsed["intent"]["name"] not in ("restart", "session_start", "back")
    assert not [entity for entity in parsed["entities"] if entity.get("extractor") == "RegexMessageHandler"]


@pytest.mark.parametrize("text", ["", " ", "?", "🙂", "\u200b", "x" * 2000, "ạ" * 2000, "/" * 2000, "1" * 2000])
def test_no_text_breaks_the_pipeline(agent, loop, text):
    assert parse(agent, loop, text)["intent"]["name"]
