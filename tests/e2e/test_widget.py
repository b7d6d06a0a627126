"""The widget in a real browser, on the real gateway with a scripted bot, embedded by a portal of another origin."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from bot.reply import AnswerStatus, Button, Reply, Turn, TurnResult
from channels.testing.gateway import Assembled
from channels.thread import Notice
from channels.web.widget import MODULES
from tests.chromium import chromium
from tests.e2e.widget_stage import DECREE, QUOTE, Gateway, Portal, running_portal, says
from tools.stack import Stack

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "var" / "screenshots"
TSC = ROOT / "var" / "node" / "node_modules" / ".bin" / "tsc"
AXE = ROOT / "var" / "node" / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_MS = 10_000
QUESTION = "mức lương cơ sở là bao nhiêu"
MARKUP = (
    '<img src=x onerror="window.ran=1">',
    "<script>window.ran=1</script>",
    '"><svg onload=window.ran=1>',
    "<a href=javascript:window.ran=1>x</a>",
    "javascript:window.ran=1",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "{{constructor.constructor('window.ran=1')()}}",
    "</p></dialog><style>*{display:none}</style>",
    "\u202egnp.exe\u202c <b>b</b> &lt;i&gt;",
)
NODES = {"article", "h3", "h4", "p", "time", "blockquote", "section", "div", "span", "ul", "li", "button"}
HOSTILE = "* { all: unset !important; display: block !important } html { font-size: 3px; direction: rtl }"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with running_portal() as portal:
        yield portal


@pytest.fixture(scope="module")
def served(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    gateway = Gateway(tmp_path_factory.mktemp("gateway"), origins=portal.url)
    gateway.start()
    yield gateway
    gateway.bot.may_answer.set()
    gateway.stop()


@pytest.fixture
def gateway(served: Gateway) -> Iterator[Gateway]:
    """The gateway, up, with a bot that answers at once."""
    served.start()
    served.bot.script, served.bot.turns = says, []
    yield served
    served.bot.may_answer.set()


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A browser window of its own; whatever goes wrong in its pages fails the test."""
    complaints: list[str] = []

    def watch(page: Page) -> None:
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)

    context = browser.new_context(service_workers="block", **options)
    context.on("page", watch)
    yield context
    context.close()
    assert complaints == []


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with window(browser) as context:
        yield context


def policy(gateway: Gateway) -> str:
    """The policy of the issue: nothing but the gateway, nothing inline."""
    return f"default-src 'none'; script-src {gateway.url}; connect-src {gateway.url}; img-src {gateway.url}"


def tag(gateway: Gateway, attributes: str = "") -> str:
    return (
        f'<script src="{gateway.url}/widget/v1/gov-chat.js" crossorigin="anonymous" defer></script>'
        f"<gov-chat {attributes}></gov-chat>"
    )


def embed(
    portal: Portal, gateway: Gateway, *, path: str = "/", lang: str = "vi", head: str = "", attributes: str = "",
    strict: bool = True,
) -> str:  # fmt: skip
    """Publish a page with the widget and return its address."""
    html = (
        f'<!doctype html><html lang="{lang}"><head><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Cổng thông tin</title>{head}</head><body><main><h1>Cổng thông tin</h1><p>Nội dung.</p>"
        f'<a href="#after">Liên kết</a></main>{tag(gateway, attributes)}</body></html>'
    )
    return portal.put(path, html, policy=policy(gateway) if strict else "")


@pytest.fixture
def page(context: BrowserContext, portal: Portal, gateway: Gateway) -> Page:
    page = context.new_page()
    page.goto(embed(portal, gateway))
    return page


def launch(page: Page) -> None:
    page.locator("gov-chat .launch").click()
    expect(page.locator("gov-chat dialog")).to_be_visible()


def ask(page: Page, question: str = QUESTION) -> None:
    """Ask and wait for the answer."""
    before = answers(page).count()
    page.locator("#question").fill(question)
    page.locator("#send").click()
    expect(answers(page)).to_have_count(before + 1, timeout=PATIENCE_MS)


def answers(page: Page) -> Any:
    return page.locator("#log .message:not(.mine)")


def questions(page: Page) -> Any:
    return page.locator("#log .mine")


def shot(page: Page, name: str) -> None:
    page.screenshot(path=SHOTS / f"widget-{name}.png")


