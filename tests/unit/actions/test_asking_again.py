from __future__ import annotations

import pytest

from actions.exchange import exchanged
from bot.reply import AnswerStatus


def numbers(reply):
    return [citation.number for citation in reply.citations]


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ("Bình Dương nay thuộc tỉnh nào", "thế ở Đà Nẵng thì sao?", "Đà Nẵng nay thuộc tỉnh nào"),
        ("phường Bến Nghé nay là phường nào", "còn phường Tân Định", "phường Tân Định nay là phường nào"),
        ("nghị định mới nhất", "còn thông tư thì sao", "thông tư mới nhất"),
        ("nghị định mới của Bộ Công an", "vậy bộ y tế", "nghị định mới của bộ y tế"),
        ("nghị định 161/2026/NĐ-CP còn hiệu lực không", "thế 73/2024/NĐ-CP", "73/2024/NĐ-CP còn hiệu lực không"),
        ("nghị định tháng 4/2026", "vậy tháng 5", "nghị định tháng 5"),
        ("văn bản ban hành từ ngày 1/7/2026", "còn năm 2025", "văn bản ban hành năm 2025"),
        ("giá đất là bao nhiêu", "thế ở Huế", "giá đất là bao nhiêu Huế"),
        ("mức lương cơ sở là bao nhiêu", "còn công chức xã", "mức lương cơ sở là bao nhiêu công chức xã"),
        ("mức lương cơ sở là bao nhiêu", "thế lương tối thiểu vùng thì sao", "lương tối thiểu vùng"),
    ],
)
def test_what_is_named_anew_takes_the_place_of_its_like(full_desk, ask, before, new, after):
    got = exchanged(before, ask(new), full_desk).text
    assert got.replace("nghị định 73/2024", "73/2024").split() == after.split()


def test_the_question_is_asked_again_for_another_place(talk):
    talk.say("explain_province", "Bình Dương nay thuộc tỉnh nào")
    reply = talk.say("ask_again", "thế ở Vũng Tàu thì sao?")
    assert "Vũng Tàu" in reply.text
    assert talk.topic.intent == "ask_province_merger"
    assert talk.topic.question == "Vũng Tàu nay thuộc tỉnh nào"


def test_the_list_is_made_again_for_another_type(talk):
    talk.say("list_latest", "nghị định mới nhất")
    assert numbers(talk.say("ask_again", "còn chỉ thị thì sao")) == ["26/CT-TTg", "04/CT-TTg"]


def test_validity_is_asked_again_for_another_document(talk):
    talk.say("check_validity", "nghị định 161/2026/NĐ-CP còn hiệu lực không")
    reply = talk.say("ask_again", "thế nghị định 73/2024/NĐ-CP")
    assert reply.citations[0].validity == "expired"


def test_without_a_question_before_it_is_asked_back(talk):
    assert talk.say("ask_again", "thế ở Đà Nẵng thì sao?").status is AnswerStatus.CLARIFY_VAGUE


def test_words_that_have_nothing_to_do_with_the_old_question_are_asked_by_themselves(talk):
    talk.say("answer_question", "mức lương cơ sở từ 1/7/2026 là bao nhiêu")
    reply = talk.say("ask_again", "thế đăng ký doanh nghiệp thì sao")
    assert "161/2026/NĐ-CP" not in numbers(reply)


def test_what_was_exchanged_stays_and_only_added_words_give_way(full_desk, ask):
    first = exchanged("thông tư mới nhất", ask("của bộ công an"), full_desk)
    assert (first.text, first.base) == ("thông tư mới nhất bộ công an", "")
    second = exchanged("mức phạt vượt đèn đỏ", ask("còn ô tô"), full_desk)
    assert (second.text, second.base) == ("mức phạt vượt đèn đỏ ô tô", "mức phạt vượt đèn đỏ")
