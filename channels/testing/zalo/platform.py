"""FakeZalo: the OpenAPI and the OAuth host in front of a scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from channels.ports import Clock
from channels.testing.exchange import Answer, Call, FakeApp, sanic_app
from channels.testing.faults import Faults, RateLimit
from channels.testing.signing import proof
from channels.testing.zalo import consent, reads, sends
from channels.testing.zalo.scene import ZaloScene
from channels.testing.zalo.sends import ApiFault
from channels.testing.zalo.tokens import INVALID, Grant, OAuthFault

HOSTS = ("openapi.zalo.me", "oauth.zaloapp.com")
"""Hosts that a `PlatformTransport` maps to this fake."""

CALLS_PER_MINUTE = 4_000
"""Calls of one app in a minute (reference/zalo-oa.md section 10, official)."""

Read = Callable[[Grant, Call], object]


class FakeZalo(ZaloScene):
    """A scene that also answers calls: `app()` serves it, `PlatformTransport` reaches it without sockets."""

    def __init__(self, *, clock: Clock | None = None, knows_everybody: bool = False, echo_first: bool = False) -> None:
        super().__init__(clock=clock, knows_everybody=knows_everybody, echo_first=echo_first)
        self.api: Faults[int] = Faults()
        self.oauth: Faults[int] = Faults()
        self.rate = RateLimit(CALLS_PER_MINUTE, 60)
        self._reads: Mapping[tuple[str, str], Read] = {
            ("GET", "/v2.0/oa/getoa"): self._account,
            ("GET", "/v2.0/oa/conversation"): self._conversation,
            ("GET", "/v2.0/oa/listrecentchat"): self._recent,
            ("GET", "/v3.0/oa/user/detail"): self._profile,
            ("POST", "/v3.0/oa/quota/message"): self._quota,
            ("POST", "/v2.0/oa/menu"): self._menu,
        }

    def app(self) -> FakeApp:
        """Return the server of both hosts."""
        return sanic_app(self, "fake-zalo")

    def arrived_as_json(self) -> list[dict[str, object]]:
        """See `FakePlatform.arrived_as_json`."""
        return self.ledger.as_json()

    async def handle(self, call: Call) -> Answer:
        """See `FakePlatform.handle`. Errors come with HTTP 200, as the platform's do."""
        faults = self.oauth if call.path.startswith("/v4/") else self.api
        if (instead := faults.before()) is not None:
            return instead
        return faults.after(self._oauth(call) if faults is self.oauth else await self._api(call))

    async def _api(self, call: Call) -> Answer:
        limits: dict[str, str] = {}
        try:
            grant = self._allow(call, limits)
            if (call.method, call.path) == ("POST", sends.PATH):
                data: object = await sends.send(self, grant, call, ordered_error=self.api.take_error())
            else:
                data = self._read(grant, call)
        except ApiFault as fault:
            return Answer(404 if fault.code == 404 else 200, {"error": fault.code, "message": fault.reason}, limits)
        return Answer(200, {"error": 0, "message": "Success", "data": data}, limits)

    def _allow(self, call: Call, limits: dict[str, str]) -> Grant:
        """Return whom the call acts for, and fill in the rate headers. Raises ApiFault."""
        now = self.clock.now()
        grant = self.grants.check(call.headers.get("access_token"), now)
        if isinstance(grant, int):
            raise ApiFault(grant, "Access token is invalid" if grant == INVALID else "Access token has expired")
        left = self.rate.take(grant.app_id, now)
        if self.rate.limit is not None:
            limits |= {"x-ratelimit-limit": str(self.rate.limit), "x-ratelimit-remaining": str(max(0, left))}
        if left < 0:
            raise ApiFault(-32, "Application has reached its limit")
        app, account = self.apps[grant.app_id], self.accounts[grant.oa_id]
        given = call.headers.get("appsecret_proof")
        if given is not None and given != proof(grant.access_token, app.secret):
            raise ApiFault(-242, "Invalid appsecret_proof provided in the API argument")
        if code := app.send_error or account.send_error:
            raise ApiFault(code, "The app or the OA may not do this")
        return grant

    def _read(self, grant: Grant, call: Call) -> object:
        if call.path.startswith("/v2.0/oa/message"):
            raise ApiFault(-240, "The version 2.0 of this API has been shut down")
        read = self._reads.get((call.method, call.path))
        if read is None:
            raise ApiFault(404, "Empty api path")
        try:
            return read(grant, call)
        except reads.BadData:
            raise ApiFault(-201, "Params is invalid") from None

    def _account(self, grant: Grant, call: Call) -> object:  # noqa: ARG002
        followers = sum(user.follows for user in self.users(grant.oa_id))
        return reads.account(self.accounts[grant.oa_id], followers=followers)

    def _conversation(self, grant: Grant, call: Call) -> object:
        data = reads.json_object(call.query.get("data", ""))
        return reads.history(self.ledger.conversation(grant.oa_id, str(data.get("user_id"))), reads.page_of(data))

    def _recent(self, grant: Grant, call: Call) -> object:
        page = reads.page_of(reads.json_object(call.query.get("data", "")))
        threads = [self.ledger.conversation(*key) for key in self.ledger.conversations() if key[0] == grant.oa_id]
        return reads.history(sorted((lines[-1] for lines in threads), key=lambda line: line.at), page)

    def _profile(self, grant: Grant, call: Call) -> object:
        data = reads.json_object(call.query.get("data", ""))
        user = self.known(grant.oa_id, str(data.get("user_id")))
        if user is None:
            raise reads.BadData
        return reads.profile(user)

    def _quota(self, grant: Grant, call: Call) -> object:
        data = reads.json_object(call.body)
        if "quota_owner" in data:
            return reads.assets(str(data["quota_owner"]), str(data.get("quota_type")))
        user = self.known(grant.oa_id, str(data.get("user_id")))
        if user is None:
            raise reads.BadData
        return reads.quota(user)

    def _menu(self, grant: Grant, call: Call) -> object:
        """Keep the menu: the body of this call is not confirmed, so any object will do."""
        self.accounts[grant.oa_id].menu = reads.json_object(call.body)
        return {}

    def _oauth(self, call: Call) -> Answer:
        if (call.method, call.path) == ("GET", "/v4/oa/permission"):
            return consent.permission(self, call.query)
        if (call.method, call.path) != ("POST", "/v4/oa/access_token"):
            return Answer(404, {"error": 404, "message": "Empty api path"})
        form = call.form()
        try:
            return Answer(200, self._tokens(call.headers.get("secret_key"), form))
        except OAuthFault as fault:
            return Answer(200, fault.as_json())

    def _tokens(self, secret: str | None, form: Mapping[str, str]) -> dict[str, object]:
        if (error := self.oauth.take_error()) is not None:
            raise OAuthFault(error, "told to fail")
        app = self.apps.get(form.get("app_id", ""))
        if app is None:
            raise OAuthFault(-14001, "Invalid app id")
        if secret != app.secret:
            raise OAuthFault(-14004, "Invalid secret key")
        if form.get("grant_type") == "authorization_code":
            return self.grants.exchange(form, self.clock.now())
        if form.get("grant_type") == "refresh_token":
            return self.grants.refresh(form, self.clock.now())
        raise OAuthFault(-14008, "Invalid grant type")
