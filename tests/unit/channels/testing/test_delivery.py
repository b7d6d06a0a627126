"""Webhooks on their way: schedules, unsubscription, duplicates, order, batches."""

import itertools
import json
import random

import pytest

from channels.testing import Disturbance, FakeGraph, FakeZalo, ManualClock, PageIds, ZaloIds, sign_messenger, sign_zalo

ZALO, PAGE = ZaloIds(), PageIds()
USER, PSID = "7000000000000000001", "200000000000002"


async def run_for(fake, clock: ManualClock, seconds: float) -> None:
    """Step the clock from one due webhook to the next."""
    end = clock.now().timestamp() + seconds
    while (due := fake.delivery.next_due()) is not None and due.timestamp() <= end:
        clock.advance(max(0.0, (due - clock.now()).total_seconds()))
        await fake.delivery.deliver_due()
    clock.advance(end - clock.now().timestamp())


async def test_zalo_signs_what_it_sends_over_the_very_bytes(zalo: FakeZalo, gateway) -> None:
    zalo.phone(ZALO.oa_id, USER).sends_text("Xin chào ạ")
    await zalo.delivery.deliver_due()
    [body], [headers] = gateway.bodies, gateway.headers
    assert headers == sign_zalo(body, app_id=ZALO.app_id, secret_key=ZALO.oa_secret_key)
    assert "Xin chào ạ".encode() in body


async def test_messenger_signs_what_it_sends_with_escaped_letters(graph: FakeGraph, gateway) -> None:
    graph.phone(PAGE.page_id, PSID).sends_text("Xin chào ạ")
    await graph.delivery.deliver_due()
    [body], [headers] = gateway.bodies, gateway.headers
    assert headers == sign_messenger(body, app_secret=PAGE.app_secret)
    assert b"ch\\u00e0o" in body


@pytest.mark.parametrize("status", [None, 500, 404, 204])
async def test_zalo_tries_five_times_more_and_then_unsubscribes_the_app(
    zalo: FakeZalo, clock: ManualClock, gateway, status: int | None
) -> None:
    gateway.status = status
    began = clock.now()
    zalo.phone(ZALO.oa_id, USER).sends_text("a")
    await zalo.delivery.deliver_due()
    await run_for(zalo, clock, 7_200)
    after = [(attempt.at - began).total_seconds() for attempt in zalo.delivery.attempts]
    assert after == [0, 30, 300, 900, 1_800, 3_600]
    assert [headers.get("num_retry") for headers in gateway.headers] == [None, "1", "2", "3", "4", "5"]
    assert len(set(gateway.bodies)) == 1
    assert zalo.delivery.unsubscribed == {(ZALO.app_id, ZALO.oa_id)}
    assert len(zalo.delivery.lost) == 1


async def test_what_happens_while_an_app_is_unsubscribed_is_lost_until_it_is_switched_on_again(
    zalo: FakeZalo, gateway
) -> None:
    phone = zalo.phone(ZALO.oa_id, USER)
    zalo.delivery.unsubscribed.add((ZALO.app_id, ZALO.oa_id))
    phone.sends_text("a")
    zalo.delivery.resubscribe(ZALO.app_id, ZALO.oa_id)
    phone.sends_text("b")
    await zalo.delivery.deliver_due()
    assert [event["message"]["text"] for event in gateway.events] == ["b"]
    assert [parcel.event["message"]["text"] for parcel in zalo.delivery.lost] == ["a"]


async def test_messenger_tries_at_once_and_then_with_growing_gaps_until_an_hour_has_failed(
    graph: FakeGraph, clock: ManualClock, gateway
) -> None:
    gateway.status = 503
    graph.phone(PAGE.page_id, PSID).sends_text("a")
    await graph.delivery.deliver_due()
    await run_for(graph, clock, 7_200)
    times = [attempt.at.timestamp() for attempt in graph.delivery.attempts]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps[0] == 0
    assert gaps == sorted(gaps)
    assert times[-1] - times[0] >= 3_600
    assert graph.subscription(PAGE.app_id, PAGE.page_id) == frozenset()


