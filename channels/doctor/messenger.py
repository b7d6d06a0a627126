"""One Page against Meta: token, permissions, proof, subscription, profile.

Source: reference/messenger.md sections 1, 2, 7.4, 7.5 and 10, read 2026-11-29.
"""

from __future__ import annotations

from datetime import datetime

from channels.agency import MessengerPage
from channels.doctor.check import Check, State
from channels.doctor.events import examine_events
from channels.doctor.tools import Tools
from channels.doctor.webhooks import MESSENGER_PATH, examine_messenger_webhook
from channels.messenger.graph import GraphError, GraphRefused, PageGraph
from channels.messenger.profile import PROPERTIES, changes, present_profile, wanted_profile
from channels.messenger.subscription import (
    NEEDED_FIELDS,
    WANTED_FIELDS,
    WARN_BEFORE,
    Token,
    read_token,
    subscribed_fields,
)

SET_UP = "run `python -m channels setup messenger`"

BY_HAND = (
    (
        "default_app",
        "in the Page's settings, Conversation Routing, this app must be the default one, "
        "else another app owns new conversations, sends are refused (10/2018300) "
        "and none can be taken back from the Page inbox",
    ),
    (
        "advanced_access",
        "App Review must have given pages_messaging Advanced Access and the app must be published (Live); "
        "before that only people with a role on the app are heard",
    ),
    (
        "required_proof",
        "switch “Require App Secret” on under the app's advanced settings: then a stolen token alone is of no use",
    ),
)
"""What no call shows."""


async def examine_messenger(tools: Tools, page: MessengerPage) -> list[Check]:
    """Look at one Page from its token to its events."""
    subject = f"messenger:{page.page_id}"
    graph = PageGraph(page=page, http=tools.http, api_url=tools.configuration.settings.messenger_api_url)
    checks = [await _token(tools, subject, graph), await _proof(subject, graph), _rotation(subject, page)]
    checks += [await _subscription(subject, graph), await _app_webhook(tools, subject, graph)]
    checks += [await profile_check(tools, graph), _window(subject)]
    checks += [Check(subject, name, State.CHECK_BY_HAND, sentence) for name, sentence in BY_HAND]
    checks += await examine_messenger_webhook(tools, page)
    checks += await examine_events(tools, "messenger", page.page_id)
    return checks


async def profile_check(tools: Tools, graph: PageGraph) -> Check:
    """Compare what people see of the Page with what it should be."""
    subject, name = f"messenger:{graph.page.page_id}", "profile"
    try:
        present = present_profile(await graph.get("me/messenger_profile", fields=",".join(PROPERTIES)))
    except GraphError as error:
        return Check(subject, name, State.FAILS, str(error))
    if other := changes(wanted_profile(graph.page, tools.wording, tools.buttons), present):
        return Check(subject, name, State.FAILS, f"not as it should be: {', '.join(other)}; {SET_UP}")
    return Check(subject, name, State.OK, "greeting, Get Started, ice breakers and menu are set")


async def _token(tools: Tools, subject: str, graph: PageGraph) -> Check:
    try:
        token = await read_token(graph)
    except GraphError as error:
        return Check(subject, "token", State.FAILS, str(error))
    if faults := _faults(token, graph.page, tools.clock.now()):
        return Check(subject, "token", State.FAILS, "; ".join(faults))
    if token.scopes is None:
        sentence = "it works; with GOVCHAT_MESSENGER_APP_ID (app_id in channels.toml) its end and permissions show too"
        return Check(subject, "token", State.CHECK_BY_HAND, sentence)
    end = f"until {token.expires_at:%Y-%m-%d}" if token.expires_at else "without an end"
    return Check(subject, "token", State.OK, f"valid {end}, with {', '.join(sorted(token.scopes))}")


