"""The Viber channel: its five modules bound to the bots that are served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from bot.wording import Wording
from channels.agency import ViberBot
from channels.buttons import Buttons
from channels.errors import Reaction, Refused, RetryLater
from channels.event import OutboxMessage, ParsedRequest, TurnOutcome
from channels.ports import Clock, VerifiedRequest
from channels.viber import send as sending
from channels.viber.limits import may_send
from channels.viber.parse import CHANNEL, parse
from channels.viber.render import render
from channels.viber.verify import verify


@dataclass(frozen=True, slots=True, kw_only=True)
class ViberChannel:
    """All bots of this gateway. Without any it refuses everything; `missing` says why there is none."""

    bots: Mapping[str, ViberBot]  # by account
    buttons: Buttons
    wording: Wording
    http: httpx.AsyncClient
    api_url: str
    clock: Clock
    missing: tuple[str, ...] = ()
    name: str = CHANNEL

    def verify(self, body: bytes, headers: Mapping[str, Sequence[str]]) -> VerifiedRequest | None:
        """See `WebhookChannel.verify`."""
        return verify(body, headers, auth_tokens={account: bot.auth_token for account, bot in self.bots.items()})

    def parse(self, request: VerifiedRequest) -> ParsedRequest:
        """See `WebhookChannel.parse`."""
        return parse(request, buttons=self.buttons)

    def render(self, outcome: TurnOutcome, *, account: str) -> tuple[str, ...]:
        """See `Channel.render`."""
        return render(outcome, self.wording, account=account, buttons=self.buttons)

    async def send(self, message: OutboxMessage) -> str:
        """See `Channel.send`: inside the session only, for later messages are billed."""
        if not may_send(self.clock.now(), message.last_user_at):
            raise Refused("viber session closed", Reaction.STOP_PERSON)
        bot = self.bots.get(message.account)
        if bot is None:
            raise RetryLater("this Viber bot is not configured", Reaction.STOP_CHANNEL)
        return await sending.send(
            self.http, message, api_url=self.api_url, auth_token=bot.auth_token, sender_name=bot.name
        )

    async def find_sent(self, message: OutboxMessage) -> str | None:  # noqa: ARG002 - there is nothing to look it up in
        """See `Channel.find_sent`: nobody can tell, so the message is sent again.

        Viber shows no history and sends no echo; an answer that comes twice harms less than one that never comes.
        """
        return None
