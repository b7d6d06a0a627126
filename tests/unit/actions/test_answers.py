from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import yaml

from actions.answer import Found, Source, compose
from actions.answer_question import AnswerQuestion
from actions.check_rumour import CheckRumour
from actions.check_validity import CheckValidity
from actions.citing import cite, say_validity
from actions.desk import Desk
from actions.lookup_document import LookupDocument
from actions.numbers import named_documents
from actions.second_look import PETITIONS, RESPONSES, FixedResponse
from bot.reply import AnswerStatus
from index.catalogue import Catalogue
from index.document import Relation, RelationKind, TextKind, Validity, ValidityOn
from index.passages import split
from index.search import Hit, SearchEngine
from index.snapshot import Snapshot, build
from index.testing import AsTyped, HashEmbedder


def numbers(reply):
    return [citation.number for citation in reply.citations]


def test_a_policy_question_is_answered_with_the_official_passage_and_its_article(desk, ask):
    reply = AnswerQuestion(desk).reply_to(ask("mức lương cơ sở từ 1/7/2026 là bao nhiêu"))
    assert reply.status is AnswerStatus.ANSWERED
    best = reply.citations[0]
    assert (best.number, best.text_kind) == ("161/2026/NĐ-CP", "official")
    assert best.location is not None
    assert best.location.startswith("Điều 3")
    assert best.quote is not None
    assert "2.530.000" in best.quote
    assert best.quote in reply.text


def test_a_summary_is_marked_as_ours_and_never_quoted(desk, ask):
    reply = AnswerQuestion(desk).reply_to(ask("thủ tục đăng ký doanh nghiệp"))
    assert numbers(reply)[0] == "168/2025/NĐ-CP"
    assert "tóm tắt của hệ thống" in reply.text
    assert reply.citations[0].quote is None


def test_a_question_that_no_document_answers_is_said_to_be_unanswered(desk, ask):
    reply = AnswerQuestion(desk).reply_to(ask("lệ phí cấp hộ chiếu phổ thông"))
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert not reply.citations
    assert "23/07/2026" in reply.text


def test_a_message_without_content_is_asked_back_with_choices(desk, ask):
    reply = AnswerQuestion(desk).reply_to(ask("có gì mới không"))
    assert reply.status is AnswerStatus.CLARIFY_VAGUE
    assert reply.buttons


def test_a_lapsed_document_comes_back_marked_and_with_what_replaced_it(desk, ask):
    reply = LookupDocument(desk).reply_to(ask("nghị định 73/2024/NĐ-CP"))
    assert numbers(reply) == ["73/2024/NĐ-CP", "161/2026/NĐ-CP"]
    assert reply.citations[0].validity == "expired"
    assert "hết hiệu lực" in reply.text.lower()


def test_validity_depends_on_the_day_asked_about(desk, ask):
    action = CheckValidity(desk)
    assert action.reply_to(ask("nd 73/2024 còn hiệu lực không")).citations[0].validity == "expired"
    before = action.reply_to(ask("nd 73/2024 còn hiệu lực không", as_of=date(2026, 6, 30)))
    assert before.citations[0].validity == "in_force"
    assert "chưa thấy văn bản thay thế" in before.text


def test_a_full_number_used_twice_lists_both_with_their_dates(desk, ask):
    reply = LookupDocument(desk).reply_to(ask("Nghị quyết 74/NQ-CP"))
    assert reply.status is AnswerStatus.LISTED
    assert [citation.issued_on for citation in reply.citations] == [date(2025, 4, 7), date(2014, 10, 4)]


def test_a_day_beside_the_number_decides_between_years(desk, ask):
    reply = LookupDocument(desk).reply_to(ask("Nghị quyết 74/NQ-CP ngày 04/10/2014"))
    assert reply.status is AnswerStatus.ANSWERED
    assert reply.citations[0].issued_on == date(2014, 10, 4)


