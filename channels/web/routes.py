"""The widget's addresses: thin routes around the desk, the streams and the files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import structlog
from sanic import HTTPResponse, Request, Sanic
from sanic.response import empty

from bot.wording import Wording
from channels.errors import BadRequest, StoreUnavailable
from channels.metrics import GatewayMetrics
from channels.responses import error_answer, json_answer
from channels.thread import Cursor
from channels.web.desk import WidgetDesk
from channels.web.files import ServedFile
from channels.web.form import FormDesk
from channels.web.limits import MAX_STREAM_S, MAX_WAIT_S, PING_S, SEND_TIMEOUT_S
from channels.web.notices import NoticeBoard, to_wire
from channels.web.parse import parse_feedback, parse_message
from channels.web.public import config, file_answer
from channels.web.session import Session
from channels.web.stream import Follower, Streams, frame, happening
from channels.web.verify import Caller, Origins

App: TypeAlias = Sanic[Any, Any]

API = "/api/v1/widget"

_METHODS = {"messages": "POST", "events": "GET", "feedback": "POST", "conversation": "DELETE"}
_HEADERS = "authorization, content-type, last-event-id"
_PRIVATE = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_STREAM = {**_PRIVATE, "x-accel-buffering": "no"}


@dataclass(frozen=True, slots=True)
class WidgetPages:
    """What the routes hand over to."""

    desk: WidgetDesk
    streams: Streams
    origins: Origins
    board: NoticeBoard
    files: Mapping[str, ServedFile]
    wording: Wording
    metrics: GatewayMetrics

    async def look(self) -> None:
        """Wake the pages for which something new is in the store. Raises StoreUnavailable."""
        await self.streams.look()
        if self.streams.count and await self.board.refresh():
            self.streams.wake_all()


def add_widget(app: App, pages: WidgetPages) -> None:
    """Add the routes to the app, and let it end the streams when it stops."""
    talk = Talk(pages)

    @app.post(f"{API}/messages")
    async def widget_message(request: Request) -> HTTPResponse | None:
        return await talk.answer(request, "messages", talk.message)

    @app.get(f"{API}/events")
    async def widget_events(request: Request) -> HTTPResponse | None:
        return await talk.answer(request, "events", talk.events)

    @app.post(f"{API}/feedback")
    async def widget_feedback(request: Request) -> HTTPResponse | None:
        return await talk.answer(request, "feedback", talk.feedback)

    @app.delete(f"{API}/conversation")
    async def widget_forget(request: Request) -> HTTPResponse | None:
        return await talk.answer(request, "conversation", talk.forget)

    for route, method in _METHODS.items():
        _add_preflight(app, talk, route, method)

    @app.get(f"{API}/config")
    async def widget_config(request: Request) -> HTTPResponse:
        return await config(request, pages.desk, pages.board, pages.wording)

    form = FormDesk(desk=pages.desk, streams=pages.streams, board=pages.board, wording=pages.wording)

    @app.get("/widget/v1/form")
    async def widget_form(request: Request) -> HTTPResponse:
        return await form.show(request)

    @app.post("/widget/v1/form")
    async def widget_form_sent(request: Request) -> HTTPResponse:
        response = await form.take(request, talk.caller(request, is_form=True))
        pages.metrics.widget.labels("form", str(response.status)).inc()
        return response

    @app.get("/widget/v1/<file:str>")
    async def widget_file(request: Request, file: str) -> HTTPResponse:
        return file_answer(request, pages.files, file)

    @app.before_server_stop
    async def end_streams(app: App) -> None:  # noqa: ARG001
        pages.streams.end()


def _add_preflight(app: App, talk: Talk, route: str, method: str) -> None:
    @app.options(f"{API}/{route}", name=f"widget_{route}_preflight")
    async def preflight(request: Request) -> HTTPResponse:
        return talk.preflight(request, method)


class Talk:
    """The requests of pages that are held to their origins."""

    def __init__(self, pages: WidgetPages) -> None:
        self._pages = pages
        self._desk = pages.desk
        self._streams = pages.streams

    async def answer(
        self, request: Request, route: str, work: Callable[[Request, Caller], Awaitable[HTTPResponse | None]]
    ) -> HTTPResponse | None:
        """Return what `work` returns, or what went wrong, readable for the pages of the agencies and no others."""
        caller = self.caller(request)
        try:
            response = await work(request, caller)
        except BadRequest as error:
            response = error_answer(error.http_status, error.code, str(error))
            if error.retry_after_s is not None:
                response.headers["retry-after"] = str(error.retry_after_s)
        except StoreUnavailable:
            response = error_answer(503, "store_unavailable", "nothing was stored or read, please try again")
            response.headers["retry-after"] = "2"
        self._pages.metrics.widget.labels(route, "200" if response is None else str(response.status)).inc()
        if response is not None:
            response.headers.update(_PRIVATE | self._pages.origins.headers(caller))
        return response

    def caller(self, request: Request, *, is_form: bool = False) -> Caller:
        """Return where a request comes from."""
        return Caller(
            origin=request.headers.get("origin"),
            own=self._pages.origins.own(request.scheme, request.host),
            site=request.headers.get("sec-fetch-site"),
            names_none=is_form or request.method == "GET",
        )

    def preflight(self, request: Request, method: str) -> HTTPResponse:
        """Allow a page exactly the method and the headers that a route knows; say nothing to pages nobody named."""
        caller = self.caller(request)
        if not self._pages.origins.knows(caller):
            return error_answer(403, "foreign_origin", "this page may not speak for an agency")
        allowed = {
            "access-control-allow-methods": method,
            "access-control-allow-headers": _HEADERS,
            "access-control-max-age": "600",
        }
        return empty(headers=allowed | self._pages.origins.headers(caller))

    async def message(self, request: Request, caller: Caller) -> HTTPResponse:
        """POST messages."""
        message = parse_message(request.body)
        taken = await self._desk.take(caller, message, token=_token(request), address=request.client_ip)
        told = {**_renewal(taken.token, taken.session), "id": message.id, "cursor": str(taken.cursor)}
        return json_answer(told, status=202)

    async def feedback(self, request: Request, caller: Caller) -> HTTPResponse:
        """POST feedback."""
        session = self._desk.session(caller, _token(request))
        feedback = parse_feedback(request.body)
        await self._desk.rate(session, feedback, address=request.client_ip)
        self._pages.metrics.feedback.labels(str(feedback.is_useful).lower()).inc()
        return empty()

    async def forget(self, request: Request, caller: Caller) -> HTTPResponse:
        """DELETE conversation."""
        await self._desk.forget(self._desk.session(caller, _token(request)))
        structlog.get_logger().info("conversation_forgotten", channel="web")
        return empty()

    async def events(self, request: Request, caller: Caller) -> HTTPResponse | None:
        """GET events: a stream, or a long poll for who takes JSON. None where the answer is a stream."""
        session = self._desk.session(caller, _token(request))
        after = request.headers.get("last-event-id") or request.args.get("after")
        cursor = _cursor(after)
        await self._desk.begin_reading(session)
        await self._pages.board.refresh()
        with self._streams.following(session.conversation, cursor) as follower:
            if "text/event-stream" in (request.headers.get("accept") or ""):
                await self._stream(request, caller, session, follower)
                return None
            wait_s = _seconds(request.args.get("wait"))
            return await self._poll(session, follower, wait_s=wait_s, is_first=after is None)

    async def _stream(self, request: Request, caller: Caller, session: Session, follower: Follower) -> None:
        headers = _STREAM | self._pages.origins.headers(caller)
        response = await request.respond(headers=headers, content_type="text/event-stream; charset=utf-8")

        async def send(text: str) -> None:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await response.send(text)

        renewed = self._desk.renewed(session)
        await send(": ok\n\n" if renewed is None else frame("session", _renewal(*renewed)))
        ends_at = asyncio.get_running_loop().time() + MAX_STREAM_S
        try:
            is_woken = True
            while not follower.is_ended and asyncio.get_running_loop().time() < ends_at:
                if is_woken:
                    await self._tell(session, follower, send)
                is_woken = await follower.is_woken(PING_S)
                if not is_woken:
                    await send(": ping\n\n")
        except (StoreUnavailable, TimeoutError) as error:  # the page comes back and reads on
            structlog.get_logger().warning("stream_ended", error=type(error).__name__)
        await response.eof()

    async def _tell(self, session: Session, follower: Follower, send: Callable[[str], Awaitable[None]]) -> None:
        """Send all that a follower has not read, and the notice where it is another one."""
        notice = self._pages.board.notice(session.agency)
        if notice != follower.notice:
            follower.notice = notice
            await send(frame("notice", to_wire(notice)))
        while entries := await self._streams.unread(follower):
            await send("".join(frame(*happening(entry), cursor=entry.cursor) for entry in entries))

    async def _poll(self, session: Session, follower: Follower, *, wait_s: float, is_first: bool) -> HTTPResponse:
        board = self._pages.board
        tells_notice = board.is_changed(session.agency) or (is_first and board.notice(session.agency) is not None)
        follower.notice = shown = board.notice(session.agency)
        entries = await self._streams.unread(follower)
        ends_at = asyncio.get_running_loop().time() + wait_s
        while not entries and not follower.is_ended and not (is_first and tells_notice):
            left_s = ends_at - asyncio.get_running_loop().time()
            if left_s <= 0 or not await follower.is_woken(left_s):
                break
            entries = await self._streams.unread(follower)
            if board.notice(session.agency) != shown:
                tells_notice = True
                break
        told: list[dict[str, object]] = []
        if tells_notice:
            told.append({"id": None, "event": "notice", "data": to_wire(board.notice(session.agency))})
        for entry in entries:
            name, data = happening(entry)
            told.append({"id": str(entry.cursor), "event": name, "data": data})
        renewed = self._desk.renewed(session)
        more = {} if renewed is None else _renewal(*renewed)
        return json_answer({"events": told, "cursor": str(follower.cursor), **more})


def _token(request: Request) -> str | None:
    scheme, _, value = (request.headers.get("authorization") or "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" and value.strip() else None


def _renewal(token: str, session: Session) -> dict[str, object]:
    return {"token": token, "expires_at": session.expires_at.isoformat()}


def _cursor(text: str | None) -> Cursor:
    try:
        return Cursor() if not text else Cursor.read(text)
    except ValueError:
        raise BadRequest("invalid_cursor", "after, or Last-Event-ID, is the id of an event") from None


def _seconds(text: str | None) -> float:
    if text is None:
        return 0.0
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise BadRequest("invalid_wait", "wait is a number of seconds")
    return min(float(text), MAX_WAIT_S)
