"""A bot's own settings at Viber: what it is and where its callbacks go.

Source: docs/bots-api of github.com/Viber/creators-hub, get-app-info and web-hooks, read 2026-11-29 [A].
"""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from channels.viber.limits import EVENT_TYPES
from channels.viber.send import ask

INFO_PATH = "/pa/get_account_info"
WEBHOOK_PATH = "/pa/set_webhook"

WEBHOOK = "/webhooks/viber"
"""Path of our address, the same for all bots: see `channels.viber.verify`."""


@dataclass(frozen=True, slots=True)
class BotInfo:
    """What Viber says of a bot; a field that it did not tell is empty."""

    id: str  # "pa:…"
    name: str
    webhook: str
    event_types: frozenset[str]

    def is_set(self, url: str) -> bool:
        """Tell whether the callbacks that are wanted go to `url`."""
        return self.webhook == url and self.event_types >= set(EVENT_TYPES)


async def read_bot(http: httpx.AsyncClient, *, api_url: str, auth_token: str) -> BotInfo:
    """Return what Viber says of the bot behind a token. Raises SendError."""
    said = await ask(http, INFO_PATH, {}, api_url=api_url, auth_token=auth_token)
    listed = said.get("event_types")
    names = listed if isinstance(listed, list) else []
    return BotInfo(
        id=_text(said.get("id")),
        name=_text(said.get("name")),
        webhook=_text(said.get("webhook")),
        event_types=frozenset(name for name in names if isinstance(name, str)),
    )


async def set_webhook(http: httpx.AsyncClient, *, url: str, api_url: str, auth_token: str) -> None:
    """Have the callbacks go to `url`, without people's names and photos. Raises SendError.

    Viber tries the address before it answers, so the gateway must run and be reached from outside.
    """
    body = {"url": url, "event_types": list(EVENT_TYPES), "send_name": False, "send_photo": False}
    await ask(http, WEBHOOK_PATH, body, api_url=api_url, auth_token=auth_token)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
