"""When a message in a conversation is about another document, though its words are those of any follow-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.ask_again import Added
from tests.unit.actions.conftest import Conversation, a_document, make_desk

FEES = a_document(
    "66/2026/NQ-CP",
    "Miễn giảm lệ phí",
    "Nghị quyết miễn giảm lệ phí.",
    issued="2026-07-09",
    type="Nghị quyết",
    questions=("miễn giảm lệ phí", "miễn giảm lệ phí theo quy định nào", "xử phạt thế nào"),
)
SCHOOLS = a_document(
    "66/2026/NĐ-CP",
    "Học bổng và trường học",
    "Học sinh được giảm vé. Học bổng bằng 80% lương, hộ nghèo được cả, xe đạp cũng thế, trừ trợ cấp mai táng.",
    issued="2026-03-02",
    questions=("học sinh được giảm vé không", "học bổng bao nhiêu"),
)
POVERTY = a_document(
    "351/2025/NĐ-CP",
    "Chuẩn nghèo",
    "Nghị định đặt chuẩn nghèo.",
    issued="2025-12-30",
    questions=("hộ nghèo", "chuẩn nghèo là gì"),
)
FEES_AGAIN = replace(FEES, number="67/2026/NQ-CP", issued_on=date(2026, 7, 10))
BICYCLES = a_document(
    "12/2026/NĐ-CP",
    "Vé cho học sinh",
    "Nghị định nói về vé.",
    issued="2026-08-01",
    questions=("học sinh được giảm vé không xe đạp",),
)
BURIAL = a_document(
    "15/2026/QH16",
    "Trợ cấp mai táng",
    "Luật về trợ cấp mai táng.",
    issued="2026-06-01",
    type="Luật",
    questions=("trợ cấp mai táng",),
)
FIRST = "học sinh được giảm vé không"


@pytest.fixture(scope="module")
def subject_desk(tmp_path_factory):
    desk = make_desk(tmp_path_factory.mktemp("subject_desk"), (FEES, FEES_AGAIN, SCHOOLS, POVERTY, BICYCLES, BURIAL))
    policy = replace(
        desk.policy, asked_answers_from=1.2, certain_from=0.5, certain_asked_from=0.9, certain_together_from=1.2
    )
    return replace(desk, policy=policy)


@pytest.fixture
def talk(subject_desk):
    talk = Conversation(subject_desk)
    assert numbers(talk.say("answer_question", FIRST))[:1] == ["66/2026/NĐ-CP"]
    return talk


def numbers(reply):
    return [citation.number for citation in reply.citations]


@pytest.mark.parametrize(
    ("action", "text", "wanted"),
    [
        ("answer_question", "miễn giảm lệ phí theo quy định nào", FEES),
        ("check_validity", "miễn giảm lệ phí", FEES),
        ("find_successor", "miễn giảm lệ phí", FEES),
        ("list_latest", "miễn giảm lệ phí theo quy định nào", FEES),
        ("ask_again", "còn miễn giảm lệ phí thì sao", FEES),
        ("ask_again", "thế chuẩn nghèo?", POVERTY),
    ],
)
def test_a_subject_of_another_document_is_not_answered_from_the_topic(talk, action, text, wanted):
    assert numbers(talk.say(action, text))[0] == wanted.number
    assert talk.topic.documents[0] == wanted.id


@pytest.mark.parametrize("first", ["66/2026/NQ-CP", "67/2026/NQ-CP"])
def test_of_two_documents_that_fit_as_well_the_one_talked_about_is_meant(subject_desk, first):
    talk = Conversation(subject_desk)
    talk.say("lookup_document", f"nghị quyết {first}")
    assert numbers(talk.say("check_validity", "miễn giảm lệ phí theo quy định nào")) == [first]


def test_words_of_the_document_talked_about_are_a_part_of_its_subject(talk):
    assert numbers(talk.say("ask_again", "còn hộ nghèo thì sao"))[0] == "66/2026/NĐ-CP"


def test_a_part_of_its_subject_is_not_told_from_a_document_that_the_new_question_finds(talk):
    assert numbers(talk.say("answer_question", f"{FIRST} xe đạp"))[0] == "12/2026/NĐ-CP"
    talk.say("answer_question", FIRST)
    assert numbers(talk.say("ask_again", "còn xe đạp thì sao"))[0] == "66/2026/NĐ-CP"


@pytest.mark.parametrize("text", ["nó miễn giảm lệ phí từ bao giờ", "nó miễn giảm lệ phí theo quy định nào"])
def test_a_message_that_points_back_is_about_the_topic(talk, text):
    assert numbers(talk.say("check_validity", text))[0] == "66/2026/NĐ-CP"


def test_what_is_asked_of_any_document_is_asked_of_the_one_talked_about(talk):
    assert numbers(talk.say("answer_question", "xử phạt thế nào")) == ["66/2026/NĐ-CP"]


def test_what_the_document_talked_about_only_mentions_is_the_subject_of_the_one_called_so(talk):
    reply = talk.say("ask_again", "còn trợ cấp mai táng thì sao")
    assert numbers(reply)[0] == "15/2026/QH16"


@pytest.mark.parametrize(
    ("words", "by_accents", "text", "do"),
    [
        ("bố", True, "Bộ Nội vụ", False),
        ("bộ", True, "Bộ Nội vụ", True),
        ("xe", True, "Xe buýt", True),
        ("bo", False, "Bộ Nội vụ", False),
        ("hoc bong", False, "Mức học bổng", True),
        ("học bổng", True, "Học sinh trả bóng", False),
    ],
)
def test_a_text_has_words_by_the_accents_they_are_typed_with(words, by_accents, text, do):
    assert Added(words, by_accents).stand_in(text) is do
