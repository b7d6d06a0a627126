"""How often a stranger may come."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from channels.errors import BadRequest
from channels.rate import Rate
from channels.testing import ManualClock
from channels.web.rates import Buckets, neighbourhood

NOW = ManualClock().now()


def wait(buckets: Buckets, name: str, now: datetime = NOW) -> int:
    """Seconds that a name is told to wait, 0 when it may."""
    try:
        buckets.take(name, now)
    except BadRequest as error:
        assert error.http_status == 429 and error.retry_after_s
        return error.retry_after_s
    return 0


def test_a_burst_goes_and_the_next_is_told_when_to_come_and_may_then() -> None:
    buckets = Buckets(Rate(per_s=1 / 3, burst=20))
    assert [wait(buckets, "a") for _ in range(21)] == [0] * 20 + [3]
    assert wait(buckets, "b") == 0
    assert wait(buckets, "a", NOW + timedelta(seconds=2)) == 1
    assert wait(buckets, "a", NOW + timedelta(seconds=3)) == 0


def test_whoever_is_refused_loses_nothing_and_a_clock_set_back_gives_nothing() -> None:
    buckets = Buckets(Rate(per_s=1, burst=1))
    wait(buckets, "a")
    for _ in range(100):
        assert wait(buckets, "a") == 1
    assert wait(buckets, "a", NOW - timedelta(hours=1)) == 1


def test_no_crowd_takes_more_memory_than_there_is_and_whoever_just_came_is_remembered() -> None:
    buckets = Buckets(Rate(per_s=1, burst=1), most=100)
    for number in range(10_000):
        wait(buckets, str(number))
    assert len(buckets._buckets) == 100
    assert wait(buckets, "9999") == 1


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True), ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("[2001:db8::1]", "2001:db8::2", True), ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False), ("fe80::1%eth0", "fe80::2", True), ("_hidden", "_hidden", True),
    ],
)  # fmt: skip
def test_a_household_is_one_address(one: str, other: str, is_same: bool) -> None:
    assert (neighbourhood(one) == neighbourhood(other)) is is_same
