"""Set-up as code: what people see of an account, written once and no second time."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.wording import LANGUAGES
from channels.agency import Agency
from channels.messenger import profile
from channels.messenger.catalogue import GET_STARTED
from channels.messenger.limits import MAX_PAYLOAD_CHARS
from channels.messenger.profile import LOCALES, MENU, QUESTIONS, changes, present_profile, wanted_profile
from channels.messenger.subscription import NEEDED_FIELDS, WANTED_FIELDS
from channels.profile_setup import setup_messenger, setup_zalo
from channels.text import length
from channels.zalo.menu import MAX_TITLE_CHARS, wanted_menu
from channels.zalo.menu import MENU as ZALO_MENU
from tests.unit.channels.world import BUTTONS, OA, PAGE, SECRETS, WORDING, World


@pytest.fixture
def world() -> World:
    return World()


async def set_pages(world: World, *pages: object, **given: object) -> tuple[int, list[str]]:
    said: list[str] = []
    status = await setup_messenger(
        pages or [PAGE], http=world.http, api_url="https://graph.facebook.com",
        wording=WORDING, buttons=BUTTONS, tell=said.append, **given,
    )  # fmt: skip
    assert not any(secret in line for secret in SECRETS for line in said)
    return status, said


async def set_oa(world: World, *, token: str | None = OA.access_token, **given: object) -> tuple[int, list[str]]:
    async def access_token(account: object) -> str | None:
        return token

    said: list[str] = []
    status = await setup_zalo(
        [OA], http=world.http, api_url="https://openapi.zalo.me",
        wording=WORDING, access_token=access_token, tell=said.append, **given,
    )  # fmt: skip
    return status, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_profile_is_within_metas_limits(language: str) -> None:
    def said(key: str) -> str:
        return WORDING.text(f"profile.{key}", language)

    assert 0 < length(said("greeting")) <= profile.MAX_GREETING_CHARS
    assert len(QUESTIONS) <= profile.MAX_ICE_BREAKERS
    assert len(MENU) <= profile.MAX_MENU_ITEMS
    for key in QUESTIONS:
        assert 0 < length(said(key)) <= profile.MAX_QUESTION_CHARS
    for key in MENU:
        assert 0 < length(said(key)) <= min(profile.MAX_MENU_TITLE_CHARS, MAX_TITLE_CHARS)
        assert said(f"{key}_text").strip()


def test_all_texts_of_the_profile_are_used() -> None:
    used = {"greeting", *QUESTIONS, *MENU, *ZALO_MENU, *(f"{key}_text" for key in (*MENU, *ZALO_MENU))}
    assert {key.removeprefix("profile.") for key in WORDING.keys("profile")} == used


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_default_is_the_agencys_language_and_each_locale_has_its_own(language: str) -> None:
    page = replace(PAGE, agency=Agency(id="x", lang=language))
    for name in ("greeting", "ice_breakers", "persistent_menu"):
        entries = {entry["locale"]: entry for entry in wanted_profile(page, WORDING, BUTTONS)[name]}
        others = {locale for other in LANGUAGES if other != language for locale in LOCALES[other]}
        assert set(entries) == {"default", *others}
    greeting = {entry["locale"]: entry["text"] for entry in wanted_profile(page, WORDING, BUTTONS)["greeting"]}
    assert greeting["default"] == WORDING.text("profile.greeting", language)
    for other in LANGUAGES:
        if other != language:
            assert greeting[LOCALES[other][0]] == WORDING.text("profile.greeting", other)


def test_a_tap_becomes_the_question_that_it_shows() -> None:
    wanted = wanted_profile(PAGE, WORDING, BUTTONS)
    assert wanted["get_started"] == {"payload": GET_STARTED}
    for entry in wanted["ice_breakers"]:
        for tap in entry["call_to_actions"]:
            assert BUTTONS.read("messenger", PAGE.page_id, tap["payload"]) == tap["question"]
    for entry in wanted["persistent_menu"]:
        for tap in entry["call_to_actions"]:
            assert BUTTONS.read("messenger", PAGE.page_id, tap["payload"])
            assert BUTTONS.read("messenger", "another page", tap["payload"]) is None
            assert length(tap["payload"]) <= MAX_PAYLOAD_CHARS


def test_what_meta_adds_or_orders_otherwise_is_no_difference() -> None:
    wanted = wanted_profile(PAGE, WORDING, BUTTONS)
    present = json.loads(json.dumps(wanted))
    for name in ("greeting", "ice_breakers", "persistent_menu"):
        present[name].reverse()
    for entry in present["persistent_menu"]:
        entry["disabled_surfaces"] = []
        del entry["composer_input_disabled"]
    assert changes(wanted, present) == {}
    assert changes(wanted, present_profile({"data": [{name: value} for name, value in present.items()]})) == {}


@pytest.mark.parametrize("odd", [None, 5, "x", [], [1], {}, [{"locale": "default"}], [{"locale": ["x"]}]])
def test_whatever_meta_holds_instead_is_replaced(odd: object) -> None:
    wanted = wanted_profile(PAGE, WORDING, BUTTONS)
    assert list(changes(wanted, dict.fromkeys(profile.PROPERTIES, odd))) == list(profile.PROPERTIES)


@pytest.mark.parametrize("answer", [{}, {"data": None}, {"data": [1]}, {"data": {}}])
def test_an_answer_of_another_shape_is_an_empty_profile(answer: dict[str, object]) -> None:
    assert present_profile(answer) == {}


async def test_a_fresh_page_gets_everything_and_a_second_run_changes_nothing(world: World) -> None:
    world.graph.apps = []
    status, said = await set_pages(world)
    assert status == 0
    assert [path for path, _ in world.graph.writes] == ["me/messenger_profile", "11/subscribed_apps"]
    assert "  greeting: set" in said
    assert list(world.graph.writes[0][1]) == ["get_started", "greeting", "ice_breakers", "persistent_menu"]
    assert set(world.graph.writes[1][1]) == WANTED_FIELDS
    world.graph.writes.clear()
    status, said = await set_pages(world)
    assert status == 0
    assert world.graph.writes == []
    assert [line for line in said if "unchanged" not in line] == ["Page 11 (hue)"]


async def test_only_what_differs_is_written(world: World) -> None:
    await set_pages(world)
    world.graph.writes.clear()
    world.graph.profile["greeting"] = [{"locale": "default", "text": "typed by hand"}]
    _, said = await set_pages(world)
    [(path, body)] = world.graph.writes
    assert (path, list(body)) == ("me/messenger_profile", ["greeting"])
    assert "  greeting: replaced" in said
    assert "  persistent_menu: unchanged" in said


async def test_fields_that_somebody_else_subscribed_stay(world: World) -> None:
    world.graph.apps = [{"id": "31", "subscribed_fields": ["feed", "messages"]}]
    await set_pages(world)
    assert set(world.graph.apps[0]["subscribed_fields"]) == WANTED_FIELDS | {"feed"}


async def test_where_meta_no_longer_knows_a_field_the_needed_ones_are_subscribed(world: World) -> None:
    world.graph.apps = []
    world.graph.unknown_fields = frozenset({"message_edits"})
    status, _ = await set_pages(world)
    assert status == 0
    assert set(world.graph.apps[0]["subscribed_fields"]) == NEEDED_FIELDS


async def test_a_page_that_fails_does_not_keep_the_next_from_being_set(world: World) -> None:
    world.graph.refuses["GET me/messenger_profile"] = (190, 460)
    status, said = await set_pages(world, PAGE, PAGE)
    assert status == 1
    assert [line for line in said if "failed" in line] == ["  failed: Meta's error 190/460: told to fail"] * 2
    world.graph.is_down = True
    status, said = await set_pages(world)
    assert (status, said[-1]) == (1, "  failed: Meta's Graph API cannot be reached: ConnectError")


async def test_the_menu_of_an_oa_is_shown_for_typing_it_in_and_nothing_is_sent(world: World) -> None:
    status, said = await set_oa(world)
    assert status == 0
    assert world.zalo.accounts["91"].menu is None
    for item in wanted_menu(OA, WORDING):
        assert any(item.title in line and item.text in line for line in said)


async def test_the_api_is_tried_on_request_only(world: World) -> None:
    status, said = await set_oa(world, tries_api=True)
    assert status == 0
    assert world.zalo.accounts["91"].menu["data"][0] == {
        "title": "Văn bản mới", "type": "oa.query.show", "payload": "Có văn bản nào mới không?",
    }  # fmt: skip
    assert any("took the menu" in line for line in said)


@pytest.mark.parametrize(("token", "word"), [(None, "no access token yet"), ("a stale token", "Zalo's error -216")])
async def test_a_menu_that_zalo_does_not_take_is_shown_all_the_same(world: World, token: str | None, word: str) -> None:
    status, said = await set_oa(world, token=token, tries_api=True)
    assert status == 1
    assert word in said[1]
    assert any("Gặp cán bộ" in line for line in said)
