from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.further import FURTHER_AT_MOST, Further, join
from bot.reply import AnswerStatus, Reply

WAGE = "mức lương cơ sở từ 1/7/2026 là bao nhiêu"


def part(intent, text, confidence=0.8):
    return {"intent": intent, "text": text, "confidence": confidence}


def numbers(reply):
    return [citation.number for citation in reply.citations]


def test_two_questions_are_answered_in_one_reply(talk):
    text = f"{WAGE}, nghị định 168/2024/NĐ-CP còn hiệu lực không"
    also = [part("ask_validity", "nghị định 168/2024/NĐ-CP còn hiệu lực không")]
    reply = talk.say("answer_question", text, also=also)
    assert len(talk.said) == 1
    assert reply.status is AnswerStatus.ANSWERED
    assert numbers(reply)[0] == "161/2026/NĐ-CP"
    assert "168/2024/NĐ-CP" in numbers(reply)
    assert talk.topic.documents[0].startswith("161/2026")
    assert talk.topic.question == WAGE


def test_a_further_question_is_answered_where_the_main_one_is_not(talk):
    also = [part("ask_validity", "nghị định 161/2026/NĐ-CP còn hiệu lực không")]
    reply = talk.say("answer_question", "lệ phí cấp hộ chiếu phổ thông", also=also)
    assert reply.status is AnswerStatus.ANSWERED
    assert numbers(reply)[0] == "161/2026/NĐ-CP"
    assert "chưa tìm thấy" in reply.text


@pytest.mark.parametrize(
    ("intent", "told"),
    [
        ("submit_petition", "dichvucong.gov.vn"),
        ("ask_petition_status", "dichvucong.gov.vn"),
        ("ask_for_person", "1022"),
        ("report_scam", "113"),
    ],
)
def test_other_wants_get_a_pointer(talk, intent, told):
    alone = talk.say("answer_question", WAGE)
    reply = talk.say("answer_question", WAGE, also=[part(intent, "cho gặp cán bộ")])
    assert reply.text.startswith(alone.text)
    assert told in reply.text.removeprefix(alone.text)
    assert reply.citations == alone.citations


def test_greetings_and_thanks_add_nothing(talk):
    alone = talk.say("answer_question", WAGE)
    for intent in ("greet", "thank", "goodbye", "give_feedback", "unheard_of"):
        assert talk.say("answer_question", WAGE, also=[part(intent, "chào em")]).text == alone.text


@pytest.mark.parametrize(
    ("intent", "response"), [("report_emergency", "utter_emergency"), ("express_crisis", "utter_crisis")]
)
def test_a_danger_anywhere_in_the_message_comes_before_everything_else(talk, intent, response):
    assert talk.say("answer_question", WAGE, also=[part(intent, "cháy nhà rồi")]) == response
    assert talk.said == [response]


def test_a_wish_for_a_language_in_a_further_part_counts_for_the_answer(talk):
    reply = talk.say("answer_question", WAGE, also=[part("change_language", "trả lời bằng tiếng Anh nhé")])
    assert reply.lang == "en"
    assert talk.slots["lang"] == "en"


PARTS = st.recursive(
    st.none() | st.text(max_size=9) | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["intent", "text", "confidence", "x"]), inner),
    max_leaves=12,
)


@given(PARTS)
def test_whatever_stands_in_also_is_read_or_left_out(value):
    parts = Further.read_all(value)
    assert len(parts) <= FURTHER_AT_MOST
    assert all(part.text.strip() for part in parts)


def test_nothing_further_changes_nothing():
    reply = Reply(AnswerStatus.CHATTED, "Vâng ạ.")
    assert join(reply, []) == reply


def test_a_part_without_a_subject_is_about_the_document_of_the_main_one(talk):
    also = [part("ask_validity", "còn hiệu lực không")]
    reply = talk.say("lookup_document", "nghị định 161/2026/NĐ-CP nói gì, còn hiệu lực không", also=also)
    assert numbers(reply)[0] == "161/2026/NĐ-CP"
    assert "chưa thấy văn bản thay thế" in reply.text


def test_a_part_that_only_names_what_the_main_one_is_about_belongs_to_it(talk):
    also = [part("ask_document_by_number", "nghị định 73/2024/NĐ-CP")]
    reply = talk.say("check_validity", "nghị định 73/2024/NĐ-CP, còn hiệu lực không", also=also)
    assert numbers(reply)[0] == "73/2024/NĐ-CP"
    assert reply.citations[0].validity == "expired"
    assert reply.text.count("73/2024/NĐ-CP ngày") == 1


def test_a_greeting_is_not_searched_for(talk):
    reply = talk.say("answer_question", f"chào em nhé, {WAGE}", also=[part("greet", "chào em nhé")])
    assert talk.topic.question == WAGE
    assert numbers(reply)[0] == "161/2026/NĐ-CP"


def test_what_is_added_speaks_the_language_that_the_action_has_changed_to(talk):
    text = "Chuyển sang tiếng Anh giúp, tôi muốn gặp cán bộ"
    also = [{"intent": "ask_for_person", "text": "tôi muốn gặp cán bộ", "confidence": 0.9}]
    reply = talk.say("set_language", text, also=also)
    assert reply.lang == "en"
    assert "cán bộ" not in reply.text


def test_a_comma_alone_makes_no_two_questions_of_one_that_the_index_knows(talk):
    question = "lương cơ sở của tôi, mức từ 1/7/2026 là bao nhiêu"
    whole = talk.say("answer_question", question, also=[part("ask_latest_documents", "mức từ 1/7/2026 là bao nhiêu")])
    assert whole.citations[0].number == "161/2026/NĐ-CP"
    assert talk.topic.question == question


def test_two_questions_for_two_documents_are_answered_both(talk):
    both = f"{WAGE}, thủ tục đăng ký doanh nghiệp ra sao"
    reply = talk.say("answer_question", both, also=[part("ask_policy", "thủ tục đăng ký doanh nghiệp ra sao")])
    assert {"161/2026/NĐ-CP", "168/2025/NĐ-CP"} <= {citation.number for citation in reply.citations}
