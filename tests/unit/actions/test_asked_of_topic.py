"""What is asked of the document talked about, whatever the NLU took the message for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.asked_of_topic import answer_of_topic, turned_to
from bot.reply import AnswerStatus
from index.document import Relation, RelationKind
from tests.unit.actions.conftest import DOCUMENTS, GUIDE, Conversation, a_document, make_desk

WAGE = "mức lương cơ sở từ 1/7/2026 là bao nhiêu"
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


def ranked(intent, confidence):
    return {"intent_ranking": [{"name": intent, "confidence": confidence}]}


@pytest.mark.parametrize(
    ("action", "text", "intent", "confidence", "status"),
    [
        ("signpost_petition", "bao giờ trả kết quả cho tôi", "ask_petition_status", 0.99, AnswerStatus.SIGNPOSTED),
        ("signpost_petition", "đơn của tôi bao giờ xong", "ask_petition_status", 1.0, AnswerStatus.SIGNPOSTED),
        ("signpost_petition", "khi nào có kết quả vậy", "ask_petition_status", 0.84, AnswerStatus.SIGNPOSTED),
        ("hand_over", "bao giờ có người trả lời", "ask_for_person", 0.89, AnswerStatus.HANDED_OVER),
        ("hand_over", "đến bao giờ mới có người trả lời tôi", "ask_for_person", 0.65, AnswerStatus.HANDED_OVER),
        ("hand_over", "bao giờ có người", "ask_for_person", 0.45, AnswerStatus.HANDED_OVER),
        ("record_feedback", "đến bao giờ nữa", "give_feedback", 0.7, AnswerStatus.CHATTED),
    ],
)
def test_who_waits_for_an_officer_is_not_told_of_the_document(talk, action, text, intent, confidence, status):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    assert talk.say(action, text, **ranked(intent, confidence)).status is status


@pytest.mark.parametrize("intent", ["ask_petition_status", "ask_for_person"])
def test_nor_where_the_message_was_looked_up_for_all_that(talk, intent):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    text = "khi nào có kết quả vậy"
    from_when = talk.say("answer_question", text)
    assert talk.say("answer_question", text, **ranked(intent, 0.3)).text == from_when.text
    assert talk.say("answer_question", text, **ranked(intent, 0.7)).text != from_when.text


def test_a_danger_is_met_before_anything_is_told_of_the_document(talk):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    assert talk.say("answer_question", "ra đời khi nào", **took_for("report_emergency")) == "utter_emergency"


@pytest.mark.parametrize(
    "text",
    [
        "quy định cụ thể là gì",
        "quy định cụ thể thế nào",
        "nó quy định cụ thể mức bao nhiêu",
        "cho xem quy định cụ thể",
        "quy dinh cu the la gi",
    ],
)
def test_the_details_are_no_old_one(talk, text):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    assert "73/2024/NĐ-CP" not in numbers(talk.say("answer_question", text))
    assert talk.topic.documents[0].startswith("161/2026")


@pytest.mark.parametrize("text", ["quy định mỗi tháng bao nhiêu", "quy định mọi người được bao nhiêu"])
def test_each_and_every_are_no_new_one(talk, ask, text):
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    assert turned_to(ask(text, topic=talk.topic), talk.desk).topic == talk.topic


@pytest.mark.parametrize("text", ["nghị định cũ thế nào", "nghi dinh cu thi sao", "văn bản trước đó nói gì"])
def test_the_old_one_is_meant_with_its_accents_or_without(talk, text):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    assert numbers(talk.say("check_validity", text))[0] == "73/2024/NĐ-CP"


@pytest.mark.parametrize(
    "text",
    [
        "bạn ra đời khi nào",
        "bạn ra đời năm nào vậy",
        "tên đầy đủ của bạn là gì",
        "ban ra doi khi nao",
        "thế bạn có từ bao giờ",
        "bot này do cơ quan nào đưa ra",
    ],
)
def test_what_is_asked_of_the_bot_is_not_answered_with_the_document(talk, text):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    assert talk.say("give_fixed_reply", text, **took_for("ask_bot_identity")) == "utter_identity"


@pytest.mark.parametrize(
    "text",
    [
        "ra đời khi nào vậy bạn",
        "tên đầy đủ là gì hả bạn",
        "bạn ơi bộ nào ra vậy",
        "bạn cho biết nó ra đời khi nào",
        "tên đầy đủ của bản này là gì",
        "ra đời khi nào thế bot",
    ],
)
def test_who_is_spoken_to_is_not_what_is_asked_about(talk, text):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    reply = talk.say("give_fixed_reply", text, **took_for("ask_bot_identity"))
    assert numbers(reply) == ["161/2026/NĐ-CP"]


@pytest.mark.parametrize("text", ["bạn mới nói gì cơ", "bạn mới nói mức nào", "bạn mới trả lời gì"])
def test_what_you_just_said_is_no_newer_document(talk, ask, text):
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    assert answer_of_topic(ask(text, topic=talk.topic), talk.desk) is None


@pytest.mark.parametrize(
    "text", ["có bản mới chưa", "có bản nào mới không", "co ban moi khong", "bạn có bản mới hơn không"]
)
def test_a_newer_document_is_asked_for_with_accents_or_without(talk, text):
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    assert numbers(talk.say("list_latest", text))[0] == "161/2026/NĐ-CP"


@pytest.mark.parametrize(
    "text", ["cơ quan nào ra quyết định", "ai ra quyết định xử phạt", "ai ra luật", "bộ nào ra rồi sao"]
)
def test_who_decides_is_not_who_issued_the_document(talk, ask, text):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    assert answer_of_topic(ask(text, topic=talk.topic), talk.desk) is None


@pytest.mark.parametrize(
    "text",
    [
        "ai ra cái này vậy",
        "cơ quan nào ra nghị định",
        "bộ nào đưa ra quyết định này",
        "nơi nào ra nó",
        "bo nao ra vay ban",
    ],
)
def test_who_issued_it_is_asked_in_many_words(talk, ask, text):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    told = answer_of_topic(ask(text, topic=talk.topic), talk.desk)
    assert "Chính phủ" in told.reply.text


def test_what_a_lapsed_document_is_is_told_and_not_what_replaced_it(talk):
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    what = talk.say("answer_question", "nó là gì").text
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    assert talk.say("find_successor", "nó là gì", **took_for("ask_successor")).text == what


def test_what_holds_in_place_of_a_lapsed_document_is_no_question_what_that_is(talk):
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    reply = talk.say("find_successor", "văn bản hiện hành là gì", **took_for("ask_successor"))
    assert numbers(reply)[0] == "161/2026/NĐ-CP"


def test_an_old_one_typed_without_accents_is_meant_whatever_they_were_restored_to(talk, ask, guided_desk):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")

    def read(text):
        return replace(guided_desk.read(text), restored=text.replace("cu", "cứ"))

    turned = turned_to(ask("nghi dinh cu noi gi", topic=talk.topic), replace(guided_desk, read=read))
    assert turned.topic.documents[0].startswith("73/2024")
