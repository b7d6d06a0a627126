"""A scope of sources: what is searched and listed stays in it, a document that is named is told whatever its source."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.desk import Desk
from bot.reply import AnswerStatus
from index.text.number import number_key
from tests.unit.actions.conftest import DOCUMENTS, FURTHER, Conversation, a_document, make_desk

HUE = "hue.gov.vn"
LOCAL = a_document(
    "12/2026/QĐ-UBND",
    "Phí thuyền du lịch trên sông Hương",
    "Phí thuyền du lịch trên sông Hương là 150.000 đồng một giờ.",
    issued="2026-03-02",
    type="Quyết định",
    issuing_body="Ủy ban nhân dân thành phố Huế",
)
KNOWN = a_document(
    "380/NQ-CP",
    "Khắc phục hậu quả thiên tai ở miền Trung",
    "Nghị quyết về khắc phục hậu quả mưa lũ ở miền Trung.",
    issued="2025-11-25",
    type="Nghị quyết",
    questions=("miền trung lũ lụt chính phủ có nghị quyết khắc phục hậu quả không",),
)
ELSEWHERE = {document.number for document in (*DOCUMENTS, *FURTHER, KNOWN)}


@pytest.fixture(scope="module")
def whole_desk(tmp_path_factory) -> Desk:
    """The small desk, one document of Huế's own, and one that is known to answer a question."""
    local = replace(LOCAL, source=HUE)
    desk = make_desk(tmp_path_factory.mktemp("scope"), (*DOCUMENTS, *FURTHER, KNOWN, local))
    return replace(desk, policy=replace(desk.policy, certain_from=0.5, certain_asked_from=0.9))


@pytest.fixture
def talk(whole_desk) -> Conversation:
    """A new conversation."""
    return Conversation(whole_desk)


def numbers(reply) -> set[str]:
    return {citation.number for citation in reply.citations}


SCOPED = {"metadata": {"sources": [HUE]}}


def test_a_question_that_the_scope_answers_is_answered_from_it(talk):
    reply = talk.say("answer_question", "phí thuyền du lịch trên sông Hương", **SCOPED)
    assert (reply.status, numbers(reply)) == (AnswerStatus.ANSWERED, {LOCAL.number})


@pytest.mark.parametrize("text", ["mức lương cơ sở từ 1/7/2026", "xử phạt giao thông đường bộ", KNOWN.questions[0]])
def test_what_only_other_sources_answer_is_not_found_and_nothing_of_them_is_named(talk, text):
    assert talk.say("answer_question", text).status is AnswerStatus.ANSWERED
    reply = Conversation(talk.desk).say("answer_question", text, **SCOPED)
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert not reply.citations
    assert not any(number in reply.text for number in ELSEWHERE)


def test_what_the_index_is_certain_of_stays_in_scope_too(talk):
    ranking = [{"name": "ask_prediction", "confidence": 0.95}]
    certain = talk.say("give_fixed_reply", KNOWN.questions[0], intent_ranking=ranking)
    assert numbers(certain) == {KNOWN.number}
    scoped = Conversation(talk.desk).say("give_fixed_reply", KNOWN.questions[0], intent_ranking=ranking, **SCOPED)
    assert scoped == "utter_prediction"


@pytest.mark.parametrize("text", ["những văn bản mới nhất năm 2026", "danh sách quyết định mới nhất"])
def test_lists_hold_documents_of_the_scope_alone(talk, text):
    assert numbers(talk.say("list_latest", text, **SCOPED)) == {LOCAL.number}


def test_a_list_without_a_document_of_the_scope_says_so(talk):
    reply = talk.say("list_latest", "các nghị định mới nhất của Chính phủ", **SCOPED)
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND


@pytest.mark.parametrize("action", ["check_validity", "lookup_document", "answer_question"])
def test_a_document_named_by_its_number_is_told_whatever_its_source(talk, action):
    reply = talk.say(action, "Nghị định 73/2024/NĐ-CP còn hiệu lực không?", **SCOPED)
    assert reply.status is AnswerStatus.ANSWERED
    assert "73/2024/NĐ-CP" in numbers(reply)


def test_what_replaced_a_named_document_is_told_whatever_its_source(talk):
    reply = talk.say("check_validity", "Nghị định 73/2024/NĐ-CP còn hiệu lực không?", **SCOPED)
    assert numbers(reply) == {"73/2024/NĐ-CP", "161/2026/NĐ-CP"}


def test_a_named_document_is_searched_for_what_is_asked_of_it_and_talked_about(talk):
    reply = talk.say("lookup_document", "37/2026/TT-BCA đối tượng áp dụng là ai", **SCOPED)
    assert reply.citations[0].location == "Điều 2"
    follow_up = talk.say("show_article", "xem điều 3", **SCOPED)
    assert numbers(follow_up) == {"37/2026/TT-BCA"}


def test_a_further_question_and_one_asked_again_stay_in_scope(talk):
    fee, wage = "phí thuyền du lịch trên sông Hương", "mức lương cơ sở từ 1/7/2026"
    also = [{"text": wage, "intent": "ask_policy", "confidence": 0.9}]
    reply = talk.say("answer_question", f"{fee}, {wage}", also=also, **SCOPED)
    assert numbers(reply) == {LOCAL.number}
    talk.say("list_latest", "danh sách quyết định mới nhất", **SCOPED)
    assert numbers(talk.say("ask_again", "của Bộ Công an", **SCOPED)) <= {LOCAL.number}


def test_the_next_turn_without_a_scope_has_all_sources_again(talk):
    assert talk.say("answer_question", "mức lương cơ sở từ 1/7/2026", **SCOPED).status is not AnswerStatus.ANSWERED
    assert talk.say("answer_question", "mức lương cơ sở từ 1/7/2026").status is AnswerStatus.ANSWERED


def test_a_desk_without_a_scope_is_the_desk_itself(whole_desk):
    assert whole_desk.within(()) is whole_desk


def test_a_scoped_catalogue_lists_its_sources_and_looks_up_all(whole_desk, ask):
    scoped, whole = whole_desk.within((HUE, "nowhere")).catalogue, whole_desk.catalogue
    (local,) = scoped.latest()
    assert (local.number, scoped.count(), scoped.ids()) == (LOCAL.number, 1, [local.id])
    assert scoped.latest(issuing_body="Chính phủ") == []
    assert scoped.find(key=number_key("161/2026/NĐ-CP")) == whole.find(key=number_key("161/2026/NĐ-CP"))
    day = ask("").as_of
    assert scoped.not_in_force(day) is whole.not_in_force(day)
