"""A question that a document is known to answer is answered, whatever the NLU took it for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer_question import AnswerQuestion
from actions.certain import answer_after_all, answer_certainly, answer_naming
from actions.explain_province import ExplainProvince
from actions.find_responsible_agency import FindResponsibleAgency
from actions.fixed import GiveFixedReply, SignpostPetition
from actions.list_latest import ListLatest
from actions.policy import Sureness
from actions.shell import Shell
from actions.show_source import ShowSource
from actions.topic import Topic
from bot.reply import AnswerStatus

KNOWN = "miền trung lũ lụt chính phủ có nghị quyết khắc phục hậu quả không"


def said(desk, action, text, intent):
    ranking = [{"name": intent, "confidence": 0.95}]
    message = {"text": text, "metadata": {}, "intent_ranking": ranking}
    dispatcher = CollectingDispatcher()
    Shell(action(desk), desk).run(dispatcher, Tracker.from_dict({"sender_id": "api:1", "latest_message": message}), {})
    (message,) = dispatcher.messages
    return message


def test_a_question_taken_for_a_prediction_is_answered_where_a_document_is_known_to(known_desk):
    reply = said(known_desk, GiveFixedReply, KNOWN, "ask_prediction")["custom"]["reply"]
    assert reply["status"] == "answered"
    assert reply["citations"][0]["number"] == "380/NQ-CP"


def test_a_prediction_that_no_document_answers_is_declined(known_desk):
    assert said(known_desk, GiveFixedReply, "giá vàng tuần sau lên hay xuống", "ask_prediction")["response"] == (
        "utter_prediction"
    )


@pytest.mark.parametrize("text", ["nghị quyết 380/NQ-CP", "có không", ""])
def test_a_number_and_a_message_without_a_subject_are_never_certain(known_desk, ask, text):
    assert answer_certainly(ask(text), known_desk) is None


def test_what_is_certain_needs_both_the_words_and_a_known_question(known_desk, ask):
    assert answer_certainly(ask(KNOWN), known_desk).reply.status is AnswerStatus.ANSWERED
    strict = {"certain_from": 5.0, "certain_together_from": 5.0, "asked_alone_from": 5.0}
    assert answer_certainly(ask(KNOWN), replace(known_desk, policy=replace(known_desk.policy, **strict))) is None


def test_a_former_body_does_not_give_way_and_a_list_only_where_there_is_no_doubt(desk, ask):
    assert ListLatest(desk).gives_way(ask("nghị định mới nhất về tiền lương")) is Sureness.BEYOND_DOUBT
    assert ListLatest(desk).gives_way(ask("họp chính phủ tháng 4 năm 2026 kết quả sao")) is Sureness.CERTAIN
    assert not FindResponsibleAgency(desk).gives_way(ask("Bộ Kế hoạch và Đầu tư giờ nhập vào bộ nào"))
    assert FindResponsibleAgency(desk).gives_way(ask("Chính phủ hiện có bao nhiêu bộ"))
    assert SignpostPetition(desk).gives_way(ask("luật quy định thế nào về khiếu nại"))


def test_the_number_of_provinces_comes_from_the_table(desk, ask):
    for text in ("Việt Nam bây giờ có bao nhiêu tỉnh thành?", "nuoc minh con may tinh", "how many provinces are there"):
        reply = ExplainProvince(desk).reply_to(ask(text))
        assert reply.status is AnswerStatus.ANSWERED
        assert "34" in reply.text
        assert reply.citations[0].number == "202/2025/QH15"


def test_the_body_in_charge_is_told_with_the_document_that_says_so(desk, ask):
    reply = FindResponsibleAgency(desk).reply_to(ask("lĩnh vực tiền lương do bộ nào quản lý"))
    assert reply.status is AnswerStatus.ANSWERED
    held = {number for number in ("276/2026/NĐ-CP",) if desk.sources(number, date(2026, 11, 22))}
    assert {citation.number for citation in reply.citations} == held


def test_what_fits_best_is_in_a_list_however_old_it_is(desk, ask):
    listed = ListLatest(desk).reply_to(ask("các nghị định về mức lương cơ sở"))
    assert "161/2026/NĐ-CP" in {citation.number for citation in listed.citations}


def test_a_follow_up_that_nothing_was_said_before_is_looked_up_like_a_question(desk, ask):
    question = "nguồn nào cho mức lương cơ sở 2.530.000 đồng"
    (message,) = sent(desk, ShowSource, question, "ask_source")
    assert message["custom"]["reply"]["citations"][0]["number"] == "161/2026/NĐ-CP"
    assert answer_after_all(ask("nguồn ở đâu"), desk) is None


def test_few_words_are_a_question_only_where_nothing_was_said_before(known_desk, ask):
    words = replace(
        known_desk.conversation_words,
        follow_up={**known_desk.conversation_words.follow_up, "vi": frozenset(KNOWN.split())},
    )
    eager = replace(known_desk, conversation_words=words)
    assert answer_certainly(ask(KNOWN), eager).reply.status is AnswerStatus.ANSWERED
    assert answer_certainly(ask(KNOWN, topic=Topic(question="bão số 13")), eager) is None


def test_a_number_that_is_not_held_leads_to_the_document_that_names_it(full_desk, ask):
    sure = replace(full_desk, policy=replace(full_desk.policy, beyond_doubt_from=0.3, asked_at_least=0.0))
    assert answer_naming(ask("nghị định 168 năm 2024 sửa đổi xử phạt giao thông"), sure) is None, "it is held"
    assert answer_naming(ask("xử phạt giao thông"), sure) is None, "no number is asked about"
    assert answer_naming(ask("nghị định 999/2024/NĐ-CP về giao thông"), sure) is None, "nothing names it"


def test_danger_is_followed_by_the_document_that_is_certain_and_by_nothing_else(known_desk):
    dangerous = [{"intent": "report_emergency", "text": KNOWN, "confidence": 0.9}]
    danger, document = sent(known_desk, AnswerQuestion, KNOWN, "ask_policy", also=dangerous)
    assert danger["response"] == "utter_emergency"
    assert document["custom"]["reply"]["citations"][0]["number"] == "380/NQ-CP"
    (danger,) = sent(known_desk, AnswerQuestion, "cứu với, nhà tôi đang cháy", "report_emergency")
    assert danger["response"] == "utter_emergency"


def test_a_likely_danger_is_never_answered_by_a_document_alone(known_desk):
    danger, document = sent(known_desk, AnswerQuestion, KNOWN, "express_crisis")
    assert danger["response"] == "utter_crisis"
    assert document["custom"]["reply"]["status"] == "answered"


def test_a_petition_is_signposted_before_the_document_on_its_matter(known_desk):
    uncertain = replace(
        known_desk.policy, certain_from=5.0, certain_together_from=5.0, asked_alone_from=5.0, beyond_doubt_from=5.0
    )
    desk = replace(known_desk, policy=uncertain)
    (message,) = sent(desk, SignpostPetition, KNOWN, "submit_petition")
    signpost = desk.wording.text("actions.petition", "vi")
    assert message["custom"]["reply"]["text"].startswith(signpost)
    assert message["custom"]["reply"]["citations"][0]["number"] == "380/NQ-CP"
    (message,) = sent(desk, SignpostPetition, "hàng xóm hát karaoke ồn quá", "submit_petition")
    assert message["custom"]["reply"]["text"] == signpost
    assert not message["custom"]["reply"]["citations"]


def test_what_became_of_a_province_is_told_from_the_table(desk, ask):
    assert ExplainProvince(desk).gives_way(ask("tỉnh Bình Dương giờ thuộc đâu")) is None
    assert ExplainProvince(desk).gives_way(ask("nước mình giờ có bao nhiêu tỉnh")) is None
    assert ExplainProvince(desk).gives_way(ask("sắp xếp đơn vị hành chính")) is Sureness.CERTAIN


def sent(desk, action, text, intent, **facts):
    return run(Shell(action(desk), desk), text, intent, **facts)


def run(shell, text, intent, **facts):
    message = {"text": text, "metadata": {}, "intent_ranking": [{"name": intent, "confidence": 0.95}], **facts}
    dispatcher = CollectingDispatcher()
    shell.run(dispatcher, Tracker.from_dict({"sender_id": "api:1", "latest_message": message}), {})
    return dispatcher.messages


def test_what_was_issued_in_a_period_is_listed_and_gives_way_to_no_meeting(desk, ask):
    assert ListLatest(desk).gives_way(ask("chính phủ ra nghị quyết gì tháng 5/2026")) is None
    assert ListLatest(desk).gives_way(ask("dự toán ngân sách năm 2027 lập theo chỉ thị nào")) is not None
