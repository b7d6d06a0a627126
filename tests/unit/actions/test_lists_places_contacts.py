from __future__ import annotations

import json

import pytest

from actions.explain_province import ExplainProvince
from actions.fixed import HandOver, SignpostPetition
from actions.list_latest import ListLatest
from actions.lookup_contact import LookupContact
from actions.set_language import SetLanguage
from bot.reply import AnswerStatus


def numbers(reply):
    return [citation.number for citation in reply.citations]


def test_the_latest_of_a_type_are_listed_newest_first_with_the_as_of_date(desk, ask):
    reply = ListLatest(desk).reply_to(ask("Thủ tướng mới có chỉ thị gì không?"))
    assert reply.status is AnswerStatus.LISTED
    assert numbers(reply) == ["26/CT-TTg", "04/CT-TTg"]
    assert "23/07/2026" in reply.text


def test_a_subject_narrows_the_list(desk, ask):
    reply = ListLatest(desk).reply_to(ask("chỉ thị mới về biến đổi khí hậu đô thị"))
    assert numbers(reply) == ["04/CT-TTg"]


def test_an_empty_period_is_said_and_the_nearest_are_offered(desk, ask):
    reply = ListLatest(desk).reply_to(ask("tuần này có nghị định nào mới"))
    assert reply.status is AnswerStatus.LISTED
    assert "không có văn bản nào như vậy" in reply.text
    assert numbers(reply)[0] == "161/2026/NĐ-CP"


def test_documents_that_take_effect_on_a_day_are_listed(desk, ask):
    reply = ListLatest(desk).reply_to(ask("Văn bản nào có hiệu lực từ 1/7/2026?"))
    assert numbers(reply) == ["161/2026/NĐ-CP"]


@pytest.mark.parametrize("text", ["Có văn bản nào mới không?", "Are there any new documents?", "有什么新文件?"])
def test_new_documents_of_no_kind_in_particular_are_the_newest_of_all_kinds(desk, ask, text):
    reply = ListLatest(desk).reply_to(ask(text))
    assert reply.status is AnswerStatus.LISTED
    assert len(numbers(reply)) > 1


def test_a_list_of_nothing_in_particular_is_asked_back(desk, ask):
    assert ListLatest(desk).reply_to(ask("có gì mới không")).status is AnswerStatus.CLARIFY_VAGUE


@pytest.mark.parametrize("text", ["Vũng Tàu giờ thuộc tỉnh nào", "vung tau gio thuoc tinh nao"])
def test_an_old_place_leads_to_the_unit_of_today(desk, ask, text):
    reply = ExplainProvince(desk).reply_to(ask(text))
    assert "Thành phố Hồ Chí Minh" in reply.text
    assert numbers(reply) == ["202/2025/QH15"]


def test_a_unit_that_was_not_merged_is_said_to_be_unchanged(desk, ask):
    assert "không sáp nhập" in ExplainProvince(desk).reply_to(ask("Cao Bằng có sáp nhập không")).text


def test_every_old_and_new_unit_is_explained_with_and_without_accents(desk, ask, root):
    from index.text.unicode import fold

    rows = [json.loads(line) for line in (root / "data/provinces.jsonl").read_text("utf-8").splitlines()]
    asked = 0
    for row in rows:
        for name in {row["short"], *(old["name"] for old in row["formed_from"])}:
            for text in (f"{name} nay thuộc tỉnh nào", fold(f"{name} nay thuộc tỉnh nào")):
                reply = ExplainProvince(desk).reply_to(ask(text))
                assert row["name"] in reply.text, text
                asked += 1
    assert asked >= 2 * 63


def test_a_commune_name_of_many_places_is_asked_back_with_at_most_four_choices(desk, ask):
    reply = ExplainProvince(desk).reply_to(ask("phường Tân An thuộc tỉnh nào"))
    assert reply.status is AnswerStatus.CLARIFY_AMBIGUOUS
    assert 2 <= len(reply.buttons) <= 4


def test_a_commune_of_no_known_name_is_asked_back(desk, ask):
    assert ExplainProvince(desk).reply_to(ask("phường em thuộc tỉnh nào")).status is AnswerStatus.CLARIFY_VAGUE


def test_a_contact_comes_from_the_table_with_its_source(desk, ask):
    reply = LookupContact(desk).reply_to(ask("website bộ công an là gì"))
    assert reply.status is AnswerStatus.ANSWERED
    assert "bocongan.gov.vn" in reply.text
    assert "chưa được cán bộ xác minh" in reply.text


def test_an_unknown_contact_is_not_guessed(desk, ask):
    reply = LookupContact(desk).reply_to(ask("số điện thoại sở y tế tỉnh Cao Bằng"))
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND


def test_petitions_are_signposted_and_people_handed_over(desk, ask):
    assert SignpostPetition(desk).reply_to(ask("gửi kiến nghị ở đâu")).status is AnswerStatus.SIGNPOSTED
    assert HandOver(desk).reply_to(ask("cho gặp cán bộ")).status is AnswerStatus.HANDED_OVER


def test_the_language_asked_for_is_confirmed_in_it_and_remembered(desk, ask):
    action = SetLanguage(desk)
    question = ask("trả lời bằng tiếng Anh nhé")
    assert action.reply_to(question).lang == "en"
    assert action.events_after(question)[0]["value"] == "en"


def test_a_lapsed_document_in_a_list_is_marked(desk, ask):
    reply = ListLatest(desk).reply_to(ask("nghị định mới nhất"))
    lapsed = [line for line in reply.text.splitlines() if "73/2024/NĐ-CP" in line]
    assert len(lapsed) == 1
    assert lapsed[0].endswith("2024 – đã hết hiệu lực")
    assert reply.text.count("đã hết hiệu lực") == 1


def test_types_are_understood_in_english(desk, ask):
    reply = ListLatest(desk).reply_to(ask("What are the latest directives?", lang="en"))
    assert numbers(reply) == ["26/CT-TTg", "04/CT-TTg"]


def test_the_communes_of_the_province_talked_about_are_counted_and_not_those_of_the_country(talk):
    talk.say("explain_province", "Long An giờ thuộc đâu")
    assert "Tây Ninh có" in talk.say("explain_commune", "nó có bao nhiêu xã").text
    assert "3.321" in talk.say("explain_commune", "cả nước có bao nhiêu xã").text
