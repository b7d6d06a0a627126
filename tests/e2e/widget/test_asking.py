"""A conversation: asking, choosing, judging, languages, consent, notices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from channels.testing.gateway import Assembled
from channels.thread import Notice
from tests.e2e.widget.browsing import (
    PATIENCE_MS,
    QUESTION,
    answers,
    ask,
    embed,
    launch,
    questions,
    shot,
    violations,
    window,
    write,
)
from tests.e2e.widget.stage import DECREE, NOTICE, QUOTE, Gateway, Portal
from tools.stack import Stack

pytestmark = pytest.mark.e2e


def test_a_question_is_answered_with_a_card_of_its_source_under_a_strict_policy(page: Page) -> None:
    shot(page, "closed")
    launch(page)
    expect(page.locator("#question")).to_be_focused()
    shot(page, "opened")
    ask(page)
    expect(questions(page)).to_contain_text(QUESTION)
    card = page.locator(".card").first
    expect(card.locator("h4")).to_have_text("Nghị định 161/2026/NĐ-CP")
    expect(card).to_contain_text("Chính phủ")
    expect(card).to_contain_text("15/05/2026")
    expect(card.locator(".validity")).to_have_text("Còn hiệu lực, chưa thấy văn bản thay thế tính đến 20/11/2026")
    expect(page.locator(".card").nth(1).locator(".validity")).to_contain_text("Hết hiệu lực")
    expect(page.locator("#log blockquote")).to_have_text([QUOTE])
    expect(page.locator("#log blockquote")).to_have_attribute("lang", "vi")
    link = card.get_by_role("link")
    expect(link).to_have_attribute("href", DECREE.url or "")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_contain_text("vanban.chinhphu.vn")
    expect(page.locator("gov-chat .head")).to_contain_text("không phải cán bộ")  # and no answer needs to say it again
    expect(answers(page)).not_to_contain_text("không phải cán bộ")
    shot(page, "answer")
    expect(page.locator("#log article").last).to_be_in_viewport()


def test_a_choice_is_asked_when_it_is_pressed(page: Page, gateway: Gateway) -> None:
    launch(page)
    ask(page)
    page.get_by_role("button", name="Xem thêm", exact=True).click()
    expect(answers(page)).to_have_count(2)
    expect(questions(page).last).to_contain_text("Cho tôi xem thêm")
    assert gateway.bot.turns[-1].text == "Cho tôi xem thêm"


def test_while_the_answer_is_sought_that_is_said_and_no_text_moves(page: Page, gateway: Gateway) -> None:
    launch(page)
    ask(page, "xin chào")
    gateway.bot.may_answer.clear()
    page.locator("#question").fill(QUESTION)
    before = page.locator("#scroller").bounding_box()
    page.keyboard.press("Enter")
    expect(page.locator("#log + .state, dialog > .state")).to_have_text("Đang tìm trong văn bản…")
    assert page.locator("#scroller").bounding_box() == before
    shot(page, "waiting")
    assert violations(page) == []
    gateway.bot.may_answer.set()
    expect(page.locator("dialog > .state")).to_have_text("")
    expect(answers(page)).to_have_count(2)
    assert page.locator("#scroller").bounding_box() == before


def test_an_answer_that_comes_to_a_closed_panel_is_told_on_its_button(page: Page, gateway: Gateway) -> None:
    launch(page)
    gateway.bot.may_answer.clear()
    write(page, QUESTION)
    expect(page.locator("[data-state]")).to_have_count(0)
    page.locator("#close").click()
    gateway.bot.may_answer.set()
    expect(page.locator("gov-chat .launch")).to_have_text("Có câu trả lời mới")
    shot(page, "unread")
    assert violations(page) == []
    launch(page)
    expect(answers(page)).to_have_count(1)
    page.locator("#close").click()
    expect(page.locator("gov-chat .launch")).to_have_text("Hỏi đáp tự động")


def test_the_real_bot_answers_with_the_passage_of_the_document(context: BrowserContext, stack: Stack) -> None:
    page = context.new_page()
    page.goto(f"{stack.url}/")
    launch(page)
    page.locator("gov-chat #question").fill("mức lương cơ sở từ 1/7/2026 là bao nhiêu")
    page.keyboard.press("Enter")
    card = page.locator("gov-chat .card").first
    expect(card.locator("h4")).to_have_text("Nghị định 161/2026/NĐ-CP", timeout=30_000)
    expect(page.locator("gov-chat #log")).to_contain_text("2.530.000")
    shot(page, "real-answer")


def test_where_the_agency_wants_consent_nothing_is_sent_or_kept_before_it_is_given(
    context: BrowserContext, portal: Portal, gateway: Gateway
) -> None:
    page = context.new_page()
    page.goto(embed(portal, gateway, attributes='consent privacy="https://example.gov.vn/privacy"'))
    sent: list[str] = []
    page.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    launch(page)
    write(page, QUESTION)
    expect(page.locator("#consent-yes")).to_be_focused()
    shot(page, "consent")
    assert violations(page) == []
    page.locator("#consent-no").click()
    expect(page.locator("#question")).to_have_value(QUESTION)
    expect(page.locator("#question")).to_be_focused()
    assert sent == []
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    page.keyboard.press("Enter")
    assert violations(page) == []
    page.locator("#consent-yes").click()
    expect(answers(page)).to_have_count(1)
    ask(page, "xin chào")  # asked once


def test_where_the_agency_requires_consent_the_panel_asks_although_the_tag_does_not_say_so(
    context: BrowserContext, portal: Portal, gateway: Gateway
) -> None:
    page = context.new_page()
    page.goto(embed(portal, gateway, attributes='agency="strict" lang="en"'))
    with page.expect_response("**/widget/config*"):
        launch(page)
    write(page, QUESTION)
    expect(page.locator("#consent-yes")).to_be_focused()
    expect(page.locator("gov-chat .down a")).to_have_attribute("href", NOTICE)
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    page.locator("#consent-yes").click()
    expect(answers(page)).to_have_count(1)
    ask(page, "hello")
    newest, *_ = gateway.do(lambda whole: whole.inbox.consents())
    assert (newest.agency, newest.lang, newest.notice, newest.version) == ("strict", "en", NOTICE, "2026-01")


def test_who_was_not_asked_because_the_facts_did_not_arrive_is_asked_then_and_loses_no_word(
    context: BrowserContext, portal: Portal, gateway: Gateway
) -> None:
    page = context.new_page()
    page.route("**/widget/config*", lambda route: route.abort())
    page.goto(embed(portal, gateway, attributes='agency="strict"'))
    launch(page)
    write(page, QUESTION)
    expect(page.locator("#consent-yes")).to_be_visible()
    expect(page.locator("#question")).to_have_value(QUESTION)
    expect(questions(page)).to_have_count(0)
    assert page.evaluate("sessionStorage.getItem('govchat.strict.pending')") is None
    page.locator("#consent-no").click()
    expect(page.locator("#question")).to_have_value(QUESTION)
    asked = len(gateway.bot.turns)
    page.keyboard.press("Enter")
    page.locator("#consent-yes").click()
    expect(answers(page)).to_have_count(1)
    expect(questions(page)).to_have_count(1)
    assert len(gateway.bot.turns) == asked + 1


def test_who_had_the_conversation_deleted_elsewhere_is_asked_for_consent_anew(
    context: BrowserContext, portal: Portal, gateway: Gateway
) -> None:
    page = context.new_page()
    page.goto(embed(portal, gateway, attributes='agency="strict"'))
    with page.expect_response("**/widget/config*"):
        launch(page)
    write(page, QUESTION)
    page.locator("#consent-yes").click()
    expect(answers(page)).to_have_count(1)
    conversation, before = gateway.bot.turns[-1].conversation, datetime.now(UTC) + timedelta(seconds=1)
    gateway.do(lambda whole: whole.inbox.forget(conversation, before=before))  # as the command of an operator
    write(page, "xin chào")
    expect(page.locator("#consent-yes")).to_be_visible()
    expect(page.locator("#question")).to_have_value("xin chào")
    page.locator("#consent-yes").click()
    expect(answers(page)).to_have_count(2)
    newest, *_ = gateway.do(lambda whole: whole.inbox.consents())
    assert newest.withdrawn_at is None
    assert gateway.do(lambda whole: whole.inbox.consents(conversation))[0].withdrawn_at is not None


def test_a_person_can_be_asked_for(page: Page, gateway: Gateway) -> None:
    launch(page)
    page.get_by_role("button", name="Gặp cán bộ").click()
    expect(answers(page)).to_have_count(1)
    assert gateway.bot.turns[-1].text == "Tôi muốn gặp cán bộ"


def test_feedback_is_sent_with_its_reason(page: Page, gateway: Gateway) -> None:
    launch(page)
    ask(page)
    page.get_by_role("button", name="Chưa có ích").click()
    page.get_by_label("Vì sao chưa có ích?").fill("thiếu mức cũ")
    page.get_by_role("button", name="Gửi góp ý").click()
    expect(answers(page)).to_contain_text("Cảm ơn anh/chị đã góp ý.")

    async def stored(whole: Assembled) -> object:
        return await whole.inbox.feedback()

    given = gateway.do(stored)
    assert isinstance(given, list)
    assert [(each.is_useful, each.why) for each in given][:1] == [(False, "thiếu mức cũ")]


def test_the_passage_is_copied_with_its_source(browser: Browser, portal: Portal, gateway: Gateway) -> None:
    with window(browser, permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(embed(portal, gateway))
        launch(page)
        ask(page)
        page.get_by_role("button", name="Chép kèm nguồn").first.click()
        expect(page.locator("dialog > .state")).to_contain_text("Đã chép")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert QUOTE in copied
        assert "Nghị định 161/2026/NĐ-CP" in copied
        assert (DECREE.url or "") in copied


def test_the_language_follows_the_page_and_can_be_switched(
    context: BrowserContext, portal: Portal, gateway: Gateway
) -> None:
    page = context.new_page()
    page.goto(embed(portal, gateway, lang="en-GB"))
    expect(page.locator("gov-chat .launch")).to_have_text("Ask the assistant")
    launch(page)
    expect(page.locator("dialog")).to_contain_text("A machine answers, not an official.")
    ask(page, "what is the base salary, lương?")
    assert gateway.bot.turns[-1].lang == "en"
    expect(page.locator(".validity").first).to_contain_text("In force")
    page.locator("#menu").click()
    page.locator("#options-zh").click()
    expect(page.locator(".validity").first).not_to_contain_text("In force")
    expect(page.locator("#send")).to_have_text("发送")
    expect(answers(page)).to_have_count(1)
    expect(page.locator("#log h4").first).to_have_attribute("lang", "vi")
    page.evaluate("document.documentElement.lang = 'vi'")
    expect(page.locator("#send")).to_have_text("发送")  # what a person chose stays


def test_a_page_that_changes_its_language_changes_the_widgets(page: Page) -> None:
    launch(page)
    page.evaluate("document.documentElement.lang = 'en'")
    expect(page.locator("#send")).to_have_text("Send")


def test_an_urgent_notice_stands_over_the_conversation_while_it_is_pinned(page: Page, gateway: Gateway) -> None:
    async def pin(whole: Assembled) -> None:
        await whole.inbox.pin_notice(
            "default", Notice("Công điện 12: bão số 9.", "https://chinhphu.vn/cong-dien", None)
        )

    async def take_off(whole: Assembled) -> None:
        await whole.inbox.pin_notice("default", None)

    pinned = page.locator("dialog > .pinned")
    gateway.do(pin)
    try:
        launch(page)
        ask(page, "xin chào")
        expect(pinned).to_contain_text("Công điện 12: bão số 9.", timeout=PATIENCE_MS)
        expect(pinned.get_by_role("link")).to_have_attribute("href", "https://chinhphu.vn/cong-dien")
        shot(page, "notice")
        assert violations(page) == []
        page.context.set_offline(True)
        write(page, "x")
        expect(page.locator("dialog > .down[role=status]")).to_be_visible()
        expect(pinned).to_be_visible()  # the last one stays
        page.context.set_offline(False)
        expect(page.locator("dialog > .down[role=status]")).to_be_hidden(timeout=PATIENCE_MS)
    finally:
        gateway.do(take_off)
    expect(pinned).to_be_hidden(timeout=20_000)


def test_the_conversation_can_be_saved_and_printed(page: Page) -> None:
    launch(page)
    ask(page)
    page.locator("#menu").click()
    with page.expect_download() as saving:
        page.locator("#save").click()
    text = Path(saving.value.path()).read_text(encoding="utf-8")
    assert QUESTION in text
    assert QUOTE in text
    assert "vanban.chinhphu.vn" in text
    with page.expect_popup() as printing:
        page.locator("#print").click()
    expect(printing.value.locator("body")).to_contain_text(QUOTE)
