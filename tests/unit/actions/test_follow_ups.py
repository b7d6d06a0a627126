"""Follow-ups in conversations, slots and all, as Rasa would run them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.topic import Kind
from bot.reply import AnswerStatus
from index.text.number import number_key

ANSWERED = AnswerStatus.ANSWERED


def numbers(reply):
    return [citation.number for citation in reply.citations]


WAGE = "mức lương cơ sở từ 1/7/2026 là bao nhiêu"


def test_a_question_is_remembered_without_the_text_of_its_answer(talk):
    reply = talk.say("answer_question", WAGE)
    topic = talk.topic
    assert (topic.question, topic.intent, topic.kind) == (WAGE, "ask_policy", Kind.DOCUMENT)
    assert topic.documents[0] == "161/2026/NĐ-CP@2026-05-15"
    assert topic.passage.startswith("161/2026/NĐ-CP@2026-05-15#")
    assert reply.citations[0].quote not in str(talk.slots["topic"])


@pytest.mark.parametrize(
    "text", ["nó còn hiệu lực không", "con hieu luc ko", "còn hiệu lực hong v", "is it still valid?"]
)
def test_validity_without_a_name_is_that_of_the_document_talked_about(talk, text):
    talk.say("answer_question", WAGE)
    reply = talk.say("check_validity", text)
    assert numbers(reply)[0] == "161/2026/NĐ-CP"
    assert talk.topic.question == WAGE


def test_validity_with_a_name_is_that_of_the_document_named(talk):
    talk.say("answer_question", WAGE)
    assert numbers(talk.say("check_validity", "nd 73/2024 còn hiệu lực không"))[0] == "73/2024/NĐ-CP"
    assert numbers(talk.say("check_validity", "nó hết hiệu lực khi nào"))[0] == "73/2024/NĐ-CP"


def test_what_replaced_a_document_is_cited_first_with_the_day(talk):
    talk.say("lookup_document", "nghị định 73/2024/NĐ-CP")
    reply = talk.say("find_successor", "văn bản nào thay thế nó")
    assert numbers(reply) == ["161/2026/NĐ-CP", "73/2024/NĐ-CP"]
    assert "01/07/2026" in reply.text
    assert talk.topic.documents[0].startswith("161/2026")


@pytest.mark.parametrize(
    "text",
    ["thế cái này thay cái nào", "nó thay thế văn bản nào", "which document does it replace?", "它取代了哪个文件"],
)
def test_the_other_way_round_is_told_too_and_the_topic_stays(talk, text):
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    reply = talk.say("find_successor", text)
    assert numbers(reply)[0] == "73/2024/NĐ-CP"
    assert talk.topic.documents[0].startswith("161/2026")


@pytest.mark.parametrize("text", ["có sửa đổi gì không", "nó có bị thay thế không", "bị thay bằng cái nào"])
def test_whether_it_was_changed_asks_for_what_came_after(talk, text):
    talk.say("lookup_document", "nghị định 168/2024/NĐ-CP")
    reply = talk.say("find_successor", text)
    assert numbers(reply) == ["238/2026/NĐ-CP", "168/2024/NĐ-CP"]


def test_where_nothing_came_after_it_is_said_with_the_day_it_is_known_of(talk):
    reply = talk.say("find_successor", "văn bản nào thay thế chỉ thị 26/CT-TTg")
    assert numbers(reply) == ["26/CT-TTg"]
    assert "23/07/2026" in reply.text


def test_an_article_is_quoted_with_its_place(talk):
    talk.say("lookup_document", "thông tư 37/2026/TT-BCA")
    reply = talk.say("show_article", "điều 2 nói gì")
    (citation,) = reply.citations
    assert (citation.number, citation.location) == ("37/2026/TT-BCA", "Điều 2")
    assert "Chủ xe là cá nhân" in citation.quote
    assert citation.quote in reply.text


def test_a_long_article_is_shown_from_its_beginning_and_goes_on(talk):
    first = talk.say("show_article", "điều 3 thông tư 37/2026/TT-BCA")
    assert first.citations[0].location.startswith("Điều 3, khoản 1 – ")
    assert "Xem thêm" in [button.title for button in first.buttons]
    following = talk.say("show_more", "xem tiếp đi")
    assert following.citations[0].location.startswith("Điều 3, khoản")
    assert following.citations[0].quote not in first.text


def test_a_clause_alone_is_one_of_the_article_shown(talk):
    talk.say("show_article", "điều 3 thông tư 37/2026/TT-BCA")
    reply = talk.say("show_article", "khoản 5 thì sao")
    assert reply.citations[0].location == "Điều 3, khoản 5"


def test_an_article_that_is_not_there_is_not_replaced_by_another(talk):
    reply = talk.say("show_article", "điều 50 thông tư 37/2026/TT-BCA nói gì")
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert "1, 2, 3, 4" in reply.text
    assert "congbao.chinhphu.vn/37-2026" in reply.text


def test_an_article_of_a_document_without_text_is_said_not_to_be_held(talk):
    reply = talk.say("show_article", "điều 5 nghị định 168/2024/NĐ-CP")
    assert "chưa có nguyên văn" in reply.text
    assert reply.citations[0].quote is None
    assert "vanban.chinhphu.vn" in reply.text


def test_the_source_tells_document_part_site_and_day(talk):
    talk.say("answer_question", WAGE)
    reply = talk.say("show_source", "nguồn ở đâu")
    assert numbers(reply) == ["161/2026/NĐ-CP"]
    for told in ("nguyên văn", "Điều 3", "thử nghiệm", "23/07/2026"):
        assert told in reply.text
    assert "Nguồn" not in [button.title for button in reply.buttons]


def test_the_source_of_a_summary_is_said_to_be_ours(talk):
    talk.say("answer_question", "thủ tục đăng ký doanh nghiệp")
    assert "tóm tắt của hệ thống" in talk.say("show_source", "lấy ở đâu ra vậy").text


def test_the_full_text_is_an_address_and_what_is_held(talk):
    talk.say("lookup_document", "thông tư 37/2026/TT-BCA")
    reply = talk.say("show_full_text", "cho tôi toàn văn")
    assert "https://congbao.chinhphu.vn/37-2026" in reply.text
    assert "4 điều" in reply.text
    without_address = talk.say("show_full_text", "toàn văn nghị định 161/2026/NĐ-CP")
    assert "161/2026/NĐ-CP tại vanban.chinhphu.vn" in without_address.text


def test_in_short_is_our_summary_marked_as_ours(talk):
    shown = talk.say("lookup_document", "thông tư 37/2026/TT-BCA")
    assert "Tóm tắt" in [button.title for button in shown.buttons]
    reply = talk.say("show_short", "tóm tắt giúp")
    assert "tóm tắt của hệ thống" in reply.text
    assert "Thông tư nói cách đăng ký xe." in reply.text
    assert reply.citations[0].quote is None


def test_without_a_summary_nothing_is_summed_up_on_the_spot(talk):
    talk.say("answer_question", WAGE)
    reply = talk.say("show_short", "nói ngắn gọn thôi")
    assert "chưa có bản tóm tắt" in reply.text
    assert reply.citations[0].quote is None


def test_more_of_a_list_is_its_next_page_with_numbers_that_run_on(talk):
    first = talk.say("list_latest", "văn bản mới nhất của Chính phủ")
    assert len(first.citations) == 5
    assert "Xem thêm" in [button.title for button in first.buttons]
    following = talk.say("show_more", "cho xem thêm")
    assert following.status is AnswerStatus.LISTED
    assert "6. " in following.text
    assert {each.number + str(each.issued_on) for each in first.citations}.isdisjoint(
        each.number + str(each.issued_on) for each in following.citations
    )
    assert "Xem thêm" not in [button.title for button in following.buttons]
    assert numbers(talk.say("show_source", "nguồn của văn bản số 6")) == numbers(following)[:1]


def test_the_end_of_a_list_is_said(talk):
    talk.say("list_latest", "chỉ thị mới nhất")
    reply = talk.say("show_more", "xem thêm")
    assert reply.status is AnswerStatus.CHATTED
    assert not reply.citations


def test_more_of_a_document_is_its_next_part_then_the_documents_around_it_then_the_end(talk):
    talk.say("answer_question", "hiệu lực thi hành thông tư đăng ký xe biển số có hiệu lực thi hành từ ngày 01 tháng 6")
    replies = [talk.say("show_more", "xem thêm") for _ in range(30)]
    parts = [reply for reply in replies if reply.status is ANSWERED]
    locations = [reply.citations[0].location for reply in parts]
    assert len(set(locations)) == len(locations)
    assert replies[-1].status is AnswerStatus.CHATTED


def test_one_of_a_list_is_picked(talk):
    listed = talk.say("list_latest", "chỉ thị mới nhất")
    assert numbers(listed) == ["26/CT-TTg", "04/CT-TTg"]
    assert numbers(talk.say("check_validity", "cái thứ hai còn hiệu lực không"))[0] == "04/CT-TTg"
    talk.say("list_latest", "chỉ thị mới nhất")
    assert numbers(talk.say("show_source", "nguồn của cái cuối"))[0] == "04/CT-TTg"
    talk.say("list_latest", "chỉ thị mới nhất")
    assert numbers(talk.say("answer_question", "cái đầu tiên"))[0] == "26/CT-TTg"
    talk.say("list_latest", "chỉ thị mới nhất")
    assert numbers(talk.say("answer_question", "2"))[0] == "04/CT-TTg"


def test_a_list_can_be_picked_from_again(talk):
    talk.say("list_latest", "chỉ thị mới nhất")
    assert numbers(talk.say("answer_question", "cái thứ hai"))[0] == "04/CT-TTg"
    assert numbers(talk.say("check_validity", "còn hiệu lực không"))[0] == "04/CT-TTg"
    assert numbers(talk.say("answer_question", "1"))[0] == "26/CT-TTg"


def test_what_a_document_is_about_is_told_by_its_opening(talk):
    talk.say("show_article", "điều 4 thông tư 37/2026/TT-BCA")
    reply = talk.say("answer_question", "nó nói về cái gì")
    assert reply.citations[0].location == "Điều 1"


@pytest.mark.parametrize("action", ["lookup_contact", "answer_question"])
def test_a_message_that_only_names_another_body_is_about_the_list_before(talk, action):
    talk.say("list_latest", "văn bản mới nhất của Thủ tướng")
    assert numbers(talk.say(action, "của Bộ Công an")) == ["37/2026/TT-BCA"]


def test_a_pick_out_of_range_is_asked_back(talk):
    talk.say("list_latest", "chỉ thị mới nhất")
    reply = talk.say("check_validity", "cái thứ 5 còn hiệu lực không")
    assert reply.status is AnswerStatus.CLARIFY_AMBIGUOUS
    assert len(reply.buttons) == 2


def test_a_choice_keeps_what_was_asked_of_it(talk):
    asked_back = talk.say("check_validity", "nghị định số 168 còn hiệu lực không")
    assert asked_back.status is AnswerStatus.CLARIFY_AMBIGUOUS
    reply = talk.say("lookup_document", asked_back.buttons[1].text)
    assert numbers(reply)[0] == "168/2024/NĐ-CP"
    assert reply.citations[0].quote is None
    assert "hiệu lực từ" in reply.text.lower() or "chưa rõ tình trạng hiệu lực" in reply.text.lower()


@pytest.mark.parametrize("text", ["cái thứ hai", "số 2", "cai cuoi", "the second one", "第二个"])
def test_a_choice_is_picked_by_its_number(talk, text):
    talk.say("lookup_document", "nghị định số 168")
    assert numbers(talk.say("answer_question", text))[0] == "168/2024/NĐ-CP"


def test_yes_to_one_choice_takes_it_and_to_several_asks_which(talk):
    talk.say("lookup_document", "nghị định số 168")
    which = talk.say("take_yes", "đúng rồi")
    assert which.status is AnswerStatus.CLARIFY_AMBIGUOUS
    assert len(which.buttons) == 2
    left = talk.say("take_no", "không phải")
    assert [button.text for button in left.buttons] == ["Nghị định 168/2024/NĐ-CP (26/12/2024)"]
    assert numbers(talk.say("take_yes", "ừ"))[0] == "168/2024/NĐ-CP"


def test_yes_after_an_answer_asks_for_anything_else_and_without_a_topic_what_to_do(talk):
    assert talk.say("take_yes", "ừ") == "utter_affirm"
    assert talk.say("take_no", "không") == "utter_deny"
    talk.say("answer_question", WAGE)
    assert talk.say("take_yes", "ok").status is AnswerStatus.CHATTED


def test_no_that_says_what_was_meant_is_a_question(talk):
    talk.say("answer_question", WAGE)
    reply = talk.say("take_no", "không, ý tôi là thủ tục đăng ký doanh nghiệp")
    assert numbers(reply)[0] == "168/2025/NĐ-CP"


@pytest.mark.parametrize("text", ["áp dụng từ ngày nào?", "bao nhiêu?", "mức là bao nhiêu", "nó là bao nhiêu"])
def test_what_says_nothing_by_itself_is_answered_from_the_topic(talk, text):
    talk.say("answer_question", WAGE)
    reply = talk.say("answer_question", text)
    assert numbers(reply)[0] == "161/2026/NĐ-CP"
    assert talk.topic.question == WAGE


def test_a_question_with_a_subject_of_its_own_changes_the_topic(talk):
    talk.say("answer_question", WAGE)
    reply = talk.say("answer_question", "thủ tục đăng ký doanh nghiệp")
    assert numbers(reply)[0] == "168/2025/NĐ-CP"
    assert talk.topic.documents[0].startswith("168/2025")


def test_a_question_about_something_else_is_not_answered_from_the_topic(talk):
    talk.say("answer_question", WAGE)
    reply = talk.say("answer_question", "lệ phí cấp hộ chiếu phổ thông")
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert talk.say("check_validity", "nó còn hiệu lực không").status is AnswerStatus.CLARIFY_VAGUE


def test_a_detour_keeps_the_topic(talk):
    talk.say("answer_question", WAGE)
    ranking = [{"name": "out_of_scope", "confidence": 0.9}]
    assert talk.say("answer_question", "mai trời có mưa không", intent_ranking=ranking) == "utter_out_of_scope"
    talk.say("meet_insult", "bot ngu")
    talk.say("signpost_petition", "tôi muốn gửi kiến nghị")
    talk.say("hand_over", "cho gặp cán bộ")
    fallback = [{"name": "nlu_fallback", "confidence": 0.2}]
    talk.say("answer_question", "blorf quuxly zzyzx", intent_ranking=fallback)
    assert numbers(talk.say("check_validity", "nó còn hiệu lực không"))[0] == "161/2026/NĐ-CP"


def test_insults_are_met_calmly_once_and_ended_the_second_time(talk):
    assert talk.say("meet_insult", "đồ ngu") == "utter_insult"
    assert talk.say("meet_insult", "đồ rác rưởi") == "utter_insult_again"
    assert talk.say("answer_question", WAGE).status is ANSWERED
    assert talk.say("meet_insult", "vô dụng") == "utter_insult_again"


def test_an_insult_that_was_looked_up_counts_too(talk):
    ranking = [{"name": "nlu_fallback", "confidence": 0.6}, {"name": "insult", "confidence": 0.6}]
    assert talk.say("answer_question", "xyz abc qqq", intent_ranking=ranking) == "utter_insult"
    assert talk.say("meet_insult", "đồ ngu") == "utter_insult_again"


def test_the_answer_offers_follow_ups_that_any_channel_may_leave_out(talk):
    reply = talk.say("lookup_document", "thông tư 37/2026/TT-BCA")
    assert [button.title for button in reply.buttons] == ["Xem thêm", "Nguồn", "Toàn văn", "Tóm tắt"]
    assert all(button.is_optional and len(button.title) <= 20 for button in reply.buttons)


@pytest.mark.parametrize(("lang", "title"), [("en", "Source"), ("zh", "来源")])
def test_follow_ups_are_offered_in_the_language_of_the_answer(talk, lang, title):
    reply = talk.say("lookup_document", "37/2026/TT-BCA", metadata={"lang": lang})
    assert title in [button.title for button in reply.buttons]
    assert all(len(button.title) <= 20 for button in reply.buttons)


def test_a_doubtful_validity_that_asks_something_else_is_looked_up(talk):
    talk.say("lookup_document", "thông tư 37/2026/TT-BCA")
    ranking = [{"name": "ask_validity", "confidence": 0.4}]
    reply = talk.say("check_validity", "cái này áp dụng cho ai", intent_ranking=ranking)
    assert reply.citations[0].number == "37/2026/TT-BCA"
    assert reply.citations[0].quote is not None


def test_whether_it_is_true_is_answered_with_the_document_talked_about(talk):
    talk.say("answer_question", WAGE)
    reply = talk.say("check_rumour", "tin này có thật không")
    assert numbers(reply) == ["161/2026/NĐ-CP"]
    assert "đối chiếu" in reply.text


def test_the_contact_of_the_body_talked_about_is_given(talk):
    talk.say("find_responsible_agency", "bộ nào phụ trách tiền lương")
    assert "moha.gov.vn" in talk.say("lookup_contact", "cho mình xin trang web bộ đó").text


def test_the_body_in_charge_of_what_was_talked_about_is_told(talk):
    talk.say("answer_question", WAGE)
    assert "Bộ Nội vụ" in talk.say("find_responsible_agency", "bộ nào quản lý vụ này").text


def test_a_question_about_the_place_talked_about_needs_no_name(talk):
    talk.say("explain_province", "Vũng Tàu nay thuộc tỉnh nào")
    reply = talk.say("explain_province", "ở đó có bao nhiêu xã phường")
    assert "Thành phố Hồ Chí Minh có" in reply.text


def test_words_added_to_a_question_give_way_to_the_next(talk):
    talk.say("answer_question", WAGE)
    talk.say("ask_again", "còn mức lương của công chức")
    first = talk.topic
    talk.say("ask_again", "thế ở Huế")
    assert talk.topic.question.startswith(first.base or first.question)


def test_what_replaced_and_abolished_one_document_is_named_once(talk):
    reply = talk.say("find_successor", "nghị định 161/2026/NĐ-CP thay thế văn bản nào")
    assert reply.text.count("73/2024/NĐ-CP") == 1


@pytest.mark.parametrize("action", ["answer_question", "find_responsible_agency"])
@pytest.mark.parametrize("text", ["ai ký", "ban hanh khi nao vay", "who signed it?", "谁签的"])
def test_signer_body_and_day_come_from_the_data_of_the_document(talk, action, text):
    talk.say("answer_question", WAGE)
    reply = talk.say(action, text)
    assert numbers(reply) == ["161/2026/NĐ-CP"]
    assert reply.citations[0].quote is None
    assert "2026" in reply.text


@pytest.mark.parametrize(
    ("action", "text", "ranking"),
    [
        ("find_successor", "nó nói về cái gì", [{"name": "ask_successor", "confidence": 0.9}]),
        ("find_responsible_agency", "ai được hưởng?", [{"name": "ask_responsible_agency", "confidence": 0.4}]),
        ("answer_question", "bao nhiêu?", [{"name": "out_of_scope", "confidence": 0.95}]),
        ("take_yes", "mức là bao nhiêu", [{"name": "affirm", "confidence": 0.4}]),
    ],
)
def test_what_a_guess_without_the_conversation_gets_wrong_is_answered_from_it(talk, action, text, ranking):
    talk.say("answer_question", WAGE)
    reply = talk.say(action, text, intent_ranking=ranking)
    assert numbers(reply)[0] == "161/2026/NĐ-CP"
    assert reply.citations[0].quote is not None


@pytest.mark.parametrize("action", ["show_article", "show_full_text", "show_more", "meet_insult", "list_latest"])
def test_a_bare_pick_is_one_whatever_the_nlu_took_it_for(talk, action):
    talk.say("list_latest", "chỉ thị mới nhất")
    assert numbers(talk.say(action, "cái thứ 2"))[0] == "04/CT-TTg"


def test_a_rumour_about_a_numbered_document_is_never_held_against_the_one_talked_about(talk):
    talk.say("answer_question", WAGE)
    reply = talk.say("check_rumour", "nghe nói nghị định 73/2024 bị bỏ rồi phải không")
    assert numbers(reply)[0] == "73/2024/NĐ-CP"
    assert "hết hiệu lực" in reply.text
    unknown = talk.say("check_rumour", "nghe nói nghị định 999/2024/NĐ-CP có thật không")
    assert unknown.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert not unknown.citations


@pytest.mark.parametrize(
    ("action", "text"), [("set_language", "dịch câu trả lời vừa rồi sang tiếng Anh"), ("check_rumour", "thật không")]
)
def test_a_passage_is_never_attributed_to_another_document(talk, action, text):
    talk.say("show_article", "Điều 2 Thông tư 37/2026/TT-BCA nói gì")
    shown = talk.topic
    wage = next(iter(talk.desk.catalogue.find(key=number_key("161/2026/NĐ-CP"))))
    talk.slots["topic"] = replace(shown, documents=(wage.id, *shown.documents)).to_slot()
    reply = talk.say(action, text)
    assert numbers(reply)[0] == "161/2026/NĐ-CP"
    assert "Chủ xe là cá nhân" not in reply.text
    assert reply.citations[0].location == "Điều 3"


def test_what_was_shown_without_a_passage_is_told_again_from_its_opening_and_not_said_to_lack_text(talk):
    talk.say("find_successor", "văn bản nào thay thế Nghị định 161/2026/NĐ-CP")
    reply = talk.say("set_language", "dịch câu trả lời vừa rồi sang tiếng Anh")
    assert reply.citations[0].quote
    assert "2.530.000" in reply.text


def test_what_a_document_itself_changed_is_told_however_it_is_asked(talk):
    talk.say("lookup_document", "nghị định 238/2026/NĐ-CP")
    assert numbers(talk.say("find_successor", "thế nó sửa cái nào"))[0] == "168/2024/NĐ-CP"


@pytest.mark.parametrize(
    ("action", "text"),
    [("show_full_text", "toàn văn cái thứ hai"), ("check_validity", "lần đầu tiên áp dụng là khi nào")],
)
def test_where_there_is_one_document_only_nothing_is_picked(talk, action, text):
    talk.say("lookup_document", "Nghị định 161/2026/NĐ-CP")
    reply = talk.say(action, text)
    assert (reply.status, numbers(reply)[0]) == (ANSWERED, "161/2026/NĐ-CP")


def test_where_an_article_is_not_there_the_document_is_still_the_one_talked_about(talk):
    assert talk.say("show_article", "Điều 9 Thông tư 37/2026/TT-BCA nói gì").status is AnswerStatus.NO_ANSWER_NOT_FOUND
    reply = talk.say("show_article", "vậy điều 2")
    assert (numbers(reply), reply.citations[0].location) == (["37/2026/TT-BCA"], "Điều 2")


def test_what_amended_a_document_is_cited_beside_its_validity(talk):
    reply = talk.say("check_validity", "nghị định 168/2024/NĐ-CP còn hiệu lực không")
    assert numbers(reply) == ["168/2024/NĐ-CP", "238/2026/NĐ-CP"]
