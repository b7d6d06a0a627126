from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.languages import find_wish, named_language, wants_repetition
from actions.question import Question

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "lang", "rest"),
    [
        ("trả lời bằng tiếng Anh giúp: lương cơ sở là bao nhiêu", "en", "lương cơ sở là bao nhiêu"),
        ("lương cơ sở là bao nhiêu, trả lời bằng tiếng Anh nhé", "en", "lương cơ sở là bao nhiêu"),
        ("tra loi bang tieng trung: tuoi nghi huu", "zh", "tuoi nghi huu"),
        ("please answer in Vietnamese: what is the base salary", "vi", "what is the base salary"),
        ("基本工资是多少？请用越南语回答", "vi", "基本工资是多少？"),
        ("what is the retirement age? in English please", "en", "what is the retirement age?"),
    ],
)
def test_a_wish_for_a_language_inside_a_question_is_read_and_taken_out(desk, text, lang, rest):
    assert find_wish(text) == (lang, rest)
    question = Question.read({"text": text, "metadata": {"lang": "zh"}}, chosen_lang=None, now=NOW, read=desk.read)
    assert (question.lang, question.text, question.wished_lang) == (lang, rest, lang)


@pytest.mark.parametrize(
    "text",
    [
        "thi bằng tiếng Anh có được miễn không",
        "chứng chỉ tiếng Anh B1 có được quy đổi không",
        "giáo viên tiếng Trung lương bao nhiêu",
        "do I need a birth certificate in English",
        "viết đơn bằng tiếng Anh có được nhận không",
    ],
)
def test_a_language_that_the_question_is_about_is_no_wish(text):
    assert find_wish(text) is None


def test_a_message_that_is_nothing_but_the_wish_keeps_its_words(desk):
    question = Question.read({"text": "trả lời bằng tiếng Anh giúp"}, chosen_lang=None, now=NOW, read=desk.read)
    assert (question.text, question.lang) == ("trả lời bằng tiếng Anh giúp", "en")


@pytest.mark.parametrize(
    ("text", "lang"), [("nói tiếng Hoa đi", "zh"), ("English!", "en"), ("越南语", "vi"), ("lương cơ sở", None)]
)
def test_the_language_named_is_found(text, lang):
    assert named_language(text) == lang


@pytest.mark.parametrize("text", ["cho tôi bản tiếng Anh của phần trên", "dịch sang tiếng Trung", "翻译成中文"])
def test_a_wish_for_the_last_answer_is_told_from_one_for_the_future(text):
    assert wants_repetition(text)
    assert not wants_repetition("từ giờ nói tiếng Anh nhé")