def test_a_partial_number_that_fits_several_documents_is_asked_back(desk, ask):
    reply = LookupDocument(desk).reply_to(ask("nghị định số 168"))
    assert reply.status is AnswerStatus.CLARIFY_AMBIGUOUS
    assert [button.title for button in reply.buttons] == ["168/2025/NĐ-CP (30/06/2025)", "168/2024/NĐ-CP (26/12/2024)"]


def test_pressing_a_choice_leads_to_that_document(desk, ask):
    choice = LookupDocument(desk).reply_to(ask("nghị định số 168")).buttons[1]
    assert numbers(LookupDocument(desk).reply_to(ask(choice.text)))[0] == "168/2024/NĐ-CP"


def test_an_unknown_number_is_not_replaced_by_another_document(desk, ask):
    reply = AnswerQuestion(desk).reply_to(ask("nội dung nghị định 999/2026/NĐ-CP về lương cơ sở"))
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert "999/2026/NĐ-CP" in reply.text


def test_an_unconfirmed_rumour_is_not_confirmed(desk, ask):
    reply = CheckRumour(desk).reply_to(ask("nghe nói sắp bỏ thi đại học có đúng không"))
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert "tingia.gov.vn" in reply.text


def test_fixed_sentences_follow_the_language_and_the_quote_stays_vietnamese(desk, ask):
    reply = LookupDocument(desk).reply_to(ask("161/2026/NĐ-CP", lang="en"))
    assert reply.text.startswith("According to")
    assert "mức lương cơ sở" in reply.text


def test_a_message_that_was_no_question_gets_its_fixed_reply_when_nothing_is_found(desk, ask):
    weather = replace(ask("mai trời có mưa to không nhỉ"), intents=(("out_of_scope", 0.4), ("ask_opinion", 0.2)))
    assert AnswerQuestion(desk).reply_to(weather) == FixedResponse("utter_out_of_scope")


def test_a_question_taken_for_small_talk_is_answered_when_a_document_answers(desk, ask):
    wage = replace(ask("mức lương cơ sở từ 1/7/2026 là bao nhiêu"), intents=(("out_of_scope", 0.9),))
    assert AnswerQuestion(desk).reply_to(wage).status is AnswerStatus.ANSWERED


def test_what_is_surely_out_of_scope_wants_a_stronger_document(desk, ask):
    strict = replace(desk, policy=replace(desk.policy, surely_outside_by=1.0))
    taken, sure = (replace(ask("viết bài thơ về lương cơ sở"), intents=(("out_of_scope", p),)) for p in (0.9, 0.97))
    assert AnswerQuestion(strict).reply_to(taken).status is AnswerStatus.ANSWERED
    assert AnswerQuestion(strict).reply_to(sure) == FixedResponse("utter_out_of_scope")


def test_a_petition_that_was_taken_for_a_question_is_signposted(desk, ask):
    petition = replace(ask("hàng xóm xả nước thải ra ngõ thì báo ai"), intents=(("submit_petition", 0.6),))
    assert AnswerQuestion(desk).reply_to(petition).status is AnswerStatus.SIGNPOSTED


def test_a_likely_question_without_an_answer_stays_a_question(desk, ask):
    unknown = replace(ask("lệ phí cấp hộ chiếu phổ thông"), intents=(("ask_policy", 0.7), ("out_of_scope", 0.2)))
    assert AnswerQuestion(desk).reply_to(unknown).status is AnswerStatus.NO_ANSWER_NOT_FOUND


def test_every_second_look_says_what_the_rules_would_have_said(root):
    rules = yaml.safe_load((root / "data/rules/replies.yml").read_text("utf-8"))["rules"]
    said = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
    by_action = {
        "out_of_scope": "action_answer_question",
        "insult": "action_meet_insult",
        "ask_personal_case": "action_weigh_personal_case",
        **dict.fromkeys(
            (
                "ask_bot_identity",
                "ask_help",
                "ask_opinion",
                "ask_own_data",
                "ask_prediction",
                "impersonate",
                "inject_prompt",
                "share_personal_data",
            ),
            "action_give_fixed_reply",
        ),
    }
    for intent, response in RESPONSES.items():
        assert said[intent] == by_action.get(intent, response)
    assert {said[intent] for intent in PETITIONS} == {"action_signpost_petition"}


