"""Consent, codes and the pair of tokens of which only the newest is good."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from channels.testing import FakeZalo, ManualClock, ZaloIds, in_process
from channels.testing.zalo.tokens import challenge

ZALO = ZaloIds()
BACK = "https://chat.example.vn/oauth/zalo/callback"
VERIFIER = "demoVerifier0123456789ABCDEFabcdefGHIJKLmno"
OAUTH = "https://oauth.zaloapp.com/v4/oa"


async def ask_for_tokens(api, *, secret: str = ZALO.app_secret, **form: str) -> dict[str, object]:
    whole = {"app_id": ZALO.app_id, **form}
    response = await api.http.post(f"{OAUTH}/access_token", data=whole, headers={"secret_key": secret})
    return response.json()


async def refresh(api, token: str = ZALO.refresh_token) -> dict[str, object]:
    return await ask_for_tokens(api, grant_type="refresh_token", refresh_token=token)


async def error_with(api, access_token: object) -> int:
    headers = {"access_token": str(access_token)}
    return (await api.http.get("https://openapi.zalo.me/v2.0/oa/getoa", headers=headers)).json()["error"]


async def consent(api, **query: str) -> httpx.Response:
    whole = {"app_id": ZALO.app_id, "redirect_uri": BACK, "state": "s1", **query}
    return await api.http.get(f"{OAUTH}/permission", params=whole)


def test_the_challenge_is_that_of_the_reference() -> None:
    assert challenge(VERIFIER) == "1I4MM4sOYHOaoGkw5NyNdUdq6eLJ_JVvqNbcfdfr-08"


async def test_a_refresh_gives_a_new_pair_and_both_old_tokens_stop_at_once(api) -> None:
    assert await error_with(api, ZALO.access_token) == 0
    pair = await refresh(api)
    assert pair["expires_in"] == "90000"
    assert await error_with(api, ZALO.access_token) == -216
    assert await error_with(api, pair["access_token"]) == 0
    again = await refresh(api)
    assert -14100 < int(str(again["error"])) < -14000
    assert set(again) == {"error", "error_name", "error_description", "error_reason"}
    assert await error_with(api, pair["access_token"]) == 0


async def test_a_refresh_whose_answer_was_lost_has_killed_the_old_pair_all_the_same(zalo: FakeZalo, api) -> None:
    zalo.oauth.lose_next()
    with pytest.raises(httpx.ReadTimeout):
        await refresh(api)
    assert await error_with(api, ZALO.access_token) == -216
    assert "error" in await refresh(api)


async def test_an_access_token_is_over_after_25_hours_and_a_refresh_token_after_three_months(
    zalo: FakeZalo, clock: ManualClock, api
) -> None:
    clock.advance(25 * 3_600)
    assert await error_with(api, ZALO.access_token) == -220
    clock.advance(90 * 86_400)
    assert "error" in await refresh(api)


async def test_a_revoked_grant_is_good_for_nothing_and_its_events_are_lost(zalo: FakeZalo, gateway, api) -> None:
    zalo.grants.revoke(ZALO.app_id, ZALO.oa_id)
    assert await error_with(api, ZALO.access_token) == -220
    assert "error" in await refresh(api)
    zalo.phone(ZALO.oa_id, "7000000000000000001").sends_text("a")
    assert await zalo.delivery.deliver_due() == 0
    assert [parcel.event["event_name"] for parcel in zalo.delivery.lost] == ["user_send_text"]


async def test_a_wrong_secret_or_an_unknown_app_gets_no_tokens(api) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": ZALO.refresh_token}
    assert "error" in await ask_for_tokens(api, secret="other", **form)
    assert "error" in await ask_for_tokens(api, **{**form, "app_id": "1"})
    assert "error" in await ask_for_tokens(api, **{**form, "grant_type": "password"})
    assert await error_with(api, ZALO.access_token) == 0


async def test_consent_leads_back_with_a_code_that_the_verifier_turns_into_tokens_once(zalo: FakeZalo, api) -> None:
    zalo.consents_at_once = ZALO.oa_id
    response = await consent(api, code_challenge=challenge(VERIFIER))
    assert response.status_code == 302
    address = urlsplit(response.headers["location"])
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (address._replace(query="").geturl(), query["oa_id"], query["state"]) == (BACK, ZALO.oa_id, "s1")
    form = {"grant_type": "authorization_code", "code": query["code"], "code_verifier": VERIFIER}
    pair = await ask_for_tokens(api, **form)
    assert await error_with(api, pair["access_token"]) == 0
    assert "error" in await ask_for_tokens(api, **form)


@pytest.mark.parametrize("verifier", ["", "another"])
async def test_a_code_is_worth_nothing_without_its_verifier(zalo: FakeZalo, api, verifier: str) -> None:
    code = zalo.grants.code(ZALO.app_id, ZALO.oa_id, zalo.clock.now(), challenge=challenge(VERIFIER))
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    assert "error" in await ask_for_tokens(api, **form)


async def test_a_code_is_over_after_ten_minutes(zalo: FakeZalo, clock: ManualClock, api) -> None:
    code = zalo.grants.code(ZALO.app_id, ZALO.oa_id, clock.now(), challenge=None)
    clock.advance(600)
    assert "error" in await ask_for_tokens(api, grant_type="authorization_code", code=code)


async def test_the_consent_page_offers_every_account_and_a_way_to_decline(zalo: FakeZalo, api) -> None:
    zalo.add_account("9000000000000000002", "Sở <Nội vụ>")
    page = await consent(api)
    assert page.headers["content-type"].startswith("text/html")
    assert "Sở &lt;Nội vụ&gt;" in page.text
    assert page.text.count("/v4/oa/permission?") == 3
    assert "default-src 'none'" in page.headers["content-security-policy"]
    declined = await consent(api, declined="1")
    assert declined.headers["location"] == f"{BACK}?state=s1"


@pytest.mark.parametrize(
    "query", [{"app_id": "1"}, {"redirect_uri": "javascript:x"}, {"redirect_uri": ""}, {"oa_id": "1"}]
)
async def test_a_consent_that_cannot_be_is_refused(api, query: dict[str, str]) -> None:
    assert (await consent(api, **query)).status_code == 400


async def test_only_the_registered_callback_is_led_back_to(zalo: FakeZalo, api) -> None:
    zalo.apps[ZALO.app_id].callback_url = "https://chat.example.vn/other"
    assert (await consent(api, oa_id=ZALO.oa_id)).status_code == 400


def test_a_client_that_blocks_is_answered_too(zalo: FakeZalo) -> None:
    left: list[str] = []
    with httpx.Client(transport=in_process(zalo)) as http:
        response = http.get(
            "https://openapi.zalo.me/v2.0/oa/getoa",
            headers={"access_token": ZALO.access_token},
            extensions={"trace": lambda name, info: left.append(name)},
        )
    assert response.json()["data"]["oaid"] == ZALO.oa_id
    assert left == ["http11.send_request_body.complete"]
