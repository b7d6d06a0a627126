"""A question that a document is known to answer is answered, whatever the NLU took it for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.certain import answer_certainly
from actions.find_responsible_agency import FindResponsibleAgency
from actions.fixed import GiveFixedReply, SignpostPetition
from actions.list_latest import ListLatest
from actions.shell import Shell
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
    strict = replace(known_desk, policy=replace(known_desk.policy, certain_from=5.0))
    assert answer_certainly(ask(KNOWN), strict) is None


def test_a_list_a_former_body_and_small_talk_do_not_give_way(desk, ask):
    assert not ListLatest(desk).gives_way(ask("nghị định mới nhất về tiền lương"))
    assert ListLatest(desk).gives_way(ask("họp chính phủ tháng 4 năm 2026 kết quả sao"))
    assert not FindResponsibleAgency(desk).gives_way(ask("Bộ Kế hoạch và Đầu tư giờ nhập vào bộ nào"))
    assert FindResponsibleAgency(desk).gives_way(ask("Chính phủ hiện có bao nhiêu bộ"))
    assert SignpostPetition(desk).gives_way(ask("luật quy định thế nào về khiếu nại"))


def test_the_number_of_provinces_comes_from_the_table(desk, ask):
    from actions.explain_province import ExplainProvince

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
