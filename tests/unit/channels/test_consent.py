"""An operator connects an OA: the key, the link, the way back, and what every mishap says."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest
from sanic import Sanic
from structlog.testing import capture_logs

from bot.wording import Wording
from channels.agency import Agency, ZaloAccount
from channels.consent import OperatorKey, add_consent
from channels.testing.doubles import ManualClock
from channels.testing.serving import serve
from channels.tokens.oauth import ZaloOAuth, challenge_of
from channels.tokens.store import TokenStore
from channels.vault import Vault
from channels.zalo.consent import ZaloConsent
from channels.zalo.token import ZaloTokens

KEY = "operator-key-of-the-test"
BEARER = {"authorization": f"Bearer {KEY}"}
APP, OA, OTHER = "4100000000000000001", "9000000000000000001", "9000000000000000002"
OAUTH = "https://oauth.example"
WORDING = Wording.load(Path(__file__).parents[3] / "data" / "wording")


def account(oa_id: str, app_secret: str | None = "appSecretDemo") -> ZaloAccount:
    return ZaloAccount(agency=Agency(id="a"), app_id=APP, oa_id=oa_id, oa_secret_key="k", app_secret=app_secret)


class Desk:
    """The routes over a real store, with Zalo's token endpoint as a function."""

    def __init__(self, folder: Path, accounts: list[ZaloAccount], public_url: str | None) -> None:
        self.clock = ManualClock()
        self.challenge = ""
        self.fault: httpx.Response | Exception | None = None
        self.exchanges = 0
        store = TokenStore(folder / "govchat.db", vault=Vault(b"0123456789abcdef"))
        zalo = httpx.Client(transport=httpx.MockTransport(self._exchange))
        oauth = ZaloOAuth(zalo, oauth_url=OAUTH, api_url="https://api.example")
        self.tokens = ZaloTokens(accounts, store=store, oauth=oauth, clock=self.clock)
        self.app: Sanic = Sanic(f"consent-{uuid4().hex}", configure_logging=False)
        self.app.config.PROXIES_COUNT = 1
        add_consent(
            self.app,
            consent=ZaloConsent(self.tokens, store=store, oauth=oauth, clock=self.clock),
            tokens=self.tokens, operator=OperatorKey(KEY), wording=WORDING, public_url=public_url,
        )  # fmt: skip
        self.http: httpx.AsyncClient

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        self.exchanges += 1
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        assert challenge_of(form["code_verifier"]) == self.challenge
        if isinstance(self.fault, Exception):
            raise self.fault
        pair = {"access_token": "access-secret", "refresh_token": "refresh-secret", "expires_in": "90000"}
        return self.fault or httpx.Response(200, json=pair)

    async def start(self, query: str = "", headers: dict[str, str] = BEARER) -> dict[str, str]:
        """Follow the link as far as Zalo, and return what Zalo is told."""
        answer = await self.http.get(f"/oauth/zalo/start{query}", headers=headers)
        assert answer.status_code == 302, answer.text
        address = urlsplit(answer.headers["location"])
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{OAUTH}/v4/oa/permission"
        told = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.challenge = told["code_challenge"]
        return told

    async def callback(self, **query: str) -> httpx.Response:
        return await self.http.get("/oauth/zalo/callback", params=query)


@pytest.fixture
async def desks(tmp_path) -> AsyncIterator:
    open_desks = []

    async def make(*accounts: ZaloAccount, public_url: str | None = "https://chat.example.gov.vn") -> Desk:
        desk = Desk(tmp_path, list(accounts) or [account(OA), account(OTHER)], public_url)
        await desk.tokens.open()
        serving = serve(desk.app)
        desk.http = httpx.AsyncClient(base_url=await serving.__aenter__())
        open_desks.append((desk, serving))
        return desk

    yield make
    for desk, serving in open_desks:
        await desk.http.aclose()
        await serving.__aexit__(None, None, None)
        await desk.tokens.close()


