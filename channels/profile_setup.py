"""Set-up as code: what people see of an account before they ask. Reads first, writes differences, says what it did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import httpx

from bot.wording import Wording
from channels.agency import MessengerPage, ViberBot, ZaloAccount
from channels.buttons import Buttons
from channels.errors import SendError
from channels.messenger.graph import GraphError, PageGraph
from channels.messenger.profile import PROPERTIES, changes, present_profile, wanted_profile
from channels.messenger.subscription import WANTED_FIELDS, subscribe, subscribed_fields
from channels.viber.account import WEBHOOK, read_bot, set_webhook
from channels.zalo.menu import MENU_PATH, menu_body, wanted_menu
from channels.zalo.open_api import OpenApiError, set_menu

PROFILE = "me/messenger_profile"

Tell = Callable[[str], None]
"""Shows the operator one line."""

AccessToken = Callable[[ZaloAccount], Awaitable[str | None]]
"""Returns the token with which to speak for an OA now, None where there is none yet."""


async def setup_messenger(
    pages: Iterable[MessengerPage],
    *,
    http: httpx.AsyncClient,
    api_url: str,
    wording: Wording,
    buttons: Buttons,
    tell: Tell,
) -> int:
    """Set greeting, Get Started, ice breakers, menu and the subscription of each Page; a second run changes nothing.

    Returns the exit status: 0 when every Page is as it should be, 1 when one could not be reached or set.
    """
    status = 0
    for page in pages:
        tell(f"Page {page.page_id} ({page.agency.id})")
        try:
            await _set_page(PageGraph(page=page, http=http, api_url=api_url), wording, buttons, tell)
        except GraphError as error:
            tell(f"  failed: {error}")
            status = 1
    return status


async def _set_page(graph: PageGraph, wording: Wording, buttons: Buttons, tell: Tell) -> None:
    present = present_profile(await graph.get(PROFILE, fields=",".join(PROPERTIES)))
    wanted = changes(wanted_profile(graph.page, wording, buttons), present)
    if wanted:
        await graph.post(PROFILE, wanted)
    for name in PROPERTIES:
        done = "unchanged" if name not in wanted else "replaced" if name in present else "set"
        tell(f"  {name}: {done}")
    fields = await subscribed_fields(graph)
    if fields is None or not fields >= WANTED_FIELDS:
        await subscribe(graph, fields or frozenset())
        tell(f"  subscription: {', '.join(sorted(WANTED_FIELDS - (fields or frozenset())))} asked for")
    else:
        tell("  subscription: unchanged")


async def setup_zalo(
    accounts: Iterable[ZaloAccount],
    *,
    http: httpx.AsyncClient,
    api_url: str,
    wording: Wording,
    access_token: AccessToken,
    tell: Tell,
    tries_api: bool = False,
) -> int:
    """Show the menu of each OA for typing it into OA Manager; with `tries_api` post it first, which may be refused.

    There is no call that reads a menu, so a post cannot be spared. Returns the exit status: 1 when a post failed.
    """
    status = 0
    for account in accounts:
        tell(f"OA {account.oa_id} ({account.agency.id})")
        menu = wanted_menu(account, wording)
        if tries_api:
            try:
                token = await access_token(account)
                if token is None:
                    tell("  no access token yet: consent first")
                    status = 1
                else:
                    body = menu_body(menu)
                    await set_menu(http, api_url=api_url, path=MENU_PATH, access_token=token, body=body)
                    tell("  Zalo took the menu; look at it in the app, for the form of the call is not documented")
                    continue
            except OpenApiError as error:
                tell(f"  the menu was not taken: {error}")
                status = 1
        tell("  enter by hand at oa.zalo.me, OA Manager, Menu; action of every item: send a message (Gửi tin nhắn)")
        for number, item in enumerate(menu, start=1):
            tell(f"  {number}. {item.title}  ->  {item.text}")
        tell("  switch off the OA's own greeting and automatic answers there: the gateway greets and answers")
    return status


async def setup_viber(
    bots: Iterable[ViberBot], *, http: httpx.AsyncClient, api_url: str, public_url: str | None, tell: Tell
) -> int:
    """Have each bot's callbacks go to our address, which Viber tries at once; a second run changes nothing.

    Viber knows no greeting and no menu that could be set. Returns the exit status: 1 when one could not be set, or no
    public address is known.
    """
    if public_url is None:
        tell("GOVCHAT_PUBLIC_URL is not set: Viber is told the address under which it finds the gateway")
        return 1
    status, url = 0, f"{public_url}{WEBHOOK}"
    for bot in bots:
        tell(f"bot {bot.account} ({bot.agency.id})")
        try:
            if (await read_bot(http, api_url=api_url, auth_token=bot.auth_token)).is_set(url):
                tell("  webhook: unchanged")
                continue
            await set_webhook(http, url=url, api_url=api_url, auth_token=bot.auth_token)
            tell(f"  webhook: set to {url}")
        except SendError as error:
            tell(f"  failed: {error}; the gateway must run and be reached from outside")
            status = 1
    return status
