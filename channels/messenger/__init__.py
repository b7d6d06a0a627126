"""The Messenger channel: its five modules bound to the Pages that are served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from bot.wording import Wording
from channels.agency import MessengerPage
from channels.buttons import Buttons
from channels.errors import Reaction, Refused, RetryLater
from channels.event import OutboxMessage, ParsedRequest, TurnOutcome
from channels.messenger import send as sending
from channels.messenger.limits import may_send
from channels.messenger.parse import CHANNEL, parse
from channels.messenger.render import render
from channels.messenger.verify import handshake, verify
from channels.ports import Clock, VerifiedRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class MessengerChannel:
    """All Pages of this gateway. Without any it refuses everything; `missing` says why there is none."""

    pages: Mapping[str, MessengerPage]  # by Page id
    buttons: Buttons
    wording: Wording
    http: httpx.AsyncClient
    api_url: str
    clock: Clock
    verify_token: str | None = None  # of a Page that is being set up: the handshake comes before everything else
    missing: tuple[str, ...] = ()
    name: str = CHANNEL

    def verify(self, body: bytes, headers: Mapping[str, Sequence[str]]) -> VerifiedRequest | None:
        """See `WebhookChannel.verify`."""
        secrets = dict.fromkeys(secret for page in self.pages.values() for secret in page.app_secrets)
        return verify(body, headers, app_secrets=tuple(secrets))

    def handshake(self, *, mode: str | None, token: str | None, challenge: str | None) -> str:
        """Return the challenge to answer; the verify token of any Page is all it takes. Raises BadSignature."""
        tokens = {page.verify_token for page in self.pages.values()}
        if self.verify_token:
            tokens.add(self.verify_token)
        return handshake(mode=mode, token=token, challenge=challenge, verify_tokens=tokens)

    def parse(self, request: VerifiedRequest) -> ParsedRequest:
        """See `WebhookChannel.parse`."""
        app_ids = {page_id: page.app_id for page_id, page in self.pages.items()}
        return parse(request, app_ids=app_ids, buttons=self.buttons)

    def render(self, outcome: TurnOutcome, *, account: str) -> tuple[str, ...]:
        """See `Channel.render`."""
        return render(outcome, self.wording, account=account, buttons=self.buttons)

    async def send(self, message: OutboxMessage) -> str:
        """See `Channel.send`: inside the window only."""
        if not may_send(self.clock.now(), message.last_user_at):
            raise Refused("messenger window closed", Reaction.STOP_PERSON)
        page = self._page(message)
        return await sending.send(
            self.http, message, api_url=self.api_url, page_token=page.page_token, app_secret=page.app_secrets[0]
        )

    async def find_sent(self, message: OutboxMessage) -> str | None:
        """See `Channel.find_sent`: the history of the conversation knows texts, echoes prove cards."""
        page = self._page(message)
        return await sending.find_sent(
            self.http,
            message,
            api_url=self.api_url,
            page_token=page.page_token,
            app_secret=page.app_secrets[0],
            now=self.clock.now(),
        )

    def _page(self, message: OutboxMessage) -> MessengerPage:
        page = self.pages.get(message.account)
        if page is None:
            raise RetryLater("this Page is not configured", Reaction.STOP_CHANNEL)
        return page
