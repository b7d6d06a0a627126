"""What a Page needs day by day: a token that holds, and an app that is still subscribed to its events.

Source: reference/messenger.md sections 2, 4 and 10, read 2026-11-29; Graph API reference "Page Subscribed Apps" and
"debug_token" (developers.facebook.com, read 2026-11-29).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

import structlog

from channels.messenger.graph import GraphError, GraphRefused, PageGraph

NEEDED_FIELDS = frozenset(
    {"messages", "messaging_postbacks", "message_echoes", "messaging_handovers", "standby"}
)  # fmt: skip
"""Without these a conversation breaks: questions, taps, what officers write, who owns the thread."""

WANTED_FIELDS = NEEDED_FIELDS | {
    "message_deliveries", "message_reads", "message_reactions", "message_edits", "messaging_referrals",
    "messaging_optins", "messaging_policy_enforcement", "messaging_account_linking",
}  # fmt: skip
"""Everything that is parsed (section 2)."""

NEEDED_SCOPES = frozenset({"pages_messaging", "pages_manage_metadata"})
"""Permissions of the token: to send, and to subscribe (section 10)."""

WARN_BEFORE = timedelta(days=7)
"""A token that ends within this time is reported."""

TOKEN_INVALID = 190
"""Error code of a token that no longer holds (section 9)."""

INVALID_PARAMETER = 100

Count = Callable[[str, str], None]
"""Counts an outcome: the job (token | subscription) and what it found (a value of the enums here)."""


class TokenState(str, Enum):
    """How a Page's token is."""

    GOOD = "good"
    EXPIRING = "expiring"  # within WARN_BEFORE, or the app's access to data ends then
    INVALID = "invalid"  # or without a permission that is needed
    UNKNOWN = "unknown"  # the platform gave no answer


class SubscriptionState(str, Enum):
    """What was found of a Page's subscription, and done about it."""

    WHOLE = "whole"
    RENEWED = "renewed"  # it was gone or lacked fields, and is there again
    REFUSED = "refused"  # the platform would not renew it: an operator is needed
    UNKNOWN = "unknown"  # the platform gave no answer


@dataclass(frozen=True, slots=True)
class Token:
    """What Meta says of a Page's token; a field that it did not tell is None."""

    is_valid: bool
    expires_at: datetime | None = None  # UTC; None also for a token without an end
    data_access_until: datetime | None = None  # UTC; afterwards the app must be allowed again
    scopes: frozenset[str] | None = None
    app_id: str | None = None
    page_id: str | None = None

    @property
    def missing_scopes(self) -> frozenset[str]:
        """Permissions that it lacks."""
        return frozenset() if self.scopes is None else NEEDED_SCOPES - self.scopes

    def state(self, now: datetime) -> TokenState:
        """Return how it is at `now`."""
        ends = [at for at in (self.expires_at, self.data_access_until) if at is not None]
        if not self.is_valid or self.missing_scopes:
            return TokenState.INVALID
        return TokenState.EXPIRING if any(at <= now + WARN_BEFORE for at in ends) else TokenState.GOOD


async def read_token(graph: PageGraph) -> Token:
    """Ask Meta about the Page's token; without the app's id only whether it works at all. Raises GraphError."""
    if graph.page.app_id is None:
        try:
            page = await graph.get("me", fields="id,name")
        except GraphRefused as error:
            if error.code == TOKEN_INVALID:
                return Token(is_valid=False)
            raise
        return Token(is_valid=True, page_id=_text(page, "id"))
    data = (await graph.get_as_app("debug_token", input_token=graph.page.page_token)).get("data")
    fields: Mapping[str, Any] = data if isinstance(data, dict) else {}
    scopes = fields.get("scopes")
    return Token(
        is_valid=fields.get("is_valid") is True,
        expires_at=_instant(fields, "expires_at"),
        data_access_until=_instant(fields, "data_access_expires_at"),
        scopes=frozenset(map(str, scopes)) if isinstance(scopes, list) else None,
        app_id=_text(fields, "app_id"),
        page_id=_text(fields, "profile_id"),
    )


async def check_token(graph: PageGraph, *, now: datetime, count: Count) -> TokenState:
    """Look at a Page's token: for once a day. Logs what an operator must know; a platform's fault is UNKNOWN."""
    log = structlog.get_logger().bind(page=graph.page.page_id)
    try:
        token = await read_token(graph)
    except GraphError as error:
        log.warning("messenger_token_unknown", reason=str(error))
        state = TokenState.UNKNOWN
    else:
        state = token.state(now)
        if state is TokenState.INVALID:
            log.error("messenger_token_invalid", missing=sorted(token.missing_scopes))
        elif state is TokenState.EXPIRING:
            log.warning(
                "messenger_token_expiring",
                expires_at=_said(token.expires_at),
                data_until=_said(token.data_access_until),
            )
    count("token", state.value)
    return state


async def subscribed_fields(graph: PageGraph) -> frozenset[str] | None:
    """Return the fields to which the Page's app is subscribed, None where it is not at all. Raises GraphError.

    An answer that names the app and no fields counts as all of them.
    """
    apps = (await graph.get(f"{graph.page.page_id}/subscribed_apps")).get("data")
    for app in apps if isinstance(apps, list) else []:
        if isinstance(app, dict) and graph.page.app_id in (None, _text(app, "id")):
            fields = app.get("subscribed_fields")
            return frozenset(map(str, fields)) if isinstance(fields, list) else WANTED_FIELDS
    return None


async def reconcile_subscription(graph: PageGraph, *, count: Count) -> SubscriptionState:
    """Subscribe the app to the Page again where Meta has ended it, which it does silently: for once an hour.

    A platform's fault is UNKNOWN or REFUSED; never raises for one.
    """
    log = structlog.get_logger().bind(page=graph.page.page_id)
    try:
        present = await subscribed_fields(graph)
        state = SubscriptionState.WHOLE
        if present is None or not present >= NEEDED_FIELDS:
            log.error("messenger_subscription_lost", missing=sorted(WANTED_FIELDS - (present or frozenset())))
            await subscribe(graph, present or frozenset())
            state = SubscriptionState.RENEWED
    except GraphError as error:
        state = SubscriptionState.REFUSED if isinstance(error, GraphRefused) else SubscriptionState.UNKNOWN
        log.warning("messenger_subscription_failed", state=state.value, reason=str(error))
    count("subscription", state.value)
    return state


async def subscribe(graph: PageGraph, present: frozenset[str]) -> None:
    """Subscribe the Page's app to all that is wanted beside what is `present`. Raises GraphError.

    Where Meta does not know one of the fields any more it refuses them all, so then only the needed ones are asked for.
    """
    try:
        await _subscribe(graph, present | WANTED_FIELDS)
    except GraphRefused as error:
        if error.code != INVALID_PARAMETER:
            raise
        await _subscribe(graph, present | NEEDED_FIELDS)


async def _subscribe(graph: PageGraph, fields: frozenset[str]) -> None:
    await graph.post(f"{graph.page.page_id}/subscribed_apps", subscribed_fields=",".join(sorted(fields)))


def _instant(fields: Mapping[str, Any], key: str) -> datetime | None:
    seconds = fields.get(key)
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and 0 < seconds < 2**35 else None


def _said(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _text(fields: Mapping[str, Any], key: str) -> str | None:
    value = fields.get(key)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
