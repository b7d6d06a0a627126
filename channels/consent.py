"""The operator's pages: connect an OA (start, callback) and see how its tokens stand.

The start and the status want the operator's key. The callback cannot: it is Zalo that sends the administrator's browser
there, perhaps not the operator's; its state, good for one use, proves that the operator began it.
"""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from hashlib import sha256
from html import escape
from typing import Any, TypeAlias

import structlog
from sanic import HTTPResponse, Request, Sanic
from sanic.response import html, redirect

from bot.wording import DEFAULT_LANGUAGE, Wording
from channels.errors import StoreUnavailable
from channels.responses import error_answer, json_answer
from channels.zalo.consent import ConsentFailed, Fault, ZaloConsent
from channels.zalo.token import TokenStatus, ZaloTokens

App: TypeAlias = Sanic[Any, Any]

CALLBACK_PATH = "/oauth/zalo/callback"
"""To be registered with Zalo as the app's "Official Account Callback Url", behind the public address."""

_CHALLENGE = {"www-authenticate": 'Basic realm="govchat operator", charset="UTF-8"'}
_PRIVATE = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
_STATUS = {
    Fault.DECLINED: 400,
    Fault.UNKNOWN_STATE: 400,
    Fault.OTHER_OA: 400,
    Fault.REFUSED: 502,
    Fault.UNREACHABLE: 503,
}


class OperatorKey:
    """The one key of whoever runs this gateway; only its digest is kept."""

    def __init__(self, key: str) -> None:
        """Raises ValueError for a key that could be guessed."""
        if len(key) < 16:
            raise ValueError("an operator key has at least 16 characters")
        self._digest = sha256(key.encode()).digest()

    def admits(self, authorization: str | None) -> bool:
        """Tell whether the header shows the key: `Bearer <key>`, or Basic with the key as password of any user."""
        scheme, _, value = (authorization or "").partition(" ")
        shown = {"bearer": value, "basic": _password(value)}.get(scheme.lower(), "")
        digest = sha256(shown.encode("utf-8", "surrogateescape")).digest()
        return hmac.compare_digest(digest, self._digest)


def add_consent(
    app: App,
    *,
    consent: ZaloConsent,
    tokens: ZaloTokens,
    operator: OperatorKey,
    wording: Wording,
    public_url: str | None = None,
) -> None:
    """Add the routes to the app.

    `public_url` ("https://chat.example.gov.vn") is where people reach this gateway. Without it the address of the
    request is taken, behind as many proxies as the app's PROXIES_COUNT says.
    """

    @app.get("/oauth/zalo/start")
    async def zalo_consent_start(request: Request) -> HTTPResponse:
        if not operator.admits(request.headers.get("authorization")):
            return _who_are_you()
        oa_id = request.args.get("oa_id") or (next(iter(tokens.accounts)) if len(tokens.accounts) == 1 else "")
        account = tokens.accounts.get(oa_id)
        if account is None:
            return error_answer(404, "unknown_oa", "name one of the OAs that are set up: ?oa_id=…")
        if account.app_secret is None:
            return error_answer(409, "no_app_secret", "the app secret of this OA is not set")
        base = public_url or f"{request.scheme}://{request.host}"
        try:
            address = await consent.begin(oa_id, redirect_uri=f"{base}{CALLBACK_PATH}")
        except StoreUnavailable:
            return error_answer(503, "unavailable", "the store cannot be written")
        return redirect(address, headers=_PRIVATE)

    @app.get(CALLBACK_PATH)
    async def zalo_consent_callback(request: Request) -> HTTPResponse:
        given = {name: request.args.get(name) or "" for name in ("state", "oa_id", "code")}
        try:
            oa_id = await consent.complete(**given)
        except ConsentFailed as error:
            structlog.get_logger().warning("zalo_consent_failed", fault=error.fault.value, reason=str(error))
            return _page(wording, f"consent.{error.fault.value}", status=_STATUS[error.fault])
        return _page(wording, "consent.connected", oa_id=oa_id)

    @app.get("/operator/zalo/status")
    async def zalo_token_status(request: Request) -> HTTPResponse:
        if not operator.admits(request.headers.get("authorization")):
            return _who_are_you()
        try:
            accounts = [_shown(status) for status in await tokens.status()]
        except StoreUnavailable:
            return error_answer(503, "unavailable", "the store cannot be read")
        answer = json_answer({"accounts": accounts})
        answer.headers.update(_PRIVATE)
        return answer


def _who_are_you() -> HTTPResponse:
    answer = error_answer(401, "unknown_key", "the operator's key is wanted, as Bearer or as password of Basic")
    answer.headers.update(_CHALLENGE | _PRIVATE)
    return answer


def _password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _page(wording: Wording, key: str, *, status: int = 200, **values: str) -> HTTPResponse:
    """Return a plain page in Vietnamese; nothing of the request stands in it."""
    title, words = escape(wording.text("consent.title")), escape(wording.text(key, **values))
    content = (
        f'<!doctype html><html lang="{DEFAULT_LANGUAGE}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1><p>{words}</p></main></body></html>"
    )
    return html(content, status=status, headers=_PRIVATE)


def _shown(status: TokenStatus) -> dict[str, object]:
    def instant(value: datetime | None) -> str | None:
        return None if value is None else f"{value:%Y-%m-%dT%H:%M:%SZ}"

    return {
        "app_id": status.app_id,
        "oa_id": status.oa_id,
        "can_send": status.can_send,
        "version": status.version,
        "expires_at": instant(status.expires_at),
        "last_refresh_at": instant(status.stored_at),
        "pending_since": instant(status.pending_since),
        "alarm": status.alarm and status.alarm.value,
        "reason": status.reason,
    }
