"""The button and the files behind it: what is fetched and kept, and what is never run."""

from __future__ import annotations

import re
import subprocess

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from channels.web.widget import MODULES
from tests.e2e.widget.browsing import ROOT, ask, embed, launch, policy, shot, violations
from tests.e2e.widget.stage import Gateway, Portal

pytestmark = pytest.mark.e2e

TSC = ROOT / "var" / "node" / "node_modules" / ".bin" / "tsc"


def test_the_types_of_the_widgets_code_agree() -> None:
    if not TSC.exists():
        pytest.skip("tsc is not there: `python3 tools/setup.py --tests` fetches it where there is npm")
    found = subprocess.run([TSC, "-p", ROOT / "channels/web/widget"], capture_output=True, text=True, check=False)
    assert found.stdout == ""
    assert found.returncode == 0


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
    assert violations(page) == []


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
    assert violations(page) == []


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
    page.get_by_label("Ask for consent").check()
    expect(page.locator("#tag")).to_have_value(re.compile(r" consent></gov-chat>"))
    page.get_by_label("Ask for consent").uncheck()
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
