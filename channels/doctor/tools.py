"""What the doctor examines with: all of it handed in, so that it runs against the platforms, the fakes and in tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import httpx

from bot.wording import Wording
from channels.agency import ZaloAccount
from channels.buttons import Buttons
from channels.configuration import Configuration
from channels.ports import Clock

AccessToken = Callable[[ZaloAccount], Awaitable[str | None]]
"""Returns the token with which to speak for an OA now, None where there is none yet."""

LastEvents = Callable[[str, str], Awaitable[Mapping[str, datetime]]]
"""From channel and account to when each kind of event last came, UTC: kinds are values of EventKind and SignalKind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The set-up that is examined, and the means."""

    configuration: Configuration
    http: httpx.AsyncClient
    clock: Clock
    wording: Wording
    buttons: Buttons
    access_token: AccessToken
    last_events: LastEvents | None = None  # None: nobody knows, so events are checked by hand
    gateway_url: str = ""  # "": the port of the settings on this machine

    @property
    def local_url(self) -> str:
        """Where the gateway answers on this machine."""
        return self.gateway_url or f"http://127.0.0.1:{self.configuration.settings.port}"
