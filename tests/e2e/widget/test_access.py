"""For everyone: the keyboard alone, narrow windows, large print, screen readers."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.widget.browsing import QUESTION, answers, ask, embed, launch, shot, violations, window, write
from tests.e2e.widget.stage import Gateway, Portal

pytestmark = pytest.mark.e2e


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
            write(page, "x")
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
        write(page, QUESTION)
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
