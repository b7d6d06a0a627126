"""What is declined or answered with care: personal cases, insults, other languages, whatever stands in slots."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.find_responsible_agency import FindResponsibleAgency
from actions.set_language import SetLanguage
from actions.topic import Kind, Topic
from actions.weigh_personal_case import WeighPersonalCase
from bot.reply import AnswerStatus, Reply
from tests.unit.actions.conftest import Conversation

WAGE = "mức lương cơ sở từ 1/7/2026 là bao nhiêu"
FOLLOW_UPS = (
    "check_validity",
    "find_successor",
    "show_article",
    "show_source",
    "show_full_text",
    "show_short",
    "show_more",
    "ask_again",
    "take_yes",
    "take_no",
)


def test_a_personal_case_gets_the_rule_and_who_decides_it(desk, ask):
    reply = WeighPersonalCase(desk).reply_to(ask(f"{WAGE}, tính giúp em được bao nhiêu"))
    assert reply.status is AnswerStatus.ANSWERED
    assert reply.citations[0].number == "161/2026/NĐ-CP"
    assert "không kết luận" in reply.text
    assert "trợ giúp pháp lý" in reply.text


def test_a_personal_case_that_no_document_answers_is_declined_with_a_next_step(talk):
    assert talk.say("weigh_personal_case", "chồng em ngoại tình thì em kiện có thắng không") == "utter_personal_case"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("bộ nào phụ trách tiền lương", "Bộ Nội vụ"),
        ("bo nao quan ly giao thong", "Bộ Xây dựng"),
        ("bộ giao thông vận tải giờ nhập vào bộ nào", "Bộ Xây dựng"),
        ("Bộ Kế hoạch và Đầu tư còn không", "Bộ Tài chính"),
        ("Bộ Xây dựng còn không", "Bộ Xây dựng"),
    ],
)
def test_the_body_in_charge_comes_from_the_table(full_desk, ask, text, body):
    reply = FindResponsibleAgency(full_desk).reply_to(ask(text))
    assert reply.status is AnswerStatus.ANSWERED
    assert body in reply.text


def test_a_body_that_took_over_others_is_told_with_them(full_desk, ask):
    text = FindResponsibleAgency(full_desk).reply_to(ask("bộ xây dựng giờ ra sao")).text
    assert "Bộ Giao thông vận tải" in text
    assert "01/03/2025" in text


def test_a_matter_that_no_table_knows_is_not_given_to_a_body_by_guess(full_desk, ask):
    reply = FindResponsibleAgency(full_desk).reply_to(ask("ai cấp phép nuôi gấu trúc trong chung cư"))
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert "1022" in reply.text
    assert "Bộ " not in reply.text


@pytest.mark.parametrize(
    ("text", "lang", "begins"),
    [
        ("cho tôi bản tiếng Anh của phần trên", "en", "According to Decree"),
        ("dịch câu trả lời sang tiếng Trung", "zh", "根据"),
    ],
)
def test_the_last_answer_is_given_again_in_another_language_with_the_quote_as_it_is(talk, text, lang, begins):
    first = talk.say("answer_question", WAGE)
    again = talk.say("set_language", text)
    assert again.lang == lang
    assert again.text.startswith(begins)
    assert again.citations[0].quote == first.citations[0].quote
    assert talk.slots["lang"] == lang
    assert talk.say("check_validity", "nó còn hiệu lực không").lang == lang


def test_a_list_and_a_place_are_given_again_too(talk):
    talk.say("list_latest", "chỉ thị mới nhất")
    again = talk.say("set_language", "cho bản tiếng Anh của phần trên")
    assert (again.status, again.lang) == (AnswerStatus.LISTED, "en")
    assert "Directive 26/CT-TTg" in again.text
    talk.say("explain_province", "Vũng Tàu nay thuộc tỉnh nào")
    assert "now belongs to" in talk.say("set_language", "dịch phần trên sang tiếng Anh").text


def test_a_question_that_comes_with_the_wish_is_answered_in_that_language(talk):
    reply = talk.say("set_language", f"trả lời bằng tiếng Anh giúp: {WAGE}")
    assert (reply.status, reply.lang) == (AnswerStatus.ANSWERED, "en")
    assert reply.citations[0].number == "161/2026/NĐ-CP"
    assert talk.slots["lang"] == "en"


def test_a_wish_alone_is_confirmed_in_the_language(full_desk, ask):
    for text, lang in (("nói tiếng Anh đi", "en"), ("中文", "zh"), ("speak Vietnamese please", "vi")):
        reply = SetLanguage(full_desk).reply_to(ask(text))
        assert (reply.status, reply.lang) == (AnswerStatus.CHATTED, lang)


@pytest.mark.parametrize("action", FOLLOW_UPS)
@pytest.mark.parametrize(
    "text",
    [
        *(
            "còn hiệu lực không",
            "văn bản nào thay thế nó",
            "điều 5 nói gì",
            "nguồn ở đâu",
            "cho tôi toàn văn",
            "xem thêm",
        ),
        *(
            "tóm tắt giúp",
            "thế ở Đà Nẵng thì sao",
            "ừ",
            "không",
            "cái thứ hai",
            "?",
            "🙂",
            "is it in force",
            "还有效吗",
        ),
    ],
)
def test_a_follow_up_without_a_topic_never_answers_with_some_document(full_desk, action, text):
    reply = Conversation(full_desk).say(action, text)
    if isinstance(reply, Reply):
        assert reply.status is not AnswerStatus.ERROR_INDEX
        assert not reply.citations


TEXTS = st.text(max_size=60) | st.sampled_from(
    ["điều 5 nói gì", "cái thứ hai", "nghị định 161/2026/NĐ-CP", "{{7*7}} <script>alert(1)</script>", "'; DROP TABLE--"]
)
TOPICS = st.builds(
    Topic,
    question=TEXTS,
    intent=st.sampled_from(["ask_policy", "ask_validity", "ask_latest_documents", "ask_commune_merger", "nonsense"]),
    kind=st.sampled_from(Kind),
    documents=st.lists(
        st.sampled_from(["161/2026/NĐ-CP@2026-05-15", "37/2026/TT-BCA@2026-04-24", "gone@2020-01-01", "<b>", "@"]),
        max_size=4,
    ).map(tuple),
    listed=st.lists(st.sampled_from(["37/2026/TT-BCA@2026-04-24", "gone@2020-01-01"]), max_size=3).map(tuple),
    passage=st.none() | st.sampled_from(["37/2026/TT-BCA@2026-04-24#dieu-1", "#", "x#y", "gone@2020-01-01#dieu-1"]),
    shown=st.integers(0, 20),
    choices=st.lists(TEXTS.filter(bool), max_size=4).map(tuple),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(action=st.sampled_from([*FOLLOW_UPS, "answer_question", "set_language"]), text=TEXTS, topic=TOPICS)
def test_no_message_and_no_slot_breaks_a_follow_up(full_desk, action, text, topic):
    conversation = Conversation(full_desk)
    conversation.slots["topic"] = topic.to_slot()
    reply = conversation.say(action, text)
    if isinstance(reply, Reply):
        assert reply.status is not AnswerStatus.ERROR_INDEX
        assert all(citation.quote is None or citation.text_kind == "official" for citation in reply.citations)
    assert Topic.read(conversation.slots["topic"]) is not None


@pytest.mark.parametrize(
    "slot", ["<script>", 7, ["x"], {"kind": "document", "documents": "x" * 999}, {"kind": {}}, None]
)
def test_a_slot_that_somebody_else_wrote_counts_as_none(talk, slot):
    talk.slots["topic"] = slot
    talk.slots["insults"] = slot
    assert talk.say("answer_question", WAGE).status is AnswerStatus.ANSWERED
    assert isinstance(talk.say("meet_insult", "đồ ngu"), str)


@pytest.mark.parametrize("ranking", [None, "x", [None], [{}], [{"name": "greet"}], [{"name": 1, "confidence": "a"}]])
def test_a_ranking_that_is_none_counts_as_none(talk, ranking):
    assert talk.say("answer_question", WAGE, intent_ranking=ranking).status is AnswerStatus.ANSWERED


def test_a_personal_case_beside_a_question_gets_no_verdict_either(talk):
    also = [{"intent": "ask_personal_case", "text": "mức lương cơ sở của em tính giúp", "confidence": 0.9}]
    reply = talk.say("check_validity", f"Nghị định 168/2024/NĐ-CP còn hiệu lực không, {also[0]['text']}", also=also)
    assert "không kết luận" in reply.text


def said_of_nothing_found(talk, *intents):
    ranking = [{"name": name, "confidence": share} for name, share in intents]
    return talk.say("answer_question", "lịch chiếu phim hoạt hình cuối tuần", intent_ranking=ranking)


def test_what_nothing_is_found_on_and_may_be_out_of_scope_is_told_so(talk):
    assert said_of_nothing_found(talk, ("ask_policy", 0.8), ("out_of_scope", 0.15)) == "utter_out_of_scope"


def test_what_is_hardly_out_of_scope_was_not_found(talk):
    assert said_of_nothing_found(talk, ("ask_policy", 0.9), ("out_of_scope", 0.06)).status is (
        AnswerStatus.NO_ANSWER_NOT_FOUND
    )


def test_a_document_that_is_not_held_is_not_called_out_of_scope(talk):
    ranking = [{"name": "ask_document_by_number", "confidence": 0.6}, {"name": "out_of_scope", "confidence": 0.3}]
    reply = talk.say("lookup_document", "nghị định 999/2031/NĐ-CP nói gì", intent_ranking=ranking)
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert "999/2031/NĐ-CP" in reply.text


def test_what_may_as_well_be_a_petition_is_not_called_out_of_scope(talk):
    reply = said_of_nothing_found(talk, ("check_rumour", 0.5), ("submit_petition", 0.2), ("out_of_scope", 0.15))
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND


def test_what_may_be_danger_gets_the_numbers_before_it_is_called_out_of_scope(talk):
    assert said_of_nothing_found(talk, ("out_of_scope", 0.6), ("express_crisis", 0.2)) == "utter_crisis"
    assert said_of_nothing_found(talk, ("ask_policy", 0.6), ("threaten", 0.2)) == "utter_threat"


def test_a_follow_up_on_which_nothing_is_found_is_never_out_of_scope(talk):
    talk.say("answer_question", WAGE)
    ranking = [{"name": "ask_article", "confidence": 0.8}, {"name": "out_of_scope", "confidence": 0.2}]
    assert talk.say("show_article", "thế điều 99 nói gì", intent_ranking=ranking) != "utter_out_of_scope"
