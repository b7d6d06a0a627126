"""A Page from day to day: its token is watched, its subscription comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from channels.messenger.graph import GraphRefused, GraphUnreachable, PageGraph
from channels.messenger.subscription import (
    NEEDED_FIELDS,
    WANTED_FIELDS,
    SubscriptionState,
    TokenState,
    check_token,
    reconcile_subscription,
    subscribed_fields,
)
from channels.testing.doubles import START
from tests.unit.channels.world import PAGE, SECRETS, World

Break = Callable[[World], object]


@pytest.fixture
def world() -> World:
    return World()


def graph(world: World, **page: object) -> PageGraph:
    return PageGraph(page=replace(PAGE, **page), http=world.http, api_url="https://graph.facebook.com/")


class Counts(list[tuple[str, str]]):
    def __call__(self, job: str, outcome: str) -> None:
        self.append((job, outcome))


def token(**fields: object) -> Break:
    return lambda world: world.graph.token.update(fields)


def in_days(days: int) -> int:
    return int((START + timedelta(days=days)).timestamp())


@pytest.mark.parametrize(
    ("spoil", "state", "event"),
    [
        (token(), TokenState.GOOD, None),
        (token(expires_at=in_days(8), data_access_expires_at=in_days(8)), TokenState.GOOD, None),
        (token(expires_at=in_days(6)), TokenState.EXPIRING, "messenger_token_expiring"),
        (token(data_access_expires_at=in_days(6)), TokenState.EXPIRING, "messenger_token_expiring"),
        (token(is_valid=False), TokenState.INVALID, "messenger_token_invalid"),
        (token(scopes=["pages_messaging"]), TokenState.INVALID, "messenger_token_invalid"),
        (lambda world: setattr(world.graph, "is_down", True), TokenState.UNKNOWN, "messenger_token_unknown"),
        (
            lambda world: world.graph.refuses.update({"GET debug_token": (4, None)}),
            TokenState.UNKNOWN,
            "messenger_token_unknown",
        ),
    ],
)
async def test_a_token_is_reported_before_it_ends_and_when_it_is_invalid(
    world: World, spoil: Break, state: TokenState, event: str | None
) -> None:
    spoil(world)
    counts = Counts()
    with capture_logs() as logs:
        assert await check_token(graph(world), now=world.clock.now(), count=counts) is state
    assert counts == [("token", state.value)]
    assert [log["event"] for log in logs] == ([event] if event else [])
    assert not any(secret in str(logs) for secret in SECRETS)


async def test_without_the_apps_id_a_token_is_tried(world: World) -> None:
    counts = Counts()
    assert await check_token(graph(world, app_id=None), now=START, count=counts) is TokenState.GOOD
    world.graph.refuses["GET me"] = (190, 463)
    assert await check_token(graph(world, app_id=None), now=START, count=counts) is TokenState.INVALID
    world.graph.refuses["GET me"] = (4, None)
    assert await check_token(graph(world, app_id=None), now=START, count=counts) is TokenState.UNKNOWN


async def test_a_whole_subscription_is_left_alone(world: World) -> None:
    counts = Counts()
    with capture_logs() as logs:
        assert await reconcile_subscription(graph(world), count=counts) is SubscriptionState.WHOLE
    assert (world.graph.writes, logs, counts) == ([], [], [("subscription", "whole")])


@pytest.mark.parametrize(
    "apps",
    [
        [],
        [{"id": "another app", "subscribed_fields": sorted(WANTED_FIELDS)}],
        [{"id": "31", "subscribed_fields": ["messages", "feed"]}],
        [{"id": 31, "subscribed_fields": []}],
    ],
)
async def test_a_subscription_that_is_gone_or_lacks_a_needed_field_comes_back(
    world: World, apps: list[dict[str, object]]
) -> None:
    world.graph.apps = apps
    counts = Counts()
    with capture_logs() as logs:
        assert await reconcile_subscription(graph(world), count=counts) is SubscriptionState.RENEWED
        assert await reconcile_subscription(graph(world), count=counts) is SubscriptionState.WHOLE
    assert [log["event"] for log in logs] == ["messenger_subscription_lost"]
    assert set(world.graph.apps[0]["subscribed_fields"]) >= WANTED_FIELDS
    assert counts == [("subscription", "renewed"), ("subscription", "whole")]


async def test_a_field_that_is_only_wanted_is_not_asked_for_every_hour(world: World) -> None:
    world.graph.apps[0]["subscribed_fields"] = sorted(NEEDED_FIELDS)
    assert await reconcile_subscription(graph(world), count=Counts()) is SubscriptionState.WHOLE


async def test_one_field_that_meta_dropped_does_not_cost_the_others(world: World) -> None:
    world.graph.apps = []
    world.graph.unknown_fields = frozenset({"messaging_optins"})
    assert await reconcile_subscription(graph(world), count=Counts()) is SubscriptionState.RENEWED
    assert set(world.graph.apps[0]["subscribed_fields"]) == NEEDED_FIELDS


@pytest.mark.parametrize(
    ("spoil", "state"),
    [
        (lambda world: setattr(world.graph, "is_down", True), SubscriptionState.UNKNOWN),
        (lambda world: world.graph.refuses.update({"POST 11/subscribed_apps": (200, None)}), SubscriptionState.REFUSED),
        (lambda world: world.graph.refuses.update({"GET 11/subscribed_apps": (190, 460)}), SubscriptionState.REFUSED),
    ],
)
async def test_a_subscription_that_cannot_be_renewed_is_told(
    world: World, spoil: Break, state: SubscriptionState
) -> None:
    world.graph.apps = []
    spoil(world)
    counts = Counts()
    with capture_logs() as logs:
        assert await reconcile_subscription(graph(world), count=counts) is state
    assert logs[-1]["event"] == "messenger_subscription_failed"
    assert counts == [("subscription", state.value)]


async def test_an_answer_that_names_no_fields_counts_as_all(world: World) -> None:
    world.graph.apps = [{"id": "31"}]
    assert await subscribed_fields(graph(world)) == WANTED_FIELDS


async def test_a_refused_call_says_code_and_masked_words_and_never_the_token(world: World) -> None:
    world.graph.refuses["GET me"] = (190, 460)
    with pytest.raises(GraphRefused, match=r"^Meta's error 190/460: told to fail$") as caught:
        await graph(world).get("me", fields="id")
    assert (caught.value.code, caught.value.subcode) == (190, 460)
    world.graph.is_down = True
    with pytest.raises(GraphUnreachable, match="ConnectError"):
        await graph(world).get("me")
    assert PAGE.page_token not in repr(graph(world))
