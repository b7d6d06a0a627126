"""What is asked of the document talked about, whatever the NLU took the message for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.reply import AnswerStatus
from index.document import Relation, RelationKind
from tests.unit.actions.conftest import DOCUMENTS, Conversation, a_document, make_desk

WAGE = "mức lương cơ sở từ 1/7/2026 là bao nhiêu"
GUIDE = a_document(
    "13/2026/TT-BNV",
    "Cách tính lương cơ sở",
    "Thông tư chỉ cách tính lương.",
    issued="2026-05-29",
    effective="2026-07-01",
    type="Thông tư",
    issuing_body="Bộ Nội vụ",
    relations=(Relation(RelationKind.GUIDES, "161/2026/NĐ-CP"),),
)
OTHER = a_document(
    "78/2025/NĐ-CP",
    "Hướng dẫn thi hành văn bản quy phạm",
    "Nghị định hướng dẫn thi hành, có hiệu lực ngay.",
    issued="2025-04-01",
    questions=("có nghị định hướng dẫn không", "cơ quan nào chịu trách nhiệm"),
)


@pytest.fixture(scope="module")
def guided_desk(tmp_path_factory):
    decree = replace(
        DOCUMENTS[0], relations=(*DOCUMENTS[0].relations, Relation(RelationKind.GUIDED_BY, "13/2026/TT-BNV"))
    )
    return make_desk(tmp_path_factory.mktemp("guided_desk"), (decree, *DOCUMENTS[1:], GUIDE, OTHER))


@pytest.fixture
def talk(guided_desk):
    return Conversation(guided_desk)


def numbers(reply):
    return [citation.number for citation in reply.citations]


def took_for(intent):
    return {"intent_ranking": [{"name": intent, "confidence": 0.9}]}


@pytest.mark.parametrize("text", ["ra đời khi nào", "tên đầy đủ là gì", "Cái đó bộ nào ra hả?", "ai ký vậy bạn"])
def test_a_question_for_its_name_day_or_body_is_none_for_the_bot(talk, text):
    talk.say("answer_question", WAGE)
    reply = talk.say("give_fixed_reply", text, **took_for("ask_bot_identity"))
    assert numbers(reply) == ["161/2026/NĐ-CP"]
    assert "Chính phủ" in reply.text


def test_the_same_words_without_a_conversation_are_for_the_bot(talk):
    assert talk.say("give_fixed_reply", "ra đời khi nào", **took_for("ask_bot_identity")) == "utter_identity"


@pytest.mark.parametrize("text", ["ký hôm nào", "ky bua nao vay"])
def test_the_day_of_signing_is_asked_for_in_many_words(talk, text):
    talk.say("answer_question", WAGE)
    assert numbers(talk.say("answer_question", text, **took_for("out_of_scope"))) == ["161/2026/NĐ-CP"]


@pytest.mark.parametrize("text", ["từ hôm nào vậy", "phải đợi tới khi nào", "đến bao giờ"])
def test_a_bare_when_is_answered_with_the_validity_of_the_document(talk, text):
    talk.say("answer_question", WAGE)
    reply = talk.say("answer_question", text, **took_for("out_of_scope"))
    assert numbers(reply)[0] == "161/2026/NĐ-CP"
    assert "2026" in reply.text


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("list_latest", "có thông tư hướng dẫn chưa"),
        ("answer_question", "Có nghị định hướng dẫn không?"),
        ("show_source", "có văn bản nào quy định chi tiết không"),
        ("find_successor", "Which circular guides it?"),
        ("check_validity", "有实施细则吗？"),
    ],
)
def test_what_guides_a_document_is_told_from_its_relations(talk, action, text):
    talk.say("answer_question", WAGE)
    assert numbers(talk.say(action, text)) == ["13/2026/TT-BNV", "161/2026/NĐ-CP"]
    assert talk.topic.documents[0].startswith("161/2026")


@pytest.mark.parametrize("text", ["nó hướng dẫn nghị định nào", "what decree does it guide?"])
def test_what_it_guides_itself_is_told_too(talk, text):
    talk.say("lookup_document", "thông tư 13/2026/TT-BNV")
    assert numbers(talk.say("show_source", text)) == ["161/2026/NĐ-CP", "13/2026/TT-BNV"]


def test_where_nothing_guides_it_that_is_said_and_no_other_document_is_shown(talk):
    talk.say("lookup_document", "chỉ thị 04/CT-TTg")
    reply = talk.say("list_latest", "có thông tư hướng dẫn chưa")
    assert (reply.status, numbers(reply)) == (AnswerStatus.ANSWERED, ["04/CT-TTg"])
    assert "23/07/2026" in reply.text


@pytest.mark.parametrize(
    ("action", "text"), [("list_latest", "có bản mới hơn không"), ("show_more", "co cai moi chua")]
)
def test_a_newer_one_is_what_replaced_it_and_no_list(talk, action, text):
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    assert numbers(talk.say(action, text))[0] == "161/2026/NĐ-CP"


def test_the_new_one_and_the_old_one_are_those_beside_the_document_talked_about(talk):
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    assert numbers(talk.say("check_validity", "nghị định mới áp dụng từ bao giờ"))[0] == "161/2026/NĐ-CP"
    assert numbers(talk.say("check_validity", "nghị định cũ hết hiệu lực khi nào"))[0] == "73/2024/NĐ-CP"


def test_what_became_of_a_lapsed_document_needs_no_word_of_change(talk):
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    assert numbers(talk.say("find_successor", "nay dùng cái nào"))[0] == "161/2026/NĐ-CP"


def test_an_answer_from_a_lapsed_document_names_what_holds_instead(talk):
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    assert numbers(talk.say("answer_question", "mức là bao nhiêu")) == ["73/2024/NĐ-CP", "161/2026/NĐ-CP"]


def test_who_is_responsible_is_looked_for_in_the_document_talked_about(talk):
    talk.say("lookup_document", "chỉ thị 04/CT-TTg")
    assert "78/2025/NĐ-CP" not in numbers(talk.say("find_responsible_agency", "cơ quan nào chịu trách nhiệm"))


def test_one_of_a_list_is_picked_and_asked_about_in_one_message(talk):
    talk.say("list_latest", "các chỉ thị mới nhất")
    assert numbers(talk.say("show_more", "Cái thứ hai nói gì?")) == ["04/CT-TTg"]