def _faults(token: Token, page: MessengerPage, now: datetime) -> list[str]:
    if not token.is_valid:
        return ["Meta does not take it (190): make a new Page token, see the runbook on rotating secrets"]
    faults = []
    if token.missing_scopes:
        faults.append(f"it lacks the permission {', '.join(sorted(token.missing_scopes))}: make one with it")
    if token.app_id not in (None, page.app_id):
        faults.append(f"it belongs to app {token.app_id}, not {page.app_id}")
    if token.page_id not in (None, page.page_id):
        faults.append(f"it is of Page {token.page_id}")
    if token.expires_at is not None and token.expires_at <= now + WARN_BEFORE:
        faults.append(f"it ends on {token.expires_at:%Y-%m-%d}: make a Page token from a long-lived user token")
    if token.data_access_until is not None and token.data_access_until <= now + WARN_BEFORE:
        faults.append(f"the app's access to data ends on {token.data_access_until:%Y-%m-%d}: allow the app again")
    return faults


async def _proof(subject: str, graph: PageGraph) -> Check:
    name = "appsecret_proof"
    try:
        answer = await graph.get("me", fields="id,name")
    except GraphRefused as error:
        sentence = f"{error}; the first app secret must be the one that is in force now, and the token this Page's"
        return Check(subject, name, State.FAILS, sentence)
    except GraphError as error:
        return Check(subject, name, State.FAILS, str(error))
    if str(answer.get("id")) != graph.page.page_id:
        return Check(subject, name, State.FAILS, f"the token speaks for {answer.get('id')}, not for this Page")
    return Check(subject, name, State.OK, f"Meta takes token and proof, the Page is {answer.get('name', 'unnamed')}")


def _rotation(subject: str, page: MessengerPage) -> Check:
    if len(page.app_secrets) > 1:
        sentence = "more than one app secret is accepted: take the old one away when the rotation is over"
        return Check(subject, "app_secrets", State.CHECK_BY_HAND, sentence)
    return Check(subject, "app_secrets", State.OK, "one app secret is accepted")


async def _subscription(subject: str, graph: PageGraph) -> Check:
    name = "subscription"
    try:
        fields = await subscribed_fields(graph)
    except GraphError as error:
        return Check(subject, name, State.FAILS, str(error))
    if fields is None:
        return Check(subject, name, State.FAILS, f"the app is not subscribed to the Page, nothing arrives; {SET_UP}")
    missing = WANTED_FIELDS - fields
    if not missing:
        return Check(subject, name, State.OK, "the app is subscribed to all events of the Page that are wanted")
    state = State.FAILS if missing & NEEDED_FIELDS else State.CHECK_BY_HAND
    return Check(subject, name, state, f"the app is not subscribed to {', '.join(sorted(missing))}; {SET_UP}")


async def _app_webhook(tools: Tools, subject: str, graph: PageGraph) -> Check:
    """Only fields that are subscribed at the app as well are delivered (Graph API reference, Page Subscribed Apps)."""
    name = "app_webhook"
    where = "developers.facebook.com, the app, Webhooks, Page"
    if graph.page.app_id is None:
        sentence = f"without the app's id nobody can ask: at {where} the address and the same fields must stand"
        return Check(subject, name, State.CHECK_BY_HAND, sentence)
    try:
        answer = await graph.get_as_app(f"{graph.page.app_id}/subscriptions")
    except GraphError as error:
        return Check(subject, name, State.FAILS, str(error))
    data = answer.get("data")
    pages = [
        each
        for each in (data if isinstance(data, list) else [])
        if isinstance(each, dict) and each.get("object") == "page"
    ]
    if not pages or not pages[0].get("active", True):
        return Check(subject, name, State.FAILS, f"the app has no active webhook for Pages: enter it at {where}")
    public_url = tools.configuration.settings.public_url
    address = str(pages[0].get("callback_url", ""))
    if public_url is not None and address != f"{public_url}{MESSENGER_PATH}":
        return Check(subject, name, State.FAILS, f"Meta calls {address}, not {public_url}{MESSENGER_PATH}: see {where}")
    fields = pages[0].get("fields")
    names = {field.get("name") for field in (fields if isinstance(fields, list) else []) if isinstance(field, dict)}
    if missing := NEEDED_FIELDS - names:
        sentence = f"the app's webhook lacks {', '.join(sorted(missing))}: tick them at {where}"
        return Check(subject, name, State.FAILS, sentence)
    return Check(subject, name, State.OK, f"Meta calls {address}")


def _window(subject: str) -> Check:
    sentence = "answers go out within 24 hours of the person's last action, as RESPONSE, never as a person's message"
    return Check(subject, "window", State.OK, sentence)