def violations(page: Page, within: str = "gov-chat") -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and its own good practice."""
    if not AXE.exists():
        pytest.skip("axe-core is not there: `python3 tools/setup.py --tests` fetches it where there is npm")
    page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")  # not held by the page's policy
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate(
        """async ([within, runOnly]) => (await axe.run(within, { runOnly })).violations.map((each) => each.id + ": " +
            each.nodes.map((node) => node.target.flat().join(" ") + " " + node.failureSummary).join("; "))""",
        [within, rules],
    )
    assert isinstance(found, list)
    return found


def test_the_types_of_the_widgets_code_agree() -> None:
    if not TSC.exists():
        pytest.skip("tsc is not there: `python3 tools/setup.py --tests` fetches it where there is npm")
    found = subprocess.run([TSC, "-p", ROOT / "channels/web/widget"], capture_output=True, text=True, check=False)
    assert found.stdout == ""
    assert found.returncode == 0


# -- before anything is asked -----------------------------------------------------------------------------------------


def test_before_the_first_click_only_the_loader_is_fetched_and_before_the_first_message_nothing_is_kept(
    context: BrowserContext, portal: Portal, gateway: Gateway
) -> None:
    requests: list[Request] = []
    context.on("request", lambda each: requests.append(each))
    page = context.new_page()
    page.goto(embed(portal, gateway))
    expect(page.locator("gov-chat .launch")).to_be_visible()
    page.wait_for_timeout(300)
    to_gateway = [each.url for each in requests if not each.url.startswith(portal.url)]
    assert to_gateway == [f"{gateway.url}/widget/v1/gov-chat.js"]
    launch(page)
    expect(page.locator("#send")).to_be_visible()
    page.wait_for_timeout(300)
    kept = "[document.cookie, sessionStorage.length, localStorage.length]"
    assert page.evaluate(kept) == ["", 0, 0]
    assert {each.url.split("/")[2] for each in requests} == {portal.url.split("/")[2], gateway.url.split("/")[2]}
    assert not [each for each in requests if each.method == "POST"]
    ask(page)
    assert page.evaluate(kept)[0] == ""
    assert page.evaluate(kept)[2] == 0
    assert context.cookies() == []
    assert not [each for each in requests if "cookie" in each.headers or "token" in each.url]


def test_what_is_fetched_on_the_way_to_an_open_panel_is_small(
    context: BrowserContext, portal: Portal, gateway: Gateway
) -> None:
    page = context.new_page()
    scripts: list[str] = []
    page.on("response", lambda answer: scripts.append(answer.url) if "/widget/v1/" in answer.url else None)
    page.goto(embed(portal, gateway))
    launch(page)
    assert len(scripts) == len(set(scripts)) == 2 + len(MODULES)  # loader, modules, one language


def test_a_file_of_the_panel_that_somebody_changed_is_never_run(page: Page) -> None:
    def change(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + ";window.ran=1")

    page.route("**/widget/v1/store-*.js", change)
    for _ in range(2):  # trying again helps nobody
        page.locator("gov-chat .launch").click()
        expect(page.locator("gov-chat .unreachable")).to_be_visible()
        expect(page.locator("gov-chat .launch")).not_to_have_attribute("aria-busy", "true")
    assert page.evaluate("window.ran") is None
    expect(page.locator("gov-chat dialog")).to_have_count(0)


def test_a_first_click_without_a_network_can_be_tried_again(page: Page) -> None:
    page.route("**/widget/v1/store-*.js", lambda route: route.abort())
    page.locator("gov-chat .launch").click()
    expect(page.locator("gov-chat .unreachable")).to_be_visible()
    page.unroute("**/widget/v1/store-*.js")
    launch(page)


# -- asking -----------------------------------------------------------------------------------------------------------


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
    expect(answers(page)).to_contain_text("không phải cán bộ")
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
    gateway.bot.may_answer.set()
    expect(page.locator("dialog > .state")).to_have_text("")
    expect(answers(page)).to_have_count(2)
    assert page.locator("#scroller").bounding_box() == before


def test_an_answer_that_comes_to_a_closed_panel_is_told_on_its_button(page: Page, gateway: Gateway) -> None:
    launch(page)
    gateway.bot.may_answer.clear()
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_have_count(0)
    page.locator("#close").click()
    gateway.bot.may_answer.set()
    expect(page.locator("gov-chat .launch")).to_have_text("Có câu trả lời mới")
    shot(page, "unread")
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
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#consent-yes")).to_be_focused()
    shot(page, "consent")
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


# -- languages --------------------------------------------------------------------------------------------------------


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


# -- what the network does --------------------------------------------------------------------------------------------


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
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
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
    page.locator("#question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_have_count(0)  # it was taken
    stopping = threading.Thread(target=gateway.stop)
    stopping.start()
    page.wait_for_timeout(300)
    gateway.bot.may_answer.set()
    stopping.join()
    page.locator("#question").fill("câu hỏi lúc máy chủ ngừng")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=queued]")).to_have_count(1)
    expect(page.locator("dialog > .down[role=status]")).to_be_visible()
    shot(page, "server-down")
    gateway.start()
    expect(answers(page)).to_have_count(3, timeout=40_000)
    expect(questions(page)).to_have_count(3)
    expect(page.locator("dialog > .down[role=status]")).to_be_hidden()
    assert len(page.locator("#log").get_by_text("Về: câu hỏi lúc máy chủ ngừng").all()) == 1
    page.wait_for_timeout(500)
    expect(answers(page)).to_have_count(3)


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


def test_a_token_that_is_no_longer_good_begins_a_new_conversation_and_loses_no_message(page: Page) -> None:
    launch(page)
    ask(page)
    page.evaluate("sessionStorage.setItem('govchat.', JSON.stringify('v1.none.ofours'))")
    page.reload()
    expect(page.locator("gov-chat dialog")).to_be_visible()
    ask(page, "xin chào")
    expect(page.locator("#log")).to_contain_text("Về: xin chào")


# -- notices ----------------------------------------------------------------------------------------------------------


def test_where_the_gateway_cannot_be_reached_at_all_the_button_gives_the_hotline_and_the_form(
    context: BrowserContext, portal: Portal, gateway: Gateway
) -> None:
    page = context.new_page()
    page.goto(embed(portal, gateway, attributes='hotline="1022"'))
    page.route("**/widget/v1/panel-*", lambda route: route.abort())
    page.locator("gov-chat .launch").click()
    expect(page.get_by_role("alert")).to_contain_text("thử lại")
    expect(page.get_by_role("link", name="Gọi 1022")).to_have_attribute("href", "tel:1022")
    expect(page.get_by_role("link", name="Dùng mẫu")).to_be_visible()
    shot(page, "unreachable")


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
        page.context.set_offline(True)
        page.locator("#question").fill("x")
        page.keyboard.press("Enter")
        expect(page.locator("dialog > .down[role=status]")).to_be_visible()
        expect(pinned).to_be_visible()  # the last one stays
        page.context.set_offline(False)
        expect(page.locator("dialog > .down[role=status]")).to_be_hidden(timeout=PATIENCE_MS)
    finally:
        gateway.do(take_off)
    expect(pinned).to_be_hidden(timeout=20_000)


def test_the_demo_portal_shows_it_as_an_agency_would_embed_it(context: BrowserContext, gateway: Gateway) -> None:
    page = context.new_page()
    page.goto(f"{gateway.url}/?lang=en")
    expect(page.locator("gov-chat .launch")).to_have_text("Ask the assistant")
    launch(page)
    page.locator("gov-chat #question").fill("lương")
    page.locator("gov-chat #send").click()
    expect(page.locator("gov-chat .card")).to_have_count(2)
    page.reload()
    expect(page.locator("gov-chat .card")).to_have_count(2)
    shot(page, "portal")


def test_the_tag_that_the_generator_makes_works_as_it_is_copied(
    context: BrowserContext, portal: Portal, gateway: Gateway
) -> None:
    page = context.new_page()
    page.goto(f"{gateway.url}/docs/embedding?lang=en")
    page.get_by_label("Words on the button").fill('"Hỏi" & <đáp>')
    page.get_by_label("Telephone number").fill("1022")
    page.get_by_label("Colour").fill("#ffff00")
    expect(page.locator("#contrast")).to_be_visible()
    page.get_by_label("Colour").fill("#1b5e20")
    expect(page.locator("#contrast")).to_be_hidden()
    page.get_by_label("Pin this very version").check()
    expect(page.locator("#tag")).to_have_value(re.compile('integrity="sha384-'))
    assert violations(page, "main") == []
    shot(page, "embedding")
    tag = page.locator("#tag").input_value()
    head = '<!doctype html><html lang="vi"><title>x</title><h1>x</h1>'
    page.goto(portal.put("/copied", head + tag, policy=policy(gateway)))
    expect(page.locator("gov-chat .launch")).to_have_text('"Hỏi" & <đáp>')
    expect(page.locator("gov-chat .launch")).to_have_css("background-color", "rgb(27, 94, 32)")
    launch(page)
    ask(page)


# -- hostile surroundings ---------------------------------------------------------------------------------------------


def test_a_pages_own_styles_cannot_break_it(context: BrowserContext, portal: Portal, gateway: Gateway) -> None:
    page = context.new_page()
    page.goto(embed(portal, gateway, head=f"<style>{HOSTILE}</style>", strict=False))
    button = page.locator("gov-chat .launch")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] + box["width"] <= 1280
    assert box["y"] + box["height"] <= 720
    launch(page)
    ask(page)
    panel = page.locator("gov-chat dialog").bounding_box()
    assert panel is not None
    assert panel["width"] > 380
    assert panel["x"] > 700
    assert page.locator("#question").evaluate("node => getComputedStyle(node).fontSize") == "16px"
    assert page.locator("gov-chat dialog").evaluate("node => getComputedStyle(node).direction") == "ltr"
    assert page.locator("gov-chat .unseen").first.evaluate("node => node.getBoundingClientRect().width") <= 1
    shot(page, "hostile-styles")


def test_it_does_not_break_the_page(context: BrowserContext, portal: Portal, gateway: Gateway) -> None:
    page = context.new_page()
    page.goto(embed(portal, gateway))
    facts = """() => [Object.keys(window).length, document.head.childElementCount, document.body.childElementCount,
        getComputedStyle(document.querySelector('h1')).cssText]"""
    before = page.evaluate(facts)
    launch(page)
    ask(page)
    page.locator("#close").click()
    assert page.evaluate(facts) == before


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_stays_text_wherever_it_comes_from(page: Page, gateway: Gateway, markup: str) -> None:
    citation = replace(
        DECREE, number=markup, type=markup, title=markup, issuing_body=markup, replaced_by=(markup,), location=markup,
        quote=markup, url="javascript:window.ran=1",
    )  # fmt: skip

    def attack(turn: Turn) -> TurnResult:
        reply = Reply(AnswerStatus.ANSWERED, f"a {turn.text}", (citation,), (Button(markup, markup),))
        return TurnResult((reply,))

    gateway.bot.script = attack
    launch(page)
    ask(page, markup)
    expect(answers(page)).to_be_visible()
    expect(questions(page).locator("p")).to_have_text(markup)
    expect(page.locator(".card h4")).to_contain_text(re.sub(r"\s+", " ", markup).strip())
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
    names = page.locator("#log").evaluate("log => [...log.querySelectorAll('*')].map((node) => node.localName)")
    assert set(names) <= NODES
    assert page.locator("#log a").count() == 0
    attributes = page.locator("#log").evaluate("""log => [...log.querySelectorAll("*")]
        .flatMap((node) => node.getAttributeNames()).filter((name) => /^on|style|src/.test(name))""")
    assert attributes == []


@pytest.mark.parametrize(
    "address", ["http://example.com/", "https://u:p@example.com/", "data:text/html,x", "//example.com", "blob:x"]
)
def test_only_a_plain_https_address_becomes_a_link(page: Page, gateway: Gateway, address: str) -> None:
    reply = Reply(AnswerStatus.ANSWERED, "x", (replace(DECREE, url=address),))
    gateway.bot.script = lambda turn: TurnResult((reply,))
    launch(page)
    ask(page)
    assert page.locator("#log a").count() == 0


def test_pictures_are_refused_with_a_word_about_identity_papers(page: Page) -> None:
    launch(page)
    page.locator("#question").evaluate(
        """field => {
            const data = new DataTransfer();
            data.items.add(new File(["x"], "cccd.png", { type: "image/png" }));
            const how = { clipboardData: data, bubbles: true, cancelable: true, composed: true };
            field.dispatchEvent(new ClipboardEvent("paste", how)); }"""
    )
    expect(page.locator("dialog > .state")).to_contain_text("giấy tờ tùy thân")


# -- everyone ---------------------------------------------------------------------------------------------------------


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")  # the page's own link
    page.keyboard.press("Tab")
    expect(page.locator("gov-chat .launch")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(answers(page)).to_have_count(1)
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#person")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Chưa có ích")).to_be_focused()
    page.locator("#question").focus()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.querySelector('gov-chat').shadowRoot.activeElement?.id") == "menu":
            break
    expect(page.locator("#menu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#menu")).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#options-vi")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("gov-chat dialog")).to_be_hidden()
    expect(page.locator("gov-chat .launch")).to_be_focused()


def test_on_a_narrow_window_it_covers_the_page_and_keeps_the_focus(
    browser: Browser, portal: Portal, gateway: Gateway
) -> None:
    with window(browser, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(embed(portal, gateway))
        shot(page, "320-closed")
        launch(page)
        shot(page, "320-opened")
        ask(page)
        shot(page, "320-answer")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        widest = (
            "node => Math.max(...[...node.querySelectorAll('*')].map((each) => each.getBoundingClientRect().right))"
        )
        assert page.locator("gov-chat dialog").evaluate(widest) <= 320
        assert page.locator("gov-chat dialog").evaluate("node => node.matches(':modal')")
        for _ in range(30):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.localName") in ("gov-chat", "body")
        page.keyboard.press("Escape")
        expect(page.locator("gov-chat .launch")).to_be_visible()


def test_at_400_per_cent_everything_can_be_reached(browser: Browser, portal: Portal, gateway: Gateway) -> None:
    with window(browser, viewport={"width": 320, "height": 256}, device_scale_factor=4) as context:
        page = context.new_page()
        page.goto(embed(portal, gateway))
        launch(page)
        ask(page)
        shot(page, "400-answer")
        assert page.locator("gov-chat dialog").evaluate("node => node.scrollWidth <= node.clientWidth")
        for name in ("#send", "#question", "#menu", "#close"):
            page.locator(name).scroll_into_view_if_needed()
            expect(page.locator(name)).to_be_in_viewport(ratio=1)


def test_every_control_has_a_name_and_is_large_enough(page: Page) -> None:
    launch(page)
    ask(page)
    page.locator("#menu").click()
    small = page.locator("gov-chat dialog").evaluate(
        """dialog => [...dialog.querySelectorAll("button, .act, textarea, label.check")]
            .map((node) => [node.id || node.textContent, node.getBoundingClientRect()])
            .filter(([, box]) => box.height && (box.height < 44 || box.width < 44)).map(([name]) => name)"""
    )
    assert small == []


STATES = ("closed", "opened", "answer", "options", "deleting", "offline", "reason", "dark", "narrow")


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(browser: Browser, portal: Portal, gateway: Gateway, state: str) -> None:
    options: dict[str, Any] = {"color_scheme": "dark"} if state == "dark" else {}
    if state == "narrow":
        options["viewport"] = {"width": 320, "height": 640}
    with window(browser, **options) as context:
        page = context.new_page()
        page.goto(embed(portal, gateway, strict=False))
        if state != "closed":
            launch(page)
        if state not in ("closed", "opened"):
            ask(page)
        if state in ("options", "deleting"):
            page.locator("#menu").click()
        if state == "deleting":
            page.locator("#delete").click()
        if state == "reason":
            page.get_by_role("button", name="Chưa có ích").click()
        if state == "offline":
            context.set_offline(True)
            page.locator("#question").fill("x")
            page.keyboard.press("Enter")
            expect(page.locator("dialog > .down[role=status]")).to_be_visible()
        page.wait_for_timeout(200)
        assert violations(page) == []
        shot(page, f"state-{state}")


def test_with_forced_colours_and_reduced_motion_it_can_still_be_read(
    browser: Browser, portal: Portal, gateway: Gateway
) -> None:
    with window(browser, forced_colors="active", reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(embed(portal, gateway))
        launch(page)
        gateway.bot.may_answer.clear()
        page.locator("#question").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("dialog > .state")).to_have_text("Đang tìm trong văn bản…")
        moves = page.locator("dialog > .state").evaluate("node => getComputedStyle(node, '::after').animationName")
        assert moves == "none"
        gateway.bot.may_answer.set()
        expect(answers(page)).to_have_count(1)
        shot(page, "forced-colours")


def test_answers_are_announced_politely_and_once(page: Page) -> None:
    launch(page)
    expect(page.locator("#log")).to_have_attribute("role", "log")
    expect(page.locator("#log")).to_have_attribute("aria-live", "polite")
    page.evaluate(
        """() => {
            window.added = [];
            const log = document.querySelector("gov-chat").shadowRoot.getElementById("log");
            const names = (records) => records.flatMap((each) => [...each.addedNodes].map((node) => node.className));
            new MutationObserver((records) => window.added.push(...names(records))).observe(log, { childList: true });
        }"""
    )
    ask(page)
    page.wait_for_timeout(300)
    assert page.evaluate("window.added.filter((name) => name === 'message')") == ["message"]


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
