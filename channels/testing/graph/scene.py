"""Who there is on the fake Messenger, and what happens between them."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping
from itertools import count
from typing import Any

from channels.clock import SystemClock
from channels.ports import Clock
from channels.testing.delivery import Delivery, Parcel, Post
from channels.testing.graph.courier import MessengerCourier
from channels.testing.graph.events import SAMPLES, Sample, item
from channels.testing.graph.people import MessengerOfficer, MessengerPhone
from channels.testing.graph.world import FIELDS, INBOX_APP_ID, FacebookPage, MetaApp, PageToken, PageUser
from channels.testing.ledger import Author, Ledger, Line

STANDBY = frozenset({"messages", "messaging_postbacks", "message_deliveries", "message_reads", "message_echoes"})
"""Fields whose events come as `standby` to an app that does not own the conversation."""


class GraphScene:
    """Apps, Pages, people, their conversations, and the webhooks that tell of them.

    `knows_everybody` makes an unknown person id somebody whose window is open, for tests that write their own
    webhook bodies. `echo_first` delivers the echo of a send before the send is answered.
    """

    def __init__(
        self, *, clock: Clock | None = None, knows_everybody: bool = False, echo_first: bool = False, batch: int = 1
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.knows_everybody = knows_everybody
        self.echo_first = echo_first
        self.apps: dict[str, MetaApp] = {}
        self.pages: dict[str, FacebookPage] = {}
        self.tokens: dict[str, PageToken] = {}
        self.ledger = Ledger()
        self.delivery = Delivery(clock=self.clock, courier=MessengerCourier(self.apps, batch))
        self._users: defaultdict[str, dict[str, PageUser]] = defaultdict(dict)  # by Page
        self._run = secrets.token_hex(4)  # ids of one run are not those of another, which the gateway may remember
        self._serial = count(1)

    @property
    def arrived(self) -> list[Line]:
        """What apps sent to people, oldest first."""
        return self.ledger.arrived

    def add_app(self, app_id: str, *, secret: str, post: Post | None = None) -> MetaApp:
        """Register an app; `post` is its webhook address."""
        app = self.apps[app_id] = MetaApp(app_id, secret)
        if post is not None:
            self.delivery.connect(app_id, post)
        return app

    def add_page(self, page_id: str, name: str = "Trang thử", *, default_app: str | None = None) -> FacebookPage:
        """Open a Page."""
        page = self.pages[page_id] = FacebookPage(page_id, name, default_app)
        return page

    def connect(
        self, app_id: str, page_id: str, *, token: str | None = None, fields: frozenset[str] = FIELDS
    ) -> PageToken:
        """Give an app a token of a Page and subscribe it to the Page's events; no `fields`: no subscription."""
        given = PageToken(token or f"EAA{secrets.token_urlsafe(30)}", page_id, app_id)
        self.tokens[given.value] = given
        self.subscribe(app_id, page_id, fields)
        return given

    def subscribe(self, app_id: str, page_id: str, fields: frozenset[str]) -> None:
        """Do what `POST /{page}/subscribed_apps` does; an app that had been unsubscribed hears again."""
        page = self.pages[page_id]
        if fields:
            page.subscribed[app_id] = fields
            self.delivery.resubscribe(app_id, page_id)
        else:
            page.subscribed.pop(app_id, None)

    def subscription(self, app_id: str, page_id: str) -> frozenset[str]:
        """Return the fields to which an app is subscribed now; none after it failed for too long."""
        if (app_id, page_id) in self.delivery.unsubscribed:
            return frozenset()
        return self.pages[page_id].subscribed.get(app_id, frozenset())

    def user(self, page_id: str, psid: str) -> PageUser:
        """Return a person as the Page knows them; a new one has done nothing yet."""
        found = self._users[page_id].get(psid)
        if found is None:
            found = self._users[page_id][psid] = PageUser(page_id, psid)
        return found

    def engaged(self, app_id: str) -> int:
        """Count the people whom the Pages of an app know."""
        pages = [page.page_id for page in self.pages.values() if app_id in page.subscribed]
        return sum(len(self._users[page_id]) for page_id in pages)

    def phone(self, page_id: str, psid: str) -> MessengerPhone:
        """Return a person's phone, open at a Page."""
        return MessengerPhone(self, self.user(page_id, psid))

    def officer(self, app_id: str | None = INBOX_APP_ID) -> MessengerOfficer:
        """Return an officer at the Page inbox, or one who answers through another app."""
        return MessengerOfficer(self, app_id)

    def known(self, page_id: str, psid: str) -> PageUser | None:
        """Return a person to whom the Page could write, None for an id that it never saw."""
        return self.user(page_id, psid) if self.knows_everybody else self._users[page_id].get(psid)

    def write(
        self,
        user: PageUser,
        author: Author,
        message: Mapping[str, Any],
        *,
        app_id: str = "",
        cut_titles: tuple[str, ...] = (),
    ) -> str:
        """Put a message into the conversation and return its id."""
        line = Line(
            id=self.new_id(),
            account=user.page_id,
            person=user.psid,
            author=author,
            at=self.clock.now(),
            message=dict(message),
            app_id=app_id,
            cut_titles=cut_titles,
        )
        self.ledger.add(line)
        user.typing = user.typing and author is Author.PERSON  # the sign goes with the next message
        return line.id

    def new_id(self) -> str:
        """Return an id that no message had."""
        return f"m_{self._run}{next(self._serial):010x}"

    def emit(self, kind: str, user: PageUser, content: Mapping[str, Any], **how: Any) -> list[Parcel]:
        """Queue an event for every app of the Page that is subscribed to it, under standby where another owns it."""
        sample = SAMPLES.get(kind, Sample(kind, "messages", {}))
        now = self.clock.now()
        if sample.opens_window:
            user.acts(now)
        at_ms = int(now.timestamp() * 1000)
        psid = "" if sample.names_nobody else user.psid
        shown = item(
            sample.key, content, page_id=user.page_id, psid=psid, at_ms=at_ms if sample.has_time else None, **how
        )
        parcels = []
        for app_id in self.pages[user.page_id].subscribed:
            parcels += self._parcels(app_id, user, sample, shown, at_ms)
        return parcels

    def echo(self, user: PageUser, message_id: str, message: Mapping[str, Any], *, app_id: str | None) -> list[Parcel]:
        """Queue the echo of a message that the Page sent."""
        named = {"app_id": int(app_id)} if app_id else {}
        content = {"mid": message_id, "is_echo": True, **named, **message}
        return self.emit("message_echo", user, content, by_page=True)

    def change(self, page_id: str, field_name: str, value: Mapping[str, Any]) -> None:
        """Queue a change of the Page, which is about no conversation."""
        at_ms = int(self.clock.now().timestamp() * 1000)
        event = {"kind": "changes", "time": at_ms, "item": {"field": field_name, "value": dict(value)}}
        for app_id in self.pages[page_id].subscribed:
            if field_name in self.pages[page_id].subscribed[app_id] & self.apps[app_id].fields:
                self.delivery.add(app_id, page_id, "", event)

    def move(self, user: PageUser, owner: str | None, *, verb: str, metadata: str = "") -> None:
        """Give the conversation to another owner; the app that gets it, or from which it was taken, is told."""
        default_app = self.pages[user.page_id].default_app
        before, user.owner = user.owner, owner
        told = before or default_app if verb == "take_thread_control" else owner or default_app
        owners = {"previous_owner_app_id": before, "new_owner_app_id": owner or default_app}
        self._tell_owner(told, user, verb, {**owners, "metadata": metadata})

    def ask_for_control(self, user: PageUser, app_id: str, *, metadata: str = "") -> None:
        """Tell the owner of a conversation that an app wants it."""
        told = user.owner or self.pages[user.page_id].default_app
        content = {"requested_owner_app_id": app_id, "metadata": metadata}
        self._tell_owner(told, user, "request_thread_control", content)

    def _tell_owner(self, app_id: str | None, user: PageUser, verb: str, content: Mapping[str, Any]) -> None:
        if app_id is None or SAMPLES[verb].field not in self.subscription(app_id, user.page_id):
            return
        at_ms = int(self.clock.now().timestamp() * 1000)
        shown = item(verb, content, page_id=user.page_id, psid=user.psid, at_ms=at_ms)
        self.delivery.add(app_id, user.page_id, user.psid, {"kind": "messaging", "time": at_ms, "item": shown})

    def _parcels(self, app_id: str, user: PageUser, sample: Sample, shown: dict[str, Any], at_ms: int) -> list[Parcel]:
        fields = self.pages[user.page_id].subscribed[app_id] & self.apps[app_id].fields
        owner = user.owner or self.pages[user.page_id].default_app
        is_ours = owner in (None, app_id) or sample.field not in STANDBY
        if sample.field not in fields or (not is_ours and "standby" not in fields):
            return []
        if not is_ours and sample.key == "postback":  # the payload is for the app that sent the button
            shown = {**shown, "postback": {key: shown["postback"][key] for key in ("mid", "title")}}
        event = {"kind": "messaging" if is_ours else "standby", "time": at_ms, "item": shown}
        return self.delivery.add(app_id, user.page_id, user.psid, event)
