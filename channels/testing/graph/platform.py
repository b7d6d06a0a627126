"""FakeGraph: the Graph API in front of a scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from channels.ports import Clock
from channels.testing.exchange import Answer, Call, FakeApp, sanic_app
from channels.testing.faults import Faults, RateLimit
from channels.testing.graph import profile, reads, routing, sends
from channels.testing.graph.calls import Asked, Bearer, GraphFault, bearer, own_page, read
from channels.testing.graph.scene import GraphScene
from channels.testing.graph.world import Code

HOSTS = ("graph.facebook.com",)
"""Hosts that a `PlatformTransport` maps to this fake."""

Edge = Callable[[GraphScene, Bearer, Asked], object]

EDGES: Mapping[tuple[str, str], Edge] = {
    ("GET", ""): reads.thing,
    ("GET", "conversations"): reads.conversations,
    ("GET", "messenger_profile"): lambda _, caller, asked: profile.show(caller, asked),
    ("POST", "messenger_profile"): lambda _, caller, asked: profile.change(caller, asked),
    ("DELETE", "messenger_profile"): lambda _, caller, asked: profile.remove(caller, asked),
    ("GET", "subscribed_apps"): routing.subscriptions,
    ("POST", "subscribed_apps"): routing.subscribe,
    ("DELETE", "subscribed_apps"): routing.unsubscribe,
    ("GET", "thread_owner"): routing.owner,
    ("POST", "pass_thread_control"): routing.pass_control,
    ("POST", "take_thread_control"): routing.take_control,
    ("POST", "request_thread_control"): routing.request_control,
}
"""Calls with a Page's token, sends apart."""


class FakeGraph(GraphScene):
    """A scene that also answers calls: `app()` serves it, `PlatformTransport` reaches it without sockets."""

    def __init__(
        self, *, clock: Clock | None = None, knows_everybody: bool = False, echo_first: bool = False, batch: int = 1
    ) -> None:
        super().__init__(clock=clock, knows_everybody=knows_everybody, echo_first=echo_first, batch=batch)
        self.api: Faults[Code] = Faults()
        self.limits = sends.SendLimits()
        self.regain_minutes: int | None = None  # told with errors of a limit
        self.history_rate = RateLimit(2, 1)  # calls a second and Page of the Conversations API (section 8, official)

    def app(self) -> FakeApp:
        """Return the server."""
        return sanic_app(self, "fake-graph")

    def arrived_as_json(self) -> list[dict[str, object]]:
        """See `FakePlatform.arrived_as_json`."""
        return self.ledger.as_json()

    async def handle(self, call: Call) -> Answer:
        """See `FakePlatform.handle`."""
        if (instead := self.api.before()) is not None:
            return instead
        try:
            answer = Answer(200, await self._answer(read(call)))
        except GraphFault as fault:
            answer = fault.as_answer(regain_minutes=self.regain_minutes)
        return self.api.after(answer)

    async def _answer(self, asked: Asked) -> object:
        method, edge = asked.call.method, asked.edge
        if (method, asked.object_id) == ("GET", "debug_token"):
            return reads.debug_token(self, asked)
        if (method, edge) == ("GET", "subscriptions"):
            return reads.app_subscriptions(self, asked)
        caller = bearer(self, asked)
        if (method, edge) == ("POST", "messages"):
            own_page(asked, caller)
            ordered_error = self.api.take_error()
            return await sends.send(self, caller, asked, limits=self.limits, ordered_error=ordered_error)
        found = EDGES.get((method, edge))
        if found is None:
            raise GraphFault(100, 33, f"Unsupported {method.lower()} request")
        if edge == "conversations" and self.history_rate.take(caller.page.page_id, self.clock.now()) < 0:
            raise GraphFault(613, None, "Calls to this api have exceeded the rate limit")
        return found(self, caller, asked)
