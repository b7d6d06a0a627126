"""The web page in a real browser: a cited answer, markup that stays text, and the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import chromium
from tools.stack import Stack

pytestmark = pytest.mark.e2e

QUESTION = "mức lương cơ sở từ 1/7/2026 là bao nhiêu"
ANSWERED_WITHIN_MS = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    """The page in a window of its own; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    context = browser.new_context(base_url=stack.url, service_workers="block")
    page = context.new_page()
    page.set_default_timeout(ANSWERED_WITHIN_MS)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.goto("/")
    yield page
    context.close()
    assert complaints == []


def ask(page: Page, question: str) -> None:
    page.locator("#question").fill(question)
    page.locator("#send").click()
    wait_for_answer(page)


def wait_for_answer(page: Page) -> None:
    expect(page.locator("#log .message:not(.mine)").last).to_be_visible(timeout=ANSWERED_WITHIN_MS)
    expect(page.locator("#send")).to_be_enabled()


def test_a_question_is_answered_with_a_card_of_its_source(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator(".mine")).to_contain_text(QUESTION)
    expect(page.locator(".message:not(.mine)")).to_contain_text("2.530.000")
    card = page.locator(".card").first
    expect(card.locator("h4")).to_have_text("Nghị định 161/2026/NĐ-CP")
    expect(card.locator(".validity")).not_to_be_empty()


def test_the_first_answer_says_that_it_comes_from_a_machine_and_the_second_does_not_repeat_it(page: Page) -> None:
    machine = page.locator(".message:not(.mine)", has_text="không phải cán bộ")
    ask(page, "xin chào")
    expect(machine).to_have_count(1)
    page.locator("#question").fill("cảm ơn")
    page.locator("#send").click()
    expect(page.locator(".message:not(.mine)")).to_have_count(2)
    expect(machine).to_have_count(1)


def test_markup_in_a_question_stays_text_and_no_script_runs(page: Page) -> None:
    markup = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>'
    ask(page, markup)
    expect(page.locator(".mine p")).to_have_text(markup)
    assert page.locator("#log img, #log script").count() == 0
    assert page.evaluate("window.ran") is None


def test_markup_in_an_answer_stays_text_and_a_scripts_address_is_no_link(page: Page) -> None:
    markup = '<img src=x onerror="window.ran=1">'
    citation = {
        "number": markup, "type": markup, "title": markup, "issuing_body": markup, "issued_on": None,
        "effective_on": None, "validity": "unknown", "replaced_by": [markup], "checked_on": None,
        "text_kind": "official", "location": markup, "quote": markup, "url": "javascript:window.ran=1",
    }  # fmt: skip
    answer = {
        "status": "answered", "text": markup, "lang": "vi", "intent": None, "snapshot": None, "notice": markup,
        "citations": [citation], "buttons": [{"title": markup, "text": "xin chào"}], "conversation_id": "markup",
    }  # fmt: skip
    page.route("**/api/v1/answers", lambda route: route.fulfill(json=answer))
    ask(page, "xin chào")
    expect(page.locator(".card h4")).to_contain_text(markup)
    assert page.locator("#log img, #log script, #log a").count() == 0
    assert page.evaluate("window.ran") is None


def test_an_official_passage_is_shown_once_and_set_off_as_a_quotation(page: Page) -> None:
    quote = "Điều 3. Mức lương cơ sở\n\n2. Từ ngày 01 tháng 7 năm 2026 là 2.530.000 đồng/tháng."
    citation = {
        "number": "161/2026/NĐ-CP", "type": "Nghị định", "title": "", "issuing_body": "", "issued_on": None,
        "effective_on": None, "validity": "unknown", "replaced_by": [], "checked_on": None,
        "text_kind": "official", "location": "Điều 3", "quote": quote, "url": None,
    }  # fmt: skip
    answer = {
        "status": "answered", "text": f"Theo Điều 3:\n\n{quote}\n\nXem thêm.", "lang": "vi", "intent": None,
        "snapshot": None, "notice": None, "citations": [citation], "buttons": [], "conversation_id": "quoted",
    }  # fmt: skip
    page.route("**/api/v1/answers", lambda route: route.fulfill(json=answer))
    ask(page, "lương")
    expect(page.locator("#log blockquote")).to_have_text(quote)
    expect(page.locator("#log .message:not(.mine) > p")).to_have_text(["Theo Điều 3:", "Xem thêm."])
    expect(page.locator(".card")).to_contain_text("Điều 3")


def test_on_a_phone_an_answer_is_shown_from_its_beginning(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    for number, question in enumerate((QUESTION, "nghị định mới nhất"), start=1):
        page.locator("#question").fill(question)
        page.locator("#send").click()
        expect(page.locator("#log .message:not(.mine)")).to_have_count(number, timeout=ANSWERED_WITHIN_MS)
        expect(page.locator("#log .message h3").last).to_be_in_viewport()


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")  # the link past the header
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    wait_for_answer(page)
    expect(page.locator(".card").first).to_contain_text("161/2026/NĐ-CP")
    expect(page.locator("#question")).to_be_focused()  # the next question can be typed at once
    page.keyboard.press("Tab")
    expect(page.locator("#send")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#examples button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".message:not(.mine)")).to_have_count(2)


def test_a_question_that_cannot_be_sent_is_kept_in_its_field(page: Page) -> None:
    page.route("**/api/v1/answers", lambda route: route.abort())
    page.locator("#question").fill(QUESTION)
    page.locator("#send").click()
    expect(page.locator("#state")).not_to_be_empty()
    expect(page.locator("#question")).to_have_value(QUESTION)
    expect(page.locator("#send")).to_be_enabled()


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_cut_off_at_the_side(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
