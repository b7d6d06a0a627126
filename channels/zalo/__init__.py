"""The Zalo Official Account channel: its five modules bound to one OA's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from bot.wording import Wording
from channels.event import OutboxMessage, ParsedRequest, TurnOutcome
from channels.ports import VerifiedRequest
from channels.zalo.parse import CHANNEL, parse
from channels.zalo.render import render
from channels.zalo.send import send
from channels.zalo.verify import verify


@dataclass(frozen=True, slots=True, kw_only=True)
class ZaloChannel:
    """One OA. It is off, and takes nothing but Zalo's probe, while one of its settings is missing."""

    wording: Wording
    http: httpx.AsyncClient
    api_url: str
    app_id: str | None = None
    oa_id: str | None = None
    oa_secret_key: str | None = None
    access_token: str | None = None
    name: str = CHANNEL

    @property
    def missing(self) -> tuple[str, ...]:
        """Settings without which the channel is off."""
        settings = {
            "GOVCHAT_ZALO_APP_ID": self.app_id,
            "GOVCHAT_ZALO_OA_ID": self.oa_id,
            "GOVCHAT_ZALO_OA_SECRET_KEY": self.oa_secret_key,
            "GOVCHAT_ZALO_ACCESS_TOKEN": self.access_token,
        }
        return tuple(name for name, value in settings.items() if not value)

    def verify(self, body: bytes, headers: Mapping[str, Sequence[str]]) -> VerifiedRequest | None:
        """See `WebhookChannel.verify`."""
        secret_key = None if self.missing else self.oa_secret_key
        return verify(body, headers, app_id=self.app_id, secret_key=secret_key)

    def parse(self, request: VerifiedRequest) -> ParsedRequest:
        """See `WebhookChannel.parse`."""
        return parse(request, oa_id=self.oa_id)

    def render(self, outcome: TurnOutcome) -> tuple[str, ...]:
        """See `Channel.render`."""
        return render(outcome, self.wording)

    async def send(self, message: OutboxMessage) -> str:
        """See `Channel.send`."""
        return await send(self.http, message, api_url=self.api_url, access_token=self.access_token or "")