async def test_one_success_ends_the_hour_of_failure(graph: FakeGraph, clock: ManualClock, gateway) -> None:
    phone = graph.phone(PAGE.page_id, PSID)
    for _ in range(4):
        gateway.status = 503
        phone.sends_text("a")
        await graph.delivery.deliver_due()
        await run_for(graph, clock, 1_800)
        gateway.status = 200
        await run_for(graph, clock, 1_800)
    assert graph.delivery.unsubscribed == set()
    assert graph.delivery.next_due() is None


async def test_an_answer_after_the_deadline_counts_as_none(zalo: FakeZalo, clock: ManualClock) -> None:
    async def slow(body: bytes, headers) -> int:
        clock.advance(3)
        return 200

    zalo.delivery.connect(ZALO.app_id, slow)
    zalo.phone(ZALO.oa_id, USER).sends_text("a")
    await zalo.delivery.deliver_due()
    assert [attempt.status for attempt in zalo.delivery.attempts] == [None]
    assert zalo.delivery.next_due() is not None


async def test_a_batch_holds_several_items_and_entries_and_is_cut_otherwise_when_it_comes_again(
    graph: FakeGraph, gateway
) -> None:
    graph.delivery.courier.batch = 4
    graph.delivery.lanes = 1
    graph.add_page("100000000000009")
    graph.connect(PAGE.app_id, "100000000000009")
    gateway.failures = 1
    for text in "abc":
        graph.phone(PAGE.page_id, PSID).sends_text(text)
    graph.phone("100000000000009", PSID).sends_text("d")
    await graph.delivery.deliver_due()
    sizes = [[len(entry["messaging"]) for entry in body["entry"]] for body in gateway.events]
    assert sizes[0] == [3, 1]
    assert sizes[1:] == [[1], [1], [1], [1]]


async def test_events_of_one_person_keep_their_order_and_can_be_held_back_on_request(
    zalo: FakeZalo, clock: ManualClock, gateway
) -> None:
    phone = zalo.phone(ZALO.oa_id, USER)
    zalo.delivery.delay_next(40, 0)
    for text in "abc":
        phone.sends_text(text)
    await zalo.delivery.deliver_due()
    await run_for(zalo, clock, 60)
    assert [event["message"]["text"] for event in gateway.events] == ["b", "c", "a"]


async def test_a_duplicate_repeats_the_body_byte_for_byte_without_a_retry_header(zalo: FakeZalo, gateway) -> None:
    zalo.delivery.duplicate_next()
    zalo.phone(ZALO.oa_id, USER).sends_text("a")
    await zalo.delivery.deliver_due()
    assert len(gateway.bodies) == 2
    assert len(set(gateway.bodies)) == 1
    assert not any("num_retry" in headers for headers in gateway.headers)


async def test_an_unruly_way_loses_nothing(zalo: FakeZalo, clock: ManualClock, gateway) -> None:
    zalo.delivery.disturbance = Disturbance(random.Random(1), duplicated=0.3, delayed=0.3, delayed_up_to_s=100)
    phone = zalo.phone(ZALO.oa_id, USER)
    texts = [str(number) for number in range(100)]
    for text in texts:
        phone.sends_text(text)
    await zalo.delivery.deliver_due()
    await run_for(zalo, clock, 200)
    came = [event["message"]["text"] for event in gateway.events]
    assert set(came) == set(texts)
    assert len(came) > 110
    assert came != sorted(came, key=int)


async def test_while_webhooks_are_held_nothing_is_due(zalo: FakeZalo, gateway) -> None:
    zalo.delivery.is_held = True
    zalo.phone(ZALO.oa_id, USER).sends_text("a")
    assert zalo.delivery.next_due() is None
    assert await zalo.delivery.deliver_due() == 0
    zalo.delivery.is_held = False
    assert await zalo.delivery.deliver_due() == 1


async def test_an_app_without_address_gets_nothing(zalo: FakeZalo, gateway) -> None:
    zalo.add_app("4100000000000000002", secret="s", oa_secret_key="k")
    zalo.grant("4100000000000000002", ZALO.oa_id)
    zalo.phone(ZALO.oa_id, USER).sends_text("a")
    await zalo.delivery.deliver_due()
    assert [json.loads(body)["app_id"] for body in gateway.bodies] == [ZALO.app_id]
