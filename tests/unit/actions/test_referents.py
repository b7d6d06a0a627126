"""Which document a message in a conversation is about, where others have its very words."""

from __future__ import annotations

import pytest

from tests.unit.actions.conftest import DOCUMENTS, Conversation, a_document, make_desk

WAGE = "mức lương cơ sở từ 1/7/2026 là bao nhiêu"
DRAFTING = a_document("78/2025/NĐ-CP", "Soạn thảo văn bản", "Có hiệu lực từ đận nào.", issued="2025-04-01")
RESPONSIBLE = a_document("79/2025/NĐ-CP", "Phân công", "Cơ quan nào chịu trách nhiệm.", issued="2025-04-02")
FLOODS = a_document(
    "380/NQ-CP",
    "Khắc phục hậu quả thiên tai",
    "Cơ quan chịu trách nhiệm là Bộ Nội vụ.",
    issued="2025-11-25",
    type="Nghị quyết",
)


@pytest.fixture(scope="module")
def wordy_desk(tmp_path_factory):
    return make_desk(tmp_path_factory.mktemp("wordy_desk"), (*DOCUMENTS, DRAFTING, RESPONSIBLE, FLOODS))


@pytest.fixture
def talk(wordy_desk):
    return Conversation(wordy_desk)


def numbers(reply):
    return [citation.number for citation in reply.citations]


def test_a_document_that_fits_by_how_the_question_is_put_is_not_the_one_named(talk):
    talk.say("answer_question", WAGE)
    assert numbers(talk.say("check_validity", "có hiệu lực từ đận nào")) == ["161/2026/NĐ-CP"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_document_that_is_named_in_vietnamese_is_meant_whatever_language_the_answer_is_in(talk, lang):
    talk.slots["lang"] = lang
    talk.say("answer_question", WAGE)
    reply = talk.say("check_validity", "cái đó có thay nghị định đăng ký doanh nghiệp không")
    assert (numbers(reply), reply.lang) == (["168/2025/NĐ-CP"], lang)


def test_words_of_the_title_talked_about_are_no_subject_of_their_own(talk):
    talk.say("answer_question", WAGE)
    ranking = [{"name": "ask_bot_identity", "confidence": 0.9}]
    reply = talk.say("give_fixed_reply", "lương cơ sở tên đầy đủ là gì", intent_ranking=ranking)
    assert numbers(reply) == ["161/2026/NĐ-CP"]


def test_who_is_responsible_is_told_by_the_document_talked_about(talk):
    talk.say("lookup_document", "nghị quyết 380/NQ-CP")
    reply = talk.say("find_responsible_agency", "cơ quan nào chịu trách nhiệm")
    assert numbers(reply) == ["380/NQ-CP"]
    assert "Bộ Nội vụ" in reply.text
