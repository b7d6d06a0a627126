"""FakeGraph: the Graph API in front of a scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from channels.ports import Clock
from channels.testing.exchange import Answer, Call, FakeApp, sanic_app
from channels.testing.faults import Faults
from channels.testing.graph import sends
from channels.testing.graph.calls import Asked, Bearer, GraphFault, bearer, own_page, read
from channels.testing.graph.scene import GraphScene
from channels.testing.graph.world import Code

HOSTS = ("graph.facebook.com",)
"""Hosts that a `PlatformTransport` maps to this fake."""

Edge = Callable[[Bearer, Asked], object]


class FakeGraph(GraphScene):
    """A scene that also answers calls: `app()` serves it, `PlatformTransport` reaches it without sockets."""

    def __init__(
        self, *, clock: Clock | None = None, knows_everybody: bool = False, echo_first: bool = False, batch: int = 1
    ) -> None:
        super().__init__(clock=clock, knows_everybody=knows_everybody, echo_first=echo_first, batch=batch)
        self.api: Faults[Code] = Faults()
        self.limits = sends.SendLimits()
        self._edges: Mapping[tuple[str, str], Edge] = {}

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
            answer = fault.as_answer()
        return self.api.after(answer)

    async def _answer(self, asked: Asked) -> object:
        method, edge = asked.call.method, asked.edge
        caller = bearer(self, asked)
        if (method, edge) == ("POST", "messages"):
            own_page(asked, caller)
            ordered_error = self.api.take_error()
            return await sends.send(self, caller, asked, limits=self.limits, ordered_error=ordered_error)
        found = self._edges.get((method, edge))
        if found is None:
            raise GraphFault(100, 33, f"Unsupported {method.lower()} request")
        return found(caller, asked)