def test_validity_without_a_subject_is_asked_back(desk, ask):
    reply = CheckValidity(desk).reply_to(ask("còn hiệu lực không"))
    assert reply.status is AnswerStatus.CLARIFY_VAGUE


def test_the_validity_of_another_type_or_year_is_not_told(desk, ask):
    action = CheckValidity(desk)
    assert action.reply_to(ask("Nghị định về mức lương cơ sở còn hiệu lực không")).status is AnswerStatus.ANSWERED
    for text in ("Luật mức lương cơ sở còn hiệu lực không", "Nghị định mức lương cơ sở 2013 còn hiệu lực không"):
        assert action.reply_to(ask(text)).status is AnswerStatus.NO_ANSWER_NOT_FOUND


def test_a_subject_beside_a_short_number_decides_between_documents(desk, ask):
    reply = LookupDocument(desk).reply_to(ask("nghị định 168 về giao thông"))
    assert numbers(reply) == ["168/2024/NĐ-CP"]
    assert LookupDocument(desk).reply_to(ask("nghị định 168")).status is AnswerStatus.CLARIFY_AMBIGUOUS


def test_validity_without_a_checked_day_names_no_day(desk, ask):
    document = desk.catalogue.find(key="74/nq-cp")[0]
    validity = desk.catalogue.validity(document, date(2026, 11, 22))
    said = say_validity(replace(document, checked_on=None), validity, wording=desk.wording, lang="vi")
    assert "…" not in said
    assert "theo dữ liệu hiện có" in said


@pytest.mark.parametrize("lang", ["vi", "en", "zh"])
def test_a_law_with_a_newer_namesake_is_not_said_to_hold_and_the_newer_one_is_named(desk, lang):
    document = next(iter(desk.catalogue.latest()))
    validity = ValidityOn(Validity.UNKNOWN, date(2026, 11, 22), namesake="01/2026/QH16")
    assert "01/2026/QH16" in say_validity(document, validity, wording=desk.wording, lang=lang)


def test_a_lapsed_document_is_not_named_as_perhaps_related(desk):
    documents = {each.number: each for each in desk.catalogue.latest(limit=10)}
    found = []
    for number in ("73/2024/NĐ-CP", "161/2026/NĐ-CP"):
        document = documents[number]
        (passage, *_) = desk.catalogue.passages(document.id)
        hit = Hit(passage, document.id, score=1.0, dense=desk.policy.hints_from, lexical=0.0)
        validity = desk.catalogue.validity(document, date(2026, 11, 22))
        found.append(Found(hit, Source(document, validity, passage)))
    reply = compose(found, policy=desk.policy, wording=desk.wording, lang="vi", checked_on="01/07/2026")
    assert reply.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert "161/2026/NĐ-CP" in reply.text
    assert "73/2024/NĐ-CP" not in reply.text


def test_danger_comes_before_any_document(desk, ask):
    scam = replace(ask("nghị định 161/2026/NĐ-CP gọi điện bắt chuyển tiền"), intents=(("report_scam", 0.6),))
    assert AnswerQuestion(desk).reply_to(scam) == FixedResponse("utter_scam")


def test_a_question_about_a_past_year_is_answered_with_what_held_then_and_says_that_it_lapsed(desk, ask):
    reply = AnswerQuestion(desk).reply_to(ask("lương cơ sở năm 2024 quy định mức áp dụng"))
    assert numbers(reply)[0] == "73/2024/NĐ-CP"
    assert reply.citations[0].validity == "expired"
    assert "161/2026/NĐ-CP" in reply.text


