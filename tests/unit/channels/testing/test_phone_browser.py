"""The demo page in a real browser: typing, pressing, the officer's desk, the keyboard, a narrow window."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from channels.testing import PageIds, ZaloIds
from channels.testing.signing import proof
from tests.chromium import chromium

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[4]
OURS, PAGE = ZaloIds(), PageIds()


@dataclass
class Demo:
    phone: str
    zalo: str
    graph: str
    person: str = ""

    def answer(self, message: dict[str, object], *, on: str) -> None:
        """Send to whoever wrote last, as the gateway would."""
        with httpx.Client(timeout=10) as http:
            if on == "zalo":
                body = {"recipient": {"user_id": self.person}, "message": message}
                headers = {"access_token": OURS.access_token}
                found = http.post(f"{self.zalo}/v3.0/oa/message/cs", json=body, headers=headers).json()
                assert found["error"] == 0
            else:
                body = {"recipient": {"id": self.person}, "messaging_type": "RESPONSE", "message": message}
                found = http.post(
                    f"{self.graph}/v26.0/me/messages",
                    json=body,
                    params={
                        "access_token": PAGE.page_token,
                        "appsecret_proof": proof(PAGE.page_token, PAGE.app_secret),
                    },
                ).json()
                assert "message_id" in found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    state = tmp_path_factory.mktemp("demo") / "state.json"
    ports = ["--phone-port", "0", "--zalo-port", "0", "--graph-port", "0"]
    command = [
        sys.executable,
        "-m",
        "channels.testing",
        *ports,
        "--gateway",
        "http://127.0.0.1:9",
        "--state",
        str(state),
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GOVCHAT_")}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        words = process.stdout.readline().replace(",", "").split()
        yield Demo(*(word for word in words if word.startswith("http")))
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    """The page as a new person; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    person = f"70{time.time_ns()}"[:19]
    demo.person = person
    context = browser.new_context(base_url=demo.phone)
    context.add_init_script(f"sessionStorage.setItem('person', '{person}')")
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/")
    expect(page.locator("#account option")).to_have_count(2)
    yield page
    context.close()
    assert complaints == []


def write(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def test_a_text_is_typed_answered_and_a_hidden_button_pressed(page: Page, demo: Demo) -> None:
    write(page, "mức lương cơ sở?")
    expect(page.locator(".line.person")).to_contain_text("mức lương cơ sở?")
    button = {"title": "Toàn văn", "type": "oa.query.hide", "payload": "#btn:x"}
    demo.answer(
        {"text": "2.530.000 đồng", "attachment": {"type": "template", "payload": {"buttons": [button]}}}, on="zalo"
    )
    page.locator(".line.app button", has_text="Toàn văn").click()
    demo.answer({"text": "Điều 3"}, on="zalo")
    expect(page.locator(".line")).to_have_count(3)
    expect(page.locator("#text")).to_have_value("")


def test_an_officer_steps_in_on_zalo(page: Page) -> None:
    write(page, "gặp cán bộ")
    page.locator("#officer-text").fill("Tôi là cán bộ")
    page.locator("#officer button").click()
    expect(page.locator(".line.officer")).to_contain_text("Tôi là cán bộ")


def test_messenger_shows_typing_quick_replies_and_who_owns_the_conversation(page: Page, demo: Demo) -> None:
    page.locator("#account").select_option(index=1)
    page.locator("details summary").first.click()
    page.locator("[data-act=start]").click()
    expect(page.locator(".line.person")).to_have_count(1)
    replies = [{"content_type": "text", "title": "Điều 1", "payload": "1"}]
    demo.answer({"text": "Chọn", "quick_replies": replies}, on="messenger")
    page.locator("#choices button").click()
    expect(page.locator("#choices button")).to_have_count(0)
    expect(page.locator(".line.person")).to_have_count(2)
    page.locator("[data-act=take]").click()
    expect(page.locator("#owner")).to_contain_text("hộp thư")
    page.locator("[data-act=give]").click()
    expect(page.locator("#owner")).to_contain_text("trợ lý")


def test_markup_that_arrives_stays_text_and_a_scripts_address_is_no_link(page: Page, demo: Demo) -> None:
    markup = '<img src=x onerror="window.ran=1">'
    write(page, markup)
    demo.answer({"text": markup}, on="zalo")
    expect(page.locator(".line.app")).to_contain_text(markup)
    assert page.locator("#log img, #log a").count() == 0
    assert page.evaluate("window.ran") is None


def test_the_keyboard_alone_is_enough_and_another_person_begins_anew(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("xin chào")
    page.keyboard.press("Enter")
    expect(page.locator(".line.person")).to_contain_text("xin chào")
    page.locator("#other").press("Enter")
    expect(page.locator(".line")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_cut_off_at_the_side_or_added_below(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for number in range(12):
        write(page, f"một câu hỏi khá dài để xem có bị tràn không {number}")
        expect(page.locator(".line.person")).to_have_count(number + 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    bottom = page.evaluate("document.querySelector('main').getBoundingClientRect().bottom + window.scrollY")
    assert page.evaluate("document.documentElement.scrollHeight") <= max(800, bottom + 1)
