"""When a message in a conversation is about another document, though its words are those of any follow-up."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
    "Học sinh được giảm vé. Học bổng bằng 80% lương, hộ nghèo được cả.",
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
FIRST = "học sinh được giảm vé không"


@pytest.fixture(scope="module")
def subject_desk(tmp_path_factory):
    desk = make_desk(tmp_path_factory.mktemp("subject_desk"), (FEES, SCHOOLS, POVERTY))
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
    ("action", "text"),
    [
        ("answer_question", "miễn giảm lệ phí theo quy định nào"),
        ("check_validity", "miễn giảm lệ phí"),
        ("find_successor", "miễn giảm lệ phí"),
        ("list_latest", "miễn giảm lệ phí theo quy định nào"),
        ("ask_again", "còn miễn giảm lệ phí thì sao"),
        ("ask_again", "thế chuẩn nghèo?"),
    ],
)
def test_a_subject_of_another_document_is_not_answered_from_the_topic(talk, action, text):
    assert "66/2026/NĐ-CP" not in numbers(talk.say(action, text))
    assert talk.topic.documents[0] != "66/2026/NĐ-CP@2026-03-02"


def test_words_of_the_document_talked_about_are_a_part_of_its_subject(talk):
    assert numbers(talk.say("ask_again", "còn hộ nghèo thì sao"))[0] == "66/2026/NĐ-CP"


def test_a_message_that_points_back_is_about_the_topic(talk):
    assert numbers(talk.say("check_validity", "nó miễn giảm lệ phí từ bao giờ"))[0] == "66/2026/NĐ-CP"


def test_what_is_asked_of_any_document_is_asked_of_the_one_talked_about(talk):
    reply = talk.say("answer_question", "xử phạt thế nào")
    assert "66/2026/NQ-CP" not in numbers(reply)
