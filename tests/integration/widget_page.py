"""A page with the widget, as far as the gateway sees it: what it sends and what it reads."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

API = "/api/v1/widget"


@dataclass(frozen=True)
class Event:
    """One event of a stream."""

    id: str | None
    name: str
    data: Any


@dataclass
class Page:
    """One tab of one person."""

    http: httpx.AsyncClient
    url: str
    origin: str | None
    agency: str | None = None
    token: str | None = None
    cursor: str | None = None
    read: list[Event] = field(default_factory=list)

    def headers(self, **more: str) -> dict[str, bytes]:
        """Headers as bytes, because some of those who are up to no good send no ASCII."""
        given = {} if self.origin is None else {"origin": self.origin}
        if self.token is not None:
            given["authorization"] = f"Bearer {self.token}"
        return {name: value.encode() for name, value in {**given, **more}.items()}

    async def post(self, text: str, *, key: str | None = None, **more: object) -> httpx.Response:
        """Send a message and keep the token that comes back."""
        body = {"id": key or str(uuid4()), "text": text, **more}
        if self.agency is not None:
            body["agency"] = self.agency
        response = await self.http.post(f"{self.url}{API}/messages", json=body, headers=self.headers())
        if response.status_code == 202:
            self.token = response.json()["token"]
        return response

    async def poll(self, *, wait: int = 0, after: str | None = None) -> httpx.Response:
        given = {"wait": str(wait)} | ({} if after is None else {"after": after})
        accept = self.headers(accept="application/json")
        return await self.http.get(f"{self.url}{API}/events", params=given, headers=accept)

    async def feedback(self, message_id: str, *, useful: bool = True, **more: object) -> httpx.Response:
        body = {"message_id": message_id, "useful": useful, **more}
        return await self.http.post(f"{self.url}{API}/feedback", json=body, headers=self.headers())

    async def delete(self) -> httpx.Response:
        return await self.http.delete(f"{self.url}{API}/conversation", headers=self.headers())

    @contextlib.asynccontextmanager
    async def stream(self, **more: str) -> AsyncIterator[AsyncIterator[Event]]:
        """Open a stream where the page stands; its cursor moves with what it reads."""
        resume = {} if self.cursor is None else {"last-event-id": self.cursor}
        headers = self.headers(accept="text/event-stream", **resume, **more)
        async with self.http.stream("GET", f"{self.url}{API}/events", headers=headers) as response:
            assert response.status_code == 200, (await response.aread()).decode()
            assert response.headers["content-type"].startswith("text/event-stream")
            yield self._events(response)

    async def _events(self, response: httpx.Response) -> AsyncIterator[Event]:
        fields: dict[str, str] = {}
        async for line in response.aiter_lines():
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                event = Event(fields.get("id"), fields["event"], json.loads(fields["data"]))
                self.cursor = event.id or self.cursor
                self.read.append(event)
                fields = {}
                yield event

    async def until_replies(self, count: int) -> list[Event]:
        """Read a stream until so many replies have come, and return all events of it."""
        events: list[Event] = []
        async with self.stream() as stream:
            async for event in stream:
                events.append(event)
                if sum(each.name == "reply" for each in events) == count:
                    break
        return events
