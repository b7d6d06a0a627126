"""Small worlds on a clock that stands still, a gateway that only listens, and clients that reach the fakes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from channels.testing import FakeGraph, FakeZalo, ManualClock, PageIds, ZaloIds, in_process, one_oa, one_page
from channels.testing.signing import proof

ZALO, PAGE = ZaloIds(), PageIds()
USER, PSID = "7000000000000000001", "200000000000002"


@dataclass
class Listener:
    """Takes webhooks and answers with a status, or with nothing in time (None); the first `failures` get 500."""

    status: int | None = 200
    failures: int = 0
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def __call__(self, body: bytes, headers: Mapping[str, str]) -> int:
        self.bodies.append(body)
        self.headers.append(dict(headers))
        if self.status is None:
            raise httpx.ReadTimeout("too slow")
        if self.failures:
            self.failures -= 1
            return 500
        return self.status

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    @property
    def items(self) -> list[dict[str, Any]]:
        """Messenger's items, whatever entry they came in."""
        return [
            item
            for body in self.events
            for entry in body["entry"]
            for kind in ("messaging", "standby", "changes")
            for item in entry.get(kind, [])
        ]


@dataclass
class Api:
    """Calls the fakes as the gateway would."""

    http: httpx.AsyncClient

    async def zalo(self, message: object, *, user: str = USER, token: str = ZALO.access_token, **headers: str) -> Any:
        body = {"recipient": {"user_id": user}, "message": message}
        url = "https://openapi.zalo.me/v3.0/oa/message/cs"
        return (await self.http.post(url, json=body, headers={"access_token": token, **headers})).json()

    async def zalo_get(self, path: str, data: object = None) -> Any:
        params = {} if data is None else {"data": json.dumps(data)}
        headers = {"access_token": ZALO.access_token}
        return (await self.http.get(f"https://openapi.zalo.me{path}", params=params, headers=headers)).json()

    async def page(self, message: object, *, psid: str = PSID, **body: object) -> Any:
        whole = {"recipient": {"id": psid}, "messaging_type": "RESPONSE", "message": message, **body}
        return await self.graph("POST", f"{PAGE.page_id}/messages", body=whole)

    async def graph(
        self, method: str, path: str, *, body: object = None, token: str = PAGE.page_token, **params: str
    ) -> Any:
        response = await self.http.request(
            method,
            f"https://graph.facebook.com/v26.0/{path}",
            params={"appsecret_proof": proof(token, PAGE.app_secret), **params},
            headers={"authorization": f"Bearer {token}"},
            json=body,
        )
        return response.json()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def gateway() -> Listener:
    return Listener()


@pytest.fixture
def zalo(clock: ManualClock, gateway: Listener) -> FakeZalo:
    return one_oa(clock=clock, post=gateway, knows_everybody=False)


@pytest.fixture
def graph(clock: ManualClock, gateway: Listener) -> FakeGraph:
    return one_page(clock=clock, post=gateway, knows_everybody=False)


@pytest.fixture
async def api(zalo: FakeZalo, graph: FakeGraph):
    async with httpx.AsyncClient(transport=in_process(zalo, graph)) as http:
        yield Api(http)
