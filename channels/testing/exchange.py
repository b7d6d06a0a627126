"""One HTTP exchange with a fake platform, without HTTP; and the two wrappers that make servers and transports of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias
from urllib.parse import parse_qsl
from uuid import uuid4

import httpx
from sanic import HTTPResponse, Request, Sanic
from sanic.response import raw

FakeApp: TypeAlias = Sanic[Any, Any]

METHODS = ("GET", "POST", "DELETE")

HANGS_FOR_S = 300.0
"""How long a served fake keeps a caller waiting whose answer is lost: longer than anybody waits."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a platform."""

    method: str
    path: str  # begins with a slash, no query
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)  # lower-case names
    body: bytes = field(repr=False)

    def form(self) -> dict[str, str]:
        """Return the fields of a form body; what is no form has none."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform answers: a JSON value, or HTML where `body` is text."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def media_type(self) -> str:
        """Its Content-Type."""
        return "text/html; charset=utf-8" if isinstance(self.body, str) else "application/json; charset=utf-8"

    def content(self) -> bytes:
        """Return the body as bytes."""
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


class PlatformDown(Exception):
    """Nobody takes the connection."""


class AnswerLost(Exception):
    """The platform did what it was asked to do, and its answer never came."""


class FakePlatform(Protocol):
    """A fake that answers calls."""

    async def handle(self, call: Call) -> Answer:
        """Answer one call. Raises PlatformDown or AnswerLost where the caller gets no answer."""

    def arrived_as_json(self) -> list[dict[str, object]]:
        """Return the messages that were taken, oldest first."""


class PlatformTransport(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """Lets an httpx client, waiting or blocking, reach fakes by host name without sockets."""

    def __init__(self, hosts: Mapping[str, FakePlatform]) -> None:
        """Send what goes to each host to its fake; any other host refuses the connection."""
        self._hosts = dict(hosts)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx. Raises ConnectError and ReadTimeout as a real connection would."""
        await request.aread()
        return await self._handle(request)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The same for a client that blocks; calls that deliver a webhook before their answer need the other kind."""
        request.read()
        handling = self._handle(request)
        try:
            handling.send(None)
        except StopIteration as done:
            response: httpx.Response = done.value
            _has_left(request)
            return response
        except httpx.ReadTimeout:
            _has_left(request)
            raise
        handling.close()
        raise RuntimeError("this call waits for something: use httpx.AsyncClient")

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        platform = self._hosts.get(request.url.host)
        if platform is None:
            raise httpx.ConnectError(f"nobody plays {request.url.host}", request=request)
        call = Call(
            method=request.method,
            path=request.url.path,
            query=dict(request.url.params),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.content,
        )
        try:
            answer = await platform.handle(call)
        except PlatformDown:
            raise httpx.ConnectError("the fake is down", request=request) from None
        except AnswerLost:
            raise httpx.ReadTimeout("the fake lost its answer", request=request) from None
        return httpx.Response(
            answer.status,
            content=answer.content(),
            headers={"content-type": answer.media_type, **answer.headers},
            request=request,
        )


def _has_left(request: httpx.Request) -> None:
    """Tell the caller's trace, as httpcore does, that the request is out."""
    if trace := request.extensions.get("trace"):
        trace("http11.send_request_body.complete", {})


def sanic_app(platform: FakePlatform, name: str) -> FakeApp:
    """Return a server of the fake; `GET /arrived` shows the messages that came."""
    app: FakeApp = Sanic(f"{name}-{uuid4().hex[:8]}", configure_logging=False)

    @app.get("/arrived")
    async def arrived(request: Request) -> HTTPResponse:  # noqa: ARG001
        return raw(json.dumps(platform.arrived_as_json()).encode(), content_type="application/json")

    async def anything(request: Request, path: str = "") -> HTTPResponse:  # noqa: ARG001
        call = Call(
            method=request.method,
            path=request.path,
            query={key: str(request.args.get(key)) for key in request.args},
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.body,
        )
        try:
            answer = await platform.handle(call)
        except PlatformDown:
            return await _silence(request, wait_s=0.0)
        except AnswerLost:
            return await _silence(request, wait_s=HANGS_FOR_S)
        return raw(answer.content(), status=answer.status, content_type=answer.media_type, headers=dict(answer.headers))

    app.add_route(anything, "/", methods=METHODS, name="root")
    app.add_route(anything, "/<path:path>", methods=METHODS, name="below")
    return app


async def _silence(request: Request, *, wait_s: float) -> HTTPResponse:
    """End the connection without a word; the server cancels this when the connection is gone."""
    await asyncio.sleep(wait_s)
    if isinstance(request.transport, asyncio.Transport):
        request.transport.abort()
        await asyncio.sleep(HANGS_FOR_S)
    return HTTPResponse(status=503)
