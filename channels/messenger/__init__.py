"""The Messenger channel: its five modules bound to one Page's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from bot.wording import Wording
from channels.event import OutboxMessage, ParsedRequest, TurnOutcome
from channels.messenger.parse import CHANNEL, parse
from channels.messenger.render import render
from channels.messenger.send import send
from channels.messenger.verify import handshake, verify
from channels.ports import VerifiedRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class MessengerChannel:
    """One Page. It is off, and refuses everything, while one of its settings is missing."""

    wording: Wording
    http: httpx.AsyncClient
    api_url: str
    app_secret: str | None = None
    verify_token: str | None = None
    page_id: str | None = None
    page_token: str | None = None
    name: str = CHANNEL

    @property
    def missing(self) -> tuple[str, ...]:
        """Settings without which the channel is off."""
        settings = {
            "GOVCHAT_MESSENGER_APP_SECRET": self.app_secret,
            "GOVCHAT_MESSENGER_VERIFY_TOKEN": self.verify_token,
            "GOVCHAT_MESSENGER_PAGE_ID": self.page_id,
            "GOVCHAT_MESSENGER_PAGE_TOKEN": self.page_token,
        }
        return tuple(name for name, value in settings.items() if not value)

    def verify(self, body: bytes, headers: Mapping[str, Sequence[str]]) -> VerifiedRequest | None:
        """See `WebhookChannel.verify`."""
        return verify(body, headers, app_secret=None if self.missing else self.app_secret)

    def handshake(self, *, mode: str | None, token: str | None, challenge: str | None) -> str:
        """Return the challenge to answer; the verify token is all it takes. Raises BadSignature."""
        return handshake(mode=mode, token=token, challenge=challenge, verify_token=self.verify_token)

    def parse(self, request: VerifiedRequest) -> ParsedRequest:
        """See `WebhookChannel.parse`."""
        return parse(request, page_id=self.page_id)

    def render(self, outcome: TurnOutcome) -> tuple[str, ...]:
        """See `Channel.render`."""
        return render(outcome, self.wording)

    async def send(self, message: OutboxMessage) -> str:
        """See `Channel.send`."""
        return await send(
            self.http,
            message,
            api_url=self.api_url,
            page_id=self.page_id or "",
            page_token=self.page_token or "",
            app_secret=self.app_secret or "",
        )
