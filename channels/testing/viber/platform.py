"""FakeViber: bots, people, conversations and callbacks, and the bot API in front of them."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from channels.clock import SystemClock
from channels.ports import Clock
from channels.testing.delivery import Delivery, Post
from channels.testing.exchange import Answer, Call, FakeApp, sanic_app
from channels.testing.faults import Faults
from channels.testing.ledger import Author, Ledger, Line, Refusal
from channels.testing.signing import sign_viber
from channels.testing.viber.people import ViberPhone
from channels.testing.viber.world import (
    MANDATORY,
    OPTIONAL,
    SESSION,
    Bot,
    Subscriber,
    ViberCourier,
    phone_fault,
    request_fault,
)

HOSTS = ("chatapi.viber.com",)
"""Hosts that a `PlatformTransport` maps to this fake."""

HOSTNAME = "SN-CHAT-05_"
"""Of the server that hosts the bot; of no use to anybody else."""

MAX_UNANSWERED = 100
"""Messages within an hour to somebody who does not reply (send-message)."""


class ViberFault(Exception):
    """The API answers with a status other than 0."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(word)
        self.status = status
        self.word = word


class FakeViber:
    """Answers calls: `app()` serves it, `PlatformTransport` reaches it without sockets.

    `knows_everybody` makes an unknown person id somebody who subscribed, for tests that write their own callbacks.
    """

    def __init__(self, *, clock: Clock | None = None, knows_everybody: bool = False) -> None:
        self.clock: Clock = clock or SystemClock()
        self.knows_everybody = knows_everybody
        self.api: Faults[int] = Faults()
        self.ledger = Ledger()
        self.bots: dict[str, Bot] = {}
        self.delivery = Delivery(clock=self.clock, courier=ViberCourier(self.bots))
        self._posts: dict[str, Post] = {}
        self._users: defaultdict[str, dict[str, Subscriber]] = defaultdict(dict)  # by bot
        self._tokens = count(5_741_311_803_571_721_087 + secrets.randbelow(1_000_000) * 1_000)  # as large as real ones

    @property
    def arrived(self) -> list[Line]:
        """What bots sent to people, oldest first."""
        return self.ledger.arrived

    def add_bot(self, auth_token: str, *, name: str = "Bot thử", webhook: str = "", post: Post | None = None) -> Bot:
        """Make a bot; `post` reaches what listens at its webhook, and `webhook` says that it has been set already."""
        bot = Bot(f"pa:{75_346_594_275_468_546_724 + len(self.bots)}", name, auth_token, webhook)
        bot.event_types = (*MANDATORY, *OPTIONAL) if webhook else ()
        self.bots[bot.id] = bot
        if post is not None:
            self._posts[bot.id] = post
            self.delivery.connect(bot.id, post)
        return bot

    def user(self, bot: Bot, user_id: str) -> Subscriber:
        """Return a person as a bot knows them; a new one has not subscribed."""
        return self._users[bot.id].setdefault(user_id, Subscriber(bot, user_id))

    def phone(self, bot: Bot, user_id: str) -> ViberPhone:
        """Return a person's phone, open at a bot."""
        return ViberPhone(self, self.user(bot, user_id))

    def received(self, user: Subscriber, message: Mapping[str, Any]) -> str:
        """See `ViberStage.received`."""
        user.is_subscribed = True
        user.last_message_at = self.clock.now()
        user.unanswered.clear()
        token = self.emit("message", user, {"sender": user.shown(), "message": dict(message)})
        self._write(token, user, Author.PERSON, message)
        return token

    def emit(self, name: str, user: Subscriber, more: Mapping[str, Any]) -> str:
        """See `ViberStage.emit`; `more` may name the message that it is about."""
        at_ms = int(self.clock.now().timestamp() * 1000)
        event = {
            "event": name,
            "timestamp": at_ms,
            "chat_hostname": HOSTNAME,
            "message_token": next(self._tokens),
            **more,
        }
        if user.bot.hears(name):
            self.delivery.add(user.bot.id, user.bot.id, user.id, event)
        return str(event["message_token"])

    def app(self) -> FakeApp:
        """Return the server."""
        return sanic_app(self, "fake-viber")

    def arrived_as_json(self) -> list[dict[str, object]]:
        """See `FakePlatform.arrived_as_json`."""
        return self.ledger.as_json()

    async def handle(self, call: Call) -> Answer:
        """See `FakePlatform.handle`: whatever went wrong, the HTTP status is 200."""
        if (instead := self.api.before()) is not None:
            return instead
        try:
            said = await self._answer(call)
            body = {"status": 0, "status_message": "ok", "chat_hostname": HOSTNAME, **said}
        except ViberFault as fault:
            body = {"status": fault.status, "status_message": fault.word, "chat_hostname": HOSTNAME}
        return self.api.after(Answer(200, body))

    async def _answer(self, call: Call) -> dict[str, Any]:
        given = call.headers.get("x-viber-auth-token", "")
        bot = next((each for each in self.bots.values() if each.auth_token == given), None)
        if bot is None:
            raise ViberFault(2, "invalidAuthToken" if given else "missing_auth_token")
        try:
            body = json.loads(call.body)
        except ValueError:
            raise ViberFault(3, "badData") from None
        if not isinstance(body, dict):
            raise ViberFault(3, "badData")
        match call.path:
            case "/pa/send_message":
                return self._send(bot, body, len(call.body))
            case "/pa/set_webhook":
                return await self._set_webhook(bot, body)
            case "/pa/get_account_info":
                known = sum(user.is_subscribed for user in self._users[bot.id].values())
                shown = {"id": bot.id, "name": bot.name, "webhook": bot.webhook, "subscribers_count": known}
                return {**shown, "event_types": list(bot.event_types)}
        raise ViberFault(3, "badData")

    async def _set_webhook(self, bot: Bot, body: Mapping[str, Any]) -> dict[str, Any]:
        url = body.get("url")
        if url:
            if not str(url).startswith("https://") or not await self._is_answered(bot):
                raise ViberFault(1, "invalidUrl")
            wanted = body.get("event_types", OPTIONAL)
            bot.event_types = (*MANDATORY, *(name for name in OPTIONAL if name in wanted))
            self.delivery.resubscribe(bot.id, bot.id)
        bot.webhook = str(url or "")
        return {"event_types": list(bot.event_types)} if url else {}

    async def _is_answered(self, bot: Bot) -> bool:
        """Try the address with the first callback."""
        at_ms = int(self.clock.now().timestamp() * 1000)
        event = {"event": "webhook", "timestamp": at_ms, "message_token": next(self._tokens)}
        body = json.dumps(event).encode()
        post = self._posts.get(bot.id)
        return post is not None and await post(body, sign_viber(body, auth_token=bot.auth_token)) == 200

    def _send(self, bot: Bot, body: Mapping[str, Any], size: int) -> dict[str, Any]:
        user_id = str(body.get("receiver", ""))
        now = self.clock.now()
        try:
            user = self._judge(bot, user_id, body, size)
        except ViberFault as fault:
            self.ledger.refused.append(Refusal(bot.id, user_id, now, fault.status, None, fault.word))
            raise
        message = {key: value for key, value in body.items() if key not in ("receiver", "sender")}
        token = next(self._tokens)
        about = {"message_token": token, "user_id": user.id}
        user.unanswered = [at for at in user.unanswered if now - at < timedelta(hours=1)] + [now]
        if (reason := phone_fault(message)) is not None:
            self.emit("failed", user, {**about, "desc": reason})
        else:
            self._write(str(token), user, Author.APP, message)
            self.emit("delivered", user, about)
        return {"message_token": token, "billing_status": 1 if self._is_open(user) else 3}

    def _judge(self, bot: Bot, user_id: str, body: Mapping[str, Any], size: int) -> Subscriber:
        if (status := self.api.take_error()) is not None:
            raise ViberFault(status, "told to fail")
        if not bot.webhook:
            raise ViberFault(10, "webhookNotSet")
        if (fault := request_fault(body, size)) is not None:
            raise ViberFault(*fault)
        user = self._users[bot.id].get(user_id)
        if user is None and self.knows_everybody:
            user = self.user(bot, user_id)
            user.is_subscribed, user.last_message_at = True, self.clock.now()
        if user is None:
            raise ViberFault(5, "receiverNotRegistered")
        if not user.is_subscribed:
            raise ViberFault(6, "receiverNotSubscribed")
        if sum(self.clock.now() - at < timedelta(hours=1) for at in user.unanswered) >= MAX_UNANSWERED:
            raise ViberFault(12, "tooManyRequests")
        return user

    def _is_open(self, user: Subscriber) -> bool:
        return user.last_message_at is not None and self.clock.now() - user.last_message_at < SESSION

    def _write(self, token: str, user: Subscriber, author: Author, message: Mapping[str, Any]) -> None:
        self.ledger.add(
            Line(
                id=token,
                account=user.bot.id,
                person=user.id,
                author=author,
                at=self.clock.now(),
                message=dict(message),
                was_open=self._is_open(user),
                is_billed=author is Author.APP and not self._is_open(user),
            )
        )