def titles_only(desk: Desk) -> list[Found]:
    """Two good hits: one in a document held by its title alone, which fits better, and one in a text."""
    found = []
    for number, kind, score in (("168/2024/NĐ-CP", TextKind.TITLE, 1.0), ("161/2026/NĐ-CP", TextKind.OFFICIAL, 0.8)):
        document = next(each for each in desk.catalogue.latest(limit=20) if each.number == number)
        (passage, *_) = desk.catalogue.passages(document.id)
        hit = Hit(replace(passage, text_kind=kind), document.id, score=score, dense=0.95, lexical=0.9)
        found.append(Found(hit, desk.source(document, date(2026, 11, 22), hit.passage)))
    return found


def test_documents_held_by_title_alone_are_listed_where_documents_are_asked_for(desk):
    found = titles_only(desk)
    reply = compose(
        found, policy=desk.policy, wording=desk.wording, lang="vi", checked_on="01/07/2026", lists_titles=True
    )
    assert reply.status is AnswerStatus.LISTED
    assert numbers(reply)[0] == "168/2024/NĐ-CP"
    assert all(citation.quote is None for citation in reply.citations)


def test_a_document_held_by_title_alone_never_answers_a_question_about_contents(desk):
    with_text = compose(titles_only(desk), policy=desk.policy, wording=desk.wording, lang="vi", checked_on="01/07/2026")
    assert numbers(with_text)[0] == "161/2026/NĐ-CP"
    without = compose(
        titles_only(desk)[:1], policy=desk.policy, wording=desk.wording, lang="vi", checked_on="01/07/2026"
    )
    assert without.status is AnswerStatus.NO_ANSWER_NOT_FOUND
    assert "168/2024/NĐ-CP" in without.text


def test_an_article_that_lapsed_does_not_hide_the_same_words_of_the_decree_that_replaced_it(desk, ask, tmp_path):
    words = "Điều 3. Học bổng\nSinh viên được cấp học bổng khuyến khích học tập khi có kết quả rèn luyện loại tốt."
    old = replace(
        next(document for document in desk.catalogue.latest(limit=50) if document.number == "161/2026/NĐ-CP"),
        number="10/2020/NĐ-CP",
        title="Học bổng khuyến khích học tập của sinh viên",
        text=words,
        issued_on=date(2020, 1, 1),
        effective_on=date(2020, 2, 1),
        relations=(),
    )
    newer = replace(
        old,
        number="20/2026/NĐ-CP",
        title="Chính sách giáo dục đại học",
        issued_on=date(2026, 1, 1),
        effective_on=date(2026, 2, 1),
        relations=(Relation(RelationKind.REPLACES, old.number),),
    )
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/catalogue.db")
    catalogue.put_all((document, split(document)) for document in (old, newer))
    embedder = HashEmbedder()
    build(catalogue, embedder, tmp_path / "index")
    engine = SearchEngine(
        snapshot=Snapshot.open(tmp_path / "index", embedder),
        embedder=embedder,
        reader=AsTyped(),
        catalogue=catalogue,
    )
    at_work = replace(desk, catalogue=catalogue, engine=engine)
    asked = ask("sinh viên được cấp học bổng khuyến khích học tập khi nào")
    assert numbers(AnswerQuestion(at_work).reply_to(asked))[0] == newer.number
    catalogue.close()


def test_the_successor_named_is_the_one_of_its_time_where_a_number_was_used_again(desk, ask, tmp_path):
    old = next(document for document in desk.catalogue.latest(limit=50) if document.number == "04/CT-TTg")
    old = replace(old, number="9/CT-TTg", issued_on=date(2020, 2, 3))
    successor = replace(
        old, number="7/CT-TTg", issued_on=date(2021, 2, 3), relations=(Relation(RelationKind.REPLACES, "9/CT-TTg"),)
    )
    namesake = replace(successor, issued_on=date(2026, 2, 3), relations=())
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/catalogue.db")
    catalogue.put_all((document, ()) for document in (old, successor, namesake))
    reply = CheckValidity(replace(desk, catalogue=catalogue)).reply_to(ask("chỉ thị 9/CT-TTg còn hiệu lực không"))
    assert [citation.issued_on for citation in reply.citations] == [old.issued_on, successor.issued_on]
    catalogue.close()


