"""What goes wrong, on purpose: on the way in, on the way out, and for whole stretches of the day.

Whether a single request meets with an accident depends on whose it is and on how many there were before it, never on
the order in which tasks of the event loop happen to run: every run has the same accidents.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from channels.reception import Taken
from tests.simulation.cast import chance

TRIES_UNTIL_LATE = 3
"""An echo that is refused so often comes when a message in doubt has been looked for already."""

Take = Callable[[bytes, Mapping[str, list[str]]], Awaitable[Taken]]


@dataclass
class WayIn:
    """Webhooks on their way to the reception: some are not taken, of some the 200 comes too late.

    `accepted` tells in what order the messages of a conversation, by (account, person), were first taken.
    """

    is_closed: bool = False  # the gateway is being started again
    hindered: set[str] = field(default_factory=set)  # people of whom the next echo comes late
    counts: Counter[str] = field(default_factory=Counter)
    accepted: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _accidents: dict[str, list[str]] = field(default_factory=dict)  # by event: what still happens to it
    _serials: Counter[tuple[str, str]] = field(default_factory=Counter)
    _held_up: Counter[str] = field(default_factory=Counter)  # by event

    async def post(self, take: Take, body: bytes, headers: Mapping[str, str]) -> int:
        """See `channels.testing.delivery.Post`."""
        if self.is_closed:
            self.counts["refused while the gateway was down"] += 1
            raise httpx.ConnectError("the gateway is down")
        events = list(_events(json.loads(body)))
        accidents = [self._accidents.setdefault(event.key, self._fate(event)) for event in events]
        happens = next((accident.pop(0) for accident in accidents if accident), "")
        if any(self._is_held_up(event) for event in events):
            self.counts["echo refused whose answer was lost"] += 1
            return 503
        if happens == "refused":
            self.counts["refused"] += 1
            return 503
        taken = await take(body, {name.lower(): [value] for name, value in headers.items()})
        assert taken.outcome == "accepted", taken
        for event in events:
            if event.key not in self._known:
                self._known.add(event.key)
                self.accepted.setdefault((event.account, event.person), []).append(event.message_id)
            else:
                self.counts["taken again"] += 1
        if happens == "late":
            self.counts["answered too late"] += 1
            raise httpx.ReadTimeout("the answer was too late")
        return taken.status

    def _is_held_up(self, event: _Event) -> bool:
        if not event.is_echo or event.person not in self.hindered or self._held_up[event.key] == TRIES_UNTIL_LATE:
            return False
        self._held_up[event.key] += 1
        if self._held_up[event.key] == TRIES_UNTIL_LATE:
            self.hindered.discard(event.person)
        return True

    def _fate(self, event: _Event) -> list[str]:
        whose = event.account, event.person
        self._serials[whose] += 1
        luck = chance("in", *whose, self._serials[whose])
        if luck < 0.010:
            return ["refused"] * (1 + (luck < 0.003))
        return ["late"] if luck < 0.020 else []


@dataclass(frozen=True, slots=True)
class _Event:
    key: str
    account: str
    person: str
    message_id: str
    is_echo: bool


def _events(body: dict[str, Any]) -> Iterator[_Event]:
    """Yield what a body holds, without the gateway's help."""
    items = [body]
    if body.get("object") == "page":
        items = [item for entry in body["entry"] for kind in ("messaging", "standby") for item in entry.get(kind, [])]
    for item in items:
        message = item.get("message") or item.get("postback") or {}
        ends = [item.get(end, {}).get("id") for end in ("sender", "recipient", "follower")]
        person = item.get("user_id") or next((end for end in ends if end and end[0] in "27"), "")
        account = item.get("oa_id") or next((end for end in ends if end and end[0] in "19"), "")
        message_id = message.get("msg_id") or message.get("mid") or ""
        is_echo = bool(message.get("is_echo")) or str(item.get("event_name")).startswith("oa_send_")
        yield _Event(json.dumps(item, sort_keys=True), account, person, message_id, is_echo)


@dataclass
class WayOut(httpx.AsyncBaseTransport):
    """Sends on their way to the platforms: some never leave, of some the answer is lost, some meet a proxy's page.

    Of most of those whose answer is lost the echo comes late too, so that only the history tells what became of them.
    """

    platforms: httpx.AsyncBaseTransport
    way_in: WayIn
    counts: Counter[str] = field(default_factory=Counter)
    _serials: Counter[str] = field(default_factory=Counter)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith(("/message/cs", "/messages")):
            self.counts["looked into the history"] += request.url.path.endswith(("/oa/conversation", "/conversations"))
            return await self.platforms.handle_async_request(request)
        recipient = json.loads(request.content)["recipient"]
        whose = str(recipient.get("user_id") or recipient.get("id"))
        self._serials[whose] += 1
        luck = chance("out", whose, self._serials[whose])
        if luck < 0.004:
            self.counts["never left"] += 1
            raise httpx.ConnectError("no way out", request=request)
        if luck < 0.008:
            self.counts["met a proxy's error page"] += 1
            return httpx.Response(502, content=b"<html>Bad Gateway</html>", request=request)
        is_lost = luck < 0.020
        if luck < 0.016:
            self.way_in.hindered.add(whose)
        response = await self.platforms.handle_async_request(request)
        code = _code(json.loads(await response.aread()))
        if code:
            self.counts[f"refused with {code}"] += 1
        if is_lost:
            self.counts["answer lost"] += 1
            raise httpx.ReadTimeout("the answer was lost", request=request)
        return response


def _code(answer: dict[str, Any]) -> int:
    """Return the code of an error, Zalo's or Meta's; 0 where there is none."""
    error = answer.get("error", 0)
    return int(error["code"] if isinstance(error, dict) else error)
