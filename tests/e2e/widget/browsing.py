"""What a person does with the widget in a browser, and pages of a portal that embed it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.widget.stage import Gateway, Portal

ROOT = Path(__file__).resolve().parents[3]
SHOTS = ROOT / "var" / "screenshots"
AXE = ROOT / "var" / "node" / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_MS = 10_000
QUESTION = "mức lương cơ sở là bao nhiêu"


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


def launch(page: Page) -> None:
    page.locator("gov-chat .launch").click()
    expect(page.locator("gov-chat dialog")).to_be_visible()


def write(page: Page, text: str) -> None:
    """Write a message and send it; nothing is waited for."""
    page.locator("#question").fill(text)
    page.keyboard.press("Enter")


def ask(page: Page, question: str = QUESTION, *, within_ms: int = PATIENCE_MS) -> None:
    """Ask and wait for the answer."""
    before = answers(page).count()
    page.locator("gov-chat #question").fill(question)
    page.locator("gov-chat #send").click()
    expect(answers(page)).to_have_count(before + 1, timeout=within_ms)


def answers(page: Page) -> Any:
    return page.locator("gov-chat #log .message:not(.mine)")


def questions(page: Page) -> Any:
    return page.locator("gov-chat #log .mine")


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
