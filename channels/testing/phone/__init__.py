"""The demo page: a phone at both platforms and an officer's desk beside it. Loopback only, for trying things out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from sanic import HTTPResponse, Request, Sanic
from sanic.response import raw

from channels.testing.delivery import Delivery
from channels.testing.exchange import FakeApp
from channels.testing.graph import INBOX_APP_ID
from channels.testing.phone.acts import NoSuchAct, Place, Stage
from channels.testing.phone.view import conversation, starters, zalo_menu

FOLDER = Path(__file__).parent

FILES = {
    "/": ("phone.html", "text/html; charset=utf-8"),
    "/phone.css": ("phone.css", "text/css; charset=utf-8"),
    "/phone.js": ("phone.js", "text/javascript; charset=utf-8"),
    "/phone.svg": ("phone.svg", "image/svg+xml"),
}

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src"
    " 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}

HOSTS = frozenset({"127.0.0.1", "localhost"})
"""Names under which the page is reached: others are somebody else's page that points here."""

MAX_TEXT = 20_000


def phone_app(stage: Stage) -> FakeApp:
    """Return the server of the page."""
    app: FakeApp = Sanic(f"phone-{uuid4().hex[:8]}", configure_logging=False)

    @app.on_request
    async def only_here(request: Request) -> HTTPResponse | None:
        if request.host.partition(":")[0] in HOSTS:
            return None
        return _json({"error": "host"}, status=421)

    for path, (name, media_type) in FILES.items():
        _add_file(app, path, FOLDER / name, media_type)

    @app.get("/api/accounts")
    async def accounts(request: Request) -> HTTPResponse:  # noqa: ARG001
        return _json(_accounts(stage))

    @app.get("/api/conversation")
    async def lines(request: Request) -> HTTPResponse:
        after = request.args.get("after") or "0"
        place = Place(*(str(request.args.get(name) or "") for name in ("channel", "account", "person")))
        return _json(_conversation(stage, place, int(after) if after.isdecimal() else 0))

    @app.post("/api/acts")
    async def act(request: Request) -> HTTPResponse:
        if request.content_type.partition(";")[0] != "application/json":  # a form of another site cannot say this
            return _json({"error": "content_type"}, status=415)
        try:
            asked = {name: str(value) for name, value in json.loads(request.body).items()}
            place = Place(asked["channel"], asked["account"], asked["person"])
            if not place.person.isdecimal() or len(asked.get("text", "")) > MAX_TEXT:
                raise NoSuchAct("person or text")  # noqa: TRY301
            stage.act(place, asked["act"], text=asked.get("text", ""), title=asked.get("title", ""))
        except (ValueError, KeyError, AttributeError, NoSuchAct):
            return _json({"error": "bad_request"}, status=400)
        return _json({})

    return app


def _add_file(app: FakeApp, path: str, file: Path, media_type: str) -> None:
    async def serve_file(request: Request) -> HTTPResponse:  # noqa: ARG001
        return raw(file.read_bytes(), content_type=media_type, headers=HEADERS)

    app.add_route(serve_file, path, name=f"file_{file.suffix[1:]}")


def _accounts(stage: Stage) -> list[dict[str, Any]]:
    on_zalo: list[dict[str, Any]] = [
        {"channel": "zalo", "account": account.oa_id, "name": account.name, "menu": zalo_menu(account.menu)}
        for account in stage.zalo.accounts.values()
    ]
    pages = stage.graph.pages.values()
    return on_zalo + [
        {"channel": "messenger", "account": page.page_id, "name": page.name, **starters(page.profile)} for page in pages
    ]


def _conversation(stage: Stage, place: Place, after: int) -> dict[str, Any]:
    platform = stage.zalo if place.channel == "zalo" else stage.graph
    shown = conversation(platform.ledger.conversation(place.account, place.person), after=after)
    answer: dict[str, Any] = {"lines": shown, "typing": False, "owner": "", "delivery": _delivery(platform.delivery)}
    if place.channel == "messenger" and place.account in stage.graph.pages:
        user = stage.graph.user(place.account, place.person)
        answer |= {"typing": user.typing, "owner": "inbox" if user.owner == INBOX_APP_ID else "app"}
    return answer


def _delivery(delivery: Delivery) -> Mapping[str, Any]:
    last = delivery.attempts[-1].status if delivery.attempts else None
    return {
        "sent": len(delivery.attempts),
        "status": last,
        "waits": delivery.next_due() is not None,
        "unsubscribed": bool(delivery.unsubscribed),
    }


def _json(value: object, *, status: int = 200) -> HTTPResponse:
    return raw(json.dumps(value).encode(), status=status, content_type="application/json", headers=HEADERS)
