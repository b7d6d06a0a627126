"""The Zalo Official Account channel: its five modules bound to the accounts that are served."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import httpx

from bot.wording import Wording
from channels.agency import ZaloAccount
from channels.buttons import Buttons
from channels.errors import Reaction, Refused, RetryLater
from channels.event import OutboxMessage, ParsedRequest, TurnOutcome
from channels.ports import Clock, VerifiedRequest
from channels.zalo import send as sending
from channels.zalo.limits import may_send
from channels.zalo.parse import CHANNEL, parse
from channels.zalo.render import render
from channels.zalo.token import ZaloTokens
from channels.zalo.verify import verify

CARD_REST = timedelta(days=1)
"""How long an OA that refused a button card gets the same as text at once; then a card is tried again."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ZaloChannel:
    """All OAs of this gateway. Without any it takes nothing but Zalo's probe; `missing` says why there is none."""

    accounts: Mapping[str, ZaloAccount]  # by OA id
    tokens: ZaloTokens
    buttons: Buttons
    wording: Wording
    http: httpx.AsyncClient
    api_url: str
    clock: Clock
    missing: tuple[str, ...] = ()
    without_cards: dict[str, datetime] = field(default_factory=dict)  # OA id -> until when only texts are sent
    name: str = CHANNEL

    def verify(self, body: bytes, headers: Mapping[str, Sequence[str]]) -> VerifiedRequest | None:
        """See `WebhookChannel.verify`."""
        return verify(body, headers, accounts=self.accounts.values())

    def parse(self, request: VerifiedRequest) -> ParsedRequest:
        """See `WebhookChannel.parse`."""
        return parse(request, oa_ids=self.accounts.keys(), buttons=self.buttons)

    def render(self, outcome: TurnOutcome, *, account: str) -> tuple[str, ...]:
        """See `Channel.render`."""
        return render(outcome, self.wording, account=account, buttons=self.buttons)

    async def send(self, message: OutboxMessage) -> str:
        """See `Channel.send`: inside the window only, with a token that is renewed once where Zalo refuses it."""
        served, now = self.accounts.get(message.account), self.clock.now()
        if not may_send(now, message.last_user_at, sends_paid=served is not None and served.sends_paid):
            raise Refused("zalo window closed", Reaction.STOP_PERSON)
        account = self._account(message)
        return await self._with_token(
            account,
            lambda token: sending.send(
                self.http,
                message,
                api_url=self.api_url,
                access_token=token,
                app_secret=account.app_secret,
                now=now,
                takes_cards=self.without_cards.get(account.oa_id, now) <= now,
                on_card_refused=lambda: self.without_cards.update({account.oa_id: now + CARD_REST}),
            ),
        )

    async def find_sent(self, message: OutboxMessage) -> str | None:
        """See `Channel.find_sent`: the history of the conversation knows."""
        account = self._account(message)
        return await self._with_token(
            account,
            lambda token: sending.find_sent(
                self.http,
                message,
                api_url=self.api_url,
                access_token=token,
                app_secret=account.app_secret,
                now=self.clock.now(),
            ),
        )

    def _account(self, message: OutboxMessage) -> ZaloAccount:
        account = self.accounts.get(message.account)
        if account is None:
            raise RetryLater("this OA is not configured", Reaction.STOP_CHANNEL)
        return account

    async def _with_token(self, account: ZaloAccount, call: Callable[[str], Awaitable[T]]) -> T:
        token = await self.tokens.access_token(account.oa_id)
        try:
            return await call(token.value)
        except RetryLater as error:
            if error.reaction is not Reaction.RENEW_TOKEN:
                raise
        return await call((await self.tokens.renew(account.oa_id, token)).value)
