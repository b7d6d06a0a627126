"""Who there is on the fake Zalo, and what happens between them."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping
from itertools import count
from typing import Any

from channels.clock import SystemClock
from channels.ports import Clock
from channels.testing.delivery import Delivery, Parcel, Post
from channels.testing.ledger import Author, Ledger, Line
from channels.testing.zalo.courier import ZaloCourier
from channels.testing.zalo.events import OPENS_WINDOW, Frame, event
from channels.testing.zalo.people import ZaloOfficer, ZaloPhone
from channels.testing.zalo.tokens import Grant, Grants
from channels.testing.zalo.world import OfficialAccount, ZaloApp, ZaloUser


class ZaloScene:
    """Apps, Official Accounts, people, their conversations, and the webhooks that tell of them.

    `knows_everybody` makes an unknown person id somebody whose window is open, for tests that write their own
    webhook bodies; without it only those can be written to who did something first. `echo_first` delivers the echo
    of a send before the send is answered. `consents_at_once` names the OA whose administrator agrees without a page.
    """

    def __init__(self, *, clock: Clock | None = None, knows_everybody: bool = False, echo_first: bool = False) -> None:
        self.clock: Clock = clock or SystemClock()
        self.knows_everybody = knows_everybody
        self.echo_first = echo_first
        self.consents_at_once: str | None = None
        self.apps: dict[str, ZaloApp] = {}
        self.accounts: dict[str, OfficialAccount] = {}
        self.grants = Grants()
        self.ledger = Ledger()
        self.delivery = Delivery(clock=self.clock, courier=ZaloCourier(self.apps))
        self._users: defaultdict[str, dict[str, ZaloUser]] = defaultdict(dict)  # by OA
        self._run = secrets.token_hex(4)  # ids of one run are not those of another, which the gateway may remember
        self._serial = count(1)

    @property
    def arrived(self) -> list[Line]:
        """What apps sent to people, oldest first."""
        return self.ledger.arrived

    def add_app(self, app_id: str, *, secret: str, oa_secret_key: str, post: Post | None = None) -> ZaloApp:
        """Register an app; `post` is its webhook address."""
        app = self.apps[app_id] = ZaloApp(app_id, secret, oa_secret_key)
        if post is not None:
            self.delivery.connect(app_id, post)
        return app

    def add_account(self, oa_id: str, name: str = "Cơ quan thử") -> OfficialAccount:
        """Open an OA."""
        account = self.accounts[oa_id] = OfficialAccount(oa_id, name)
        return account

    def grant(
        self, app_id: str, oa_id: str, *, access_token: str | None = None, refresh_token: str | None = None
    ) -> Grant:
        """Let an app act for an OA without the consent page: from now on it also gets the OA's events."""
        now = self.clock.now()
        return self.grants.give(app_id, oa_id, now, access_token=access_token, refresh_token=refresh_token)

    def user(self, oa_id: str, user_id: str) -> ZaloUser:
        """Return a person as the OA knows them; a new one has done nothing yet."""
        found = self._users[oa_id].get(user_id)
        if found is None:
            found = self._users[oa_id][user_id] = ZaloUser(oa_id, user_id)
        return found

    def users(self, oa_id: str) -> list[ZaloUser]:
        """Return everybody whom an OA knows."""
        return list(self._users[oa_id].values())

    def phone(self, oa_id: str, user_id: str) -> ZaloPhone:
        """Return a person's phone, open at an OA."""
        return ZaloPhone(self, self.user(oa_id, user_id))

    def officer(self, admin_id: str = "6000000000000000001") -> ZaloOfficer:
        """Return an officer at OA Manager."""
        return ZaloOfficer(self, admin_id)

    def known(self, oa_id: str, user_id: str) -> ZaloUser | None:
        """Return a person to whom the OA could write, None for an id that it never saw."""
        return self.user(oa_id, user_id) if self.knows_everybody else self._users[oa_id].get(user_id)

    def write(
        self,
        user: ZaloUser,
        author: Author,
        message: Mapping[str, Any],
        *,
        app_id: str = "",
        is_free: bool = True,
    ) -> str:
        """Put a message into the conversation and return its id."""
        message_id = self.new_id()
        line = Line(
            id=message_id,
            account=user.oa_id,
            person=user.user_id,
            author=author,
            at=self.clock.now(),
            message=dict(message),
            app_id=app_id,
            was_open=is_free,
            is_billed=not is_free,
        )
        self.ledger.add(line)
        return message_id

    def new_id(self) -> str:
        """Return an id that no message had."""
        return f"{self._run}{next(self._serial):010x}"

    def emit(self, name: str, oa_id: str, user_id: str, **details: Any) -> str:
        """Queue an event for every app of the OA that has it switched on; return the id of its message."""
        parcels = self.queue(name, oa_id, user_id, **details)
        return str(parcels[0].event.get("message", {}).get("msg_id", "")) if parcels else ""

    def queue(self, name: str, oa_id: str, user_id: str, **details: Any) -> list[Parcel]:
        """As `emit`, but return what was queued."""
        now = self.clock.now()
        user = self.user(oa_id, user_id) if user_id else None
        if user is not None and name in OPENS_WINDOW:
            user.interacts(now)
        message_id = str(details.get("message", {}).get("msg_id") or self.new_id())
        parcels = []
        for grant in self.grants.of_account(oa_id):
            if not self._is_told(grant.app_id, oa_id, name, details):
                continue
            frame = Frame(grant.app_id, oa_id, user_id, user.id_by_app if user else "", int(now.timestamp() * 1000))
            body = event(name, frame, message_id=message_id, **details)
            if grant.is_revoked:
                self.delivery.lose(grant.app_id, oa_id, user_id, body)
            else:
                parcels += self.delivery.add(grant.app_id, oa_id, user_id, body)
        return parcels

    def _is_told(self, app_id: str, oa_id: str, name: str, details: Mapping[str, Any]) -> bool:
        toggles = self.apps[app_id].events
        if toggles is not None and name not in toggles:
            return False
        is_filtered = self.accounts[oa_id].has_syntax_filter and name == "user_send_text"
        return not is_filtered or str(details.get("message", {}).get("text", "")).startswith("#")
