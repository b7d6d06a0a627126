"""The demo: settings that fit the fakes, tokens that outlive a restart, webhooks that reach a gateway."""

import json
from pathlib import Path

import httpx
import pytest
from sanic import HTTPResponse, Request, Sanic

from channels.testing import PageIds, ZaloIds, serve
from channels.testing.demo import DemoPorts, demo_settings, running_demo

ANY = DemoPorts(phone=0, zalo=0, graph=0)


def settings(state: Path, **given: str) -> dict[str, str]:
    return demo_settings(DemoPorts(zalo=9001, graph=9002), state=state, environment=given)


def test_the_settings_name_the_demos_accounts_and_addresses(tmp_path: Path) -> None:
    found = settings(tmp_path / "state.json")
    assert found["GOVCHAT_ZALO_OA_ID"] == ZaloIds().oa_id
    assert found["GOVCHAT_MESSENGER_PAGE_ID"] == PageIds().page_id
    assert found["GOVCHAT_ZALO_OAUTH_URL"] == found["GOVCHAT_ZALO_API_URL"] == "http://127.0.0.1:9001"
    assert found["GOVCHAT_MESSENGER_API_URL"] == "http://127.0.0.1:9002"


def test_what_is_set_already_stays(tmp_path: Path) -> None:
    found = settings(tmp_path / "state.json", GOVCHAT_ZALO_OA_ID="9000000000000000009", GOVCHAT_ZALO_APP_ID="")
    assert (found["GOVCHAT_ZALO_OA_ID"], found["GOVCHAT_ZALO_APP_ID"]) == ("9000000000000000009", ZaloIds().app_id)


async def test_a_renewed_pair_is_good_after_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "kept" / "state.json"
    form = {"app_id": ZaloIds().app_id, "grant_type": "refresh_token", "refresh_token": ZaloIds().refresh_token}
    async with httpx.AsyncClient(timeout=10) as http:
        async with running_demo(ANY, gateway_url="http://127.0.0.1:9", state=state, environment={}) as urls:
            headers = {"secret_key": ZaloIds().app_secret}
            pair = (await http.post(f"{urls.zalo}/v4/oa/access_token", data=form, headers=headers)).json()
        assert settings(state)["GOVCHAT_ZALO_REFRESH_TOKEN"] == pair["refresh_token"]
        assert settings(state, GOVCHAT_ZALO_OA_ID="1")["GOVCHAT_ZALO_REFRESH_TOKEN"] == ZaloIds().refresh_token
        async with running_demo(ANY, gateway_url="http://127.0.0.1:9", state=state, environment={}) as urls:
            answer = await http.get(f"{urls.zalo}/v2.0/oa/getoa", headers={"access_token": pair["access_token"]})
            assert answer.json()["error"] == 0


@pytest.mark.parametrize(("index", "path"), [(0, "/webhooks/zalo"), (1, "/webhooks/messenger")])
async def test_what_is_typed_on_the_page_reaches_the_gateway(tmp_path: Path, index: int, path: str) -> None:
    gateway: Sanic = Sanic(f"demo-gateway-{index}", configure_logging=False)
    came: list[str] = []

    @gateway.post(path)
    async def webhook(request: Request) -> HTTPResponse:
        came.append(json.dumps(request.json, ensure_ascii=False))
        return HTTPResponse()

    state = tmp_path / "state.json"
    async with (
        serve(gateway) as url,
        running_demo(ANY, gateway_url=url, state=state, environment={}) as urls,
        httpx.AsyncClient(base_url=urls.phone, timeout=10) as http,
    ):
        account = (await http.get("/api/accounts")).json()[index]
        where = {"channel": account["channel"], "account": account["account"], "person": "7000000000000000001"}
        await http.post("/api/acts", json={**where, "act": "text", "text": "Cho tôi hỏi"})
        found = {"delivery": {"sent": 0}}
        while not found["delivery"]["sent"]:
            found = (await http.get("/api/conversation", params=where)).json()
    assert len(came) == 1
    assert "Cho tôi hỏi" in came[0]
    assert found["delivery"]["status"] == 200
