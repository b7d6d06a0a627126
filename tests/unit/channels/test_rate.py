"""Our own buckets."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from channels.rate import Rate, RateLimiter

START = datetime(2026, 12, 1, tzinfo=UTC)


def limiter() -> RateLimiter:
    return RateLimiter({"zalo": Rate(per_s=2, burst=3)}, {("zalo", "9"): "app", ("zalo", "8"): "app"})


def test_a_burst_goes_at_once_and_the_next_is_told_how_long_to_wait() -> None:
    rates = limiter()
    assert [rates.wait_s("zalo", "9", START) for _ in range(4)] == [0, 0, 0, 0.5]
    assert rates.wait_s("zalo", "9", START + timedelta(seconds=0.5)) == 0


def test_those_who_are_turned_away_come_again_one_after_another_and_then_get_through() -> None:
    rates = limiter()
    waits = [rates.wait_s("zalo", "9", START) for _ in range(3 + 5)][3:]
    assert waits == [0.5, 1.0, 1.5, 2.0, 2.5]
    assert [rates.wait_s("zalo", "9", START + timedelta(seconds=wait)) for wait in waits] == [0, 0, 0, 0, 0]


def test_a_turn_that_is_past_holds_up_nobody() -> None:
    rates = limiter()
    for _ in range(3 + 9):
        rates.wait_s("zalo", "9", START)
    later = START + timedelta(minutes=1)
    assert [rates.wait_s("zalo", "9", later) for _ in range(4)] == [0, 0, 0, 0.5]


def test_nobody_waits_for_more_than_a_minute_even_after_the_clock_was_set_back() -> None:
    rates = limiter()
    waits = [rates.wait_s("zalo", "9", START) for _ in range(500)]
    assert max(waits) == 60
    assert rates.wait_s("zalo", "9", START - timedelta(hours=1)) <= 60


def test_accounts_of_one_payer_share_a_bucket_and_others_have_their_own() -> None:
    rates = limiter()
    for _ in range(3):
        rates.wait_s("zalo", "9", START)
    assert rates.wait_s("zalo", "8", START) > 0
    assert rates.wait_s("zalo", "7", START) == 0


def test_a_channel_without_a_rate_is_not_held_back() -> None:
    assert {limiter().wait_s("api", "", START) for _ in range(100)} == {0.0}


@given(st.lists(st.floats(-1, 3), max_size=60))
def test_no_more_leave_than_the_rate_allows_even_when_the_clock_jumps_back(steps: list[float]) -> None:
    rates, now, latest, sent = limiter(), START, START, 0
    for step in steps:
        now += timedelta(seconds=step)
        latest = max(latest, now)
        sent += rates.wait_s("zalo", "9", now) == 0
    jumped_back_s = sum(-step for step in steps if step < 0)
    assert sent <= 3 + 2 * ((latest - START).total_seconds() + jumped_back_s) + 1e-6
