"""The doctor: each thing that can be wrong with a set-up is found, named and has its remedy; nothing secret is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest

from channels.configuration import configure
from channels.doctor import Check, State, Tools, doctor, examine
from channels.doctor.check import as_json, as_text, exit_status
from channels.doctor.events import EXPECTED
from channels.doctor.unconfirmed import MESSENGER, ZALO
from channels.doctor.zalo import REMEDIES
from channels.errors import Reaction, RetryLater, StoreUnavailable
from channels.event import EventKind, SignalKind
from channels.messenger.profile import wanted_profile
from channels.settings import GatewaySettings
from channels.testing.doubles import START
from channels.tokens.pair import Alarm
from channels.zalo.limits import REACTIONS
from channels.zalo.refresh import NeedsConsent
from tests.unit.channels.world import BUTTONS, OA, PAGE, PUBLIC, SECRETS, WORDING, World, configuration

ALL_KINDS = [*(kind.value for kind in EventKind), SignalKind.ECHO.value]  # all that the inbox can tell of


@pytest.fixture
def world() -> World:
    made = World()
    made.graph.profile = dict(wanted_profile(PAGE, WORDING, BUTTONS))
    return made


def tools(world: World, *accounts: object, **given: object) -> Tools:
    settings = {"public_url": PUBLIC, "operator_key": "o" * 16} | dict(given.pop("settings", {}))

    async def access_token(account: object) -> str:
        if account.access_token is None:
            raise NeedsConsent(Alarm.NEVER_CONNECTED, f"the OA {account.oa_id} was never connected")
        return account.access_token

    async def last_events(channel: str, account: str) -> dict[str, datetime]:
        return dict.fromkeys(ALL_KINDS, world.clock.now() - timedelta(hours=1))

    means = {"access_token": access_token, "last_events": last_events} | given
    return Tools(
        configuration=configuration(*(accounts or (OA, PAGE)), **settings),
        http=world.http, clock=world.clock, wording=WORDING, buttons=BUTTONS, **means,
    )  # fmt: skip


async def found(examined: Tools) -> dict[tuple[str, str], Check]:
    checks = await examine(examined)
    assert not any(secret in check.sentence for secret in SECRETS for check in checks)
    assert all(check.sentence.strip() for check in checks)
    keyed = {(check.subject, check.name): check for check in checks}
    assert len(keyed) == len(checks), "two checks have one name"
    return keyed


def failing(checks: dict[tuple[str, str], Check]) -> dict[str, str]:
    return {
        f"{subject} {name}": check.sentence for (subject, name), check in checks.items() if check.state is State.FAILS
    }


async def test_a_whole_set_up_has_nothing_that_fails(world: World) -> None:
    checks = await found(tools(world))
    assert failing(checks) == {}
    seen = [expected.name for expected in EXPECTED if expected.kinds]
    for name in ("token", "oa_id", "verified", "kind", "package", "appsecret_proof", "window", "webhook_local",
                 "webhook_public", "syntax_filter", *seen):  # fmt: skip
        assert checks["zalo:91", name].state is State.OK, name
    for name in ("token", "appsecret_proof", "app_secrets", "subscription", "app_webhook", "profile", "window",
                 "webhook_local", "webhook_public", "events_text", "events_echoes"):  # fmt: skip
        assert checks["messenger:11", name].state is State.OK, name
    for name in ("zalo_settings", "messenger_settings", "operator_key", "public_url", "clock_zalo", "clock_messenger"):
        assert checks["gateway", name].state is State.OK, name


Break = Callable[[World], object]


def token(**fields: object) -> Break:
    return lambda world: world.graph.token.update(fields)


def graph(method_and_path: str, code: int, subcode: int | None = None) -> Break:
    return lambda world: world.graph.refuses.update({method_and_path: (code, subcode)})


def zalo(**fields: object) -> Break:
    return lambda world: [setattr(world.zalo.accounts["91"], name, value) for name, value in fields.items()]


SOON = int((START + timedelta(days=6)).timestamp())


def gateway(**fields: object) -> Break:
    return lambda world: [setattr(world.gateway, name, value) for name, value in fields.items()]


def webhook(**fields: object) -> Break:
    return lambda world: world.graph.webhooks[0].update(fields)


BROKEN: list[tuple[Break, str, str]] = [
    (lambda world: world.zalo.grants.revoke("41", "91"), "zalo:91 token", "-220"),
    (zalo(send_error=-224), "zalo:91 token", "package is too small"),
    (zalo(send_error=-204), "zalo:91 token", "the OA is disabled"),
    (zalo(oa_id="92"), "zalo:91 oa_id", "the token is of OA 92"),
    (lambda world: setattr(world.zalo.apps["41"], "secret", "another"), "zalo:91 appsecret_proof", "-242"),
    (gateway(oa=replace(OA, oa_secret_key="x")), "zalo:91 webhook_local", "another secret"),
    (gateway(answers={"127.0.0.1": 503}), "zalo:91 webhook_local", "answers 503"),
    (gateway(down={"127.0.0.1": "refused"}), "zalo:91 webhook_local", "is the gateway running"),
    (gateway(rewrites={"chat.example.vn"}), "zalo:91 webhook_public", "a proxy changes bodies"),
    (gateway(answers={"chat.example.vn": 404}), "zalo:91 webhook_public", "answers 404"),
    (gateway(down={"chat.example.vn": "CERTIFICATE_VERIFY_FAILED"}),
     "zalo:91 webhook_public", "certificate is not trusted"),
    (token(is_valid=False), "messenger:11 token", "190"),
    (token(scopes=["pages_messaging"]), "messenger:11 token", "lacks the permission pages_manage_metadata"),
    (token(expires_at=SOON), "messenger:11 token", "ends on 2026-11-28"),
    (token(data_access_expires_at=SOON), "messenger:11 token", "access to data ends on 2026-11-28"),
    (token(app_id="32"), "messenger:11 token", "belongs to app 32"),
    (token(profile_id="12"), "messenger:11 token", "is of Page 12"),
    (graph("GET debug_token", 190), "messenger:11 token", "error 190"),
    (graph("GET me", 100), "messenger:11 appsecret_proof", "the first app secret"),
    (lambda world: setattr(world.graph, "page_id", "12"), "messenger:11 appsecret_proof", "speaks for 12"),
    (lambda world: world.graph.apps.clear(), "messenger:11 subscription", "nothing arrives"),
    (lambda world: world.graph.apps[0].update(id="99"), "messenger:11 subscription", "nothing arrives"),
    (lambda world: world.graph.apps[0].update(subscribed_fields=["messages"]), "messenger:11 subscription", "standby"),
    (graph("GET 11/subscribed_apps", 200), "messenger:11 subscription", "error 200"),
    (lambda world: world.graph.webhooks.clear(), "messenger:11 app_webhook", "no active webhook"),
    (webhook(active=False), "messenger:11 app_webhook", "no active webhook"),
    (webhook(callback_url="https://old.vn/x"), "messenger:11 app_webhook", "old.vn"),
    (webhook(fields=[{"name": "messages"}]), "messenger:11 app_webhook", "lacks message_echoes"),
    (graph("GET 31/subscriptions", 100), "messenger:11 app_webhook", "error 100"),
    (lambda world: world.graph.profile.pop("greeting"), "messenger:11 profile", "not as it should be: greeting"),
    (graph("GET me/messenger_profile", 10), "messenger:11 profile", "error 10"),
    (gateway(page=replace(PAGE, verify_token="x")), "messenger:11 webhook_local", "another verify token"),
    (gateway(page=replace(PAGE, app_secrets=("x",))), "messenger:11 webhook_local", "another secret"),
    (lambda world: setattr(world, "date", lambda: "Sun, 22 Nov 2026 03:02:00 GMT"), "gateway clock_zalo", "120 s off"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "where", "said"), BROKEN, ids=[f"{where}: {said}" for _, where, said in BROKEN])
async def test_what_is_broken_is_found(world: World, spoil: Break, where: str, said: str) -> None:
    spoil(world)
    assert said in failing(await found(tools(world)))[where]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://chat.example.vn", "https://"),
        ("https://chat.example.vn:8443", "port"),
        ("https://203.0.113.5", "domain name"),
        ("https://[2001:db8::1]", "domain name"),
        ("https://localhost", "domain name"),
        ("https://chat.example.vn/govchat", "path"),
    ],
)
async def test_a_public_address_that_the_platforms_refuse_fails(world: World, url: str, said: str) -> None:
    checks = await examine(tools(world, settings={"public_url": url}, gateway_url="http://127.0.0.1:8080"))
    [check] = [check for check in checks if check.name == "public_url"]
    assert check.state is State.FAILS
    assert said in check.sentence


async def test_without_a_public_address_only_this_machine_is_tried(world: World) -> None:
    checks = await found(tools(world, settings={"public_url": None}))
    assert checks["gateway", "public_url"].state is State.CHECK_BY_HAND
    assert ("zalo:91", "webhook_public") not in checks
    assert checks["zalo:91", "webhook_local"].state is State.OK


async def test_a_public_address_that_cannot_be_reached_from_here_is_left_to_a_hand(world: World) -> None:
    world.gateway.down["chat.example.vn"] = "no route"
    checks = await found(tools(world))
    assert failing(checks) == {}
    assert checks["zalo:91", "webhook_public"].state is State.CHECK_BY_HAND


async def test_in_demo_mode_nothing_public_is_asked_for(world: World) -> None:
    checks = await found(tools(world, settings={"demo": True}))
    assert checks["gateway", "public_url"].state is State.OFF
    assert ("messenger:11", "webhook_public") not in checks


@pytest.mark.parametrize(
    ("settings", "state", "said"),
    [
        ({}, State.OFF, "not set up"),
        ({"zalo_app_id": "41", "zalo_oa_id": "91"}, State.FAILS, "GOVCHAT_ZALO_OA_SECRET_KEY"),
        ({"zalo_site_verification": "tag", "zalo_sends_paid": True}, State.OFF, "not set up"),
    ],
)
async def test_a_channel_that_is_half_set_up_fails_and_one_that_is_not_is_off(
    world: World, settings: dict[str, object], state: State, said: str
) -> None:
    given = configure(GatewaySettings(_env_file=None, **settings))
    checks = await found(replace(tools(world), configuration=given))
    assert checks["gateway", "zalo_settings"].state is state
    assert said in checks["gateway", "zalo_settings"].sentence
    assert all(subject == "gateway" for subject, _ in checks)


@pytest.mark.parametrize(("tag", "state"), [(None, State.OFF), ("the tag", State.OK), ("another tag", State.FAILS)])
async def test_the_tag_that_verifies_the_domain_is_looked_for_on_the_first_page(
    world: World, tag: str | None, state: State
) -> None:
    world.gateway.first_page = '<meta name="zalo-platform-site-verification" content="the tag">'
    checks = await found(tools(world, settings={"zalo_site_verification": tag}))
    assert checks["gateway", "zalo_site_tag"].state is state


async def test_careless_secrets_and_unfinished_rotations_are_pointed_out(world: World) -> None:
    examined = tools(
        world, OA, replace(PAGE, app_secrets=(*PAGE.app_secrets, "old")),
        settings={"secret_key_old": "s" * 16, "operator_key": None},
    )  # fmt: skip
    examined = replace(examined, configuration=replace(examined.configuration, warnings=("/run/x: chmod o-r",)))
    checks = await found(examined)
    for key in [("gateway", "secret_file_1"), ("gateway", "operator_key"), ("gateway", "secret_key_rotation"),
                ("messenger:11", "app_secrets")]:  # fmt: skip
        assert checks[key].state is State.CHECK_BY_HAND


async def test_an_agency_with_a_scope_is_told_how_to_see_whether_its_sources_exist(world: World) -> None:
    scoped = replace(OA.agency, sources=("hue.gov.vn", "vbpl.vn (bản sao)"))
    checks = await found(tools(world, replace(OA, agency=scoped), PAGE))
    check = checks["gateway", "sources_hue"]
    assert check.state is State.CHECK_BY_HAND
    assert "`python -m index sources hue.gov.vn 'vbpl.vn (bản sao)'`" in check.sentence
    assert ("gateway", "sources_hue") not in await found(tools(world))


async def test_a_clock_that_no_platform_tells_is_compared_by_hand(world: World) -> None:
    world.date = lambda: None
    checks = await found(tools(world))
    assert checks["gateway", "clock_zalo"].state is State.CHECK_BY_HAND


async def test_platforms_that_are_down_fail_everything_that_asks_them_and_nothing_crashes(world: World) -> None:
    world.graph.is_down = True
    world.http = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(502, text="<html>")))
    checks = await found(tools(world))
    assert {"zalo:91 token", "messenger:11 token", "messenger:11 profile", "messenger:11 app_webhook",
            "zalo unconfirmed_f"} <= set(failing(checks))  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        b"[]", b"{}", b'{"data": 5}', b'{"data": [5, {}]}', b'{"data": {"scopes": 5, "expires_at": "x"}}',
        b'{"error": 0, "data": []}', b'{"error": {}}', b'{"error": "x"}', b'{"error": 0, "data": {"oaid": true}}',
        b'{"data": [{"object": "page", "fields": [5, {"name": "messages"}]}]}', b'{"data": {"expires_at": 1e99}}',
    ],
)  # fmt: skip
async def test_answers_of_any_shape_end_in_checks(world: World, answer: bytes) -> None:
    world.http = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(200, content=answer)))
    assert failing(await found(tools(world)))


async def test_without_an_access_token_consent_is_what_is_missing(world: World) -> None:
    checks = await found(tools(world, replace(OA, access_token=None)))
    assert "consent page" in failing(checks)["zalo:91 token"]


async def test_a_token_that_the_store_cannot_give_fails_with_its_reason(world: World) -> None:
    async def access_token(account: object) -> str:
        raise RetryLater("sealed under another key", Reaction.STOP_CHANNEL)

    checks = await found(tools(world, OA, access_token=access_token))
    assert failing(checks)["zalo:91 token"] == "sealed under another key"


async def test_an_oa_without_its_app_secret_is_said_to_need_a_hand_every_day(world: World) -> None:
    checks = await found(tools(world, replace(OA, app_secret=None)))
    assert "by hand every day" in checks["zalo:91", "token"].sentence
    assert checks["zalo:91", "appsecret_proof"].state is State.OFF
    assert checks["zalo", "unconfirmed_f"].state is State.CHECK_BY_HAND


async def test_a_page_without_its_apps_id_is_asked_as_far_as_it_can_be(world: World) -> None:
    checks = await found(tools(world, replace(PAGE, app_id=None)))
    assert failing(checks) == {}
    for name in ("token", "app_webhook"):
        assert checks["messenger:11", name].state is State.CHECK_BY_HAND
    world.graph.refuses["GET me"] = (190, 460)
    assert "messenger:11 token" in failing(await found(tools(world, replace(PAGE, app_id=None))))


async def test_paid_answers_are_named_as_such(world: World) -> None:
    assert "not later" in (await found(tools(world)))["zalo:91", "window"].sentence
    assert "billed" in (await found(tools(world, replace(OA, sends_paid=True))))["zalo:91", "window"].sentence


async def test_a_package_that_ended_fails(world: World) -> None:
    world.clock.advance(timedelta(days=500).total_seconds())
    world.zalo.grant("41", "91", access_token="zalo-access-token")
    assert "ended on 2027-12-31" in failing(await found(tools(world)))["zalo:91 package"]


async def test_events_that_did_not_come_lately_are_looked_up_by_hand(world: World) -> None:
    async def long_ago(channel: str, account: str) -> dict[str, datetime]:
        return {"text": world.clock.now() - timedelta(days=8)}

    async def broken(channel: str, account: str) -> dict[str, datetime]:
        raise StoreUnavailable("no disk")

    for last_events, said in [(None, "none seen"), (long_ago, "none since 2026-11-14"), (broken, "none seen")]:
        checks = await found(tools(world, last_events=last_events))
        check = checks["zalo:91", "events_text"]
        assert check.state is State.CHECK_BY_HAND
        assert said in check.sentence
        assert "developers.zalo.me" in check.sentence
        assert checks["zalo:91", "syntax_filter"].state is State.CHECK_BY_HAND
        assert "developers.facebook.com" in checks["messenger:11", "events_text"].sentence


async def test_echoes_of_our_own_messages_show_that_echoes_arrive(world: World) -> None:
    async def quiet_officers(channel: str, account: str) -> dict[str, datetime]:
        return {"echo": world.clock.now() - timedelta(hours=1), "officer_spoke": world.clock.now() - timedelta(days=8)}

    checks = await found(tools(world, last_events=quiet_officers))
    for subject in ("zalo:91", "messenger:11"):
        assert checks[subject, "events_echoes"].state is State.OK


def test_every_kind_that_is_looked_for_exists() -> None:
    assert {kind for expected in EXPECTED for kind in expected.kinds} <= set(ALL_KINDS)


async def test_every_unconfirmed_fact_of_the_references_is_there(world: World) -> None:
    checks = await found(tools(world))
    assert [fact.letter for fact in ZALO] == list("abcdefghijklmn")
    assert [fact.letter for fact in MESSENGER] == list("abcdefghij")
    for channel, facts in (("zalo", ZALO), ("messenger", MESSENGER)):
        for fact in facts:
            check = checks[channel, f"unconfirmed_{fact.letter}"]
            assert check.state in ((State.OK, State.CHECK_BY_HAND) if fact.matters else (State.OFF,))


async def test_what_a_harmless_call_can_tell_is_told_by_it(world: World) -> None:
    checks = await found(tools(world))
    assert "-14014" in checks["zalo", "unconfirmed_f"].sentence
    assert "Nâng cao" in checks["zalo", "unconfirmed_l"].sentence
    assert checks["messenger", "unconfirmed_c"].state is State.OK
    assert world.zalo.grants.get("41", "91").refreshes == 0


async def test_the_doctor_changes_nothing(world: World) -> None:
    await examine(tools(world))
    assert world.graph.writes == []
    assert world.zalo.arrived == []
    assert world.zalo.accounts["91"].menu is None


def test_remedies_are_for_codes_of_the_reference() -> None:
    assert set(REMEDIES) <= set(REACTIONS)


async def test_the_report_is_written_for_people_or_for_programs_and_the_status_is_that_of_failures(
    world: World,
) -> None:
    said: list[str] = []
    assert await doctor(tools(world), tell=said.append) == 0
    assert said[0].startswith("gateway\n  ok       zalo_settings: ")
    assert "\n\nzalo:91\n" in said[0]
    assert await doctor(tools(world), tell=said.append, writes_json=True) == 0
    assert json.loads(said[1])["status"] == 0
    world.graph.apps.clear()
    assert await doctor(tools(world), tell=said.append, writes_json=True) == 1
    report = json.loads(said[2])
    assert report["status"] == 1
    assert {"subject": "messenger:11", "name": "subscription", "state": "fails"}.items() <= next(
        check for check in report["checks"] if check["state"] == "fails"
    ).items()


def test_the_sum_stands_at_the_end_of_the_text() -> None:
    checks = [
        Check("gateway", "a", State.OK, "well"),
        Check("gateway", "b", State.FAILS, "not well"),
        Check("zalo", "c", State.CHECK_BY_HAND, "look"),
    ]
    assert as_text(checks).splitlines() == [
        "gateway", "  ok       a: well", "  FAILS    b: not well", "", "zalo", "  by hand  c: look", "",
        "1 ok, 1 FAILS, 1 by hand, 0 off",
    ]  # fmt: skip
    assert exit_status(checks) == 1
    assert exit_status([checks[0], checks[2]]) == 0
    assert json.loads(as_json([]))["checks"] == []
