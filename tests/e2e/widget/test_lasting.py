"""What becomes of a conversation when the page, the network or a process goes away, in two tabs, and when deleted."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import wait_until
from tests.e2e.widget.browsing import QUESTION, answers, ask, launch, questions, shot, violations, write
from tests.e2e.widget.stage import Gateway, Portal
from tools.stack import Stack

pytestmark = pytest.mark.e2e


def test_after_a_reload_the_conversation_is_there_and_is_not_announced_again(page: Page) -> None:
    launch(page)
    ask(page)
    ask(page, "xin chào")
    page.reload()
    expect(page.locator("gov-chat dialog")).to_be_visible()  # it was open
    expect(page.locator("#log")).to_have_attribute("aria-live", "off")
    expect(answers(page)).to_have_count(2)
    expect(questions(page)).to_have_count(2)
    expect(questions(page).first).to_contain_text(QUESTION)
    expect(page.locator("#log")).to_have_attribute("aria-live", "polite")
    ask(page, "cảm ơn")
    expect(answers(page)).to_have_count(3)
    expect(questions(page)).to_have_count(3)


def test_what_is_written_offline_is_sent_once_when_the_network_is_back(page: Page, gateway: Gateway) -> None:
    launch(page)
    ask(page, "xin chào")
    page.context.set_offline(True)
    write(page, QUESTION)
    expect(page.locator("[data-state=queued]")).to_contain_text("sẽ tự gửi lại")
    expect(page.locator("dialog > .down[role=status]")).to_be_visible()
    shot(page, "offline")
    page.context.set_offline(False)
    expect(answers(page)).to_have_count(2)
    expect(page.locator("dialog > .down[role=status]")).to_be_hidden()
    assert [turn.text for turn in gateway.bot.turns] == ["xin chào", QUESTION]


def test_a_gateway_that_restarts_in_mid_answer_loses_nothing_and_says_nothing_twice(
    page: Page, gateway: Gateway
) -> None:
    launch(page)
    ask(page, "xin chào")
    gateway.bot.may_answer.clear()
    write(page, QUESTION)
    expect(page.locator("[data-state]")).to_have_count(0)  # it was taken
    stopping = threading.Thread(target=gateway.stop)
    stopping.start()
    page.wait_for_timeout(300)
    gateway.bot.may_answer.set()
    stopping.join()
    write(page, "câu hỏi lúc máy chủ ngừng")
    expect(page.locator("[data-state=queued]")).to_have_count(1)
    expect(page.locator("dialog > .down[role=status]")).to_be_visible()
    shot(page, "server-down")
    assert violations(page) == []
    gateway.start()
    expect(answers(page)).to_have_count(3, timeout=40_000)
    expect(questions(page)).to_have_count(3)
    expect(page.locator("dialog > .down[role=status]")).to_be_hidden()
    assert len(page.locator("#log").get_by_text("Về: câu hỏi lúc máy chủ ngừng").all()) == 1
    page.wait_for_timeout(500)
    expect(answers(page)).to_have_count(3)


@pytest.mark.parametrize("module", ["bot", "actions", "channels"])
def test_any_process_of_the_real_stack_killed_in_mid_answer_loses_nothing_and_says_nothing_twice(
    context: BrowserContext, stack: Stack, module: str
) -> None:
    page = context.new_page()
    page.goto(f"{stack.url}/")
    launch(page)
    ask(page, "xin chào", within_ms=30_000)
    bot, killed = stack.pid_of("bot"), stack.pid_of(module)
    assert bot and killed
    os.kill(bot, signal.SIGSTOP)  # the answer is on its way, and stays there
    try:
        page.locator("gov-chat #question").fill("mức lương cơ sở từ 1/7/2026 là bao nhiêu")
        page.keyboard.press("Enter")
        expect(questions(page)).to_have_count(2)
        expect(page.locator("gov-chat [data-state]")).to_have_count(0)  # it was taken
        os.kill(killed, signal.SIGKILL)
    finally:
        os.kill(bot, signal.SIGCONT)  # of a killed one: it is not reaped yet, or the stack has another
    page.locator("gov-chat #question").fill("cảm ơn")
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(3, timeout=90_000)
    expect(page.locator("gov-chat [data-state]")).to_have_count(0)
    expect(questions(page)).to_have_count(3)
    cited = page.locator("gov-chat #log article", has=page.locator(".card", has_text="161/2026/NĐ-CP"))
    expect(cited).to_have_count(1)
    page.reload()
    expect(answers(page)).to_have_count(3)
    expect(cited).to_have_count(1)
    wait_until(stack.is_ready, within_s=90)


def test_where_streams_do_not_come_through_answers_come_by_polling(page: Page) -> None:
    def no_stream(route: Route) -> None:
        if route.request.headers.get("accept") == "text/event-stream":
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/widget/events*", no_stream)
    launch(page)
    ask(page)
    ask(page, "xin chào")
    expect(answers(page)).to_have_count(2)


def test_an_answer_to_a_message_that_was_lost_on_the_way_back_comes_once(page: Page, gateway: Gateway) -> None:
    times: list[int] = []

    def lose_the_first(route: Route) -> None:
        times.append(1)
        if len(times) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/api/v1/widget/messages", lose_the_first)
    launch(page)
    ask(page)
    page.wait_for_timeout(500)
    expect(answers(page)).to_have_count(1)
    expect(questions(page)).to_have_count(1)
    assert len(gateway.bot.turns) == 1


def test_two_tabs_of_a_remembered_conversation_show_the_same(page: Page, portal: Portal) -> None:
    launch(page)
    ask(page)
    page.locator("#menu").click()
    page.locator("#remember").check()
    other = page.context.new_page()
    other.goto(page.url)
    launch(other)
    expect(answers(other)).to_have_count(1)
    ask(other, "xin chào")
    expect(answers(page)).to_have_count(2)
    expect(questions(page)).to_have_count(2)
    expect(answers(other)).to_have_count(2)
    other.locator("#menu").click()
    other.locator("#delete").click()
    other.locator("#delete-yes").click()
    expect(answers(page)).to_have_count(0)
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_a_tab_with_a_conversation_of_its_own_keeps_it_when_another_is_remembered(page: Page) -> None:
    launch(page)
    ask(page, "xin chào")
    other = page.context.new_page()
    other.goto(page.url)
    launch(other)
    ask(other, "câu khác")
    other.locator("#menu").click()
    other.locator("#remember").check()
    ask(page, "cảm ơn")
    expect(questions(page)).to_have_count(2)
    expect(page.locator("#log")).not_to_contain_text("câu khác")
    other.locator("#remember").uncheck()
    assert other.evaluate("[sessionStorage.getItem('govchat.') !== null, localStorage.length]") == [True, 0]


def test_without_being_asked_to_remember_another_tab_begins_anew(page: Page) -> None:
    launch(page)
    ask(page)
    other = page.context.new_page()
    other.goto(page.url)
    launch(other)
    other.wait_for_timeout(500)
    expect(answers(other)).to_have_count(0)


def test_a_conversation_can_be_deleted_here_and_on_the_server(page: Page) -> None:
    launch(page)
    ask(page)
    page.locator("#menu").click()
    shot(page, "options")
    page.locator("#delete").click()
    expect(page.locator("#delete-yes")).to_be_focused()
    page.locator("#delete-yes").click()
    expect(page.locator("#log article")).to_have_count(0)
    expect(page.locator("dialog > .state")).to_contain_text("Đã xóa")
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    page.reload()
    launch(page)
    page.wait_for_timeout(500)
    expect(page.locator("#log article")).to_have_count(0)
    ask(page, "xin chào")


def test_what_is_on_its_way_when_the_conversation_is_deleted_is_deleted_too(page: Page, gateway: Gateway) -> None:
    def deliver_late(route: Route) -> None:
        answer = route.fetch()
        page.locator("#menu").click()
        page.locator("#delete").click()
        page.locator("#delete-yes").click()
        route.fulfill(response=answer)

    page.route("**/api/v1/widget/messages", deliver_late)
    launch(page)
    write(page, "chuyện kín 7391")
    expect(page.locator("dialog > .state")).to_contain_text("Đã xóa")
    expect(page.locator("#log article")).to_have_count(0)
    page.unroute("**/api/v1/widget/messages")
    wait_until(lambda: not any(b"7391" in file.read_bytes() for file in gateway.folder.glob("*.db*")), within_s=20)
    ask(page, "xin chào")
    expect(questions(page)).to_have_count(1)


def test_while_it_is_unknown_whether_a_message_was_taken_nothing_is_said_to_be_deleted(page: Page) -> None:
    page.route("**/api/v1/widget/messages", lambda route: (route.fetch(), route.abort()))
    launch(page)
    write(page, "xin chào")
    expect(page.locator("[data-state=queued]")).to_have_count(1)
    page.locator("#menu").click()
    page.locator("#delete").click()
    page.locator("#delete-yes").click()
    expect(page.locator("dialog > .state")).to_contain_text("Chưa xóa được")
    page.unroute("**/api/v1/widget/messages")
    expect(answers(page)).to_have_count(1, timeout=40_000)
    page.locator("#delete-yes").click()
    expect(page.locator("#log article")).to_have_count(0)


def test_a_token_that_is_no_longer_good_begins_a_new_conversation_and_loses_no_message(page: Page) -> None:
    launch(page)
    ask(page)
    page.evaluate("sessionStorage.setItem('govchat.', JSON.stringify('v1.none.ofours'))")
    page.reload()
    expect(page.locator("gov-chat dialog")).to_be_visible()
    ask(page, "xin chào")
    expect(page.locator("#log")).to_contain_text("Về: xin chào")
