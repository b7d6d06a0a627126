"""Hostile pages, and hostile words wherever they come from."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.reply import AnswerStatus, Button, Reply, Turn, TurnResult
from tests.e2e.widget.browsing import answers, ask, embed, launch, questions, shot
from tests.e2e.widget.stage import DECREE, Gateway, Portal

pytestmark = pytest.mark.e2e

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
