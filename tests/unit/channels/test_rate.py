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