@pytest.fixture
def local(desk, tmp_path):
    """A desk with one number of the committees of two provinces, and of a former district of one of them."""
    decision = replace(
        next(iter(desk.catalogue.latest())),
        number="30/2024/QĐ-UBND",
        type="Quyết định",
        title="Quy định giá đất",
        issued_on=date(2024, 3, 1),
        relations=(),
        text="",
    )
    bodies = {
        "Ủy ban nhân dân thành phố Hà Nội": "Thành phố Hà Nội",
        "Ủy ban nhân dân quận Ba Đình": "Thành phố Hà Nội",
        "Ủy ban nhân dân tỉnh Gia Lai": "Tỉnh Gia Lai",
    }
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/catalogue.db")
    for body, place in bodies.items():
        catalogue.put(replace(decision, issuing_body=body, place=place), ())
    yield replace(desk, catalogue=catalogue)
    catalogue.close()


def test_a_number_that_several_local_bodies_use_is_asked_back_with_the_bodies(local, ask):
    reply = LookupDocument(local).reply_to(ask("quyết định 30/2024/QĐ-UBND"))
    assert reply.status is AnswerStatus.CLARIFY_AMBIGUOUS
    for choice, body in zip(reply.buttons, ("Ba Đình", "Hà Nội", "Gia Lai"), strict=False):
        assert len(reply.buttons) == 3
        assert any(name in choice.title for name in ("Ba Đình", "Hà Nội", "Gia Lai"))
        assert body in reply.text
        [citation] = CheckValidity(local).reply_to(ask(choice.text)).citations
        assert citation.issuing_body in choice.text


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("quyết định 30/2024 của hà nội", "Ủy ban nhân dân thành phố Hà Nội"),
        ("qd 30/2024/qd-ubnd gia lai", "Ủy ban nhân dân tỉnh Gia Lai"),
        ("quyết định 30/2024/QĐ-UBND của quận Ba Đình", "Ủy ban nhân dân quận Ba Đình"),
        ("30/2024/QĐ-UBND UBND quận Ba Đình, Hà Nội", "Ủy ban nhân dân quận Ba Đình"),
    ],
)
def test_the_place_or_the_body_named_decides_between_local_documents(local, ask, typed, body):
    assert [one.issuing_body for one in named_documents(ask(typed), local)[1]] == [body]


def test_a_local_document_of_another_province_than_the_one_named_is_not_shown(local, ask):
    assert named_documents(ask("quyết định 30/2024/QĐ-UBND của Huế"), local)[1] == []


@pytest.mark.parametrize("lang", ["vi", "en", "zh"])
@pytest.mark.parametrize("since", [None, date(2026, 7, 1)])
def test_suspension_and_abolition_are_said_with_who_did_it(desk, lang, since):
    document = next(iter(desk.catalogue.latest()))
    suspended = ValidityOn(Validity.SUSPENDED, date(2026, 11, 22), since, suspended_by=("1/2026/NĐ-CP",))
    assert "1/2026/NĐ-CP" in say_validity(document, suspended, wording=desk.wording, lang=lang)
    abolished = ValidityOn(Validity.EXPIRED, date(2026, 11, 22), since, abolished_by=("2/2026/NĐ-CP",))
    assert "2/2026/NĐ-CP" in say_validity(document, abolished, wording=desk.wording, lang=lang)
    assert cite(document, abolished).replaced_by == ("2/2026/NĐ-CP",)