def basic(user: str, password: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


async def test_from_the_link_to_a_stored_pair(desks):
    desk = await desks()
    told = await desk.start(f"?oa_id={OA}")
    assert told["app_id"] == APP
    assert told["redirect_uri"] == "https://chat.example.gov.vn/oauth/zalo/callback"
    page = await desk.callback(code="the-code", oa_id=OA, state=told["state"])
    assert page.status_code == 200
    assert WORDING.text("consent.connected", oa_id=OA) in page.text
    assert '<html lang="vi">' in page.text
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (await desk.tokens.access_token(OA)).value == "access-secret"


async def test_each_link_has_a_state_and_a_challenge_of_its_own(desks):
    desk = await desks()
    first, second = await desk.start(f"?oa_id={OA}"), await desk.start(f"?oa_id={OA}")
    assert first["state"] != second["state"]
    assert first["code_challenge"] != second["code_challenge"]
    assert len(first["state"]) >= 32


async def test_a_state_is_good_once(desks):
    desk = await desks()
    state = (await desk.start(f"?oa_id={OA}"))["state"]
    await desk.callback(code="c", oa_id=OA, state=state)
    again = await desk.callback(code="c", oa_id=OA, state=state)
    assert again.status_code == 400
    assert WORDING.text("consent.unknown_state") in again.text
    assert desk.exchanges == 1


async def test_a_state_is_good_for_ten_minutes(desks):
    desk = await desks()
    state = (await desk.start(f"?oa_id={OA}"))["state"]
    desk.clock.advance(600)
    assert (await desk.callback(code="c", oa_id=OA, state=state)).status_code == 400
    assert desk.exchanges == 0


@pytest.mark.parametrize("query", [{}, {"code": "c", "oa_id": OA}, {"code": "c", "oa_id": OA, "state": "made-up"}])
async def test_a_callback_that_was_not_begun_here_is_refused(desks, query):
    desk = await desks()
    assert (await desk.callback(**query)).status_code == 400
    assert desk.exchanges == 0


@pytest.mark.parametrize("oa_id", [OTHER, "", "9"])
async def test_another_oa_than_the_link_was_for_is_refused_and_nothing_stored(desks, oa_id):
    desk = await desks()
    state = (await desk.start(f"?oa_id={OA}"))["state"]
    page = await desk.callback(code="c", oa_id=oa_id, state=state)
    assert (page.status_code, desk.exchanges) == (400, 0)
    assert WORDING.text("consent.other_oa") in page.text
    assert not any(status.can_send for status in await desk.tokens.status())


async def test_without_a_code_the_page_says_that_consent_was_not_given(desks):
    desk = await desks()
    state = (await desk.start(f"?oa_id={OA}"))["state"]
    page = await desk.callback(state=state, oa_id=OA)
    assert page.status_code == 400
    assert WORDING.text("consent.declined") in page.text


@pytest.mark.parametrize(
    ("fault", "status", "key"),
    [
        (httpx.Response(200, json={"error": -14010, "error_description": "code the-code"}), 502, "consent.refused"),
        (httpx.ConnectError("refused"), 503, "consent.unreachable"),
        (httpx.ReadTimeout("slow"), 503, "consent.unreachable"),
        (httpx.Response(502), 503, "consent.unreachable"),
    ],
)
async def test_a_failed_exchange_has_its_page_and_no_page_or_log_shows_the_code(desks, fault, status, key):
    desk = await desks()
    desk.fault = fault
    state = (await desk.start(f"?oa_id={OA}"))["state"]
    with capture_logs() as logs:
        page = await desk.callback(code="the-code", oa_id=OA, state=state)
    assert page.status_code == status
    assert WORDING.text(key) in page.text
    assert [line["event"] for line in logs] == ["zalo_consent_failed"]
    assert "the-code" not in f"{page.text} {page.headers} {logs}"
    assert state not in f"{page.text} {logs}"


@pytest.mark.parametrize("path", ["/oauth/zalo/start", "/operator/zalo/status"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer wrong"},
        {"authorization": KEY},
        {"authorization": f"Token {KEY}"},
        {"authorization": "Basic !!!"},
        {"authorization": "Basic /w=="},
        basic(KEY, "wrong"),
        basic("operator", ""),
    ],
)
async def test_without_the_operators_key_nothing_is_begun_or_shown(desks, path, headers):
    desk = await desks()
    answer = await desk.http.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert OA not in answer.text


async def test_a_browser_shows_the_key_as_the_password_of_any_user(desks):
    desk = await desks()
    for user in ("", "operator", "ai đó"):
        assert (await desk.http.get("/operator/zalo/status", headers=basic(user, KEY))).status_code == 200
    await desk.start(f"?oa_id={OA}", basic("operator", KEY))


def test_a_key_that_could_be_guessed_is_refused():
    with pytest.raises(ValueError, match="16 characters"):
        OperatorKey("short")


async def test_the_only_oa_need_not_be_named_and_one_of_several_must(desks):
    desk = await desks(account(OA))
    assert (await desk.start())["app_id"] == APP
    several = await desks()
    for query in ("", "?oa_id=1", "?oa_id="):
        assert (await several.http.get(f"/oauth/zalo/start{query}", headers=BEARER)).status_code == 404


async def test_without_the_app_secret_no_link_is_made(desks):
    desk = await desks(account(OA, app_secret=None))
    answer = await desk.http.get("/oauth/zalo/start", headers=BEARER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no_app_secret")


async def test_without_a_public_address_the_callback_is_where_the_proxy_says_that_the_request_came_in(desks):
    desk = await desks(account(OA), public_url=None)
    told = await desk.start(headers=BEARER | {
        "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", "x-forwarded-host": "chat.example.gov.vn",
    })  # fmt: skip
    assert told["redirect_uri"] == "https://chat.example.gov.vn/oauth/zalo/callback"
    direct = await desk.start()
    assert direct["redirect_uri"] == f"{desk.http.base_url}/oauth/zalo/callback".replace("//oauth", "/oauth")


async def test_the_status_tells_how_each_oa_stands_and_no_secret(desks):
    desk = await desks()
    state = (await desk.start(f"?oa_id={OA}"))["state"]
    await desk.callback(code="c", oa_id=OA, state=state)
    answer = await desk.http.get("/operator/zalo/status", headers=BEARER)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["accounts"] == [
        {
            "app_id": APP, "oa_id": OA, "can_send": True, "version": 1, "expires_at": "2026-11-23T04:00:00Z",
            "last_refresh_at": "2026-11-22T03:00:00Z", "pending_since": None, "alarm": None, "reason": "",
        },
        {
            "app_id": APP, "oa_id": OTHER, "can_send": False, "version": None, "expires_at": None,
            "last_refresh_at": None, "pending_since": None, "alarm": "never_connected",
            "reason": f"the OA {OTHER} was never connected",
        },
    ]  # fmt: skip
    assert "secret" not in answer.text


async def test_a_store_that_is_closed_is_a_503_and_a_page(desks):
    desk = await desks(account(OA))
    await desk.tokens.close()
    assert (await desk.http.get("/oauth/zalo/start", headers=BEARER)).status_code == 503
    assert (await desk.http.get("/operator/zalo/status", headers=BEARER)).status_code == 503
    page = await desk.callback(code="c", oa_id=OA, state="s")
    assert page.status_code == 503
    assert WORDING.text("consent.unreachable") in page.text
