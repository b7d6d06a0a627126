"""The doctor looks at the widget: files, origins, notice and proxies, at both doors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels.agency import Agency
from channels.doctor import Check, State, Tools, examine
from channels.doctor.widget import examine_widget
from tests.unit.channels.world import BUTTONS, PUBLIC, WORDING, World, configuration

ORIGINS = ("https://hue.gov.vn", "https://dichvu.hue.gov.vn:8443")
HUE = Agency(id="hue", origins=ORIGINS, privacy_url="https://hue.gov.vn/x", privacy_version="2", requires_consent=True)


@pytest.fixture
def world() -> World:
    made = World()
    made.gateway.origins = ORIGINS
    return made


def tools(world: World, **settings: object) -> Tools:
    async def nobody(account: object) -> str:
        raise AssertionError

    given = {"public_url": PUBLIC, "proxy_count": 1} | settings
    return Tools(
        configuration=configuration(**given), http=world.http, clock=world.clock, wording=WORDING, buttons=BUTTONS,
        access_token=nobody,
    )  # fmt: skip


async def found(world: World, agency: Agency = HUE, **settings: object) -> dict[str, Check]:
    return {check.name: check for check in await examine_widget(tools(world, **settings), agency)}


async def test_a_widget_that_is_in_order_is_ok_at_both_doors(world: World) -> None:
    checks = await found(world)
    assert {check.subject for check in checks.values()} == {"widget:hue"}
    assert {check.state for check in checks.values()} == {State.OK}
    assert list(checks) == ["files_local", "origins_local", "files_public", "origins_public", "privacy", "proxies"]
    assert checks["privacy"].sentence == "the notice is https://hue.gov.vn/x (2), consent is required"


async def test_an_origin_that_the_running_gateway_does_not_know_is_named(world: World) -> None:
    world.gateway.origins = ORIGINS[:1]
    checks = await found(world)
    for name in ("origins_local", "origins_public"):
        assert checks[name].state is State.FAILS
        assert ORIGINS[1] in checks[name].sentence
        assert ORIGINS[0] not in checks[name].sentence
        assert "restart" in checks[name].sentence


async def test_a_proxy_that_answers_browsers_itself_is_found(world: World) -> None:
    world.gateway.keeps_options = {"chat.example.vn"}
    checks = await found(world)
    assert (checks["origins_local"].state, checks["origins_public"].state) == (State.OK, State.FAILS)
    assert "OPTIONS" in checks["origins_public"].sentence


async def test_a_proxy_that_does_not_hand_the_files_on_is_found(world: World) -> None:
    world.gateway.answers = {"chat.example.vn": 404}
    checks = await found(world)
    assert (checks["files_local"].state, checks["files_public"].state) == (State.OK, State.FAILS)
    assert "404" in checks["files_public"].sentence


async def test_a_gateway_that_is_down_and_a_public_address_out_of_reach_are_told_apart(world: World) -> None:
    world.gateway.down = {"127.0.0.1": "refused", "chat.example.vn": "no route"}
    checks = await found(world)
    assert {checks[name].state for name in ("files_local", "origins_local")} == {State.FAILS}
    assert {checks[name].state for name in ("files_public", "origins_public")} == {State.CHECK_BY_HAND}


async def test_without_a_public_address_only_this_machine_is_tried(world: World) -> None:
    checks = await found(world, public_url=None, proxy_count=0)
    assert list(checks) == ["files_local", "origins_local", "privacy", "proxies"]
    assert checks["proxies"].state is State.OK


async def test_people_who_count_as_one_behind_the_proxy_are_noticed(world: World) -> None:
    assert (await found(world, proxy_count=0))["proxies"].state is State.FAILS


async def test_a_widget_without_a_notice_is_for_a_person_to_look_at(world: World) -> None:
    checks = await found(world, replace(HUE, privacy_url=None, requires_consent=False))
    assert checks["privacy"].state is State.CHECK_BY_HAND
    loose = await found(world, replace(HUE, privacy_version=None, requires_consent=False))
    assert loose["privacy"].sentence.endswith("(without a version), consent is asked for only where a tag says so")


async def test_agencies_whose_pages_embed_nothing_are_not_examined(world: World) -> None:
    assert not [check for check in await examine(tools(world)) if check.subject.startswith("widget")]
