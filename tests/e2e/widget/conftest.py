"""The widget in a real browser, on the real gateway with a scripted bot, embedded by a portal of another origin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.chromium import chromium
from tests.e2e.widget.browsing import embed, window
from tests.e2e.widget.stage import Gateway, Portal, running_portal, says


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


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with window(browser) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, portal: Portal, gateway: Gateway) -> Page:
    page = context.new_page()
    page.goto(embed(portal, gateway))
    return page
