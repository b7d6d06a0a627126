"""A small world for the doctor and the set-up: Zalo's fake, a Graph API of a few edges, and a gateway that verifies."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx

from bot.wording import Wording
from channels.agency import Agency, Directory, MessengerPage, ZaloAccount
from channels.buttons import Buttons
from channels.configuration import Configuration
from channels.errors import BadSignature
from channels.messenger.profile import PROPERTIES
from channels.messenger.send import appsecret_proof
from channels.messenger.subscription import WANTED_FIELDS
from channels.messenger.verify import handshake
from channels.messenger.verify import verify as verify_messenger
from channels.settings import GatewaySettings
from channels.testing import FakeZalo, ManualClock
from channels.testing.exchange import PlatformTransport
from channels.zalo.verify import verify as verify_zalo

WORDING = Wording.load(Path(__file__).parents[3] / "data" / "wording")
BUTTONS = Buttons(b"s" * 32)
HUE = Agency(id="hue", name="UBND thành phố Huế")
SECRETS = ("app-secret-of-zalo", "oa-secret-key", "zalo-access-token", "app-secret-of-meta", "page-token", "verify-me")
OA = ZaloAccount(
    agency=HUE, app_id="41", oa_id="91", oa_secret_key="oa-secret-key",
    app_secret="app-secret-of-zalo", access_token="zalo-access-token",
)  # fmt: skip
PAGE = MessengerPage(
    agency=HUE, page_id="11", page_token="page-token", app_secrets=("app-secret-of-meta",),
    verify_token="verify-me", app_id="31",
)  # fmt: skip
PUBLIC = "https://chat.example.vn"


@dataclass
class GraphStub:
    """The edges of Graph that set-up and doctor use; `refuses` maps "METHOD path" to (code, subcode)."""

    profile: dict[str, Any] = field(default_factory=dict)
    apps: list[dict[str, Any]] = field(
        default_factory=lambda: [{"id": "31", "name": "app", "subscribed_fields": sorted(WANTED_FIELDS)}]
    )
    token: dict[str, Any] = field(
        default_factory=lambda: {
            "app_id": "31", "type": "PAGE", "is_valid": True, "expires_at": 0, "data_access_expires_at": 0,
            "profile_id": "11", "scopes": ["pages_messaging", "pages_manage_metadata", "pages_show_list"],
        }
    )  # fmt: skip
    webhooks: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {
                "object": "page", "active": True, "callback_url": f"{PUBLIC}/webhooks/messenger",
                "fields": [{"name": name, "version": "v26.0"} for name in sorted(WANTED_FIELDS)],
            }
        ]
    )  # fmt: skip
    page_id: str = "11"
    refuses: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    unknown_fields: frozenset[str] = frozenset()
    is_down: bool = False
    writes: list[tuple[str, Any]] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_down:
            raise httpx.ConnectError("down", request=request)
        if request.method == "HEAD":
            return httpx.Response(400)
        version, _, path = request.url.path.removeprefix("/").partition("/")
        assert version == "v26.0"
        token = request.headers["authorization"].removeprefix("Bearer ")
        assert token in (PAGE.page_token, f"{PAGE.app_id}|{PAGE.app_secrets[0]}")
        assert "access_token" not in request.url.params
        if refused := self.refuses.get(f"{request.method} {path}"):
            return self._error(*refused)
        if request.url.params["appsecret_proof"] != appsecret_proof(token, PAGE.app_secrets[0]):
            return self._error(100, None)
        return self._edge(request, path)

    def _edge(self, request: httpx.Request, path: str) -> httpx.Response:
        query = request.url.params
        match request.method, path:
            case "GET", "me":
                return httpx.Response(200, json={"id": self.page_id, "name": "Trang thử"})
            case "GET", "debug_token":
                assert query["input_token"] == PAGE.page_token
                return httpx.Response(200, json={"data": self.token})
            case "GET", "11/subscribed_apps":
                return httpx.Response(200, json={"data": self.apps})
            case "POST", "11/subscribed_apps":
                fields = query["subscribed_fields"].split(",")
                self.writes.append((path, fields))
                if self.unknown_fields & set(fields):
                    return self._error(100, None)
                self.apps = [{"id": "31", "subscribed_fields": fields}]
                return httpx.Response(200, json={"success": True})
            case "GET", "31/subscriptions":
                return httpx.Response(200, json={"data": self.webhooks})
            case "GET", "me/messenger_profile":
                wanted = query["fields"].split(",")
                found = {name: value for name, value in self.profile.items() if name in wanted}
                return httpx.Response(200, json={"data": [found] if found else []})
            case "POST", "me/messenger_profile":
                body = json.loads(request.content)
                self.writes.append((path, body))
                assert set(body) <= set(PROPERTIES)
                self.profile |= body
                return httpx.Response(200, json={"result": "success"})
        raise AssertionError(f"{request.method} {path}")

    def _error(self, code: int, subcode: int | None) -> httpx.Response:
        error = {"message": "told to fail", "type": "OAuthException", "code": code, "error_subcode": subcode}
        return httpx.Response(400, json={"error": error})


@dataclass
class GatewayStub:
    """Verifies as the gateway does; `answers` replaces the status of a host's webhooks."""

    answers: dict[str, int] = field(default_factory=dict)
    down: dict[str, str] = field(default_factory=dict)  # host -> words of the connection's error
    rewrites: set[str] = field(default_factory=set)  # hosts in front of which a proxy writes bodies anew
    oa: ZaloAccount = OA
    page: MessengerPage = PAGE
    first_page: str = ""
    origins: tuple[str, ...] = ()  # whose pages may embed the widget, as the running gateway knows them
    keeps_options: set[str] = field(default_factory=set)  # hosts in front of which a proxy answers OPTIONS itself

    def answer(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if host in self.down:
            raise httpx.ConnectError(self.down[host], request=request)
        if host in self.answers:
            return httpx.Response(self.answers[host])
        if request.url.path == "/":
            return httpx.Response(200, text=self.first_page)
        if request.url.path.startswith("/widget/"):
            return httpx.Response(200, headers={"access-control-allow-origin": "*"})
        if request.method == "OPTIONS":
            is_known = host not in self.keeps_options and request.headers["origin"] in self.origins
            shown = {"access-control-allow-origin": request.headers["origin"]} if is_known else {}
            return httpx.Response(204 if is_known else 403, headers=shown)
        body = request.content
        if host in self.rewrites and body not in (b"", b"{}"):
            body = json.dumps(json.loads(body)).encode()
        headers = {name: (value,) for name, value in request.headers.items()}
        try:
            if request.method == "GET":
                query = request.url.params
                challenge = handshake(
                    mode=query["hub.mode"], token=query["hub.verify_token"], challenge=query["hub.challenge"],
                    verify_tokens={self.page.verify_token},
                )  # fmt: skip
                return httpx.Response(200, text=challenge)
            if request.url.path == "/webhooks/zalo":
                verify_zalo(body, headers, accounts=[self.oa])
            else:
                verify_messenger(body, headers, app_secrets=self.page.app_secrets)
        except BadSignature:
            return httpx.Response(403)
        return httpx.Response(200)


class World(httpx.AsyncBaseTransport):
    """Everything that the doctor can reach, each host by its stub; answers carry the time."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.zalo = FakeZalo(clock=self.clock)
        self.zalo.add_app("41", secret="app-secret-of-zalo", oa_secret_key="oa-secret-key")
        self.zalo.add_account("91", "UBND thành phố Huế")
        self.zalo.grant("41", "91", access_token="zalo-access-token")
        self.graph = GraphStub()
        self.gateway = GatewayStub()
        self.date: Callable[[], str | None] = lambda: format_datetime(self.clock.now(), usegmt=True)
        self._fake_zalo = PlatformTransport(dict.fromkeys(("openapi.zalo.me", "oauth.zaloapp.com"), self.zalo))
        self.http = httpx.AsyncClient(transport=self)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        if request.url.host == "graph.facebook.com":
            response = self.graph.answer(request)
        elif request.url.host in ("127.0.0.1", "chat.example.vn"):
            response = self.gateway.answer(request)
        else:
            response = await self._fake_zalo.handle_async_request(request)
        if (date := self.date()) is not None:
            response.headers["date"] = date
        return response


def configuration(*accounts: ZaloAccount | MessengerPage, **settings: object) -> Configuration:
    given = GatewaySettings(_env_file=None, **settings)
    return Configuration(given, Directory(accounts, default=HUE), {"zalo": (), "messenger": ()})
